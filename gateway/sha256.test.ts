import { createHash, createHmac, randomBytes } from "node:crypto";
import test from "ava";
import { fromHex, hmac, hmacKey, toHex } from "@trapeza/protocol";
import { sha256 } from "./sha256.js";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

test("the examples of FIPS 180-4 give the digests printed there", (t) => {
  const cases = {
    "": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    abc: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq: "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
  };
  for (const [text, expected] of Object.entries(cases)) t.is(toHex(sha256(bytes(text))), expected);
});

test("data of every length around the ends of blocks, and long data, is hashed as Node hashes it", (t) => {
  for (const length of [...Array(300).keys(), 2047, 2048, 2049, 100_000]) {
    const data = randomBytes(length);
    t.is(toHex(sha256(data)), createHash("sha256").update(data).digest("hex"), `${length} bytes`);
  }
});

test("a digest is the caller's to keep: the next one does not change it", (t) => {
  const first = sha256(bytes("abc"));
  const before = toHex(first);
  sha256(bytes("abd"));
  t.is(toHex(first), before);
});

test("HMAC goes on from a key's kept state, message after message, and gives Node's tags; another key has another state", (t) => {
  for (const keyLength of [0, 1, 32, 64, 65, 131]) {
    const raw = randomBytes(keyLength);
    const key = hmacKey(sha256, raw);
    for (const length of [0, 1, 54, 55, 56, 63, 64, 119, 120, 500, 3000]) {
      const message = randomBytes(length);
      const expected = createHmac("sha256", raw).update(message).digest("hex");
      t.is(toHex(hmac(sha256, key, message)), expected, `key ${keyLength}, message ${length}`);
      t.is(toHex(sha256.keyed!(key, message)), expected);
    }
  }
});

test("RFC 4231's second case", (t) => {
  const key = hmacKey(sha256, fromHex("4a656665") as Uint8Array);
  const tag = hmac(sha256, key, bytes("what do ya want for nothing?"));
  t.is(toHex(tag), "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
});
