/**
 * Looks at a journal from outside, the way an auditor would: read only, believing nothing but the keys that are handed in. The gateway may be running.
 */
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { decodeWhole, equalBytes, eventSchema, HASH_BYTES, openCheckpoint } from "@trapeza/protocol";
import type { Event, VerifierKey } from "@trapeza/protocol";
import { verifySignature } from "../signing.js";
import { Answers } from "./answers.js";
import { BLOCK_LEAVES } from "./blocks.js";
import { checkEntries } from "./check.js";
import type { Checked, ExpectedHead, FirstBad } from "./check.js";
import { PAGE_BYTES } from "./file-shape.js";
import { readJournal } from "./journal-image.js";
import type { JournalBytes, JournalImage } from "./journal-image.js";
import type { CheckpointKind, InheritedLine } from "./row.js";
import { findSnapshots, readBody } from "./snapshot.js";
import type { SnapshotHead } from "./snapshot.js";
import { snapshotFolder } from "./snapshot-folder.js";
import { openStateFile } from "./state-file.js";
import type { StateFile } from "./state-file.js";
import { statePath } from "./store.js";

export interface VerifyOptions {
  /** The log's origin line. `null`: the one that the gateway noted. */
  readonly origin: string | null;
  /** The gateway's key; without it signatures are not looked at. */
  readonly key: VerifierKey | null;
  readonly cosigner: VerifierKey | null;
  /** Makes what takes every good event in order; what that throws condemns the event. Rules replay and audit go in here. Called once for each reading. */
  readonly fold?: () => (event: Event) => void;
  /** Heads known from elsewhere (the cloud, a printed checkpoint) which the journal must lead to. */
  readonly heads?: readonly ExpectedHead[];
  /** Bytes; 32 kB unless told. */
  readonly pageSize?: number;
  /** How far terminals had come in earlier epochs; none in a school's first. */
  readonly lines?: readonly InheritedLine[];
}

interface StoredNote {
  readonly size: number;
  readonly note: string;
}

export interface VerifiedJournal {
  readonly ok: boolean;
  /** Good entries before the first bad one. */
  readonly size: number;
  /** Root over the good entries. */
  readonly root: Uint8Array;
  readonly firstBad: FirstBad | null;
  /** What is wrong beside the journal: signatures, and the file of what changes. */
  readonly troubles: readonly string[];
  readonly checkpoints: { readonly [kind in CheckpointKind]: StoredNote | null };
  /** Snapshots whose files are whole and fit the entries and answers; whether their state is what the events come to, only a replay can tell. */
  readonly snapshots: readonly SnapshotHead[];
  /** How much was looked at. */
  readonly bytes: number;
  readonly logBytes: number;
  readonly pages: number;
  readonly answers: number;
  /** Bytes of a commit that was never finished. */
  readonly unfinished: number;
  readonly entryAt: (seq: number) => Uint8Array | null;
}

/** A reading that goes wrong while the gateway writes is done again: what is really damaged stays damaged. */
const READINGS = 3;
const PAUSE_MS = 400;

/** Checks all of a journal. A file that is no journal at all is a verdict, not an exception. */
export function verifyJournalFile(path: string, options: VerifyOptions): VerifiedJournal {
  for (let reading = 1; ; reading++) {
    const noted = readState(path);
    // Snapshots first: what they name is then in the journal, which only grows.
    const verified = verifyBytes(readFiles(path), { ...noted, snapshots: readSnapshots(path, noted, options) }, options);
    if (verified.ok || reading === READINGS || !isBeingWritten(path)) return verified;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
  }
}

/** What the gateway noted beside the journal, or the words for why that cannot be read. */
export interface NotedState {
  readonly origin: string | null;
  readonly checkpoints: { readonly [kind in CheckpointKind]: StoredNote | null };
  readonly troubles: readonly string[];
  /** Those that are well signed, with the lists in their bodies. */
  readonly snapshots?: readonly NotedSnapshot[];
}

