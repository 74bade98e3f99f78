import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import test from "ava";
import Database from "better-sqlite3";
import { cosignCheckpoint, formatNote, leafHash, parseNote, rootOf, signCheckpoint } from "@trapeza/protocol";
import type { Event, SignedNote } from "@trapeza/protocol";
import { sha256 } from "../cipher.js";
import { cosigner, filledJournal, plain, seededRandom, signer, testEvent, testOptions, testPath } from "./_journal.test.js";
import { openJournal } from "./journal.js";
import type { Committed } from "./journal.js";
import { statePath } from "./store.js";

const cosign = (note: string): string => {
  const parsed = parseNote(note) as { ok: true; value: SignedNote };
  return formatNote(cosignCheckpoint(parsed.value, cosigner, 1700000000));
};

test("what was committed is there again, in order, with the same root", (t) => {
  const path = testPath();
  const journal = filledJournal(path, 23);
  const head = journal.checkpoint(5000);
  const entries = journal.entries(0, 23, 1e6, 100);
  t.deepEqual(
    head.root,
    rootOf(
      sha256,
      entries.map((entry) => leafHash(sha256, entry)),
    ),
  );
  journal.close();
  const seen: Event[] = [];
  const again = openJournal(testOptions(path, { fold: (event) => void seen.push(event) }));
  t.is(again.size, 23);
  t.deepEqual(
    seen.map((event) => Number(event.seq)),
    Array.from({ length: 23 }, (_, i) => i),
  );
  t.deepEqual(again.checkpoint(9000), head);
  again.close();
});

test("a batch is one transaction: it says nothing and keeps nothing when one of its events does not fit", (t) => {
  const path = testPath();
  let died = "";
  const journal = openJournal(
    testOptions(path, {
      die: (reason) => {
        died = reason.message;
        throw reason;
      },
    }),
  );
  journal.commit([plain(0, 2)]);
  t.throws(() => journal.commit([plain(2, 2), plain(7, 1)]));
  t.is(died, "event 7 offered at place 4");
  journal.close();
  t.is(openJournal(testOptions(path)).size, 2);
});

test("a commit that fails by no fault of the disk ends the process before anything is said", (t) => {
  const path = testPath();
  const deaths: string[] = [];
  const journal = openJournal(
    testOptions(path, {
      die: (reason) => {
        deaths.push(reason.message);
        throw new Error("dead");
      },
    }),
  );
  const other = new Database(path);
  other.exec("CREATE TRIGGER full BEFORE INSERT ON entries_0 BEGIN SELECT RAISE(ABORT, 'disk full'); END");
  t.throws(() => journal.commit([plain(0, 1)]));
  t.deepEqual(deaths, ["disk full"]);
});

test("many decisions in one batch keep their order and learn their places", (t) => {
  const journal = openJournal(testOptions(":memory:"));
  const said = journal.commit([plain(0, 1), plain(1, 0), plain(1, 3)]);
  t.deepEqual(
    said.map((places) => places.map((place) => place.index)),
    [[0], [], [1, 2, 3]],
  );
  t.is(journal.size, 4);
});

test("an answer is found again under its operation, a conflicting one beside it", (t) => {
  const journal = openJournal(testOptions(":memory:"));
  const key = { terminal: 3, incarnation: 1, n: 9, digest: new Uint8Array(8) };
  const other = { ...key, digest: new Uint8Array(8).fill(1) };
  const remember = (which: typeof key, seq: number, answer: number) => ({
    ...plain(seq, 1),
    operation: { key: which, answerIn: () => Uint8Array.of(answer) },
  });
  journal.commit([remember(key, 0, 5), remember(other, 1, 6)]);
  t.deepEqual(
    journal.answers(3, 1, 9).map((row) => [row.digest[0], row.answer[0], row.sizeAfter]),
    [
      [0, 5, 1],
      [1, 6, 2],
    ],
  );
});

test("a checkpoint is signed at most once a second and survives", (t) => {
  const path = testPath();
  const journal = filledJournal(path, 5);
  const first = journal.checkpoint(1500);
  journal.commit([plain(5, 1)]);
  const second = journal.checkpoint(2000);
  t.is(second.size, 6);
  journal.commit([plain(6, 1)]);
  t.is(journal.checkpoint(2900).size, 6, "less than a second later");
  t.is(journal.checkpoint(3001).size, 7);
  t.is(first.size, 5);
});

