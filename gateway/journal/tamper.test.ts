import { copyFileSync, writeFileSync } from "node:fs";
import test from "ava";
import Database from "better-sqlite3";
import fc from "fast-check";
import { concat, leafHash } from "@trapeza/protocol";
import { sha256 } from "../cipher.js";
import { cosigner, filledJournal, signer, testOptions, testPath } from "./_journal.test.js";
import { openJournal } from "./journal.js";
import { verifyJournalFile } from "./verify.js";

const SIZE = 64;
const options = { origin: null, key: signer.key, cosigner: cosigner.key };

/** A closed journal of SIZE events in one file, no log beside it. */
function sealedJournal(): string {
  const path = testPath();
  filledJournal(path, SIZE).close();
  const database = new Database(path);
  database.pragma("journal_mode = DELETE");
  database.close();
  return path;
}
const original = sealedJournal();

function changed(change: (database: Database.Database) => void): string {
  const path = testPath();
  copyFileSync(original, path);
  const database = new Database(path);
  change(database);
  database.close();
  return path;
}

const flipInColumn = (column: string, seq: number, at: number): string =>
  changed((database) => {
    const bytes = database.prepare(`SELECT ${column} FROM entries WHERE seq = ?`).pluck().get(seq) as Buffer;
    bytes[at % bytes.length] ^= 1;
    database.prepare(`UPDATE entries SET ${column} = ? WHERE seq = ?`).run(bytes, seq);
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
    { numRuns: 60 },
  );
});

test("an event replaced together with its leaf hash is found by the hash above it", (t) => {
  const path = changed((database) => {
    const row = database.prepare("SELECT salt, event FROM entries WHERE seq = 41").get() as { salt: Buffer; event: Buffer };
    row.event[1] ^= 1;
    database
      .prepare("UPDATE entries SET event = ?, leaf = ? WHERE seq = 41")
      .run(row.event, leafHash(sha256, concat([row.salt, row.event])));
  });
  t.deepEqual(verifyJournalFile(path, options).firstBad, { seq: 40, upTo: 41, what: "they do not give the stored hash over them" });
});

test("an event taken out of the middle, and the last events cut off", (t) => {
  const middle = changed((database) => database.exec("DELETE FROM entries WHERE seq = 17"));
  t.is(verifyJournalFile(middle, options).firstBad?.seq, 17);
  const end = changed((database) => database.exec("DELETE FROM entries WHERE seq >= 60"));
  t.deepEqual(verifyJournalFile(end, options).firstBad?.seq, 60);
  const endAndNodes = changed((database) => database.exec("DELETE FROM entries WHERE seq >= 60; DELETE FROM nodes WHERE number > 56"));
  t.is(verifyJournalFile(endAndNodes, options).firstBad?.what, "missing, but the checkpoint of size 64 signed by the gateway covers them");
});

test("a checkpoint whose signature or size was touched", (t) => {
  const size = changed((database) => database.exec("UPDATE checkpoints SET size = 63"));
  t.deepEqual(verifyJournalFile(size, options).troubles, ["the signed checkpoint is of size 64 and stands under 63"]);
  const note = changed((database) =>
    database.exec("UPDATE checkpoints SET note = replace(note, char(10) || '64' || char(10), char(10) || '65' || char(10))"),
  );
  t.deepEqual(verifyJournalFile(note, options).troubles, ["the signed checkpoint of size 64: bad_signature"]);
});

test("a file that is no journal is a verdict, not a crash", (t) => {
  const path = testPath();
  writeFileSync(path, "not a database at all, just some words of a decent length");
  t.false(verifyJournalFile(path, options).ok);
  t.false(verifyJournalFile(path + ".absent", options).ok);
});
