import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import test from "ava";
import Database from "better-sqlite3";
import fc from "fast-check";
import { concat, leafHash } from "@trapeza/protocol";
import { sha256 } from "../cipher.js";
import { answeredJournal, cosigner, filledJournal, signer, testOptions, testPath } from "./_journal.test.js";
import { openJournal } from "./journal.js";
import { statePath } from "./store.js";
import { verifyBytes, verifyJournalFile } from "./verify.js";
import type { NotedState } from "./verify.js";

const SIZE = 64;
const options = { origin: null, key: signer.key, cosigner: cosigner.key };
const nothing: NotedState = { origin: null, checkpoints: { signed: null, cosigned: null }, troubles: [] };

/** A closed journal of SIZE events, no log beside it. */
function closedJournal(): string {
  const path = testPath();
  filledJournal(path, SIZE).close();
  return path;
}
const original = closedJournal();

function changed(change: (database: Database.Database) => void, which: (path: string) => string = (path) => path): string {
  const path = testPath();
  copyFileSync(original, path);
  copyFileSync(statePath(original), statePath(path));
  const database = new Database(which(path));
  change(database);
  database.close();
  return path;
}

const flipInColumn = (column: string, seq: number, at: number): string =>
  changed((database) => {
    const bytes = database.prepare(`SELECT ${column} FROM entries_0 WHERE seq = ?`).pluck().get(seq) as Buffer;
    bytes[at % bytes.length] ^= 1;
    database.prepare(`UPDATE entries_0 SET ${column} = ? WHERE seq = ?`).run(bytes, seq);
  });

test("an untouched journal is good, and says how long it is", (t) => {
  const verified = verifyJournalFile(original, options);
  t.deepEqual([verified.ok, verified.size, verified.firstBad, verified.troubles], [true, SIZE, null, []]);
});

test("one flipped bit in any column of any entry: that event is named, and the gateway does not start", (t) => {
  fc.assert(
    fc.property(fc.constantFrom("salt", "event", "leaf"), fc.nat(SIZE - 1), fc.nat(200), (column, seq, at) => {
      const path = flipInColumn(column, seq, at);
      const { ok, firstBad } = verifyJournalFile(path, options);
      t.deepEqual([ok, firstBad?.seq, firstBad?.upTo], [false, seq, seq]);
      const error = t.throws(() => openJournal(testOptions(path)));
      t.regex(error?.message ?? "", new RegExp(`^the journal is damaged at event ${seq}: `));
    }),
    { numRuns: 30 },
  );
});

test("an event replaced together with its leaf hash is found by the signed root", (t) => {
  const path = changed((database) => {
    const row = database.prepare("SELECT salt, event FROM entries_0 WHERE seq = 41").get() as { salt: Buffer; event: Buffer };
    row.event[1] ^= 1;
    database
      .prepare("UPDATE entries_0 SET event = ?, leaf = ? WHERE seq = 41")
      .run(row.event, leafHash(sha256, concat([row.salt, row.event])));
  });
  const what = "they do not give the root in the checkpoint of size 64 signed by the gateway";
  t.deepEqual(verifyJournalFile(path, options).firstBad, { seq: 0, upTo: 63, what });
});

test("an event taken out of the middle, and the last events cut off", (t) => {
  const middle = changed((database) => database.exec("DELETE FROM entries_0 WHERE seq = 17"));
  t.is(verifyJournalFile(middle, options).firstBad?.seq, 17);
  const end = changed((database) => database.exec("DELETE FROM entries_0 WHERE seq >= 60"));
  const { ok, size, firstBad } = verifyJournalFile(end, options);
  t.deepEqual([ok, size, firstBad?.seq, firstBad?.upTo], [false, 60, 0, 59], "SQLite leaves their pointers on the page of the others");
});

test("a checkpoint whose signature or size was touched", (t) => {
  const size = changed((database) => database.exec("UPDATE checkpoints SET size = 63"), statePath);
  t.deepEqual(verifyJournalFile(size, options).troubles, ["the signed checkpoint is of size 64 and stands under 63"]);
  const other = "UPDATE checkpoints SET note = replace(note, char(10) || '64' || char(10), char(10) || '65' || char(10))";
  const note = changed((database) => database.exec(other), statePath);
  t.deepEqual(verifyJournalFile(note, options).troubles, ["the signed checkpoint of size 64: bad_signature"]);
});

test("a file that is no journal is a verdict, not a crash", (t) => {
  const path = testPath();
  writeFileSync(path, "not a database at all, just some words of a decent length");
  t.false(verifyJournalFile(path, options).ok);
  t.false(verifyJournalFile(join(dirname(path), "absent.sqlite"), options).ok);
});

test("a commit that was being written is no damage, and a fold that was interrupted is none either", (t) => {
  const pageSize = 2048;
  const path = testPath();
  const journal = answeredJournal(path, 24, pageSize);
  journal.settle();
  answeredJournal.more(journal, 6);
  const bytes = { file: new Uint8Array(readFileSync(path)), log: new Uint8Array(readFileSync(path + "-wal")) };
  journal.settle();
  const folded = new Uint8Array(readFileSync(path));
  journal.close();
  const look = (file: Uint8Array, log: Uint8Array) =>
    verifyBytes({ file, log }, nothing, { origin: null, key: null, cosigner: null, pageSize });
  const torn = look(bytes.file, bytes.log.subarray(0, bytes.log.length - 100));
  t.deepEqual([torn.ok, torn.size < 30, torn.unfinished > 0], [true, true, true]);
  for (let pages = 1; pages <= bytes.file.length / pageSize; pages++) {
    const between = bytes.file.slice();
    between.set(folded.subarray(0, pages * pageSize).slice(0, between.length));
    const { ok, size, firstBad } = look(between, bytes.log);
    t.deepEqual([ok, size, firstBad], [true, 30, null], `${pages} pages folded`);
  }
});

test("a gateway does not open a log in which answered commits stand behind a bad frame, and opens one whose last commit was torn", (t) => {
  const pageSize = 2048;
  const path = testPath();
  const journal = answeredJournal(path, 12, pageSize);
  journal.settle();
  answeredJournal.more(journal, 6);
  const log = readFileSync(path + "-wal");
  const copy = (change: (bytes: Buffer) => Buffer): string => {
    const other = testPath();
    copyFileSync(path, other);
    copyFileSync(statePath(path), statePath(other));
    writeFileSync(other + "-wal", change(Buffer.from(log)));
    return other;
  };
  const torn = openJournal(
    testOptions(
      copy((bytes) => bytes.fill(7, bytes.length - 90)),
      { pageSize },
    ),
  );
  t.is(torn.size, 17);
  torn.close();
  const flipped = copy((bytes) => {
    bytes[60] ^= 1;
    return bytes;
  });
  const error = t.throws(() => openJournal(testOptions(flipped, { pageSize })));
  t.is(error?.message, "the journal is damaged at event 12: a frame of the log is not what was written, and 6 commits stand behind it");
  journal.close();
});
