import test from "ava";
import fc from "fast-check";
import { createReader } from "../wire/bytes.js";
import { record, uint } from "../wire/schema.js";
import { Packed } from "./packed.js";

const schema = record({ first: uint(), second: uint(), date: uint(), rest: uint() });
type Value = { first: number; second: number; date: number; rest: number };
const keyOf = (first: number, second: number): string => first + ":" + second;
const empty = (): Packed<string, Value> => new Packed(schema, keyOf);

const value = fc.record(
  { first: fc.nat(40), second: fc.nat(3), date: fc.integer({ min: 1, max: 5 }), rest: fc.nat() },
  { noNullPrototype: true },
);
const deed = fc.oneof(
  { weight: 6, arbitrary: value.map((one) => ({ kind: "set" as const, one })) },
  { weight: 2, arbitrary: value.map((one) => ({ kind: "delete" as const, one })) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 5 }).map((date) => ({ kind: "forget" as const, date })) },
);

/** The same deeds to a packed map and to one of JavaScript's. */
function lived(deeds: readonly (typeof deed extends fc.Arbitrary<infer T> ? T : never)[]) {
  const packed = empty();
  const plain = new Map<string, Value>();
  for (const one of deeds) {
    if (one.kind === "forget") {
      packed.deleteBefore(one.date);
      for (const [key, { date }] of plain) if (date < one.date) plain.delete(key);
      continue;
    }
    const key = keyOf(one.one.first, one.one.second);
    if (one.kind === "set") packed.set(key, one.one);
    else packed.delete(key);
    if (one.kind === "set") plain.set(key, one.one);
    else plain.delete(key);
  }
  return { packed, plain };
}

const byName = (values: Iterable<Value>): Value[] =>
  [...values].sort((a, b) => (keyOf(a.first, a.second) < keyOf(b.first, b.second) ? -1 : 1));

test("whatever is done to it, it holds what a map would hold", (t) => {
  fc.assert(
    fc.property(fc.array(deed, { maxLength: 300 }), (deeds) => {
      const { packed, plain } = lived(deeds);
      t.is(packed.size, plain.size);
      t.deepEqual(byName(packed.values()), byName(plain.values()));
      for (let first = 0; first <= 40; first++) {
        t.deepEqual(packed.get(keyOf(first, 1)), plain.get(keyOf(first, 1)));
        t.is(packed.has(keyOf(first, 2)), plain.has(keyOf(first, 2)));
      }
      for (const date of [1, 3]) t.deepEqual(byName(packed.valuesOn(date)), byName([...plain.values()].filter((one) => one.date === date)));
    }),
    { numRuns: 200 },
  );
});

test("what it packs does not tell in which order things came, and gives the same map again", (t) => {
  fc.assert(
    fc.property(fc.array(deed, { maxLength: 100 }), (deeds) => {
      const { packed, plain } = lived(deeds);
      const backwards = empty();
      for (const [key, one] of [...plain].reverse()) backwards.set(key, one);
      const bytes = packed.pack();
      t.deepEqual(backwards.pack(), bytes);
      const again = empty();
      const reader = createReader(bytes);
      again.unpack(reader);
      t.is(reader.failure, null);
      t.is(reader.offset, bytes.length);
      t.deepEqual(byName(again.values()), byName(plain.values()));
    }),
    { numRuns: 200 },
  );
});

test("a packed map that is cut off, or says something twice, is malformed", (t) => {
  const packed = empty();
  for (let first = 1; first <= 3; first++) packed.set(keyOf(first, 1), { first, second: 1, date: 2, rest: 1000 });
  const bytes = packed.pack();
  const failureOf = (raw: Uint8Array): boolean => {
    const reader = createReader(raw);
    empty().unpack(reader);
    return reader.failure !== null;
  };
  t.false(failureOf(bytes));
  for (let length = 0; length < bytes.length; length++) t.true(failureOf(bytes.subarray(0, length)), `${length} of ${bytes.length} bytes`);
  const one = bytes.subarray(1, 1 + (bytes.length - 1) / 3);
  t.true(failureOf(Uint8Array.of(2, ...one, ...one)));
  t.true(failureOf(Uint8Array.of(1, 2, 1, 1, 2)), "a length that ends before the name");
});
