import { createHash } from "node:crypto";
import test from "ava";
import fc from "fast-check";
import { decodeManifest, HEAD_BYTES, MANIFEST_BYTES } from "./manifest.js";
import { makeRelease, readRelease } from "./release.js";

const sha256 = (data: Uint8Array): Uint8Array => new Uint8Array(createHash("sha256").update(data).digest());
const about = { kind: "settlement", version: "0.2.0+abcdef01", securityVersion: 3, minimalProtocol: 1, line: "none" } as const;
const parts = { image: new Uint8Array(3001).fill(0x20), words: new Uint8Array(777).fill(0xff) };

test("a release says again what went into it", (t) => {
  const made = makeRelease(sha256, about, parts, () => new Uint8Array(2508).fill(7));
  const read = readRelease(sha256, made.bytes);
  if (typeof read === "string") return t.fail(read);
  t.deepEqual(read, made);
  t.is(read.manifest.version, about.version);
  t.is(read.bytes.length, HEAD_BYTES + 3004 + 780);
  t.is(read.bytes[MANIFEST_BYTES], 7);
});

test("every truncation and every byte changed outside the signature is noticed or gives another release", (t) => {
  const made = makeRelease(sha256, about, parts, null);
  for (const length of [0, 1, 255, 3071, 3072, made.bytes.length - 1])
    t.is(typeof readRelease(sha256, made.bytes.slice(0, length)), "string");
  fc.assert(
    fc.property(fc.nat(made.bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
      if (at >= MANIFEST_BYTES && at < HEAD_BYTES) return;
      const bytes = made.bytes.slice();
      bytes[at] ^= change;
      const read = readRelease(sha256, bytes);
      t.true(typeof read === "string" || !Buffer.from(read.id).equals(made.id));
    }),
  );
});

test("garbage is no manifest, or one, and never a throw", (t) => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => t.notThrows(() => decodeManifest(bytes))));
});
