/**
 * Proofs that an entry stands in its school's signed journal, for whoever it concerns (RFC 6962 §2.1). Hashes of the journals asked about last are kept in
 * memory and grow with them; the first question about a journal reads it once.
 */
import {
  consistencyPath,
  cosignCheckpoint,
  createTree,
  createVerifierKey,
  formatNote,
  formatReceiptProof,
  inclusionPath,
  journalOrigin,
  openCheckpoint,
} from "@trapeza/protocol";
import type { GrowthProof, HashReader, Tree, VerifierKey } from "@trapeza/protocol";
import { sha256, verifySignature } from "../crypto.js";
import type { CloudSigner } from "../crypto.js";
import type { Store } from "../store/store.js";
import { createTurns } from "../turns.js";

const ENTRIES_A_PAGE = 2000;
/** A school's year has some hundred thousand hashes of 32 bytes. */
const JOURNALS_KEPT = 4;

interface Journal {
  readonly tree: Tree;
  readonly nodes: Map<string, Uint8Array>;
}

export interface ProofDesk {
  /** A C2SP tlog-proof; `knownSize`: of the head that the reader remembers. `null` when there is no such entry under a checkpoint. */
  readonly proofOf: (school: number, epoch: number, index: number, knownSize: number | null) => Promise<string | null>;
  /** The newest signed head with our cosignature, and how it grew out of the tree of `knownSize` entries; `null` when it did not, or is unknown. */
  readonly growthOf: (school: number, epoch: number, knownSize: number | null) => Promise<GrowthProof | null>;
  /** The gateway's note of exactly this size, cosigned now: it stands in our records, so it is what we have seen. */
  readonly checkpointOf: (school: number, epoch: number, size: number) => Promise<string | null>;
  /** Who signs the journal, and who has seen it. */
  readonly keysOf: (school: number, epoch: number) => Promise<{ log: VerifierKey; witness: VerifierKey } | null>;
}

export interface ProofOptions {
  readonly store: Store;
  readonly signer: CloudSigner;
  readonly house: string;
  readonly now: () => number;
}

export function createProofDesk({ store, signer, house, now }: ProofOptions): ProofDesk {
  const journals = new Map<string, Journal>();
  const turns = createTurns<string>();
  const journalOf = (school: number, epoch: number, size: number) => {
    const key = school + "/" + epoch;
    return turns(key, async () => {
      const journal = journals.get(key) ?? { tree: createTree(sha256), nodes: new Map() };
      // Put behind the others: the first one is the one that nobody has asked about for longest.
      journals.delete(key);
      journals.set(key, journal);
      for (const oldest of [...journals.keys()].slice(0, -JOURNALS_KEPT)) journals.delete(oldest);
      await grow(store, school, epoch, size, journal);
      return journal;
    });
  };
  const keysOf: ProofDesk["keysOf"] = async (school, epoch) => {
    const gateway = (await store.gateways(school)).find((row) => row.epoch === epoch);
    const origin = journalOrigin(house, school, epoch);
    return gateway ? { log: createVerifierKey(sha256, origin, "ed25519", gateway.key), witness: signer.cosigner.key } : null;
  };
  const checkpointOf: ProofDesk["checkpointOf"] = async (school, epoch, size) => {
    const [keys, [stored]] = await Promise.all([keysOf(school, epoch), store.checkpoints(school, epoch, size, 1)]);
    if (!keys || stored?.size !== size) return null;
    const opened = openCheckpoint(stored.note, keys.log.name, keys.log, [], verifySignature);
    return opened.ok ? formatNote(cosignCheckpoint(opened.note, signer.cosigner, Math.floor(now() / 1000))) : null;
  };
  const readerOf = async (school: number, epoch: number, size: number): Promise<HashReader> => {
    const { nodes } = await journalOf(school, epoch, size);
    return (level, at) => nodes.get(level + ":" + at) as Uint8Array;
  };
  const growth = (read: HashReader, knownSize: number | null, size: number): GrowthProof["consistency"] => {
    const path = knownSize !== null && knownSize > 0 && knownSize < size ? consistencyPath(sha256, read, knownSize, size) : null;
    return path && knownSize !== null ? { size: knownSize, path } : null;
  };
  return {
    ...{ keysOf, checkpointOf },
    async growthOf(school, epoch, knownSize) {
      const stored = await store.lastCheckpoint(school, epoch);
      const checkpoint = stored && (await checkpointOf(school, epoch, stored.size));
      if (!stored || checkpoint === null || (knownSize !== null && knownSize > stored.size)) return null;
      if (knownSize === null || knownSize === stored.size) return { checkpoint, consistency: null };
      return { checkpoint, consistency: growth(await readerOf(school, epoch, stored.size), knownSize, stored.size) };
    },
    async proofOf(school, epoch, index, knownSize) {
      const [stored, [entry]] = await Promise.all([store.lastCheckpoint(school, epoch), store.entries(school, epoch, index, 1)]);
      const checkpoint = stored && (await checkpointOf(school, epoch, stored.size));
      if (!stored || checkpoint === null || !entry || index >= stored.size) return null;
      const read = await readerOf(school, epoch, stored.size);
      const inclusion = inclusionPath(sha256, read, index, stored.size);
      if (!inclusion) return null;
      return formatReceiptProof({ entry: entry.bytes, index, inclusion, checkpoint, consistency: growth(read, knownSize, stored.size) });
    },
  };
}

async function grow(store: Store, school: number, epoch: number, size: number, { tree, nodes }: Journal): Promise<void> {
  while (tree.size < size) {
    const rows = await store.entries(school, epoch, tree.size, Math.min(ENTRIES_A_PAGE, size - tree.size));
    if (rows.length === 0) throw new Error("the journal of school " + school + " is shorter than its checkpoint");
    for (const { leaf } of rows) for (const { level, index, hash } of tree.append(leaf)) nodes.set(level + ":" + index, hash);
  }
}
