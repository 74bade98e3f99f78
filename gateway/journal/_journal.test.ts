import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createVerifierKey } from "@trapeza/protocol";
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
