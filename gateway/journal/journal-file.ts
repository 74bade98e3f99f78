/**
 * The journal's own file, as the one who writes it sees it. Only appended to, and in such a way that page-walk.ts can account for each of its bytes:
 * secure_delete, no index, no row touched again, a new part before a table outgrows its root page.
 */
import { statSync } from "node:fs";
import Database from "better-sqlite3";
import { fileShape, mostParts, partPages, tablesOf } from "./file-shape.js";
import { checkedRow, DamagedRow, sumOf } from "./row.js";
import type { EdgeRow, EntryRow, OperationRow, Summed } from "./row.js";

export type JournalFile = ReturnType<typeof openJournalFile>;

/** The write-ahead log is folded into the file when it has grown to this, or when nobody waits. */
const LOG_BYTES = 33554432;

type Rows<T> = IterableIterator<T>;

/** What is asked of one part; prepared once. */
function statementsOf(database: Database.Database, part: number) {
  const operation = "id, terminal, incarnation, n, digest, answer, size_after AS sizeAfter, checksum";
  return {
    insertEntry: database.prepare(`INSERT INTO entries_${part} VALUES (?, ?, ?, ?)`),
    insertAnswer: database.prepare(`INSERT INTO answers_${part} VALUES (?, ?, ?, ?, ?, ?, ?, ?)`),
    insertEdge: database.prepare(`INSERT INTO edges_${part} VALUES (@id, @size, @hashes, @sizeAfter, @checksum)`),
    entries: database.prepare(`SELECT seq, salt, event, leaf FROM entries_${part} WHERE seq >= ? ORDER BY seq`),
    leaves: database.prepare(`SELECT leaf FROM entries_${part} WHERE seq >= ? AND seq < ? ORDER BY seq`).pluck(),
    answer: database.prepare(`SELECT ${operation} FROM answers_${part} WHERE id = ?`),
    answers: database.prepare(`SELECT ${operation} FROM answers_${part} WHERE id >= ? ORDER BY id`),
    lastEdge: database.prepare(`SELECT id, size, hashes, size_after AS sizeAfter, checksum FROM edges_${part} ORDER BY id DESC LIMIT 1`),
    lasts: database.prepare(`SELECT (SELECT max(seq) FROM entries_${part}) AS entry, (SELECT max(id) FROM answers_${part}) AS answer`),
    root: database.prepare("SELECT rootpage FROM sqlite_schema WHERE name = ?").pluck(),
  };
}

interface Part {
  readonly statements: ReturnType<typeof statementsOf>;
  /** The first row of this part in either series. */
  readonly entry: number;
  readonly answer: number;
  /** Pages that the file had when it began. */
  readonly page: number;
}

/** Opens a file, making it when it is not there; ":memory:" for one that nobody keeps. Throws what SQLite throws. */
export function openJournalFile(path: string, pageSize: number) {
  const database = new Database(path);
  prepare(database, pageSize);
  const parts: Part[] = [];
  const roll = (): void => {
    if (parts.length >= mostParts(pageSize)) throw new Error("the journal is full: this school needs a new epoch");
    for (const { sql } of tablesOf(parts.length)) database.exec(sql);
    take(database, parts);
  };
  const isFull = (): boolean =>
    (database.pragma("page_count", { simple: true }) as number) - parts[parts.length - 1].page >= partPages(pageSize);
  const settle = (): void => {
    // Somebody's look at the file must not make the school wait: then the next time will do.
    database.pragma("busy_timeout = 0");
    database.pragma("wal_checkpoint(TRUNCATE)");
    database.pragma("busy_timeout = 5000");
  };
  database
    .transaction(() => {
      takeAll(database, parts);
      if (parts.length === 0) roll();
    })
    .immediate();
  // So that the file is never without its tables, and what a crash left in the log is in its place before anything is added.
  settle();
  return {
    ...appending(parts),
    ...reading(parts),
    /** Runs `work` in one transaction: all of it is on the disk when this returns, or none of it is. */
    transaction(work: () => void): void {
      const known = parts.length;
      try {
        database
          .transaction(() => {
            if (isFull()) roll();
            work();
          })
          .immediate();
      } catch (error) {
        // A part that was begun is gone with everything else.
        parts.length = known;
        throw error;
      }
      if (path !== ":memory:" && logBytes(path) > LOG_BYTES) settle();
    },
    /** Folds the write-ahead log into the file and empties it, so that the file is the journal and not its past. */
    settle,
    close: (): void => void database.close(),
  };
}

/** The same file for one who only looks, while its writer goes on: rows that come in parts begun later are not seen. Throws what SQLite throws. */
export function lookAtJournalFile(path: string) {
  const database = new Database(path, { readonly: true });
  const parts: Part[] = [];
  takeAll(database, parts);
  return { ...reading(parts), close: (): void => void database.close() };
}

function takeAll(database: Database.Database, parts: Part[]): void {
  const known = (database.prepare("SELECT count(*) FROM sqlite_schema").pluck().get() as number) / tablesOf(0).length;
  while (parts.length < known) take(database, parts);
}

