import { readFileSync } from "node:fs";
import test from "ava";
import { cipher, sha256 } from "./_cipher.test.js";
import { fromHex, toHex } from "./bytes.js";
import { isClearDown, isClearUp, welcomeSchema } from "./down.js";
import { openFrame, openHandshake, sealFrame, sealHandshake } from "./frame.js";
import type { Channel } from "./frame.js";
import { packDown, packUp, unpackDown, unpackUp } from "./message.js";
import { decode, encode } from "./schema.js";
import { helloKey, mqttPassword, sessionKeys } from "./session.js";
import { helloSchema } from "./up.js";

/** Values as JSON can say them: bytes are `{ "hex": … }`. */
type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

const vectors = JSON.parse(readFileSync(new URL("../../vectors/wire.json", import.meta.url), "utf8"));
const bytes = (text: string): Uint8Array => fromHex(text)!;

function fromJson(value: Json): unknown {
  if (Array.isArray(value)) return value.map(fromJson);
  if (value === null || typeof value !== "object") return value;
  if (typeof value.hex === "string") return bytes(value.hex);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, fromJson(inner)]));
}

const channel = (direction: "up" | "down"): Channel => {
  const keys = sessionKeys(sha256, bytes(vectors.terminalKey), bytes(vectors.hello.frame), bytes(vectors.welcome.frame));
  return direction === "up"
    ? { sha256, cipher, direction, encryption: keys.upEncryption, tag: keys.upTag }
    : { sha256, cipher, direction, encryption: keys.downEncryption, tag: keys.downTag };
};

test("the published handshake frames seal and open", (t) => {
  const key = helloKey(sha256, bytes(vectors.terminalKey));
  for (const [name, direction, schema] of [
    ["hello", "up", helloSchema],
    ["welcome", "down", welcomeSchema],
  ] as const) {
    const { value, frame } = vectors[name];
    const body = encode<never>(schema as never, fromJson(value) as never);
    t.is(toHex(sealHandshake(sha256, key, direction, body)), frame);
    const opened = openHandshake(sha256, key, direction, bytes(frame));
    t.true(opened.ok);
    if (opened.ok) t.deepEqual(decode<unknown>(schema as never, opened.body), { ok: true, value: fromJson(value) });
  }
});

test("the published keys and password follow from the handshake", (t) => {
  t.is(toHex(channel("up").encryption), vectors.keys.upEncryption);
  t.is(toHex(channel("down").encryption), vectors.keys.downEncryption);
  const { bootEpoch, k, password } = vectors.mqtt;
  t.is(toHex(mqttPassword(sha256, bytes(vectors.terminalKey), bootEpoch, k)), password);
});

for (const message of vectors.messages) {
  test(`published frame ${message.counter}, ${message.direction} ${message.value.kind}: sealed and opened to the letter`, (t) => {
    const up = message.direction === "up";
    const value = fromJson(message.value);
    const packed = up ? packUp(value as never) : packDown(value as never);
    t.is(toHex(packed.body), message.body);
    const clear = up ? isClearUp : isClearDown;
    t.is(toHex(sealFrame(channel(message.direction), packed.kind, message.counter, clear(packed.kind), packed.body)), message.frame);
    const opened = openFrame(channel(message.direction), clear, bytes(message.frame));
    t.true(opened.ok);
    if (!opened.ok) return;
    t.is(opened.counter, message.counter);
    t.deepEqual<unknown, unknown>(up ? unpackUp(opened) : unpackDown(opened), { ok: true, value });
  });
}
