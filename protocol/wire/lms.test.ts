import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import test from "ava";
import fc from "fast-check";
import { beginLms, LMS_SIGNATURE_BYTES, stepLms } from "./lms.js";
import { fromHex } from "./bytes.js";
import { growTree, lmsPublicKey, signLms } from "./lms-sign.js";

const vector = JSON.parse(readFileSync(new URL("../../vectors/lms.json", import.meta.url), "utf8")) as Record<string, string>;
const bytesOf = (name: string): Uint8Array => fromHex(vector[name]) ?? new Uint8Array(0);
const sha256 = (data: Uint8Array): Uint8Array => new Uint8Array(createHash("sha256").update(data).digest());
const [key, message, signature] = [bytesOf("publicKey"), bytesOf("message"), bytesOf("signature")];

function verdict(key: Uint8Array, message: Uint8Array, signature: Uint8Array, hashes = 50): { said: string; steps: number } {
  const check = beginLms(sha256, key, (at, length) => signature.slice(at, at + length), message);
  if (!check) return { said: "refused", steps: 0 };
  for (let steps = 1; ; steps++) {
    const said = stepLms(check, hashes);
    if (said !== "more") return { said, steps };
  }
}

/** RFC 8554, appendix F, test case 2: places of its text beside what the file has there. */
test("the vector is the RFC's: root, salt, first chain, last node of the path", (t) => {
  const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
  t.is(hex(key.slice(24)), "32a58885cd9ba0431235466bff9651c6c92124404d45fa53cf161c28f1ad5a8e");
  t.is(hex(signature.slice(8, 40)), "3d46bee8660f8f215d3f96408a7a64cf1c4da02b63a55f62c666ef5707a914ce");
  t.is(hex(signature.slice(40, 72)), "0674e8cb7a55f0c48d484f31f3aa4af9719a74f22cf823b94431d01c926e2a76");
  t.is(hex(signature.slice(-32)), "a415e291fd107d21dc1f084b1158208249f28f4f7c7e931ba7b3bd0d824a4570");
  t.is(signature.length, LMS_SIGNATURE_BYTES);
});

test("the RFC's signature is good, in slices of any size", (t) => {
  for (const hashes of [1, 8, 10000]) t.is(verdict(key, message, signature, hashes).said, "good");
  const { steps } = verdict(key, message, signature, 8);
  t.true(steps > 60 && steps < 90, `${steps} slices of 8 hashes`);
});

test("any bit turned makes it bad", (t) => {
  const parts = [key, message, signature];
  fc.assert(
    fc.property(fc.nat(parts.reduce((sum, part) => sum + part.length, 0) * 8 - 1), (bit) => {
      const copies = parts.map((part) => part.slice());
      let at = bit >> 3;
      const which = copies.findIndex((part) => at < part.length || void (at -= part.length));
      copies[which][at] ^= 1 << (bit % 8);
      t.not(verdict(copies[0], copies[1], copies[2]).said, "good");
    }),
    { numRuns: 200 },
  );
});

test("garbage and short signatures are values, not throws", (t) => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 56, maxLength: 56 }), fc.uint8Array({ maxLength: 3000 }), (anyKey, anySignature) => {
      const padded = new Uint8Array(LMS_SIGNATURE_BYTES);
      padded.set(anySignature.slice(0, LMS_SIGNATURE_BYTES));
      t.not(verdict(anyKey, message, padded).said, "good");
      t.not(verdict(key, message, padded).said, "good");
    }),
  );
});

test("what the signer makes is good for its leaf, key and message only", (t) => {
  const secret = { height: 5, id: bytesOf("id"), seed: bytesOf("seed") } as const;
  const nodes = growTree(sha256, secret);
  const own = lmsPublicKey(secret, nodes[1]);
  for (const leaf of [0, 17, 31]) {
    const signed = signLms(sha256, secret, nodes, leaf, bytesOf("salt"), message);
    t.is(verdict(own, message, signed).said, "good");
    t.is(verdict(own, message.slice(1), signed).said, "bad");
    t.is(verdict(key, message, signed).said, "refused");
  }
});
