/**
 * A gateway's upload on its way into the ledger: checkpoint → tree → events → audit → postings → one transaction → cosignature.
 *
 * Nothing is answered before it is stored, and nothing is stored by halves. A crash before the commit leaves nothing, and the gateway sends again; a crash
 * after it leaves everything, and the same upload sent again is cosigned again.
 */
import {
  cosignCheckpoint,
  createTree,
  equalBytes,
  formatNote,
  journalOrigin,
  leafHash,
  openCheckpoint,
  createVerifierKey,
} from "@trapeza/protocol";
import type { Event, EventsAnswer, EventsUpload, OpenedCheckpoint, Tree } from "@trapeza/protocol";
import { auditBatch } from "./audit.js";
import { sha256, verifySignature } from "./crypto.js";
import type { CloudSigner } from "./crypto.js";
import { beginEpoch, decodeEvent } from "./school-book.js";
import type { Library, SchoolBook } from "./school-book.js";
import type { GatewayIdentity, GatewayRow, Store } from "./store/store.js";

export interface IntakeOptions {
  readonly store: Store;
  readonly library: Library;
  readonly signer: CloudSigner;
  readonly house: string;
  /** Unix ms: the time that stands in cosignatures. */
  readonly now: () => number;
  /** Told of what answered the cloud's orders, after it was stored and before the gateway hears so. What fails here is taken up by the next tick. */
  readonly onStored: (school: number) => Promise<void>;
}

export interface Intake {
  /** The gateway has been told apart by its request's signature. `living`: the school's newest epoch, when the caller has just learned it. */
  readonly receive: (gateway: GatewayIdentity, upload: EventsUpload, living?: number) => Promise<EventsAnswer>;
}

type Trouble = Extract<EventsAnswer, { kind: "NotStored" }>["trouble"];
type Signed = Extract<OpenedCheckpoint, { ok: true }>;

export function createIntake(options: IntakeOptions): Intake {
  return {
    receive: (gateway, upload, living) =>
      options.library.exclusively(gateway.school, async (book) => {
        const answer = await receive(options, book, gateway, upload, living);
        if (answer.kind === "Stored") book.refusedMs = null;
        // A gateway that was replaced is refused for good, and nobody need come.
        else if (gateway.epoch === book.epoch) book.refusedMs ??= options.now();
        return answer;
      }),
  };
}

async function receive(
  options: IntakeOptions,
  book: SchoolBook,
  gateway: GatewayIdentity,
  upload: EventsUpload,
  living?: number,
): Promise<EventsAnswer> {
  const { store, house } = options;
  const { epoch, from, entries } = upload;
  // Usually nobody need be asked: the request's number has brought the living epoch along, and the book is there.
  const rows = living === book.epoch && epoch === living ? [] : await turnToLiveEpoch(store, book);
  const size = epoch === book.epoch ? book.tree.size : (rows.find((row) => row.epoch === epoch)?.size ?? 0);
  const refuse = (trouble: Trouble, what: string, at = size): EventsAnswer => ({ kind: "NotStored", trouble, size, at, what });
  if (epoch !== gateway.epoch) return refuse("invalid", "the upload is of epoch " + epoch + ", the request of " + gateway.epoch);
  if (epoch !== book.epoch) return refuse("epoch_closed", "epoch " + book.epoch + " lives");

  const origin = journalOrigin(house, book.id, epoch);
  const opened = openGatewayNote(upload.checkpoint, origin, gateway.key);
  if (!opened.ok) return refuse("signature", "the checkpoint does not open: " + opened.reason);
  if (opened.checkpoint.size !== from + entries.length) return refuse("invalid", "the checkpoint is not over the last entry sent");
  if (from > size) return refuse("gap", "entries from " + size + " are wanted");
  const again = Math.min(entries.length, size - from);
  const known = again > 0 ? await store.entries(book.id, epoch, from, again) : [];
  const forked = known.findIndex(({ bytes }, i) => !equalBytes(bytes, entries[i]));
  if (forked >= 0) return refuse("fork", "another entry is stored here", from + forked);
  if (opened.checkpoint.size < size) return refuse("ahead", "the cloud holds " + size + " entries");

  const fresh = entries.slice(size - from);
  const tree = createTree(sha256, book.tree.edge());
  const leaves = fresh.map((entry) => leafHash(sha256, entry));
  for (const leaf of leaves) tree.append(leaf);
  if (!equalBytes(tree.root(), opened.checkpoint.root)) return refuse("fork", "the entries do not lead to the signed root");
  const events = fresh.map(decodeEvent);
  const wrong = wrongEvent(events, book, gateway);
  if (wrong) return refuse("invalid", wrong.what, wrong.at);

  if (fresh.length > 0) await storeBatch(options, book, { fresh, leaves, events: events as Event[], tree, opened });
  if (events.some((event) => event?.body.kind === "DirectiveApplied")) await options.onStored(book.id);
  book.heardMs = Math.max(book.heardMs, options.now());
  const cosigned = cosignCheckpoint(opened.note, options.signer.cosigner, Math.floor(options.now() / 1000));
  return { kind: "Stored", checkpoint: formatNote(cosigned) };
}

