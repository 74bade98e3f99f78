import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import test from "ava";
import { fromHex, toHex } from "./bytes.js";
import { growTree, lmsPublicKey, signLms } from "./lms-sign.js";

const vector = JSON.parse(readFileSync(new URL("../../vectors/lms.json", import.meta.url), "utf8")) as Record<string, string>;
const bytesOf = (name: string): Uint8Array => fromHex(vector[name]) ?? new Uint8Array(0);
const sha256 = (data: Uint8Array): Uint8Array => new Uint8Array(createHash("sha256").update(data).digest());

test("RFC 8554, appendix F, test case 2: its seed gives its key and, with its salt, its signature to the letter", (t) => {
  const secret = { height: 10, id: bytesOf("id"), seed: bytesOf("seed") } as const;
  const nodes = growTree(sha256, secret);
  t.is(toHex(lmsPublicKey(secret, nodes[1])), vector.publicKey);
  t.is(toHex(signLms(sha256, secret, nodes, Number(vector.leaf), bytesOf("salt"), bytesOf("message"))), vector.signature);
});
