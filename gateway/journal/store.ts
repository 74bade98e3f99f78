/**
 * The only place in the gateway that speaks SQL. Rows go in and out as plain values; what they mean is journal.ts's to know.
 */
import { readFileSync } from "node:fs";
import Database from "better-sqlite3";
import { bigEndian, bytes, byteText, concat, encode, equalBytes, fixedBytes, record, uint } from "@trapeza/protocol";
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
const connectionSum = record({ terminal: uint(), enrolment: uint(), bootEpoch: uint(), k: uint() });
const metaSum = record({ name: byteText(40), value: bytes(65535) });
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

/** "Trap", so that `file` and layout.ts can tell what this is. */
export const APPLICATION_ID = 0x54726170;
export const SCHEMA_VERSION = 1;

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
    // The log is folded into the file soon, so that the file is the journal and not its past.
    database.pragma("wal_autocheckpoint = 100");
    database.pragma(`application_id = ${APPLICATION_ID}`);
    database.pragma(`user_version = ${SCHEMA_VERSION}`);
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
    /** Tables and how they were made, as SQLite keeps them. */
    tables: (): { name: string; sql: string; rootpage: number }[] =>
      database.prepare("SELECT name, sql, rootpage FROM sqlite_master ORDER BY name").all() as {
        name: string;
        sql: string;
        rootpage: number;
      }[],
    /** Folds the write-ahead log into the file and empties it, unless somebody is reading: then the next time will do. */
    settle: (): void => void database.pragma("wal_checkpoint(TRUNCATE)"),
    close: (): void => void database.close(),
  };
}

function entriesIn(database: Database.Database) {
  const insert = database.prepare("INSERT INTO entries (seq, salt, event, leaf) VALUES (?, ?, ?, ?)");
  const insertNode = database.prepare("INSERT INTO nodes (number, hash) VALUES (?, ?)");
  const all = database.prepare("SELECT seq, salt, event, leaf FROM entries WHERE seq >= ? ORDER BY seq");
  const leaf = database.prepare("SELECT leaf FROM entries WHERE seq = ?").pluck();
  const node = database.prepare("SELECT hash FROM nodes WHERE number = ?").pluck();
  const nodes = database.prepare("SELECT count(*) FROM nodes").pluck();
  return {
    insertEntry: (row: EntryRow): void => void insert.run(row.seq, row.salt, row.event, row.leaf),
    insertNode: (level: number, place: number, hash: Uint8Array): void => void insertNode.run(nodeNumber(level, place), hash),
    entriesFrom: (seq: number): IterableIterator<EntryRow> => all.iterate(seq) as IterableIterator<EntryRow>,
    /** The hash of a complete subtree, or `null` when the file has none. */
    hashAt: (level: number, place: number): Uint8Array | null =>
      ((level === 0 ? leaf.get(place) : node.get(nodeNumber(level, place))) as Uint8Array | undefined) ?? null,
    nodeCount: (): number => nodes.get() as number,
  };
}

/**
 * The number of the complete subtree (`level` ≥ 1, `place`) when all are counted from 1 in the order in which appending completes them: leaf L completes
 * as many as there are 1s at the end of L in binary, so L − (number of 1s in L) are complete before it.
 */
export function nodeNumber(level: number, place: number): number {
  const leaf = (place + 1) * 2 ** level - 1;
  return leaf - onesIn(leaf) + level;
}

/** How many 1s a whole number has in binary. */
export function onesIn(value: number): number {
  let ones = 0;
  for (let rest = value; rest > 0; rest = Math.floor(rest / 2)) ones += rest % 2;
  return ones;
}

function operationsIn(database: Database.Database) {
  const insert = database.prepare(
    "INSERT INTO operations VALUES (@number, @terminal, @incarnation, @n, @digest, @answer, @sizeAfter, @checksum)",
  );
  const columns = "terminal, incarnation, n, digest, answer, size_after AS sizeAfter, checksum";
  const one = database.prepare(`SELECT ${columns} FROM operations WHERE number = ?`);
  const all = database.prepare(`SELECT number, ${columns} FROM operations ORDER BY number`);
  return {
    insertOperation: (number: number, row: OperationRow): void =>
      void insert.run({ ...row, number, checksum: checksumOf(encode(operationSum, row)) }),
    operationAt: (number: number): OperationRow => checkedOperation(one.get(number) as (OperationRow & Summed) | undefined, number),
    everyOperation: function* (): IterableIterator<OperationRow> {
      let expected = 0;
      for (const row of all.iterate() as IterableIterator<OperationRow & Summed & { number: number }>) {
        yield checkedOperation(row.number === ++expected ? row : undefined, expected);
      }
    },
  };
}