test("a cosigned checkpoint makes operations safe; a wrong one does not", (t) => {
  const path = testPath();
  const journal = openJournal(testOptions(path));
  const operation = (n: number) => ({
    key: { terminal: 4, incarnation: 1, n, digest: new Uint8Array(8) },
    answerIn: () => Uint8Array.of(n),
  });
  journal.commit([1, 2, 3].map((n) => ({ ...plain(n - 1, 1), operation: operation(n) })));
  t.is(journal.safeUpTo(4, 1), 0);
  t.is(journal.rememberCosigned(journal.checkpointAt(2).note), "not cosigned by cloud");
  t.is(journal.rememberCosigned(cosign(journal.checkpointAt(2).note)), null);
  t.is(journal.safeUpTo(4, 1), 2);
  const stranger = { origin: journal.origin, size: 3, root: new Uint8Array(32) };
  t.regex(journal.rememberCosigned(cosign(signCheckpoint(stranger, signer))) ?? "", /is not ours/);
  t.is(journal.rememberCosigned(cosign(journal.checkpointAt(2).note).replace("\n2\n", "\n3\n")), "bad_signature");
  journal.close();
  t.is(openJournal(testOptions(path)).safeUpTo(4, 1), 2);
});

test("the file beside the journal may have missed the last batch: operation numbers come from the answers", (t) => {
  const path = testPath();
  const head = { terminal: 4, enrolment: 1, incarnation: 2, haveUpTo: 0, bootEpoch: 3, k: 1, resumeIndex: 1 };
  const journal = openJournal(testOptions(path));
  journal.commit([{ ...plain(0, 1), terminal: head }]);
  const operation = { key: { terminal: 4, incarnation: 2, n: 1, digest: new Uint8Array(8) }, answerIn: () => Uint8Array.of(9) };
  const before = readFileSync(statePath(path) + "-wal");
  journal.commit([{ ...plain(1, 1), operation, terminal: { ...head, haveUpTo: 1, k: 2, resumeIndex: 2 } }]);
  const crashed = testPath();
  for (const end of ["", "-wal"]) copyFileSync(path + end, crashed + end);
  copyFileSync(statePath(path), statePath(crashed));
  writeFileSync(statePath(crashed) + "-wal", before);
  const again = openJournal(testOptions(crashed));
  t.is(again.size, 2);
  t.like(again.terminals()[0], { ...head, haveUpTo: 1 });
  again.close();
  t.deepEqual(journal.terminals(), [{ ...head, haveUpTo: 1, k: 2, resumeIndex: 2 }]);
  journal.close();
});

test("another school's journal is not opened", (t) => {
  const path = testPath();
  filledJournal(path, 1).close();
  const error = t.throws(() => openJournal(testOptions(path, { origin: "trapeza.example/school/8/journal/1" })));
  t.is(error?.message, "this journal is of trapeza.example/school/7/journal/1, not of trapeza.example/school/8/journal/1");
});

test("an event that does not follow from those before is named", (t) => {
  const path = testPath();
  filledJournal(path, 9).close();
  const fold = (event: Event): void => {
    if (event.seq === testEvent(6).seq) throw new Error("no such account");
  };
  const error = t.throws(() => openJournal(testOptions(path, { fold })));
  t.is(error?.message, "the journal is damaged at event 6: it does not follow from the events before: no such account");
});

test("the same batches and the same salts give the same root", (t) => {
  const roots = [1, 2].map(() => {
    const journal = openJournal(testOptions(":memory:", { random: seededRandom("one") }));
    journal.commit([plain(0, 3), plain(3, 4)]);
    return journal.checkpoint(0).note;
  });
  t.is(roots[0], roots[1]);
});

test("a reply before the commit does not compile", (t) => {
  const said: string[] = [];
  const speak = (words: Committed<{ readonly words: string }>): void => void said.push(words.words);
  const journal = openJournal(testOptions(":memory:"));
  const decided = { words: "sold" };
  // @ts-expect-error -- a value that was only decided is not Committed
  const early = (): void => speak(decided);
  // @ts-expect-error -- and nobody outside the journal can spell the brand
  const forged = (): void => speak({ ...decided, committed: 1 });
  journal.commit([{ events: [testEvent(0)], conclude: () => decided }]).forEach(speak);
  t.deepEqual(said, ["sold"]);
  t.is(typeof early, typeof forged);
});
