/**
 * Reads a journal from its first entry while its gateway goes on, as a start without a snapshot would: hashes, order, signed heads, answers, and the fold of
 * every event. Whatever a snapshot says about a size on the way is compared with what the fold has come to there. What is found good becomes the next
 * snapshot's body; only the gateway itself can make a snapshot of it.
 */
import { equalBytes } from "@trapeza/protocol";
import type { Event, VerifierKey } from "@trapeza/protocol";
import { sha256 } from "../cipher.js";
import { Answers } from "./answers.js";
import { checkEntries } from "./check.js";
import type { ExpectedHead, FirstBad } from "./check.js";
import type { JournalFile } from "./journal-file.js";
import type { EntryRow, InheritedLine } from "./row.js";
import { findSnapshots, keepBody, snapshotHead } from "./snapshot.js";
import type { FoundSnapshot, SnapshotHead } from "./snapshot.js";
import type { SnapshotFolder } from "./snapshot-folder.js";

export interface RecheckOptions {
  readonly file: Pick<JournalFile, "entriesFrom" | "answersFrom" | "ends">;
  readonly folder: SnapshotFolder;
  readonly origin: string;
  readonly key: VerifierKey;
  readonly heads: readonly ExpectedHead[];
  readonly edition: string;
  /** How far terminals had come in earlier epochs. */
  readonly lines?: readonly InheritedLine[];
  /** Folds into a state that begins empty, or as earlier epochs left it, and what that has come to. */
  readonly fold: (event: Event) => void;
  readonly state: () => Uint8Array;
  /** A body is left for the next snapshot when there are so many entries more than in the last one. */
  readonly keepAfter: number;
  /** Called now and then; whoever wants an end throws. */
  readonly breathe: () => void;
}

export interface Rechecked {
  readonly size: number;
  /** Of the journal; then the snapshots are not to blame. */
  readonly firstBad: FirstBad | null;
  /** Snapshots that say something else than the journal. */
  readonly wrong: readonly string[];
  /** A body lies there for this snapshot. */
  readonly next: SnapshotHead | null;
}

/** Entries read at once: a reader that is long in the file keeps its log from being emptied. */
const CHUNK = 2048;

/** Throws what the file throws when it cannot be read. */
export function recheck(options: RecheckOptions): Rechecked {
  const { file, folder, origin, key, edition, fold, state } = options;
  const size = file.ends().entry;
  // Made by other rules they are none of ours to judge: a start does not look at them either.
  const snapshots = findSnapshots(folder, origin, key).filter(({ head }) => head?.edition === edition && head.size <= size);
  const wrong: string[] = [];
  const foldAndCompare = (event: Event): void => {
    fold(event);
    for (const snapshot of snapshots) if (snapshot.head?.size === event.seq + 1 && !isStateOf(snapshot, state())) wrong.push(snapshot.name);
  };
  const signed = snapshots.flatMap(({ head }) => (head ? [{ ...head, by: "signed here in a snapshot" }] : []));
  const heads = [...options.heads.filter((head) => head.size <= size), ...signed];
  const checked = checkEntries(inChunks(options, size), heads, foldAndCompare);
  const { tree, blocks } = checked;
  const { answers, firstBad } = checked.firstBad ? { answers: new Answers(), firstBad: checked.firstBad } : checkAnswers(options, size);
  const last = Math.max(0, ...snapshots.map(({ name, head }) => (head && !wrong.includes(name) ? head.size : 0)));
  const result = { size: tree.size, firstBad, wrong, next: null };
  if (firstBad || size - last < options.keepAfter || size === 0) return result;
  const body = { blocks: blocks.bytes(), answers: answers.bytes(), state: state() };
  keepBody(folder, size, body);
  return { ...result, next: snapshotHead(origin, size, tree.root(), edition, body) };
}

function isStateOf({ head }: FoundSnapshot, state: Uint8Array): boolean {
  return head !== null && equalBytes(head.sections.state.hash, sha256(state));
}

function* inChunks({ file, breathe }: RecheckOptions, size: number): Generator<EntryRow> {
  for (let from = 0; from < size; from += CHUNK) {
    const rows: EntryRow[] = [];
    for (const row of file.entriesFrom(from)) {
      if (row.seq >= Math.min(from + CHUNK, size)) break;
      rows.push(row);
    }
    yield* rows;
    breathe();
  }
}

/** The answers that stand on the first `size` entries: each bears its checksum and none is missing. */
function checkAnswers({ file, lines, breathe }: RecheckOptions, size: number): { answers: Answers; firstBad: FirstBad | null } {
  const answers = new Answers(lines);
  let sizeAfter = 0;
  try {
    for (let more = true; more; breathe()) {
      const until = answers.count + CHUNK;
      more = false;
      for (const row of file.answersFrom(answers.count)) {
        more = row.sizeAfter <= size && answers.count === until;
        if (more || row.sizeAfter > size) break;
        answers.add(row);
        ({ sizeAfter } = row);
      }
    }
  } catch (error) {
    return { answers, firstBad: { seq: sizeAfter, upTo: Math.max(sizeAfter, size - 1), what: (error as Error).message } };
  }
  return { answers, firstBad: null };
}
