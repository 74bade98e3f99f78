/**
 * Whatever comes over a wire or out of a file: every truncation, every flipped bit, bytes behind the end and bytes of nobody are answered with a value,
 * soon, and with no more memory than they deserve. A parser that is not listed in _parsers.test.ts fails the first test.
 */
import test, { type ExecutionContext } from "ava";
import fc from "fast-check";
import * as door from "./index.js";
import type { Schema } from "./index.js";
import {
  FREE_WEIGHT,
  PARSERS,
  WEIGHT_A_BYTE,
  bodiesOf,
  bytes,
  channels,
  corpusOf,
  events,
  faultOf,
  framesOf,
  weightOf,
} from "./_parsers.test.js";
import type { Parser } from "./_parsers.test.js";

/** Named like parsers, but never given what came from outside. */
const FED_BY_US: Readonly<Record<string, string>> = {
  readByte: "a step of decode",
  readRaw: "a step of decode",
  readVarint: "a step of decode",
  readUint32: "a step of decode",
  readEdge: "reads the journal's own hashes",
  readHead: "reads the journal's own hashes",
  decode: "every schema is tried below",
  decodeWhole: "every schema is tried below",
  decodeCase: "a step of unpackUp and unpackDown",
  "pn532.readBlock": "makes a command",
  "pn532.readNdef": "makes commands",
  verifyConsistency: "takes hashes that parsers have already measured; proof.test.ts",
  verifyInclusion: "takes hashes that parsers have already measured; proof.test.ts",
  verifyReceiptProof: "takes what parseReceiptProof has read; proof.test.ts",
  verifyHead: "reads its checkpoint by readCheckpoint; the rest as verifyReceiptProof, proof.test.ts",
};

/** A schema is plain data that nothing tells from other data; this is how the package names them. */
const IS_SCHEMA = /Schema$|^(eventsUpload|eventsAnswer|directivesAnswer)$/;

function exportsOf(room: object): [string, unknown][] {
  return Object.entries(room).flatMap(([name, value]): [string, unknown][] =>
    typeof value === "object" && value !== null && Object.prototype.toString.call(value) === "[object Module]"
      ? Object.entries(value as object).map(([inner, member]) => [`${name}.${inner}`, member])
      : [[name, value]],
  );
}

const LOOKS_LIKE_PARSER = /(^|\.)(decode|parse|scan|open|unpack|peek|from|read|verify|begin)|[a-z]In$/;

test("every function that reads foreign bytes is tried here", (t) => {
  const names = exportsOf(door).flatMap(([name, value]) => (typeof value === "function" && LOOKS_LIKE_PARSER.test(name) ? [name] : []));
  t.deepEqual(
    names.filter((name) => !(name in PARSERS) && !(name in FED_BY_US)),
    [],
  );
  t.deepEqual(
    Object.keys(PARSERS).filter((name) => !exportsOf(door).some(([other]) => other === name)),
    [],
  );
});

function survives(t: ExecutionContext, parser: Parser, raw: Uint8Array): void {
  const fault = faultOf(parser, raw);
  if (fault !== null) t.fail(fault);
}

/** Short numbers are more often lengths and tags than long ones. */
const garbage = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  fc
    .array(fc.oneof(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 255 })), { maxLength: 120 })
    .map((list) => Uint8Array.from(list)),
);

function damaged(sample: Uint8Array, visit: (raw: Uint8Array) => void): void {
  for (let at = 0; at < sample.length; at++) visit(sample.subarray(0, at));
  for (let at = 0; at < sample.length; at++) {
    for (let bit = 1; bit < 256; bit *= 2) {
      const flipped = sample.slice();
      flipped[at] ^= bit;
      visit(flipped);
    }
  }
  visit(door.concat([sample, sample]));
  visit(door.concat([sample, new Uint8Array(700).fill(255)]));
  visit(sample);
}