interface Fresh {
  readonly fresh: readonly Uint8Array[];
  readonly leaves: readonly Uint8Array[];
  readonly events: readonly Event[];
  readonly tree: Tree;
  readonly opened: Signed;
}

/** Folds and stores. Throws, and the book is then folded anew from the store, when the database refuses or somebody else has written. */
async function storeBatch(
  { store, library }: IntakeOptions,
  book: SchoolBook,
  { fresh, leaves, events, tree, opened }: Fresh,
): Promise<void> {
  const from = book.tree.size;
  const audited = await auditBatch(store, library, book, events, from);
  const { epoch } = book;
  const stored = await store.append({
    ...{ school: book.id, epoch, from, root: tree.root(), checkpoint: formatNote(opened.note) },
    entries: fresh.map((bytes, i) => ({ epoch, index: from + i, bytes, leaf: leaves[i] })),
    ...audited,
  });
  if (!stored) throw new Error("another process writes the journal of school " + book.id);
  book.tree = tree;
}

async function turnToLiveEpoch(store: Store, book: SchoolBook): Promise<GatewayRow[]> {
  const rows = await store.gateways(book.id);
  for (const { epoch } of rows) if (epoch > book.epoch) beginEpoch(book, epoch);
  return rows;
}

function openGatewayNote(wire: string, origin: string, publicKey: Uint8Array): OpenedCheckpoint {
  const key = createVerifierKey(sha256, origin, "ed25519", publicKey);
  return openCheckpoint(wire, origin, key, [], verifySignature);
}

/** The first event that cannot stand where it stands; its figures are the audit's business, not this one's. */
function wrongEvent(events: readonly (Event | null)[], book: SchoolBook, gateway: GatewayIdentity): { at: number; what: string } | null {
  for (const [i, event] of events.entries()) {
    const at = book.tree.size + i;
    if (event === null) return { at, what: "not an event" };
    if (event.seq !== at) return { at, what: "the event says it is number " + event.seq };
    if ((at === 0) !== (event.body.kind === "GatewayStarted"))
      return { at, what: "GatewayStarted is the first event of an epoch, and no other" };
    const what = event.body.kind === "GatewayStarted" ? wrongStart(event.body, book, gateway) : null;
    if (what) return { at, what };
  }
  return null;
}

function wrongStart(start: Extract<Event["body"], { kind: "GatewayStarted" }>, book: SchoolBook, gateway: GatewayIdentity): string | null {
  if (start.school !== book.id || start.epoch !== gateway.epoch) return "the journal is of another school or epoch";
  if (!equalBytes(start.key, gateway.key)) return "the journal names another key";
  const [named, known] = [start.previous, book.previous];
  const follows = named === null || known === null ? named === known : named.size === known.size && equalBytes(named.root, known.root);
  return follows ? null : "the epoch does not follow the last head of the one before";
}
