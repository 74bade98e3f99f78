/** Keys made from seeds and a log kept in memory, for the tests of this folder. */
import { createHash, createPrivateKey, createPublicKey, sign, verify } from "node:crypto";
import { concat, fromHex } from "../wire/bytes.js";
import { leafHash } from "./entry.js";
import { createTree } from "./merkle.js";
import type { HashReader, Tree } from "./merkle.js";
import { createVerifierKey } from "./note.js";
import type { NoteSigner, SignatureKind, VerifySignature } from "./note.js";

export const sha256 = (data: Uint8Array): Uint8Array => Uint8Array.from(createHash("sha256").update(data).digest());
export const bytes = (hex: string): Uint8Array => fromHex(hex)!;

/** PKCS #8 and SPKI around raw Ed25519 keys (RFC 8410). */
const PRIVATE_PREFIX = bytes("302e020100300506032b657004220420");
const PUBLIC_PREFIX = bytes("302a300506032b6570032100");

export function signerOf(name: string, kind: SignatureKind, seed: Uint8Array): NoteSigner {
  const privateKey = createPrivateKey({ key: Buffer.from(concat([PRIVATE_PREFIX, seed])), format: "der", type: "pkcs8" });
  const spki = createPublicKey(privateKey).export({ format: "der", type: "spki" });
  const key = createVerifierKey(sha256, name, kind, Uint8Array.from(spki.subarray(PUBLIC_PREFIX.length)));
  return { key, sign: (message) => Uint8Array.from(sign(null, message, privateKey)) };
}

export const verifySignature: VerifySignature = (publicKey, message, signature) => {
  const key = createPublicKey({ key: Buffer.from(concat([PUBLIC_PREFIX, publicKey])), format: "der", type: "spki" });
  return verify(null, message, key, signature);
};

export interface MemoryLog {
  readonly tree: Tree;
  readonly read: HashReader;
  readonly leaves: readonly Uint8Array[];
}

/** A log with these entries and a table of its complete subtrees. */
export function logOf(entries: readonly Uint8Array[]): MemoryLog {
  const tree = createTree(sha256);
  const table = new Map<string, Uint8Array>();
  const leaves = entries.map((entry) => leafHash(sha256, entry));
  for (const leaf of leaves) for (const node of tree.append(leaf)) table.set(node.level + "/" + node.index, node.hash);
  const read: HashReader = (level, index) => {
    const hash = table.get(level + "/" + index);
    if (!hash) throw new Error("no hash at level " + level + ", index " + index);
    return hash;
  };
  return { tree, read, leaves };
}

/** Entry number `index` of every generated log: the index as 4 bytes, big-endian. */
export function numbered(index: number): Uint8Array {
  return Uint8Array.of(index >>> 24, (index >>> 16) & 255, (index >>> 8) & 255, index & 255);
}

export function numberedLog(size: number): MemoryLog {
  return logOf(Array.from({ length: size }, (_, index) => numbered(index)));
}

export function flipBit(data: Uint8Array, bit: number): Uint8Array {
  const flipped = data.slice();
  flipped[bit >> 3] ^= 1 << (bit & 7);
  return flipped;
}
