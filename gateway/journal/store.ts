/**
 * The only place in the gateway that speaks SQL. Rows go in and out as plain values; what they mean is journal.ts's to know.
 */
import { readFileSync } from "node:fs";
import Database from "better-sqlite3";
import { bigEndian, bytes, concat, encode, equalBytes, fixedBytes, record, uint } from "@trapeza/protocol";
import { sha256 } from "../cipher.js";

/** One entry as it lies in the file. */
export interface EntryRow {
  readonly seq: number;
  readonly salt: Uint8Array;
  readonly event: Uint8Array;
  readonly leaf: Uint8Array;
}

/** Names one operation of one terminal and, by `digest`, what it asked for. */
export interface OperationKey {
  readonly terminal: number;
  readonly incarnation: number;
  readonly n: number;
  readonly digest: Uint8Array;
}

/** A line of `operations`: the answer, and the journal size that makes it safe. */
export interface OperationRow extends OperationKey {
  readonly answer: Uint8Array;
  readonly sizeAfter: number;
}

/** A line of `terminals`; see schema.sql for each field. */
export interface TerminalRow {
  readonly terminal: number;
  readonly enrolment: number;
  readonly incarnation: number;
  readonly haveUpTo: number;
  readonly bootEpoch: number;
  readonly k: number;
  readonly resumeIndex: number;
}

/** Two counters that only rise, compared as one number of two digits. */
export interface ConnectionRow {
  readonly terminal: number;
  readonly enrolment: number;
  readonly bootEpoch: number;
  readonly k: number;
}

export type CheckpointKind = "signed" | "cosigned";

/** A row that is not what was written: the file was changed from outside, or the disk lied. */
export class DamagedRow extends Error {}

export type Store = ReturnType<typeof openStore>;

const operationSum = record({
  terminal: uint(),
  incarnation: uint(),
  n: uint(),
  digest: fixedBytes(8),
  answer: bytes(65535),
  sizeAfter: uint(),
});
const terminalSum = record({
  terminal: uint(),
  enrolment: uint(),
  incarnation: uint(),
  haveUpTo: uint(),
  bootEpoch: uint(),
  k: uint(),
  resumeIndex: uint(),
});

// From dist/journal/ as from journal/ itself, the package's own journal/schema.sql is two or one folder up: the build copies no files.
const SCHEMA = new URL(import.meta.url.includes("/dist/") ? "../../journal/schema.sql" : "./schema.sql", import.meta.url);

/**
 * Opens a database file, making it when it is not there; ":memory:" for one that nobody keeps. `readOnly` for a look at a file that another process
 * writes. Throws what SQLite throws.
 */
export function openStore(path: string, readOnly: boolean) {
  const database = new Database(path, readOnly ? { readonly: true, fileMustExist: true } : {});
  if (!readOnly) {
    // FULL: a commit returns when the write-ahead log is on the disk, so "committed" survives the plug being pulled.
    database.pragma("journal_mode = WAL");
    database.pragma("synchronous = FULL");
    // Freed space is zeroed, so that nothing erased lingers and whatever is not zero in the file means something.
    database.pragma("secure_delete = ON");
    database.exec(readFileSync(SCHEMA, "utf8"));
  }
  return {
    ...entriesIn(database),
    ...operationsIn(database),
    ...terminalsIn(database),
    ...notesIn(database),
    /** Runs `work` in one transaction: all of it is on the disk when this returns, or none of it is. */
    transaction: (work: () => void): void => database.transaction(work).immediate(),
    /** What SQLite itself finds wrong with the file's structure; empty when nothing. */
    integrity: (): string[] =>
      (database.pragma("integrity_check(5)") as { integrity_check: string }[])
        .map((row) => row.integrity_check)
        .filter((line) => line !== "ok"),
    close: (): void => void database.close(),
  };
}

function entriesIn(database: Database.Database) {
  const insert = database.prepare("INSERT INTO entries (seq, salt, event, leaf) VALUES (?, ?, ?, ?)");
  const insertNode = database.prepare("INSERT INTO nodes (level, place, hash) VALUES (?, ?, ?)");
  const all = database.prepare("SELECT seq, salt, event, leaf FROM entries WHERE seq >= ? ORDER BY seq");
  const leaf = database.prepare("SELECT leaf FROM entries WHERE seq = ?").pluck();
  const node = database.prepare("SELECT hash FROM nodes WHERE level = ? AND place = ?").pluck();
  const nodes = database.prepare("SELECT count(*) FROM nodes").pluck();
  return {
    insertEntry: (row: EntryRow): void => void insert.run(row.seq, row.salt, row.event, row.leaf),
    insertNode: (level: number, place: number, hash: Uint8Array): void => void insertNode.run(level, place, hash),
    entriesFrom: (seq: number): IterableIterator<EntryRow> => all.iterate(seq) as IterableIterator<EntryRow>,
    /** The hash of a complete subtree, or `null` when the file has none. */
    hashAt: (level: number, place: number): Uint8Array | null =>
      ((level === 0 ? leaf.get(place) : node.get(level, place)) as Uint8Array | undefined) ?? null,
    nodeCount: (): number => nodes.get() as number,
  };
}