interface NotedSnapshot {
  readonly name: string;
  readonly head: SnapshotHead | null;
  readonly blocks: Uint8Array;
  readonly answers: Uint8Array;
  readonly trouble: string;
}

/** The same on bytes in memory. */
export function verifyBytes(bytes: JournalBytes, noted: NotedState, options: VerifyOptions): VerifiedJournal {
  const image = readJournal(bytes, options.pageSize ?? PAGE_BYTES);
  const troubles = [...noted.troubles];
  const heads = [...(options.heads ?? [])];
  for (const kind of ["signed", "cosigned"] as const) {
    const stored = noted.checkpoints[kind];
    const head = stored && storedHead(kind, stored, options.origin ?? noted.origin ?? "", options);
    if (typeof head === "string") troubles.push(head);
    else if (head) heads.push(head);
  }
  const snapshots = noted.snapshots ?? [];
  for (const { head } of snapshots) if (head) heads.push({ ...head, by: "signed by the gateway in a snapshot" });
  const checked = checkEntries(image.entries, heads, options.fold?.() ?? (() => undefined));
  const { tree, firstBad: badEntry } = checked;
  for (const snapshot of snapshots) {
    const trouble = snapshot.trouble || misfit(snapshot, checked, image, options.lines);
    if (trouble) troubles.push(`${snapshot.name}: ${trouble}`);
  }
  const bads = [...image.damages, badEntry ?? unanswered(image)].filter((bad) => bad !== null);
  const firstBad = bads.sort((a, b) => a.seq - b.seq)[0] ?? null;
  return {
    ok: firstBad === null && troubles.length === 0,
    ...{ size: tree.size, root: tree.root(), firstBad, troubles, checkpoints: noted.checkpoints },
    snapshots: snapshots.flatMap(({ head, trouble }) => (head && !trouble ? [head] : [])),
    ...{
      bytes: bytes.file.length,
      logBytes: bytes.log.length,
      pages: image.pages,
      answers: image.answers.length,
      unfinished: image.unfinished,
    },
    entryAt: (seq) => (image.entries[seq] ? Buffer.concat([image.entries[seq].salt, image.entries[seq].event]) : null),
  };
}

/** What a snapshot's lists say otherwise than the journal, or "". */
function misfit({ head, blocks, answers }: NotedSnapshot, checked: Checked, image: JournalImage, lines: VerifyOptions["lines"]): string {
  if (!head || checked.firstBad || head.size > checked.tree.size) return "";
  const whole = checked.blocks.bytes().subarray(0, Math.floor(head.size / BLOCK_LEAVES) * HASH_BYTES);
  if (!equalBytes(whole, blocks)) return "its hashes are not those of the entries";
  const count = Answers.from(answers)?.count ?? -1;
  const own = new Answers(lines);
  for (const row of image.answers.slice(0, Math.max(0, count))) own.add(row);
  return count === own.count && equalBytes(own.bytes(), answers) ? "" : "its list of answers is not that of the journal";
}

/** The first event whose operation was never answered, or an answer that stands on events that are gone: both were written in one commit. */
function unanswered({ entries, answers }: JournalImage): FirstBad | null {
  const key = (terminal: number, incarnation: number, n: number): string => [terminal, incarnation, n].join(":");
  const answered = new Set(answers.map(({ terminal, incarnation, n }) => key(terminal, incarnation, n)));
  for (const { seq, event: bytes } of entries) {
    const event = decodeWhole(eventSchema, bytes);
    const operation = event.ok ? event.value.operation : null;
    if (operation && !answered.has(key(operation.terminal, operation.incarnation, operation.n)))
      return { seq, upTo: seq, what: "the answer to its operation is missing" };
  }
  const size = answers.at(-1)?.sizeAfter ?? 0;
  return size > entries.length ? { seq: entries.length, upTo: size - 1, what: "missing, but an answer stands on it" } : null;
}

