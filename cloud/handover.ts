/**
 * What is left of a closed epoch: its entries for the gateway that goes on from them, and its tail, when the replaced gateway wakes up with entries that the
 * cloud had never seen.
 *
 * A tail is evidence. It is verified and kept beside the journal, never posted; a person accepts it or not (tail.ts).
 */
import {
  MAX_SYNC_ENTRIES,
  cosignCheckpoint,
  createTree,
  createVerifierKey,
  equalBytes,
  formatNote,
  journalOrigin,
  leafHash,
  openCheckpoint,
} from "@trapeza/protocol";
import type { EpochAnswer, EventsUpload, SalvageAnswer } from "@trapeza/protocol";
import { fittingAnswer } from "./answer-room.js";
import { sha256, verifySignature } from "./crypto.js";
import type { CloudSigner } from "./crypto.js";
import type { DirectiveDesk } from "./directives.js";
import { decodeEvent } from "./school-book.js";
import type { Library } from "./school-book.js";
import type { EntryRow, GatewayIdentity, Store } from "./store/store.js";
import { tellTails } from "./tail.js";

const ENTRIES_A_PAGE = 2000;

export interface HandoverOptions {
  readonly store: Store;
  readonly library: Library;
  readonly signer: CloudSigner;
  readonly directives: DirectiveDesk;
  readonly house: string;
  /** Unix ms: the time that stands in cosignatures. */
  readonly now: () => number;
}

export interface Handover {
  /** Entries of an epoch before the asker's own; `null` when there is no such epoch. */
  readonly page: (asker: GatewayIdentity, epoch: number, from: number) => Promise<EpochAnswer | null>;
  /** Keeps entries behind the last one of a closed epoch. */
  readonly salvage: (gateway: GatewayIdentity, upload: EventsUpload) => Promise<SalvageAnswer>;
  /** Sends the school what was accepted of its closed epochs' tails. */
  readonly tell: (school: number) => Promise<void>;
}

export function createHandover(options: HandoverOptions): Handover {
  return {
    page: (asker, epoch, from) => page(options, asker, epoch, from),
    salvage: (gateway, upload) => options.library.exclusively(gateway.school, () => salvage(options, gateway, upload)),
    async tell(school) {
      const { store, library, directives } = options;
      if ((await store.tails(school)).every(({ accepted, told }) => told >= accepted)) return;
      await library.exclusively(school, () => tellTails(store, directives, school));
    },
  };
}

async function page(
  options: HandoverOptions,
  { school, epoch: own }: GatewayIdentity,
  epoch: number,
  from: number,
): Promise<EpochAnswer | null> {
  const { store, house, signer, now } = options;
  const row = (await store.gateways(school)).find((gateway) => gateway.epoch === epoch);
  if (!row || epoch >= own) return null;
  const { key, size } = row;
  const stored = await store.lastCheckpoint(school, epoch);
  if (!stored) return { epoch, key, size, from: 0, entries: [], checkpoint: "" };
  const opened = openedBy(row, house, stored.note);
  if (!opened.ok) throw new Error("the stored checkpoint of school " + school + ", epoch " + epoch + ", does not open: " + opened.reason);
  const cosigned = formatNote(cosignCheckpoint(opened.note, signer.cosigner, Math.floor(now() / 1000)));
  const start = Math.min(from, size);
  return {
    epoch,
    key,
    size,
    from: start,
    entries: fittingAnswer(await store.entries(school, epoch, start, MAX_SYNC_ENTRIES)),
    checkpoint: cosigned,
  };
}

function openedBy({ school, epoch, key }: GatewayIdentity, house: string, note: string) {
  const origin = journalOrigin(house, school, epoch);
  return openCheckpoint(note, origin, createVerifierKey(sha256, origin, "ed25519", key), [], verifySignature);
}

async function salvage(options: HandoverOptions, gateway: GatewayIdentity, upload: EventsUpload): Promise<SalvageAnswer> {
  const { store, house } = options;
  const { school, epoch } = gateway;
  const rows = await store.gateways(school);
  const size = rows.find((row) => row.epoch === epoch)?.size ?? 0;
  const kept = await store.salvage(school, epoch);
  const next = size + kept.length;
  const refuse = (what: string): SalvageAnswer => ({ kind: "NotKept", size: next, what });
  if (upload.epoch !== epoch || rows[rows.length - 1].epoch === epoch) return refuse("only what a closed epoch left is salvaged");
  const { from, entries } = upload;
  if (from < size || from > next) return refuse("entries from " + next + " are wanted");
  const opened = openedBy(gateway, house, upload.checkpoint);
  if (!opened.ok) return refuse("the checkpoint does not open: " + opened.reason);
  if (opened.checkpoint.size !== from + entries.length) return refuse("the checkpoint is not over the last entry sent");
  const fork = kept.slice(from - size, from - size + entries.length).findIndex(({ bytes }, i) => !equalBytes(bytes, entries[i]));
  if (fork >= 0) return refuse("another entry " + (from + fork) + " is kept already");

  const fresh: EntryRow[] = entries
    .slice(next - from)
    .map((bytes, i) => ({ epoch, index: next + i, bytes, leaf: leafHash(sha256, bytes) }));
  const tree = await treeOf(store, school, epoch);
  for (const { leaf } of [...kept.slice(0, from + entries.length - size), ...fresh]) tree.append(leaf);
  if (!equalBytes(tree.root(), opened.checkpoint.root)) return refuse("the entries do not lead to the signed root");
  const wrong = fresh.find(({ bytes, index }) => decodeEvent(bytes)?.seq !== index);
  if (wrong) return refuse("entry " + wrong.index + " is no event of that number");

  if (!(await store.addSalvage(school, epoch, fresh))) throw new Error("another process salvages epoch " + epoch + " of school " + school);
  return { kind: "Kept", size: next + fresh.length };
}

async function treeOf(store: Store, school: number, epoch: number) {
  const tree = createTree(sha256);
  for (;;) {
    const rows = await store.entries(school, epoch, tree.size, ENTRIES_A_PAGE);
    for (const { leaf } of rows) tree.append(leaf);
    if (rows.length < ENTRIES_A_PAGE) return tree;
  }
}