function terminalsIn(database: Database.Database) {
  const upsert = database.prepare(
    "INSERT OR REPLACE INTO terminals VALUES (@terminal, @enrolment, @incarnation, @haveUpTo, @bootEpoch, @k, @resumeIndex, @checksum)",
  );
  const all = database.prepare(
    "SELECT terminal, enrolment, incarnation, have_up_to AS haveUpTo, boot_epoch AS bootEpoch, k, resume_index AS resumeIndex, checksum FROM terminals",
  );
  const connect = database.prepare("INSERT OR REPLACE INTO connections VALUES (@terminal, @enrolment, @bootEpoch, @k, @checksum)");
  const connections = database.prepare("SELECT terminal, enrolment, boot_epoch AS bootEpoch, k, checksum FROM connections");
  return {
    putTerminal: (row: TerminalRow): void => void upsert.run({ ...row, checksum: checksumOf(encode(terminalSum, row)) }),
    terminals: (): TerminalRow[] =>
      (all.all() as (TerminalRow & Summed)[]).map((row) => checked(row, () => encode(terminalSum, row), `terminal ${row.terminal}`)),
    putConnection: (row: ConnectionRow): void => void connect.run({ ...row, checksum: checksumOf(encode(connectionSum, row)) }),
    connections: (): ConnectionRow[] =>
      (connections.all() as (ConnectionRow & Summed)[]).map((row) =>
        checked(row, () => encode(connectionSum, row), `connections of terminal ${row.terminal}`),
      ),
  };
}

function notesIn(database: Database.Database) {
  const putCheckpoint = database.prepare("INSERT OR REPLACE INTO checkpoints VALUES (?, ?, ?)");
  const checkpoint = database.prepare("SELECT size, note FROM checkpoints WHERE kind = ?");
  const putMeta = database.prepare("INSERT OR REPLACE INTO meta VALUES (?, ?, ?)");
  const meta = database.prepare("SELECT name, value, checksum FROM meta WHERE name = ?");
  return {
    putCheckpoint: (kind: CheckpointKind, size: number, note: string): void => void putCheckpoint.run(kind, size, note),
    checkpoint: (kind: CheckpointKind): { size: number; note: string } | null =>
      (checkpoint.get(kind) as { size: number; note: string } | undefined) ?? null,
    putMeta: (name: string, value: Uint8Array): void => void putMeta.run(name, value, checksumOf(encode(metaSum, { name, value }))),
    meta: (name: string): Uint8Array | null => {
      const row = meta.get(name) as (Summed & { name: string; value: Uint8Array }) | undefined;
      return row ? checked(row, () => encode(metaSum, row), `meta ${name}`).value : null;
    },
  };
}

interface Summed {
  readonly checksum: Uint8Array;
}

function checksumOf(encoded: Uint8Array): Uint8Array {
  return sha256(concat([bigEndian(encoded.length), encoded])).subarray(0, 16);
}

function checkedOperation(row: (OperationRow & Summed) | undefined, number: number): OperationRow {
  if (!row) throw new DamagedRow(`answer ${number} is missing`);
  const { n, terminal, incarnation } = row;
  return checked(
    row,
    () => encode(operationSum, row),
    `answer ${number}, to operation ${n} of terminal ${terminal}, incarnation ${incarnation}`,
  );
}

/** The row, or an exception naming it. A damaged row may hold what the schema refuses to write: a mismatch like any other. */
function checked<T extends Summed>(row: T, encoded: () => Uint8Array, name: string): T {
  let good: boolean;
  try {
    good = equalBytes(checksumOf(encoded()), row.checksum);
  } catch {
    good = false;
  }
  if (!good) throw new DamagedRow(`${name}: the row does not match its checksum`);
  return row;
}
