/**
 * Looks at a journal file from outside, the way an auditor would: read only, believing nothing but the keys that are handed in. The gateway may be running.
 */
import { openCheckpoint } from "@trapeza/protocol";
import type { Event, VerifierKey } from "@trapeza/protocol";
import { verifySignature } from "../signing.js";
import { checkEntries } from "./check.js";
import type { ExpectedHead, FirstBad } from "./check.js";
import { DamagedRow, openStore } from "./store.js";
import type { CheckpointKind, Store } from "./store.js";

export interface VerifyOptions {
  /** The log's origin line. `null`: the one that the file names. */
  readonly origin: string | null;
  /** The gateway's key; without it signatures are not looked at. */
  readonly key: VerifierKey | null;
  readonly cosigner: VerifierKey | null;
  /** Takes every good event in order; what it throws condemns the event. Rules replay and audit go in here. */
  readonly fold?: (event: Event) => void;
  /** Heads known from elsewhere (the cloud, a printed checkpoint) which the file must lead to. */
  readonly heads?: readonly ExpectedHead[];
}

export interface VerifiedJournal {
  readonly ok: boolean;
  /** Good entries before the first bad one. */
  readonly size: number;
  /** Root over the good entries. */
  readonly root: Uint8Array;
  readonly firstBad: FirstBad | null;
  /** What else is wrong with the file: signatures, stored answers, SQLite's own structure. */
  readonly troubles: readonly string[];
  readonly checkpoints: { readonly [kind in CheckpointKind]: { readonly size: number; readonly note: string } | null };
}

/** Checks all of a journal file. A file that is no journal at all is a trouble, not an exception. */
export function verifyJournalFile(path: string, options: VerifyOptions): VerifiedJournal {
  let store: Store;
  try {
    store = openStore(path, true);
  } catch (error) {
    return unreadable("the file does not open as a journal: " + (error as Error).message);
  }
  try {
    return verifyStore(store, options);
  } catch (error) {
    return unreadable("the file cannot be read: " + (error as Error).message);
  } finally {
    store.close();
  }
}

function verifyStore(store: Store, options: VerifyOptions): VerifiedJournal {
  const troubles: string[] = [];
  const stored = {
    signed: attempt(troubles, () => store.checkpoint("signed")),
    cosigned: attempt(troubles, () => store.checkpoint("cosigned")),
  };
  const heads = [...(options.heads ?? [])];
  for (const kind of ["signed", "cosigned"] as const) {
    const head = stored[kind] && storedHead(store, kind, stored[kind].note, stored[kind].size, options);
    if (typeof head === "string") troubles.push(head);
    else if (head) heads.push(head);
  }
  const { tree, firstBad } = checkEntries(store, heads, options.fold ?? (() => undefined));
  attempt(troubles, () => {
    for (const row of store.everyOperation())
      if (row.sizeAfter > tree.size && !firstBad) throw new DamagedRow(`an answer stands on event ${row.sizeAfter}`);
  });
  attempt(troubles, () => store.terminals());
  troubles.push(...(attempt(troubles, () => store.integrity()) ?? []));
  return { ok: firstBad === null && troubles.length === 0, size: tree.size, root: tree.root(), firstBad, troubles, checkpoints: stored };
}

/** A stored checkpoint as an expectation, or the words for what is wrong with it. */
function storedHead(store: Store, kind: CheckpointKind, note: string, size: number, options: VerifyOptions): ExpectedHead | string | null {
  if (!options.key) return null;
  const origin = options.origin ?? new TextDecoder().decode(store.meta("origin") ?? new Uint8Array(0));
  const opened = openCheckpoint(note, origin, options.key, options.cosigner ? [options.cosigner] : [], verifySignature);
  if (!opened.ok) return `the ${kind} checkpoint of size ${size}: ${opened.reason}`;
  if (opened.checkpoint.size !== size) return `the ${kind} checkpoint is of size ${opened.checkpoint.size} and stands under ${size}`;
  const cosigned = !options.cosigner || opened.attestations.some((attestation) => attestation.key.keyId === options.cosigner?.keyId);
  if (kind === "cosigned" && !cosigned) return `the cosigned checkpoint of size ${size} bears no cosignature of ${options.cosigner?.name}`;
  return { by: kind === "signed" ? "signed by the gateway" : "cosigned by the cloud", size, root: opened.checkpoint.root };
}

function attempt<T>(troubles: string[], look: () => T): T | null {
  try {
    return look();
  } catch (error) {
    troubles.push((error as Error).message);
    return null;
  }
}

function unreadable(trouble: string): VerifiedJournal {
  const checkpoints = { signed: null, cosigned: null };
  return { ok: false, size: 0, root: new Uint8Array(32), firstBad: { seq: 0, upTo: 0, what: trouble }, troubles: [trouble], checkpoints };
}
