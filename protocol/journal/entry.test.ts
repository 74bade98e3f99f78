import test from "ava";
import { toHex } from "../wire/bytes.js";
import { sha256 } from "./_log.test.js";
import { decodeEntry, encodeEntry, leafHash, MAX_ENTRY_BYTES, SALT_BYTES, shortLeaf } from "./entry.js";

const salt = new Uint8Array(SALT_BYTES).fill(7);

test("an entry is its salt and its event, and comes apart again", (t) => {
  const entry = { salt, event: Uint8Array.of(1, 2, 3) };
  t.is(toHex(encodeEntry(entry)), "07070707070707070707070707070707" + "010203");
  t.deepEqual(decodeEntry(encodeEntry(entry)), { ok: true, value: entry });
});

test("an entry without an event, or with too much of one, is malformed", (t) => {
  for (let length = 0; length <= SALT_BYTES; length++) t.false(decodeEntry(new Uint8Array(length)).ok);
  t.true(decodeEntry(new Uint8Array(MAX_ENTRY_BYTES)).ok);
  t.false(decodeEntry(new Uint8Array(MAX_ENTRY_BYTES + 1)).ok);
  t.throws(() => encodeEntry({ salt: salt.subarray(1), event: salt }));
  t.throws(() => encodeEntry({ salt, event: new Uint8Array(MAX_ENTRY_BYTES) }));
});

test("the salt keeps equal events apart", (t) => {
  const event = Uint8Array.of(1);
  const other = new Uint8Array(SALT_BYTES).fill(8);
  t.notDeepEqual(leafHash(sha256, encodeEntry({ salt, event })), leafHash(sha256, encodeEntry({ salt: other, event })));
});

test("a receipt prints the first half of the leaf hash", (t) => {
  t.is(toHex(shortLeaf(leafHash(sha256, new Uint8Array(0)))), "6e340b9cffb37a989ca544e6bb780a2c");
});
