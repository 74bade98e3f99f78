/** The file of what changes: small, beside the journal, and never ahead of it. */
import { readFileSync } from "node:fs";
import { decodeWhole, encode } from "@trapeza/protocol";
import Database from "better-sqlite3";
import { sqlFile } from "./file-shape.js";
import { admittedIds, checkedRow, sumOf } from "./row.js";
import type { AdmissionRow, CardRow, CheckpointKind, ConnectionRow, StoredTerminal, Summed } from "./row.js";

export type StateFile = ReturnType<typeof openStateFile>;

/** Opens a file, making it when it is not there; ":memory:" for one that nobody keeps. Throws what SQLite throws. */
export function openStateFile(path: string) {
  const database = new Database(path);
  database.pragma("journal_mode = WAL");
  database.pragma("synchronous = FULL");
  database.pragma("secure_delete = ON");
  database.exec(readFileSync(sqlFile("state.sql"), "utf8"));
  return {
    ...terminalsIn(database),
    ...admissionsIn(database),
    ...cardsIn(database),
    ...notesIn(database),
    transaction: (work: () => void): void => database.transaction(work).immediate(),
    /** What SQLite itself finds wrong with the file's structure; empty when nothing. */
    integrity: (): string[] =>
      (database.pragma("integrity_check(5)") as { integrity_check: string }[])
        .map((row) => row.integrity_check)
        .filter((line) => line !== "ok"),
    close: (): void => void database.close(),
  };
}

function terminalsIn(database: Database.Database) {
  const upsert = database.prepare(
    "INSERT OR REPLACE INTO terminals VALUES (@terminal, @enrolment, @incarnation, @bootEpoch, @k, @resumeIndex, @checksum)",
  );
  const all = database.prepare(
    "SELECT terminal, enrolment, incarnation, boot_epoch AS bootEpoch, k, resume_index AS resumeIndex, checksum FROM terminals",
  );
  const connect = database.prepare("INSERT OR REPLACE INTO connections VALUES (@terminal, @enrolment, @bootEpoch, @k, @checksum)");
  const connections = database.prepare("SELECT terminal, enrolment, boot_epoch AS bootEpoch, k, checksum FROM connections");
  return {
    putTerminal: ({ terminal, enrolment, incarnation, bootEpoch, k, resumeIndex }: StoredTerminal): void => {
      const row = { terminal, enrolment, incarnation, bootEpoch, k, resumeIndex };
      upsert.run({ ...row, checksum: sumOf.terminal(row) });
    },
    terminals: (): StoredTerminal[] =>
      (all.all() as (StoredTerminal & Summed)[]).map((row) => checkedRow(row, () => sumOf.terminal(row), `terminal ${row.terminal}`)),
    putConnection: (row: ConnectionRow): void => void connect.run({ ...row, checksum: sumOf.connection(row) }),
    connections: (): ConnectionRow[] =>
      (connections.all() as (ConnectionRow & Summed)[]).map((row) =>
        checkedRow(row, () => sumOf.connection(row), `connections of terminal ${row.terminal}`),
      ),
  };
}

function admissionsIn(database: Database.Database) {
  const put = database.prepare("INSERT OR REPLACE INTO admissions VALUES (@terminal, @uid, @class, @meal, @date, @ids, @checksum)");
  const forget = database.prepare("DELETE FROM admissions WHERE date < ?");
  const all = database.prepare("SELECT terminal, uid, class, meal, date, ids, checksum FROM admissions");
  return {
    /** Lists of days before `oldest` are nobody's to confirm any more. */
    putAdmission: (row: AdmissionRow, oldest: number): void => {
      forget.run(oldest);
      put.run({ ...row, ids: encode(admittedIds, [...row.ids]), checksum: sumOf.admission(row) });
    },
    admissions: (): AdmissionRow[] =>
      (all.all() as (Omit<AdmissionRow, "ids"> & Summed & { ids: Uint8Array })[]).map(({ ids, ...row }) => {
        const decoded = decodeWhole(admittedIds, new Uint8Array(ids));
        const whole = { ...row, ids: decoded.ok ? decoded.value : [] };
        return checkedRow(whole, () => sumOf.admission(whole), `admissions of terminal ${row.terminal}`);
      }),
  };
}

/** A row as SQL has it: the two tickets flat. */
interface StoredCard extends Omit<CardRow, "seen" | "issued"> {
  readonly seenEpoch: number;
  readonly seen: number;
  readonly issuedEpoch: number;
  readonly issued: number;
}

function cardsIn(database: Database.Database) {
  const put = database.prepare(
    "INSERT OR REPLACE INTO cards VALUES (@uid, @kind, @seenEpoch, @seen, @issuedEpoch, @issued, @terminal, @atMs, @checksum)",
  );
  const all = database.prepare(
    "SELECT uid, kind, seen_epoch AS seenEpoch, seen, issued_epoch AS issuedEpoch, issued, terminal, at_ms AS atMs, checksum FROM cards",
  );
  return {
    putCard: (row: CardRow): void => {
      const { uid, kind, seen, issued, terminal, atMs } = row;
      const flat = { seenEpoch: seen.epoch, seen: seen.counter, issuedEpoch: issued.epoch, issued: issued.counter };
      put.run({ uid, kind, ...flat, terminal, atMs, checksum: sumOf.card(row) });
    },
    cards: (): CardRow[] =>
      (all.all() as (StoredCard & Summed)[]).map(({ seenEpoch, seen, issuedEpoch, issued, ...row }) => {
        const whole = { ...row, seen: { epoch: seenEpoch, counter: seen }, issued: { epoch: issuedEpoch, counter: issued } };
        return checkedRow(whole, () => sumOf.card(whole), "a card");
      }),
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
    putMeta: (name: string, value: Uint8Array): void => void putMeta.run(name, value, sumOf.meta({ name, value })),
    meta: (name: string): Uint8Array | null => {
      const row = meta.get(name) as (Summed & { name: string; value: Uint8Array }) | undefined;
      return row ? checkedRow(row, () => sumOf.meta(row), `meta ${name}`).value : null;
    },
  };
}
