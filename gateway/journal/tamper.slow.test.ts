import { readFileSync } from "node:fs";
import test from "ava";
import { answeredJournal, testPath } from "./_journal.test.js";
import { readJournal } from "./journal-image.js";
import { verifyBytes } from "./verify.js";
import type { NotedState } from "./verify.js";

/** No checkpoint to hold the bytes against: they must speak for themselves. */
const nothing: NotedState = { origin: null, checkpoints: { signed: null, cosigned: null }, troubles: [] };

test("every byte of the file, flipped, is noticed, and an event is named", (t) => {
  const pageSize = 1024;
  const path = testPath();
  answeredJournal(path, 24, pageSize).close();
  const bytes = { file: new Uint8Array(readFileSync(path)), log: new Uint8Array(0) };
  const look = () => verifyBytes(bytes, nothing, { origin: null, key: null, cosigner: null, pageSize });
  t.deepEqual([look().ok, look().size], [true, 24]);
  const missed: number[] = [];
  for (let at = 0; at < bytes.file.length; at++) {
    // A single bit at most places, all of a byte's bits at every eleventh. One event more than there is may be missed: a count that was raised says so.
    const mask = at % 11 === 0 ? 0xff : 1 << (at % 8);
    bytes.file[at] ^= mask;
    const { ok, firstBad } = look();
    if (ok || !firstBad || firstBad.seq > 24) missed.push(at);
    bytes.file[at] ^= mask;
  }
  t.deepEqual(missed, []);
  t.log(`${bytes.file.length} bytes on ${bytes.file.length / pageSize} pages`);
});

test("every byte of the log and of the file under it is noticed while the journal is open", (t) => {
  const pageSize = 2048;
  const path = testPath();
  const journal = answeredJournal(path, 24, pageSize);
  journal.settle();
  answeredJournal.more(journal, 6);
  const bytes = { file: new Uint8Array(readFileSync(path)), log: new Uint8Array(readFileSync(path + "-wal")) };
  const look = () => verifyBytes(bytes, nothing, { origin: null, key: null, cosigner: null, pageSize });
  t.deepEqual([look().ok, look().size], [true, 30]);
  t.true(bytes.log.length > 6 * pageSize);
  for (const part of [bytes.file, bytes.log]) {
    const missed: number[] = [];
    for (let at = 0; at < part.length; at += part === bytes.log ? 11 : 7) {
      part[at] ^= 1 << (at % 8);
      if (look().ok) missed.push(at);
      part[at] ^= 1 << (at % 8);
    }
    t.deepEqual(missed, []);
  }
  const { seq } = look().firstBad ?? { seq: null };
  t.is(seq, null);
  bytes.log[40] ^= 1;
  t.is(readJournal(bytes, pageSize).damages[0].seq, 24, "what was in the log begins with event 24");
  journal.close();
});
