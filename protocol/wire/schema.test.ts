import test from "ava";
import fc from "fast-check";
import { toHex } from "./bytes.js";
import { bool, byteText, bytes, changedRows, decode, decodeCase, decodeWhole, eachRow, encode, hearCase, hex, int } from "./schema.js";
import { list, oneOf, optional, record, rowAt, uint, union, type Rows } from "./schema.js";

const order = record({
  number: uint(),
  delta: int(),
  paid: bool,
  card: hex(10),
  note: optional(bytes(16)),
  lines: list(record({ dish: uint(9999), quantity: uint(99) }), 8),
  purse: oneOf(["main", "additional"]),
  payee: union({ card: [1, record({ uid: hex(10) })], none: [9, record({})] }),
});

const orders = fc.record({
  number: fc.maxSafeNat(),
  delta: fc.integer({ min: -(2 ** 51), max: 2 ** 51 }),
  paid: fc.boolean(),
  card: fc.uint8Array({ maxLength: 10 }).map(toHex),
  note: fc.option(fc.uint8Array({ maxLength: 16 })),
  lines: fc.array(fc.record({ dish: fc.nat(9999), quantity: fc.nat(99) }), { maxLength: 8 }),
  purse: fc.constantFrom("main" as const, "additional" as const),
  payee: fc.oneof(
    fc.record({ kind: fc.constant("card" as const), uid: fc.uint8Array({ maxLength: 10 }).map(toHex) }),
    fc.record({ kind: fc.constant("none" as const) }),
  ),
});

test("what is encoded is decoded to the same value", (t) => {
  fc.assert(
    fc.property(orders, (value) => {
      const decoded = decodeWhole(order, encode(order, value));
      return decoded.ok && t.deepEqual(decoded.value, value);
    }),
  );
});

test("cut anywhere, a message is malformed and says where; it never throws", (t) => {
  fc.assert(
    fc.property(orders, (value) => {
      const whole = encode(order, value);
      for (let length = 0; length < whole.length; length++) {
        const decoded = decode(order, whole.subarray(0, length));
        if (decoded.ok || decoded.malformed.offset > length) return false;
      }
      return true;
    }),
    { numRuns: 30 },
  );
  t.pass();
});

test("any bytes decode to a value that encodes back to the same bytes, or are malformed: one value has one spelling", (t) => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (raw) => {
      const decoded = decodeWhole(order, raw);
      return !decoded.ok || toHex(encode(order, decoded.value)) === toHex(raw);
    }),
    { numRuns: 2000 },
  );
  t.pass();
});

test("what a newer sender appends is ignored in messages and refused in journal entries", (t) => {
  const value = {
    number: 7,
    delta: -1,
    paid: true,
    card: "04aabb",
    note: null,
    lines: [],
    purse: "main" as const,
    payee: { kind: "none" as const },
  };
  const longer = new Uint8Array([...encode(order, value), 1, 2]);
  t.true(decode(order, longer).ok);
  t.deepEqual(decodeWhole(order, longer), { ok: false, malformed: { offset: longer.length - 2, what: "trailing bytes" } });
});

test("limits, padding and unknown words are malformed", (t) => {
  t.deepEqual(decode(uint(99), new Uint8Array([100])), { ok: false, malformed: { offset: 1, what: "number too large" } });
  t.deepEqual(decode(uint(), new Uint8Array([0x80, 0])), { ok: false, malformed: { offset: 2, what: "varint padded" } });
  t.false(decode(oneOf(["main", "additional"]), new Uint8Array([2])).ok);
  t.false(decode(bytes(3), new Uint8Array([4, 1, 2, 3, 4])).ok);
  t.false(decode(list(bool, 2), new Uint8Array([3, 0, 0, 0])).ok);
  t.false(decode(bool, new Uint8Array([2])).ok);
});

test("signed numbers fold around zero", (t) => {
  const spellings: [number, string][] = [
    [0, "00"],
    [-1, "01"],
    [1, "02"],
    [-64, "7f"],
    [64, "8001"],
  ];
  for (const [value, expected] of spellings) t.is(toHex(encode(int(), value)), expected);
});

const named = record({ id: uint(), name: byteText(40), mark: oneOf(["plain", "served"]) });
const roll = union({ Roll: [3, record({ pupils: list(named, 64), groups: list(byteText(20), 4), ids: list(uint(), 64) })] });
const names = fc.string({ maxLength: 40, unit: "binary-ascii" });
const rolls = fc.record({
  kind: fc.constant("Roll" as const),
  pupils: fc.array(fc.record({ id: fc.nat(), name: names, mark: fc.constantFrom("plain" as const, "served" as const) }), { maxLength: 64 }),
  groups: fc.array(fc.string({ maxLength: 20, unit: "binary-ascii" }), { maxLength: 4 }),
  ids: fc.array(fc.nat(), { maxLength: 64 }),
});

function itemsOf<T>(rows: Rows<T>, from = 0, to = rows.length): T[] {
  const items: T[] = [];
  eachRow(rows, from, to, (item) => void items.push(item));
  return items;
}

test("a list that stays bytes has the items of the list, in any part and one by one", (t) => {
  fc.assert(
    fc.property(rolls, fc.nat(70), fc.nat(70), (value, from, to) => {
      const heard = hearCase(roll, 3, encode(roll, value).subarray(1));
      if (!heard.ok) return false;
      const { pupils, groups, ids } = heard.value;
      t.deepEqual(itemsOf(pupils, from, to), value.pupils.slice(from, Math.max(from, to)));
      t.deepEqual([itemsOf(pupils), itemsOf(groups), ids], [value.pupils, value.groups, value.ids]);
      return value.pupils.every((one, at) => t.deepEqual(rowAt(pupils, at), one));
    }),
  );
});

test("a list of bytes with other items leaves the first one as it was", (t) => {
  fc.assert(
    fc.property(rolls, (value) => {
      const heard = hearCase(roll, 3, encode(roll, value).subarray(1));
      if (!heard.ok) return false;
      const served = changedRows(heard.value.pupils, (one, at) => ({ ...one, id: at % 2 ? one.id : 0, mark: "served" as const }));
      t.deepEqual(
        itemsOf(served),
        value.pupils.map((one, at) => ({ ...one, id: at % 2 ? one.id : 0, mark: "served" as const })),
      );
      return t.deepEqual(itemsOf(heard.value.pupils), value.pupils);
    }),
  );
});

test("whatever the bytes are, they are malformed as rows exactly where they are malformed as a list", (t) => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (raw) => {
      const heard = hearCase(roll, 3, raw);
      const decoded = decodeCase(roll, 3, raw);
      if (!heard.ok || !decoded.ok) return t.deepEqual<unknown, unknown>(heard, decoded);
      return t.deepEqual(itemsOf(heard.value.pupils), decoded.value.pupils);
    }),
    { numRuns: 500 },
  );
});
