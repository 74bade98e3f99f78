/**
 * A journal as it lies on the disk: bytes in, rows and damage out. No SQLite has a part in this, so none can pass over anything in silence.
 *
 * Three things are looked at: the file as it is, the write-ahead log, and the file as the log will make it. The file alone must be a whole journal too,
 * the same as it was when the log was last folded into it; otherwise bytes that the log is about to overwrite could be changed unnoticed.
 */
import { equalBytes } from "@trapeza/protocol";
import type { FirstBad } from "./check.js";
import { fileShape } from "./file-shape.js";
import { walkLog } from "./log-walk.js";
import type { WalkedLog } from "./log-walk.js";
import { walkPages } from "./page-walk.js";
import type { Damage, WalkedFile, WalkedRow } from "./page-walk.js";
import { isWhole, sumOf } from "./row.js";
import type { EdgeRow, EntryRow, OperationRow } from "./row.js";

/** The two files of a journal, as they were at one moment. */
export interface JournalBytes {
  readonly file: Uint8Array;
  readonly log: Uint8Array;
}

export interface JournalImage {
  readonly entries: readonly EntryRow[];
  readonly answers: readonly OperationRow[];
  readonly edges: readonly EdgeRow[];
  /** What is wrong with the bytes, the first event concerned first. */
  readonly damages: readonly FirstBad[];
  readonly pages: number;
  /** Bytes of a commit that was never finished; nobody has been told of it. */
  readonly unfinished: number;
}

/** Reads a journal's bytes. Never throws: whatever they are, there is a verdict. */
export function readJournal({ file, log }: JournalBytes, pageSize: number): JournalImage {
  const shape = fileShape(pageSize);
  const walkedLog = walkLog(log, pageSize);
  const whole = walkPages(overlaid(file, walkedLog, pageSize), shape);
  const rows = rowsOf(whole);
  const damages = whole.damages.map((damage) => concerned(damage, rows));
  if (walkedLog.pages.size > 0 && !isBeingFolded(file, walkedLog, pageSize)) {
    const alone = walkPages(file, shape);
    damages.push(...alone.damages.map((damage) => concerned(damage, rowsOf(alone))), ...differing(alone, whole, rows));
  }
  if (walkedLog.damage) {
    const { offset, what } = walkedLog.damage;
    const seq = rows.entries.length;
    damages.push({
      seq,
      upTo: seq,
      what: `${what}, at byte ${offset} of the write-ahead log; this event or its answer stood there or behind it`,
    });
  }
  damages.push(...falseSums(rows));
  damages.sort((a, b) => a.seq - b.seq);
  return { ...rows, damages, pages: whole.pages, unfinished: walkedLog.unfinished };
}

/** The file as the log will make it. */
function overlaid(file: Uint8Array, { pages, pageCount }: WalkedLog, pageSize: number): Uint8Array {
  if (pageCount === null) return file;
  const image = new Uint8Array(pageCount * pageSize);
  image.set(file.subarray(0, image.length));
  for (const [page, bytes] of pages) if (page <= pageCount) image.set(bytes, (page - 1) * pageSize);
  return image;
}

/**
 * A process that died while it folded the log leaves a file in which some pages are old and some are new: not a journal by itself, and nothing is lost.
 * A page is never written to the log unchanged, so one that is the same in both has been folded already.
 */
function isBeingFolded(file: Uint8Array, { pages }: WalkedLog, pageSize: number): boolean {
  return [...pages].some(([page, bytes]) => equalBytes(file.subarray((page - 1) * pageSize, page * pageSize), bytes));
}

interface Rows {
  readonly entries: EntryRow[];
  readonly answers: (OperationRow & { checksum: Uint8Array })[];
  readonly edges: (EdgeRow & { checksum: Uint8Array })[];
}

