/**
 * What happened, in order, and nothing else is true. One writer.
 *
 * A batch of decisions becomes durable in one SQLite transaction: events with their salts and hashes, the answers that will be given, how far the office's
 * directives are applied. A crash before its end leaves nothing of the batch, and nobody has been told anything; a crash after it leaves everything, and
 * whoever asks again hears the stored answer.
 *
 * What is no history lies in a second file, written after the journal and before anybody is told. A crash between the two leaves it behind by one batch: the
 * head of a terminal's sessions is then that of its last Hello, whose resume token is still good as the next one; an enrolment begins once more with the
 * same incarnation, of which the terminal has not heard yet; the last operation number is never in there, it follows from the answers.
 */
import {
  concat,
  createTree,
  decodeWhole,
  encode,
  equalBytes,
  eventSchema,
  leafHash,
  openCheckpoint,
  readEdge,
  RETENTION_DAYS,
  shortLeaf,
  signCheckpoint,
  toHex,
} from "@trapeza/protocol";
import type { Event, Proof, TreeEdge } from "@trapeza/protocol";
import { sha256 } from "../cipher.js";
import { verifySignature } from "../signing.js";
import { Answers } from "./answers.js";
import { Blocks } from "./blocks.js";
import { isWriting } from "./decision.js";
import type { Decision } from "./decision.js";
import { DiskFailure, diskFaultOf } from "./disk-error.js";
import { PAGE_BYTES } from "./file-shape.js";
import { expectedHeads, identify, noteOutrun, outrunIn, storedHead } from "./head.js";
import type { Outrun, SignedHead } from "./head.js";
import { openEntries } from "./opening.js";
import type { JournalOptions } from "./options.js";
import { decodeEdge, encodeEdge } from "./row.js";
import { findSnapshots, keepNote } from "./snapshot.js";
import type { SnapshotHead } from "./snapshot.js";
import { snapshotFolder } from "./snapshot-folder.js";
import type { SnapshotFolder } from "./snapshot-folder.js";
import { openStore } from "./store.js";
import type { AdmissionRow, CardRow, ConnectionRow, OperationRow, Store, StoredTerminal, TerminalRow } from "./store.js";
import { refuseTornLog } from "./torn-log.js";
import { pageOf } from "./upload-page.js";

declare const committed: unique symbol;

/** A value that may leave the house: what it rests on is on the disk. Only {@link Journal.commit} makes one, so replying earlier does not compile. */
export type Committed<T> = T & { readonly [committed]: number };

export type { Decision } from "./decision.js";
export type { JournalOptions } from "./options.js";
export type { SignedHead } from "./head.js";

/** How long a signed checkpoint is good enough for everybody who asks. */
const CHECKPOINT_MS = 1000;

