import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { concat, createTree, createVerifierKey } from "@trapeza/protocol";
import type { BusinessDate, Event, EventBody, NoteSigner, Proof, Sequence } from "@trapeza/protocol";
import { sha256 } from "../cipher.js";
import { createSigner } from "../signing.js";
import { openJournal } from "./journal.js";
import type { Decision, Journal, JournalOptions } from "./journal.js";

/** Bytes that look random and are the same in every run. */
export function seededRandom(seed: string): (bytes: number) => Uint8Array {
  let state = sha256(new TextEncoder().encode(seed));
  return (bytes) => {
    state = sha256(state);
    return state.slice(0, bytes);
  };
}

export const ORIGIN = "trapeza.example/school/7/journal/1";
export const SEED = seededRandom("gateway")(32);
export const signer = createSigner(ORIGIN, SEED);
const cloud = createSigner("cloud", seededRandom("cloud")(32));
/** The cloud in the role of a cosigner: the same key bytes, the other signature kind. */
export const cosigner: NoteSigner = { key: createVerifierKey(sha256, "cloud", "cosignature", cloud.key.publicKey), sign: cloud.sign };

export const testPath = (): string => join(mkdtempSync(join(tmpdir(), "trapeza-journal-")), "journal.sqlite");

export function testOptions(path: string, change: Partial<JournalOptions> = {}): JournalOptions {
  return {
    path,
    origin: ORIGIN,
    epoch: 1,
    signer,
    cosigner: cosigner.key,
    random: seededRandom("salt"),
    fold: () => undefined,
    die: (reason) => {
      throw reason;
    },
    ...change,
  };
}

export function testEvent(seq: number, body: EventBody = { kind: "DayOpened", date: (20000 + seq) as BusinessDate, staff: null }): Event {
  const date = 20000 as BusinessDate;
  return { seq: seq as Sequence, atMs: 1700000000000 + seq, clock: "synchronized", date, operation: null, digest: null, body };
}

/** A decision of `count` events that says where they were put. */
export function plain(from: number, count: number): Decision<readonly Proof[]> {
  return { events: Array.from({ length: count }, (_, i) => testEvent(from + i)), conclude: (places) => places };
}

/** A journal with `size` events in it, committed by fives, and a signed checkpoint of them all. */
export function filledJournal(path: string, size: number): Journal {
  const journal = openJournal(testOptions(path));
  for (let from = 0; from < size; from += 5) journal.commit([plain(from, Math.min(5, size - from))]);
  journal.checkpoint(0);
  return journal;
}

/** A journal of `size` events with everything in it that a file can hold: answers, directives, answers too long for a page. */
export function answeredJournal(path: string, size: number, pageSize: number): Journal {
  const journal = openJournal(testOptions(path, { pageSize }));
  answeredJournal.more(journal, size);
  return journal;
}

answeredJournal.more = (journal: Journal, count: number): void => {
  const random = seededRandom("answers");
  for (let left = count; left > 0; left--) {
    const seq = journal.size;
    const terminal = 1 + (seq % 3);
    const n = Math.floor(seq / 3) + 1;
    const key = { terminal, incarnation: 1, n, digest: random(8) };
    // One answer in sixteen is too long for its page.
    const said = seq % 16 === 7 ? concat(Array.from({ length: 150 }, () => random(32))) : random(20 + (seq % 12));
    const directives = seq % 10 === 3 ? { size: seq + 1, hashes: edgeOf(seq + 1) } : undefined;
    const operation = { key, answerIn: () => said };
    journal.commit([{ events: [testEvent(seq)], conclude: () => null, operation, ...(directives ? { directives } : {}) }]);
  }
};

function edgeOf(size: number): Uint8Array[] {
  const tree = createTree(sha256);
  for (let i = 0; i < size; i++) tree.append(sha256(Uint8Array.of(i)));
  return [...tree.edge().hashes];
}
