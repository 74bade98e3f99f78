import { readFileSync } from "node:fs";
import test from "ava";
import { decodeWhole, eventSchema } from "@trapeza/protocol";
import { answeredJournal, seededRandom, testOptions, testPath } from "./_journal.test.js";
import { fileShape, mostParts, tablesOf } from "./file-shape.js";
import { openJournal } from "./journal.js";
import { walkPages } from "./page-walk.js";
import { verifyBytes, verifyJournalFile } from "./verify.js";
import type { NotedState } from "./verify.js";

const PAGE = 2048;
const SIZE = 1024;
const unsigned = { origin: null, key: null, cosigner: null, pageSize: PAGE };
const nothing: NotedState = { origin: null, checkpoints: { signed: null, cosigned: null }, troubles: [] };

/** A journal that has grown beyond one part, closed and opened on the way. */
function grownJournal(): string {
  const path = testPath();
  answeredJournal(path, 5, PAGE).close();
  const journal = openJournal(testOptions(path, { pageSize: PAGE }));
  answeredJournal.more(journal, SIZE - 5);
  journal.checkpoint(0);
  journal.close();
  return path;
}
const grown = grownJournal();
const bytes = { file: new Uint8Array(readFileSync(grown)), log: new Uint8Array(0) };

test("a journal goes on in a new part before a table outgrows its root, and reads as one", (t) => {
  const { rows, damages } = walkPages(bytes.file, fileShape(PAGE));
  t.deepEqual(damages, []);
  t.deepEqual([rows.get("entries")?.length, rows.get("answers")?.length], [SIZE, SIZE]);
  t.true(Buffer.from(bytes.file.subarray(0, PAGE)).includes(tablesOf(1)[0].sql));
  const seen: number[] = [];
  const journal = openJournal(testOptions(grown, { pageSize: PAGE, fold: (event) => void seen.push(event.seq) }));
  t.deepEqual(
    seen,
    Array.from({ length: SIZE }, (_, i) => i),
  );
  const across = journal.entries(0, SIZE, 1e7, SIZE).map((entry) => decodeWhole(eventSchema, entry.subarray(16)));
  t.deepEqual(across.map((event) => event.ok && Number(event.value.seq)), seen); // prettier-ignore
  for (const seq of [0, 300, SIZE - 1]) {
    const answers = journal.answers(1 + (seq % 3), 1, Math.floor(seq / 3) + 1);
    t.deepEqual(answers.map((answer) => answer.sizeAfter), [seq + 1]); // prettier-ignore
  }
  t.is(journal.directives.size, SIZE, "the last line of directives was written with event 1023");
  journal.close();
  t.true(verifyJournalFile(grown, { ...unsigned }).ok);
});

test("hundreds of bytes flipped one by one, wherever they lie, are noticed", (t) => {
  const random = seededRandom("places");
  const missed: number[] = [];
  for (let i = 0; i < 250; i++) {
    const [a, b, c, mask] = random(4);
    const at = (a * 65536 + b * 256 + c) % bytes.file.length;
    bytes.file[at] ^= mask || 1;
    const { ok, firstBad } = verifyBytes(bytes, nothing, unsigned);
    if (ok || !firstBad || firstBad.seq > SIZE) missed.push(at);
    bytes.file[at] ^= mask || 1;
  }
  t.deepEqual(missed, []);
});

test("the first page and both parts' roots, flipped at every third byte, are noticed", (t) => {
  const roots = [1, ...rootsIn(bytes.file)];
  const missed: number[] = [];
  for (const page of roots) {
    for (let at = (page - 1) * PAGE; at < page * PAGE; at += 3) {
      bytes.file[at] ^= 1 << (at % 8);
      if (walkPages(bytes.file, fileShape(PAGE)).damages.length === 0) missed.push(at);
      bytes.file[at] ^= 1 << (at % 8);
    }
  }
  t.true(roots.length >= 1 + 2 * 2, "entries and answers have grown beyond a page in both parts");
  t.deepEqual(missed, []);
});

/** Pages of the kind that leads to others. */
function rootsIn(file: Uint8Array): number[] {
  const pages = Array.from({ length: file.length / PAGE }, (_, i) => i + 1);
  return pages.filter((page) => {
    const at = (page - 1) * PAGE;
    // A page of overflow may begin like anything; its first four bytes name a page, so its first is 0.
    return page > 1 && file[at] === 5;
  });
}

test("a full journal ends the process instead of growing into what cannot be accounted for", (t) => {
  const path = testPath();
  const journal = answeredJournal(path, 5, PAGE);
  t.throws(() => answeredJournal.more(journal, 5000), { message: /^the journal is full: this school needs a new epoch$/ });
  journal.close();
  const { ok, size } = verifyJournalFile(path, unsigned);
  t.deepEqual([ok, size > SIZE, mostParts(PAGE)], [true, true, 2]);
});