export class Journal {
  readonly epoch: number;
  readonly origin: string;
  /** How it was opened: entries that a snapshot stood for (0: none), and snapshots that were not used, with the reasons. */
  opening: { readonly restored: number; readonly ignored: readonly string[] } = { restored: 0, ignored: [] };
  readonly #folder: SnapshotFolder | null;
  #tree = createTree(sha256);
  #blocks = new Blocks();
  #directives: TreeEdge = { size: 0, hashes: [] };
  #signed: SignedHead | null = null;
  #cosigned: SignedHead | null = null;
  #answers = new Answers();
  #terminals = new Map<number, StoredTerminal>();
  #settledSize = 0;
  #signedAtMs = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly store: Store,
    private readonly options: JournalOptions,
  ) {
    this.epoch = options.epoch;
    this.origin = options.origin;
    identify(store.state, options);
    this.#folder = options.folder === undefined ? snapshotFolder(options.path) : options.folder;
    this.reread();
  }

  /** Takes everything from the disk, as a start does: events are folded anew into what `fold` and `restoring` fill. Throws as {@link openJournal} does. */
  reread(): void {
    const { store, options } = this;
    const { fold, restoring = null, origin } = options;
    const folder = this.#folder;
    this.#signed = storedHead(store.state, options, "signed");
    this.#cosigned = storedHead(store.state, options, "cosigned");
    const snapshots = folder ? findSnapshots(folder, origin, options.signer.key) : [];
    const heads = expectedHeads(this.#signed, this.#cosigned);
    const opened = openEntries({ file: store.file, heads, fold, restoring, snapshots, folder, lines: options.inherited?.lines });
    this.opening = { restored: opened.restored, ignored: opened.ignored };
    this.#tree = opened.tree;
    this.#blocks = opened.blocks;
    this.#answers = opened.answers;
    this.#directives = decodeEdge(store.file.lastEdge()) ?? options.inherited?.directives ?? { size: 0, hashes: [] };
    this.#terminals = new Map(store.state.terminals().map((row) => [row.terminal, row]));
  }

  /** Entries on the disk; the next event's sequence. */
  get size(): number {
    return this.#tree.size;
  }

  /** The directive log as far as it is applied. */
  get directives(): TreeEdge {
    return this.#directives;
  }

  /** The last head that the cloud holds and has cosigned. */
  get cosigned(): SignedHead | null {
    return this.#cosigned;
  }

  /** The last head signed here, without making a new one. */
  get signed(): SignedHead | null {
    return this.#signed;
  }

  /**
   * Makes a batch durable and returns what may now be said, in the order of the decisions. A batch that writes nothing rests on what is durable already.
   * Throws {@link DiskFailure} when the disk did not take it: then nothing of it may be said, and {@link reread} tells what there is. Anything else that goes
   * wrong ends the process.
   */
  commit<T>(decisions: readonly Decision<T>[]): Committed<T>[] {
    if (!decisions.some(isWriting)) return this.#concluded(decisions);
    const tree = createTree(sha256, this.#tree.edge());
    const said: T[] = [];
    let directives = this.#directives;
    try {
      this.#timed(() => {
        this.store.file.transaction(() => {
          for (const decision of decisions) {
            said.push(this.#write(tree, decision));
            if (decision.directives) directives = decision.directives;
          }
          if (directives !== this.#directives) this.store.file.insertEdge(encodeEdge(directives, tree.size));
        });
        this.#rememberRows(decisions);
        this.#rememberTerminals(decisions.flatMap(({ terminal }) => terminal ?? []));
      });
    } catch (error) {
      const fault = diskFaultOf(error);
      if (fault) throw new DiskFailure(fault, error as Error);
      return this.options.die(error as Error);
    }
    this.#tree = tree;
    this.#directives = directives;
    return said as Committed<T>[];
  }

  #timed(write: () => void): void {
    const { timed } = this.options;
    if (timed) timed(write);
    else write();
  }

  #concluded<T>(decisions: readonly Decision<T>[]): Committed<T>[] {
    try {
      return decisions.map(({ conclude }) => conclude([])) as Committed<T>[];
    } catch (error) {
      return this.options.die(error as Error);
    }
  }

  #write<T>(tree: ReturnType<typeof createTree>, decision: Decision<T>): T {
    const places = decision.events.map((event) => this.#append(tree, event));
    const said = decision.conclude(places);
    if (decision.operation) {
      const { key, answerIn } = decision.operation;
      const row = { ...key, answer: answerIn(said), sizeAfter: tree.size };
      this.store.file.insertAnswer(this.#answers.count, row);
      this.#answers.add(row);
    }
    return said;
  }

  /** Rows that are no history and on which what is about to be said rests. */
  #rememberRows<T>(decisions: readonly Decision<T>[]): void {
    const lists = decisions.flatMap(({ admission }) => admission ?? []);
    const cards = decisions.flatMap(({ card }) => card ?? []);
    if (lists.length + cards.length === 0) return;
    const { state } = this.store;
    state.transaction(() => {
      for (const row of lists) state.putAdmission(row, row.date - RETENTION_DAYS);
      for (const row of cards) state.putCard(row);
    });
  }

  /** Keeps the heads of those lines in which more has changed than the operation number: that is few, so most batches write one file only. */
  #rememberTerminals(heads: readonly TerminalRow[]): void {
    const last = new Map(heads.map((row) => [row.terminal, row]));
    const changed = [...last.values()].filter((row) => !sameHead(row, this.#terminals.get(row.terminal)));
    if (changed.length === 0) return;
    this.store.state.transaction(() => changed.forEach((row) => this.store.state.putTerminal(row)));
    for (const row of changed) this.#terminals.set(row.terminal, row);
  }

  #append(tree: ReturnType<typeof createTree>, event: Event): Proof {
    const seq = tree.size;
    if (event.seq !== seq) throw new Error(`event ${event.seq} offered at place ${seq}`);
    const salt = this.options.random(16);
    const bytes = encode(eventSchema, event);
    const leaf = leafHash(sha256, concat([salt, bytes]));
    this.store.file.insertEntry({ seq, salt, event: bytes, leaf });
    tree.append(leaf).forEach((node) => this.#blocks.add(node));
    return { epoch: this.epoch, index: seq, leaf: shortLeaf(leaf) };
  }

  /** All answers under an operation number, those of the batch being concluded included. */
  answers(terminal: number, incarnation: number, n: number): OperationRow[] {
    return this.#answers.rowsOf(terminal, incarnation, n).map((id) => this.store.file.answerAt(id));
  }

  /** The last operation of an incarnation that was answered; 0 for none. */
  lastAnswered(terminal: number, incarnation: number): number {
    return this.#answers.lastOf(terminal, incarnation);
  }

  terminals(): TerminalRow[] {
    return [...this.#terminals.values()].map((row) => ({ ...row, haveUpTo: this.#answers.lastOf(row.terminal, row.incarnation) }));
  }

  /** Class lists that were handed out and may still be confirmed. */
  admissions(): AdmissionRow[] {
    return this.store.state.admissions();
  }

  /** Every card that has proved itself here. */
  cards(): CardRow[] {
    return this.store.state.cards();
  }

  connections(): ConnectionRow[] {
    return this.store.state.connections();
  }

  /** Remembers an MQTT password before its bearer is let in: after a crash the same one is worth nothing. */
  rememberConnection(row: ConnectionRow): void {
    this.store.state.putConnection(row);
  }

  /** The last operation of a terminal that the cloud holds; 0 for none. */
  safeUpTo(terminal: number, incarnation: number): number {
    return this.#answers.lastWithin(terminal, incarnation, this.#cosigned?.size ?? 0);
  }

  /** Who has heard of more entries of this epoch than lie here, once that was noted. */
  get outrun(): Outrun | null {
    return outrunIn(this.store.state);
  }

  /** Notes that this journal may never be added to again. */
  noteOutrun(outrun: Outrun): void {
    this.#try(() => noteOutrun(this.store.state, outrun));
  }

  /** A counter that is one higher at every call, whatever happened to the process between: the boot number. */
  nextBoot(): number {
    const stored = this.store.state.meta("boots");
    const boot = stored ? Number(new TextDecoder().decode(stored)) + 1 : 1;
    this.store.state.putMeta("boots", new TextEncoder().encode(String(boot)));
    return boot;
  }

  /** The head now, signed: at most one signature a second, so the last one may be a second old. */
  checkpoint(nowMs: number): SignedHead {
    const known = this.#signed;
    if (known && (known.size === this.size || Math.abs(nowMs - this.#signedAtMs) < CHECKPOINT_MS)) return known;
    const head = { origin: this.origin, size: this.size, root: this.#tree.root() };
    const signed = { ...head, note: signCheckpoint(head, this.options.signer) };
    this.#try(() => this.store.state.putCheckpoint("signed", signed.size, signed.note));
    this.#signed = signed;
    this.#signedAtMs = nowMs;
    return signed;
  }

  /** What may be uploaded from `from` on: see {@link pageOf}. */
  entries(from: number, to: number, maxBytes: number, maxCount: number): Uint8Array[] {
    return pageOf(this.store.file.entriesFrom(from), to, maxBytes, maxCount);
  }

  /** When event `seq` happened, Unix ms, or `null` when there is none. */
  timeOf(seq: number): number | null {
    for (const row of this.store.file.entriesFrom(seq)) {
      const event = decodeWhole(eventSchema, row.event);
      return event.ok ? event.value.atMs : null;
    }
    return null;
  }

  /** A signed head of exactly `size`, for an upload that ends before the newest entry. */
  checkpointAt(size: number): SignedHead {
    if (this.#signed?.size === size) return this.#signed;
    const head = { origin: this.origin, size, root: this.#rootAt(size) };
    return { ...head, note: signCheckpoint(head, this.options.signer) };
  }

  #rootAt(size: number): Uint8Array {
    return createTree(sha256, readEdge(this.#blocks.reader(this.store.file.leaves), size)).root();
  }

  /**
   * Makes a snapshot of a body that somebody else has made from the entries and left beside the journal. `null` when it was kept; otherwise why not: his
   * entries do not give the root that was computed here when they were committed.
   */
  keepSnapshot(head: SnapshotHead): string | null {
    if (!this.#folder) return "nobody keeps this journal";
    if (head.origin !== this.origin || head.size > this.size) return `it is of ${head.size} entries of ${head.origin}`;
    const root = this.#rootAt(head.size);
    if (!equalBytes(head.root, root)) return `its entries give the root ${toHex(head.root)}, at that size it was ${toHex(root)}`;
    keepNote(this.#folder, head, this.options.signer);
    return null;
  }

  /**
   * Keeps what the cloud has cosigned. `null` when it was kept; otherwise why not: a wrong signature, another log, a root that is not ours.
   */
  rememberCosigned(note: string): string | null {
    const { cosigner, signer } = this.options;
    if (!cosigner) return "there is no cloud in the configuration";
    const opened = openCheckpoint(note, this.origin, signer.key, [cosigner], verifySignature);
    if (!opened.ok) return opened.reason;
    if (!opened.attestations.some((attestation) => attestation.key.keyId === cosigner.keyId)) return "not cosigned by " + cosigner.name;
    const { size, root } = opened.checkpoint;
    if (size > this.size) return `cosigned ${size} entries, there are ${this.size}`;
    if (!equalBytes(this.checkpointAt(size).root, root)) return `cosigned root ${toHex(root)} is not ours`;
    if (this.#cosigned && this.#cosigned.size >= size) return null;
    this.#try(() => this.store.state.putCheckpoint("cosigned", size, note));
    this.#cosigned = { ...opened.checkpoint, note };
    return null;
  }

  /** Folds SQLite's log into the file when something was written; to be called now and then when nobody waits. */
  settle(): void {
    if (this.#settledSize === this.size) return;
    this.#try(() => {
      this.store.file.settle();
      this.#settledSize = this.size;
    });
  }

  /** Writes to both files, and empties the log of what a failed commit may have left there. Throws what SQLite throws. */
  tryWriting(): void {
    this.store.state.putMeta("trial", new Uint8Array(8192));
    this.store.state.putMeta("trial", new Uint8Array(0));
    this.store.file.settle();
    this.#settledSize = this.size;
  }

  /** A write without which nothing is lost but a witness: heads follow from the entries, and the cloud has its own. */
  #try(write: () => void): void {
    try {
      write();
    } catch (error) {
      if (!this.options.ail || diskFaultOf(error) === null) throw error;
      this.options.ail(error as Error);
    }
  }

  close(): void {
    this.store.close();
  }
}

/**
 * Opens a journal: takes its newest good snapshot in, then checks and folds every event after it. Throws {@link DamagedJournal} naming the first bad event,
 * and a plain error when the file is another school's or epoch's.
 */
export function openJournal(options: JournalOptions): Journal {
  refuseTornLog(options.path, options.pageSize ?? PAGE_BYTES);
  const store = (options.open ?? openStore)(options.path, options.pageSize);
  try {
    return new Journal(store, options);
  } catch (error) {
    store.close();
    throw error;
  }
}

function sameHead(row: StoredTerminal, known: StoredTerminal | undefined): boolean {
  if (!known) return false;
  const fields = ["enrolment", "incarnation", "bootEpoch", "k", "resumeIndex"] as const;
  return fields.every((field) => row[field] === known[field]);
}