for (const [name, parser] of Object.entries(PARSERS)) {
  test(`${name} survives every truncation, every flipped bit and garbage`, (t) => {
    const started = performance.now();
    for (const sample of parser.samples) damaged(sample, (raw) => survives(t, parser, raw));
    for (const kept of corpusOf(name)) survives(t, parser, kept);
    fc.assert(
      fc.property(garbage, (raw) => survives(t, parser, raw)),
      { numRuns: 200 },
    );
    survives(t, parser, new Uint8Array(70_000).fill(255));
    survives(t, parser, new Uint8Array(70_000));
    t.true(performance.now() - started < 20_000);
    t.pass();
  });
}

/** What the schemas of events and messages are tried with; the others live on garbage, behind each tag of a union. */
const SCHEMA_SAMPLES: Readonly<Record<string, readonly Uint8Array[]>> = {
  upSchema: bodiesOf("up").map((raw) => door.concat([Uint8Array.of(raw[0] & 63), raw.subarray(1)])),
  downSchema: bodiesOf("down").map((raw) => door.concat([Uint8Array.of(raw[0] & 63), raw.subarray(1)])),
  eventSchema: events,
};

/** Whoever stores what he has read must be able to write it, and a digest of bytes says something about the value: one spelling each. */
function spellsOnce(t: ExecutionContext, name: string, schema: Schema<unknown>, raw: Uint8Array): void {
  const whole = door.decodeWhole(schema, raw);
  const weight = weightOf(whole);
  if (weight > FREE_WEIGHT + WEIGHT_A_BYTE * raw.length) t.fail(`${name}: ${raw.length} bytes became ${weight}`);
  if (whole.ok && door.toHex(door.encode(schema, whole.value)) !== door.toHex(raw)) t.fail(`${name} has two spellings: ${door.toHex(raw)}`);
}

test("every schema reads garbage as a value or as malformed, and writes what it has read to the letter", (t) => {
  const schemas = Object.entries(door).filter(([name]) => IS_SCHEMA.test(name)) as [string, Schema<unknown>][];
  t.true(schemas.length >= 20);
  for (const [name, schema] of schemas) {
    for (const sample of SCHEMA_SAMPLES[name] ?? []) damaged(sample, (raw) => spellsOnce(t, name, schema, raw));
    fc.assert(
      fc.property(garbage, (raw) => spellsOnce(t, name, schema, raw)),
      { numRuns: 100 },
    );
    const behindTag = fc.tuple(fc.integer({ min: 0, max: 63 }), garbage).map(([tag, raw]) => door.concat([Uint8Array.of(tag), raw]));
    fc.assert(
      fc.property(behindTag, (raw) => spellsOnce(t, name, schema, raw)),
      { numRuns: 200 },
    );
  }
  t.pass();
});

test("a packet longer than any of ours is not waited for: whoever announces it would fill the chip's memory", (t) => {
  for (const length of ["ffff01", "ffffff7f", "80808001"]) t.like(door.scanPacket(bytes("30" + length)), { packet: null }, length);
  const longest = door.encodePacket({ kind: "publish", topic: "t/65535/d", payload: new Uint8Array(16_000) });
  t.is(door.scanPacket(longest.subarray(0, 9000)), null);
  t.like(door.scanPacket(longest), { packet: { kind: "publish" } });
});

test("a flipped bit of a sealed frame is never believed", (t) => {
  for (const direction of ["up", "down"] as const) {
    const clear = direction === "up" ? door.isClearUp : door.isClearDown;
    for (const frame of framesOf(direction).slice(0, 8)) {
      t.true(door.openFrame(channels[direction], clear, frame).ok);
      for (let at = 0; at < frame.length; at++) {
        for (let bit = 1; bit < 256; bit *= 2) {
          const flipped = frame.slice();
          flipped[at] ^= bit;
          if (door.openFrame(channels[direction], clear, flipped).ok) t.fail(`bit ${bit} of byte ${at} of ${door.toHex(frame)}`);
        }
      }
    }
  }
});
