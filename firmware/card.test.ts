import test from "ava";
import { stepCard } from "./card.js";
import type { CardStep, Ticket } from "./card.js";
import type { Result } from "./terminal.js";

const KEY = Uint8Array.of(1, 2, 3, 4, 5, 6);
const UID = "11223344";
const block = (byte: number): Uint8Array => new Uint8Array(16).fill(byte);
const NOTHING: CardStep = { ticket: null, requests: null, message: null, suspect: false };

const begun = stepCard(null, { kind: "holder", uid: UID, handle: 7, key: KEY });
const hex = ({ requests }: CardStep): string[] => (requests ?? []).map((one) => Buffer.from(one).toString("hex"));
const carried = (ticket: Ticket | null, status: number, ...answers: Uint8Array[]): CardStep =>
  stepCard(ticket, { kind: "carried", status, answers });
const told = (ticket: Ticket | null, fields: object): CardStep =>
  stepCard(ticket, {
    kind: "told",
    result: { kind: "Ticket", verdict: "good", challenge: 0, second: true, write: null, ...fields } as Result,
  });
const OPEN = "6104010203040506" + UID;

test("both blocks are read with the key of this tap, and shown", (t) => {
  t.deepEqual(hex(begun), [OPEN, "3004", "3005"]);
  const read = carried(begun.ticket, 0, new Uint8Array(0), block(1), block(2));
  t.deepEqual(read.message, { kind: "Ticket", handle: 7, challenge: 0, what: "read", first: block(1), second: block(2) });
  t.is(read.ticket, begun.ticket);
});

test("what the gateway gives is written, read back and reported; then the key is forgotten", (t) => {
  const writing = told(begun.ticket, { write: block(9) });
  t.deepEqual(hex(writing), [OPEN, "a005" + "09".repeat(16), "3005"]);
  const written = carried(writing.ticket, 0, new Uint8Array(0), new Uint8Array(0), block(9));
  t.deepEqual(written.message, { kind: "Ticket", handle: 7, challenge: 0, what: "written", first: null, second: null });
  t.is(written.ticket, null);
  t.deepEqual(hex(told(begun.ticket, { second: false, write: block(9) })), [OPEN, "a004" + "09".repeat(16), "3004"]);
});

test("a card that went away, or holds something else than was written, is left for its next tap", (t) => {
  t.deepEqual(carried(begun.ticket, 1, new Uint8Array(0)), NOTHING);
  t.deepEqual(carried(begun.ticket, 0x14, new Uint8Array(0), block(1)), NOTHING);
  const { ticket } = told(begun.ticket, { write: block(9) });
  t.deepEqual(carried(ticket, 0, new Uint8Array(0), new Uint8Array(0), block(8)), NOTHING);
  t.deepEqual(carried(ticket, 1), NOTHING);
  t.deepEqual(carried(ticket, 0x14), NOTHING);
});

test("a card that does not know its key is told of", (t) => {
  const locked = carried(begun.ticket, 0x14);
  t.deepEqual(locked.message, { kind: "Ticket", handle: 7, challenge: 0, what: "locked", first: null, second: null });
  t.is(locked.ticket, null);
});

test("once more with the challenge, an alarm, nothing to write, no answer", (t) => {
  const again = told(begun.ticket, { verdict: "reread", challenge: 5 });
  t.deepEqual(hex(again), [OPEN, "3004", "3005"]);
  const { message } = carried(again.ticket, 0, new Uint8Array(0), block(1), block(2));
  t.like(message, { challenge: 5, what: "read" });
  t.deepEqual(told(begun.ticket, { verdict: "suspect" }), { ...NOTHING, suspect: true });
  t.deepEqual(told(begun.ticket, {}), NOTHING);
  t.deepEqual(stepCard(begun.ticket, { kind: "told", result: null }), NOTHING);
  t.deepEqual(stepCard(begun.ticket, { kind: "told", result: { kind: "Refused", reason: 3 } }), NOTHING);
  t.deepEqual(carried(null, 0), NOTHING);
});