function operationsIn(database: Database.Database) {
  const insert = database.prepare("INSERT INTO operations VALUES (@terminal, @incarnation, @n, @digest, @answer, @sizeAfter, @checksum)");
  const columns = "terminal, incarnation, n, digest, answer, size_after AS sizeAfter, checksum";
  const of = database.prepare(`SELECT ${columns} FROM operations WHERE terminal = ? AND incarnation = ? AND n = ?`);
  const all = database.prepare(`SELECT ${columns} FROM operations`);
  const safe = database.prepare("SELECT max(n) FROM operations WHERE terminal = ? AND incarnation = ? AND size_after <= ?").pluck();
  return {
    insertOperation: (row: OperationRow): void => void insert.run({ ...row, checksum: checksumOf(encode(operationSum, row)) }),
    /** All that was answered under one operation number: one row, and one more for each conflicting fact. */
    operationsOf: (terminal: number, incarnation: number, n: number): OperationRow[] =>
      (of.all(terminal, incarnation, n) as (OperationRow & Summed)[]).map(checkedOperation),
    everyOperation: function* (): IterableIterator<OperationRow> {
      for (const row of all.iterate() as IterableIterator<OperationRow & Summed>) yield checkedOperation(row);
    },
    /** The last operation whose events are among the first `size` entries; 0 for none. */
    lastOperationWithin: (terminal: number, incarnation: number, size: number): number =>
      (safe.get(terminal, incarnation, size) as number | null) ?? 0,
  };
}

function terminalsIn(database: Database.Database) {
  const upsert = database.prepare(
    "INSERT OR REPLACE INTO terminals VALUES (@terminal, @enrolment, @incarnation, @haveUpTo, @bootEpoch, @k, @resumeIndex, @checksum)",
  );
  const all = database.prepare(
    "SELECT terminal, enrolment, incarnation, have_up_to AS haveUpTo, boot_epoch AS bootEpoch, k, resume_index AS resumeIndex, checksum FROM terminals",
  );
  const connect = database.prepare("INSERT OR REPLACE INTO connections VALUES (?, ?, ?, ?)");
  const connections = database.prepare("SELECT terminal, enrolment, boot_epoch AS bootEpoch, k FROM connections");
  return {
    putTerminal: (row: TerminalRow): void => void upsert.run({ ...row, checksum: checksumOf(encode(terminalSum, row)) }),
    terminals: (): TerminalRow[] => (all.all() as (TerminalRow & Summed)[]).map(checkedTerminal),
    putConnection: (row: ConnectionRow): void => void connect.run(row.terminal, row.enrolment, row.bootEpoch, row.k),
    connections: (): ConnectionRow[] => connections.all() as ConnectionRow[],
  };
}

function notesIn(database: Database.Database) {
  const putCheckpoint = database.prepare("INSERT OR REPLACE INTO checkpoints VALUES (?, ?, ?)");
  const checkpoint = database.prepare("SELECT size, note FROM checkpoints WHERE kind = ?");
  const putMeta = database.prepare("INSERT OR REPLACE INTO meta VALUES (?, ?)");
  const meta = database.prepare("SELECT value FROM meta WHERE name = ?").pluck();
  return {
    putCheckpoint: (kind: CheckpointKind, size: number, note: string): void => void putCheckpoint.run(kind, size, note),
    checkpoint: (kind: CheckpointKind): { size: number; note: string } | null =>
      (checkpoint.get(kind) as { size: number; note: string } | undefined) ?? null,
    putMeta: (name: string, value: Uint8Array): void => void putMeta.run(name, value),
    meta: (name: string): Uint8Array | null => (meta.get(name) as Uint8Array | undefined) ?? null,
  };
}

interface Summed {
  readonly checksum: Uint8Array;
}

function checksumOf(encoded: Uint8Array): Uint8Array {
  return sha256(concat([bigEndian(encoded.length), encoded])).subarray(0, 16);
}

function checkedOperation(row: OperationRow & Summed): OperationRow {
  const name = `operation ${row.n} of terminal ${row.terminal}, incarnation ${row.incarnation}`;
  if (!matches(() => encode(operationSum, row), row.checksum))
    throw new DamagedRow(`${name}: the stored answer does not match its checksum`);
  return row;
}

function checkedTerminal(row: TerminalRow & Summed): TerminalRow {
  if (!matches(() => encode(terminalSum, row), row.checksum))
    throw new DamagedRow(`terminal ${row.terminal}: the row does not match its checksum`);
  return row;
}

// A damaged row may hold what the schema refuses to write: that is a mismatch like any other.
function matches(encoded: () => Uint8Array, checksum: Uint8Array): boolean {
  try {
    return equalBytes(checksumOf(encoded()), checksum);
  } catch {
    return false;
  }
}
