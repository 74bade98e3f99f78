import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { beginLms, fromHex, stepLms } from "@trapeza/protocol";
import { makeBuilt } from "./release.js";
import { KeyTrouble, makeKey, sha256, signWith } from "./release/key.js";

const freshFolder = (): string => mkdtempSync(join(tmpdir(), "trapeza-release-"));

function isGood(publicKey: string, message: Uint8Array, signature: Uint8Array): boolean {
  const check = beginLms(sha256, fromHex(publicKey)!, (at, length) => signature.slice(at, at + length), message);
  return check !== null && stepLms(check, 10000) === "good";
}

const leafOf = (signature: Uint8Array): number => Buffer.from(signature).readUInt32BE(0);

test("a key signs with each leaf once, and the next leaf is on the disk before the signature is out", (t) => {
  const path = join(freshFolder(), "key.json");
  const publicKey = makeKey(path, 5);
  const message = new Uint8Array([1, 2, 3]);
  for (const leaf of [0, 1, 31]) {
    const key = JSON.parse(readFileSync(path, "utf8")) as object;
    if (leaf === 31) writeFileSync(path, JSON.stringify({ ...key, next: 31 }));
    const signature = signWith(path, message);
    t.is(leafOf(signature), leaf);
    t.is((JSON.parse(readFileSync(path, "utf8")) as { next: number }).next, leaf + 1);
    t.true(isGood(publicKey, message, signature));
  }
  t.throws(() => signWith(path, message), { instanceOf: KeyTrouble, message: /must not sign again/ });
});

test("no key is written over, none damaged signs, and two do not sign at once", (t) => {
  const path = join(freshFolder(), "key.json");
  makeKey(path, 5);
  t.throws(() => makeKey(path, 5), { instanceOf: KeyTrouble });
  writeFileSync(`${path}.lock`, "");
  t.throws(() => signWith(path, new Uint8Array(1)), { instanceOf: KeyTrouble, message: /somebody is signing/ });
  const other = join(freshFolder(), "key.json");
  makeKey(other, 5);
  const key = JSON.parse(readFileSync(other, "utf8")) as { seed: string };
  for (const damage of [
    { ...key, seed: key.seed.replace(/./g, "0") },
    { ...key, next: undefined },
    { ...key, next: -1 },
  ]) {
    writeFileSync(other, JSON.stringify(damage));
    t.throws(() => signWith(other, new Uint8Array(1)), { instanceOf: KeyTrouble });
  }
});

test("a release of the built image carries image and words, and its manifest is signed", (t) => {
  const path = join(freshFolder(), "key.json");
  const publicKey = makeKey(path, 5);
  const { manifest, bytes } = makeBuilt("information", 4, path);
  t.is(manifest.kind, "information");
  t.is(manifest.securityVersion, 4);
  const signature = bytes.slice(256, 3072);
  t.true(isGood(publicKey, bytes.slice(0, 256), signature));
  t.true(bytes.length < 94208);
  t.like(makeBuilt("payment", 1, undefined).manifest, { kind: "payment", line: "ccnet" });
  t.like(makeBuilt("payment-id003", 1, undefined).manifest, { kind: "payment", line: "id003" });
});
