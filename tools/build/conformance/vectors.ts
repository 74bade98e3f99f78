/**
 * The protocol's published wire vectors, worked out by the chip with its own hash and cipher. They stand in the program that calls this, so that their fields
 * get the same short names as ours; every disagreement is printed, and at the end how many comparisons were made.
 */
import {
  concat,
  decode,
  encode,
  fromHex,
  helloKey,
  helloSchema,
  isClearDown,
  isClearUp,
  mqttPassword,
  openFrame,
  openHandshake,
  packDown,
  packUp,
  sealFrame,
  sealHandshake,
  sessionKeys,
  toHex,
  unpackDown,
  unpackUp,
  welcomeSchema,
} from "@trapeza/protocol/chip";
import type { Channel, Cipher, Schema } from "@trapeza/protocol/chip";

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export interface Vectors {
  readonly terminalKey: string;
  readonly hello: { readonly value: Json; readonly frame: string };
  readonly welcome: { readonly value: Json; readonly frame: string };
  readonly keys: { readonly upEncryption: string; readonly downEncryption: string };
  readonly mqtt: { readonly bootEpoch: number; readonly k: number; readonly password: string };
  readonly messages: readonly { direction: "up" | "down"; counter: number; value: { kind: string }; body: string; frame: string }[];
}

interface Aes {
  encrypt(data: Uint8Array, key: Uint8Array, options: { mode: string; iv?: Uint8Array }): ArrayBuffer;
}

const chip = globalThis as unknown as {
  print(line: string): void;
  require(name: "crypto"): { SHA256(data: Uint8Array): ArrayBuffer; readonly AES: Aes };
};
const crypto = chip.require("crypto");
const sha256 = (data: Uint8Array): Uint8Array => new Uint8Array(crypto.SHA256(data));
const cipher: Cipher = {
  ecbBlock: (key, block) => new Uint8Array(crypto.AES.encrypt(block, key, { mode: "ECB" })),
  cfb8Encrypt: (key, iv, data) => new Uint8Array(crypto.AES.encrypt(data, key, { mode: "CFB", iv })),
  cfb8Decrypt,
};

/**
 * Espruino's own CFB decryption prepares the key for the wrong direction (jswrap_crypto_AEScrypt) and returns noise. CFB8 needs the block cipher's
 * forward direction only: byte i is masked with the first byte of E(the 16 bytes before it), and all of those are at hand at once.
 */
function cfb8Decrypt(key: Uint8Array, iv: Uint8Array, data: Uint8Array): Uint8Array {
  const chain = concat([iv, data]);
  const blocks = new Uint8Array(data.length * 16);
  for (let i = 0; i < data.length; i++) blocks.set(chain.subarray(i, i + 16), i * 16);
  const masks = cipher.ecbBlock(key, blocks);
  const out = new Uint8Array(data.length);
  for (let i = 0; i < data.length; i++) out[i] = data[i] ^ masks[i * 16];
  return out;
}

let compared = 0;

function same(name: string, got: string, wanted: string): void {
  compared++;
  if (got !== wanted) chip.print("differs " + name + ": " + got + " instead of " + wanted);
}

function bytes(hex: string): Uint8Array {
  return fromHex(hex) || new Uint8Array(0);
}

function fromJson(value: Json): unknown {
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map(fromJson);
  const fields = value as { readonly [key: string]: Json };
  if (typeof fields.hex === "string") return bytes(fields.hex);
  const out: { [key: string]: unknown } = {};
  for (const key of Object.keys(fields)) out[key] = fromJson(fields[key]);
  return out;
}

/** A spelling in which two equal values are equal texts, whatever the order of their fields. */
function spell(value: unknown): string {
  if (value instanceof Uint8Array) return "x" + toHex(value);
  if (Array.isArray(value)) return "[" + value.map(spell).join() + "]";
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const fields = value as { readonly [key: string]: unknown };
  return (
    "{" +
    Object.keys(fields)
      .sort()
      .map((key) => key + ":" + spell(fields[key]))
      .join() +
    "}"
  );
}

function handshake(terminalKey: string, direction: "up" | "down", vector: Vectors["hello"], schema: Schema<unknown>): void {
  const key = helloKey(sha256, bytes(terminalKey));
  const { value, frame } = vector;
  const name = direction + " handshake";
  same(name + " sealed", toHex(sealHandshake(sha256, key, direction, encode(schema, fromJson(value)))), frame);
  const opened = openHandshake(sha256, key, direction, bytes(frame));
  const decoded = opened.ok ? decode(schema, opened.body) : null;
  same(name + " opened", decoded && decoded.ok ? spell(decoded.value) : "malformed", spell(fromJson(value)));
}

function messages(vectors: Vectors): void {
  const keys = sessionKeys(sha256, bytes(vectors.terminalKey), bytes(vectors.hello.frame), bytes(vectors.welcome.frame));
  same("up key", toHex(keys.upEncryption), vectors.keys.upEncryption);
  same("down key", toHex(keys.downEncryption), vectors.keys.downEncryption);
  const upwards: Channel = { sha256, cipher, direction: "up", encryption: keys.upEncryption, tag: keys.upTag };
  const downwards: Channel = { sha256, cipher, direction: "down", encryption: keys.downEncryption, tag: keys.downTag };
  for (const message of vectors.messages) {
    const up = message.direction === "up";
    const value = fromJson(message.value as unknown as Json);
    const packed = up ? packUp(value as never) : packDown(value as never);
    const clear = up ? isClearUp : isClearDown;
    const channel = up ? upwards : downwards;
    const name = message.direction + " " + message.value.kind;
    same(name + " body", toHex(packed.body), message.body);
    same(name + " sealed", toHex(sealFrame(channel, packed.kind, message.counter, clear(packed.kind), packed.body)), message.frame);
    const opened = openFrame(channel, clear, bytes(message.frame));
    const unpacked = opened.ok ? (up ? unpackUp(opened) : unpackDown(opened)) : null;
    same(name + " opened", unpacked && unpacked.ok ? spell(unpacked.value) : "malformed", spell(value));
  }
}

export function checkVectors(vectors: Vectors): void {
  const { terminalKey, hello, welcome, mqtt } = vectors;
  handshake(terminalKey, "up", hello, helloSchema as Schema<unknown>);
  handshake(terminalKey, "down", welcome, welcomeSchema as Schema<unknown>);
  same("mqtt password", toHex(mqttPassword(sha256, bytes(terminalKey), mqtt.bootEpoch, mqtt.k)), mqtt.password);
  messages(vectors);
  chip.print("compared " + compared);
}