/** A stored checkpoint as an expectation, or the words for what is wrong with it. */
function storedHead(
  kind: CheckpointKind,
  { note, size }: StoredNote,
  origin: string,
  options: VerifyOptions,
): ExpectedHead | string | null {
  if (!options.key) return null;
  const opened = openCheckpoint(note, origin, options.key, options.cosigner ? [options.cosigner] : [], verifySignature);
  if (!opened.ok) return `the ${kind} checkpoint of size ${size}: ${opened.reason}`;
  if (opened.checkpoint.size !== size) return `the ${kind} checkpoint is of size ${opened.checkpoint.size} and stands under ${size}`;
  const cosigned = !options.cosigner || opened.attestations.some((attestation) => attestation.key.keyId === options.cosigner?.keyId);
  if (kind === "cosigned" && !cosigned) return `the cosigned checkpoint of size ${size} bears no cosignature of ${options.cosigner?.name}`;
  return { by: kind === "signed" ? "signed by the gateway" : "cosigned by the cloud", size, root: opened.checkpoint.root };
}

/**
 * The journal and its log as they were at one moment. The log first: commits that come later are then missing at its end, which is nothing; were a fold to
 * fall in between, the file's time of change would tell.
 */
function readFiles(path: string): JournalBytes {
  const changed = (): number => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  for (let reading = 1; ; reading++) {
    const before = changed();
    const log = bytesOf(path + "-wal");
    const file = bytesOf(path);
    if (before === changed() || reading === READINGS) return { file, log };
  }
}

function bytesOf(path: string): Uint8Array {
  return existsSync(path) ? readFileSync(path) : new Uint8Array(0);
}

function isBeingWritten(path: string): boolean {
  // A gateway that was closed leaves no log behind.
  return existsSync(path + "-wal");
}

/** What lies beside the journal, from a copy: SQLite does not read without leaving traces. */
function readState(path: string): NotedState {
  const original = statePath(path);
  const folder = mkdtempSync(join(tmpdir(), "trapeza-verify-"));
  try {
    for (const end of ["", "-wal"]) if (existsSync(original + end)) copyFileSync(original + end, join(folder, basename(original) + end));
    if (!existsSync(original)) return { ...NOTHING_NOTED, troubles: ["the file with the checkpoints is missing: " + basename(original)] };
    const state = openStateFile(join(folder, basename(original)));
    try {
      return notedIn(state);
    } finally {
      state.close();
    }
  } catch (error) {
    return { ...NOTHING_NOTED, troubles: [`${basename(original)} cannot be read: ${(error as Error).message}`] };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Without the gateway's key nobody can say whose they are. */
function readSnapshots(path: string, noted: NotedState, { key, origin }: VerifyOptions): NotedSnapshot[] {
  const folder = snapshotFolder(path);
  if (!key || !folder || !existsSync(path)) return [];
  return findSnapshots(folder, origin ?? noted.origin ?? "", key).map((found) => {
    const body = found.head ? readBody(folder, found) : found.why;
    const none = { blocks: new Uint8Array(0), answers: new Uint8Array(0) };
    if (typeof body === "string") return { name: found.name, head: found.head, ...none, trouble: body };
    return { name: found.name, head: found.head, blocks: body.blocks, answers: body.answers, trouble: "" };
  });
}

const NOTHING_NOTED: NotedState = { origin: null, checkpoints: { signed: null, cosigned: null }, troubles: [] };

function notedIn(state: StateFile): NotedState {
  const troubles = state.integrity();
  const origin = state.meta("origin");
  // Reading a row checks its checksum.
  state.terminals();
  state.admissions();
  state.cards();
  state.connections();
  const checkpoints = { signed: state.checkpoint("signed"), cosigned: state.checkpoint("cosigned") };
  return { origin: origin && new TextDecoder().decode(origin), checkpoints, troubles };
}