function take(database: Database.Database, parts: Part[]): void {
  const part = parts.length;
  const { entry, answer } = parts.length > 0 ? nextRows(parts[parts.length - 1]) : { entry: 0, answer: 0 };
  const statements = statementsOf(database, part);
  parts.push({ statements, entry, answer, page: statements.root.get(`entries_${part}`) as number });
}

/** Behind the last rows of this part. */
function nextRows(part: Part): { entry: number; answer: number } {
  const lasts = part.statements.lasts.get() as { entry: number | null; answer: number | null };
  return { entry: lasts.entry === null ? part.entry : lasts.entry + 1, answer: lasts.answer === null ? part.answer : lasts.answer + 1 };
}

function prepare(database: Database.Database, pageSize: number): void {
  database.pragma(`page_size = ${pageSize}`);
  database.pragma("journal_mode = WAL");
  // FULL: a commit returns when the write-ahead log is on the disk, so "committed" survives the plug being pulled.
  database.pragma("synchronous = FULL");
  // Freed space is zeroed, so whatever is not zero in the file means something.
  database.pragma("secure_delete = ON");
  // Folded by hand, and emptied: SQLite alone would leave old frames lying behind new ones.
  database.pragma("wal_autocheckpoint = 0");
  const { applicationId } = fileShape(pageSize);
  const version = database.prepare("SELECT sqlite_version()").pluck().get() as string;
  const number = version.split(".").reduce((sum, part) => sum * 1000 + Number(part), 0);
  // SQLite notes its version on page 1 whenever it writes that page. Said twice, and written together, a changed bit in it is noticed.
  if (database.pragma("application_id", { simple: true }) !== applicationId) database.pragma(`application_id = ${applicationId}`);
  if (database.pragma("user_version", { simple: true }) !== number) database.pragma(`user_version = ${number}`);
}

function logBytes(path: string): number {
  return statSync(path + "-wal", { throwIfNoEntry: false })?.size ?? 0;
}

function appending(parts: readonly Part[]) {
  const now = () => parts[parts.length - 1].statements;
  return {
    insertEntry: ({ seq, salt, event, leaf }: EntryRow): void => void now().insertEntry.run(seq, salt, event, leaf),
    insertAnswer: (id: number, row: OperationRow): void => {
      const { terminal, incarnation, n, digest, answer, sizeAfter } = row;
      now().insertAnswer.run(id, terminal, incarnation, n, digest, answer, sizeAfter, sumOf.operation(row));
    },
    insertEdge(row: EdgeRow): void {
      const id = ((lastEdge(parts)?.id ?? -1) as number) + 1;
      now().insertEdge.run({ ...row, id, checksum: sumOf.edge(row) });
    },
  };
}

function lastEdge(parts: readonly Part[]): (EdgeRow & Summed & { id: number }) | null {
  for (let part = parts.length - 1; part >= 0; part--) {
    const row = parts[part].statements.lastEdge.get() as (EdgeRow & Summed & { id: number }) | undefined;
    if (row) return checkedRow(row, () => sumOf.edge(row), `edge ${row.id}`);
  }
  return null;
}

function reading(parts: readonly Part[]) {
  const holding = (of: "entry" | "answer", row: number): Part => parts.findLast((part) => part[of] <= row) ?? parts[0];
  return {
    *entriesFrom(seq: number): Rows<EntryRow> {
      for (const part of parts.slice(parts.indexOf(holding("entry", seq)))) yield* part.statements.entries.iterate(seq) as Rows<EntryRow>;
    },
    /** Leaf hashes [from, to); fewer when there are no more. */
    leaves: (from: number, to: number): Uint8Array[] =>
      parts.slice(parts.indexOf(holding("entry", from))).flatMap((part) => part.statements.leaves.all(from, to) as Uint8Array[]),
    /** Behind the last row of either series: how many there are, when none is missing. */
    ends: (): { entry: number; answer: number } => nextRows(parts[parts.length - 1]),
    answerAt(id: number): OperationRow {
      const row = holding("answer", id).statements.answer.get(id) as (OperationRow & Summed) | undefined;
      if (!row) throw new DamagedRow(`answer ${id} is missing`);
      return checkedRow(row, () => sumOf.operation(row), `answer ${id}`);
    },
    /** Answers from row `id` on. Throws {@link DamagedRow} at one that is missing or not what was written. */
    *answersFrom(id: number): Rows<OperationRow> {
      let expected = id;
      for (const part of parts.slice(parts.indexOf(holding("answer", id)))) {
        for (const row of part.statements.answers.iterate(id) as Rows<OperationRow & Summed & { id: number }>) {
          if (row.id !== expected) throw new DamagedRow(`answer ${expected} is missing`);
          yield checkedRow(row, () => sumOf.operation(row), `answer ${expected}`);
          expected++;
        }
      }
    },
    lastEdge: (): EdgeRow | null => lastEdge(parts),
  };
}
