import test from "ava";
import { sha256 } from "./_cipher.test.js";
import { fromHex, toHex } from "./bytes.js";
import { decode, encode } from "./schema.js";
import { downTags, isClearDown, welcomeSchema } from "./down.js";
import type { Down, Welcome } from "./down.js";
import { packDown, packUp, requestDigest, unpackDown, unpackUp } from "./message.js";
import { isFact, upTags } from "./up.js";
import type { Up } from "./up.js";
import type { CardUid, Kopecks } from "./units.js";

const tap: Up = { kind: "Tap", uid: "04a1b2c3d4e5f6" as CardUid, total: 8633 as Kopecks, sun: null };
const sale: Up = {
  kind: "Sale",
  n: 20001,
  when: { date: 20777, sinceMs: 14_400_000, known: true },
  handle: 4711,
  lines: [101, 102, 103, 104, 105].map((dish) => ({ dish, quantity: 1 })),
  total: 8633 as Kopecks,
  override: "none",
  menuVersion: 300,
};

/** Length on the wire: first byte, counter and tag included. */
const frameBytes = (message: Up): number => packUp(message).body.length + 13;

test("a tap fits into 32 bytes and a sale of five dishes into 64, tag included", (t) => {
  t.true(frameBytes(tap) <= 32, String(frameBytes(tap)));
  t.true(frameBytes(sale) <= 64, String(frameBytes(sale)));
});

test("a tap with what the card vouches for fits into 56 bytes", (t) => {
  t.true(frameBytes({ ...tap, sun: new Uint8Array(24) }) <= 56);
});

test("messages go there and back", (t) => {
  for (const message of [tap, sale]) t.deepEqual(unpackUp(packUp(message)), { ok: true, value: message });
  const reply: Down = { kind: "Reply", re: 9, result: { kind: "Refused", reason: 19 } };
  t.deepEqual(unpackDown(packDown(reply)), { ok: true, value: reply });
});

test("an unknown kind is malformed", (t) => {
  t.deepEqual(unpackUp({ kind: 63, body: new Uint8Array(0) }), { ok: false, malformed: { offset: 0, what: "unknown kind" } });
  t.is(upTags.kindOf(63), null);
});

test("only what has happened is a fact", (t) => {
  t.true(isFact("NoteStacked"));
  t.false(isFact("Sale"));
});

test("of all that goes down only the menu may be read by anybody", (t) => {
  for (const kind of ["Reply", "Policy", "Time", "Rehello", "Restart", "Safe"]) t.false(isClearDown(downTags.tagOf(kind)));
  t.true(isClearDown(downTags.tagOf("Menu")));
});

test("a welcome keeps every field", (t) => {
  const welcome: Welcome = {
    nonceEcho: fromHex("00".repeat(16))!,
    nonce: fromHex("ff".repeat(16))!,
    epoch: 1,
    atMs: 1_795_212_000_000,
    zoneMinutes: 180,
    date: 20777,
    incarnation: 2,
    policyVersion: 3,
    menuVersion: 4,
    haveUpTo: 5,
    safeUpTo: 4,
    resumeToken: fromHex("0102030405060708")!,
    service: "open",
  };
  const bytes = encode(welcomeSchema, welcome);
  t.deepEqual(decode(welcomeSchema, bytes), { ok: true, value: welcome }, toHex(bytes));
});

test("the same request has the same digest, another one another", (t) => {
  const other: Up = { ...sale, total: 8634 as Kopecks } as Up;
  t.is(toHex(requestDigest(sha256, packUp(sale))), toHex(requestDigest(sha256, packUp({ ...sale } as Up))));
  t.not(toHex(requestDigest(sha256, packUp(sale))), toHex(requestDigest(sha256, packUp(other))));
});