function rowsOf({ rows }: WalkedFile): Rows {
  const series = (name: string): readonly WalkedRow[] => rows.get(name) ?? [];
  return {
    entries: series("entries").map(({ row, values }) => {
      const [salt, event, leaf] = values.slice(1) as Uint8Array[];
      return { seq: row, salt, event, leaf };
    }),
    answers: series("answers").map(({ values }) => {
      const [terminal, incarnation, n] = values.slice(1, 4) as number[];
      const [digest, answer] = values.slice(4, 6) as Uint8Array[];
      return { terminal, incarnation, n, digest, answer, sizeAfter: values[6] as number, checksum: values[7] as Uint8Array };
    }),
    edges: series("edges").map(({ values }) => {
      const [size, hashes, sizeAfter, checksum] = values.slice(1) as [number, Uint8Array, number, Uint8Array];
      return { size, hashes, sizeAfter, checksum };
    }),
  };
}

/** The first event that stands on damaged bytes. An answer stands on the events that came after the answer before it. */
function concerned({ page, offset, series, row, upTo, what }: Damage, rows: Rows): FirstBad {
  const place = `${what}, on page ${page} at byte ${offset} of the file`;
  const last = Math.max(rows.entries.length - 1, 0);
  if (series === null || row === null) return { seq: 0, upTo: 0, what: `${place}, on which all events rest` };
  if (series === "entries") return { seq: row, upTo: upTo ?? row, what: place };
  const before = (series === "answers" ? rows.answers : rows.edges)[row - 1]?.sizeAfter ?? 0;
  const seq = Math.min(before, last);
  return {
    seq,
    upTo: seq,
    what: `${place}, where ${series === "answers" ? "the answer" : "the state of the directives"} after it is kept`,
  };
}

/** Rows that the file alone tells differently: bytes under a page of the log were changed. */
function differing(alone: WalkedFile, whole: WalkedFile, rows: Rows): FirstBad[] {
  const damages: FirstBad[] = [];
  for (const [series, found] of alone.rows) {
    const other = whole.rows.get(series) ?? [];
    const bad = found.find(({ row, values }) => !other[row] || !sameValues(values, other[row].values));
    if (!bad) continue;
    const what = "the file and its write-ahead log tell it differently";
    damages.push(concerned({ page: 0, offset: 0, series, row: bad.row, upTo: bad.row, what }, rows));
  }
  return damages.map((bad) => ({ ...bad, what: "the file and its write-ahead log tell it differently" }));
}

function sameValues(a: WalkedRow["values"], b: WalkedRow["values"]): boolean {
  return a.every((value, i) => {
    const other = b[i];
    return value instanceof Uint8Array && other instanceof Uint8Array ? equalBytes(value, other) : value === other;
  });
}

/** The first answer and the first edge that do not bear their own checksum, or stand on events that are not there. */
function falseSums({ entries, answers, edges }: Rows): FirstBad[] {
  const last = Math.max(entries.length - 1, 0);
  const between = (before: number, own: number, what: string): FirstBad => {
    const seq = Math.min(before, last);
    return { seq, upTo: Math.max(seq, Math.min(own - 1, last)), what };
  };
  const answer = answers.findIndex(
    (row, i) => !isWhole(row, () => sumOf.operation(row)) || row.sizeAfter < (answers[i - 1]?.sizeAfter ?? 0),
  );
  const edge = edges.findIndex((row, i) => !isWhole(row, () => sumOf.edge(row)) || row.sizeAfter < (edges[i - 1]?.sizeAfter ?? 0));
  const damages: FirstBad[] = [];
  if (answer >= 0) {
    const { terminal, n, sizeAfter } = answers[answer];
    const what = `the answer that terminal ${terminal} got to its operation ${n} is not what was written`;
    damages.push(between(answers[answer - 1]?.sizeAfter ?? 0, sizeAfter, what));
  }
  if (edge >= 0) {
    const what = "the state of the directive log that was written with it is not what was written";
    damages.push(between(edges[edge - 1]?.sizeAfter ?? 0, edges[edge].sizeAfter, what));
  }
  return damages;
}
