/**
 * The signing half of LMS (RFC 8554, LMOTS_SHA256_N32_W4 under a tree of height 5 or 10), with the private values derived from one seed as in its
 * appendix A. A leaf signs once: two signatures under one leaf let anybody make a third, so whoever calls this has used up the leaf on disk before.
 */
import { concat } from "./bytes.js";
import type { Sha256 } from "./hmac.js";

const CHAINS = 67;
const TOP = 15;

function u32(value: number): Uint8Array {
  return Uint8Array.of(value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255);
}

function u16(value: number): Uint8Array {
  return Uint8Array.of(value >> 8, value & 255);
}

export interface LmsSecret {
  /** 10 for releases; 5 for tests that cannot wait. */
  readonly height: 5 | 10;
  /** 16 bytes, the key's name. */
  readonly id: Uint8Array;
  /** 32 bytes, secret. */
  readonly seed: Uint8Array;
}

/** The digits of a message's hash and of their checksum, 4 bits each. */
function digitsOf(hash: Uint8Array): number[] {
  const digits = [...hash].flatMap((byte) => [byte >> 4, byte & TOP]);
  const checksum = digits.reduce((sum, digit) => sum + TOP - digit, 0);
  return [...digits, checksum >> 8, (checksum >> 4) & TOP, checksum & TOP];
}

/** Walks chain `i` of leaf `q` from its secret start, `steps` steps. */
function walk(sha256: Sha256, secret: LmsSecret, q: number, i: number, steps: number): Uint8Array {
  const head = concat([secret.id, u32(q), u16(i)]);
  const link = concat([head, new Uint8Array(33)]);
  let value = sha256(concat([head, Uint8Array.of(0xff), secret.seed]));
  for (let j = 0; j < steps; j++) {
    link[22] = j;
    link.set(value, 23);
    value = sha256(link);
  }
  return value;
}

function leafKey(sha256: Sha256, secret: LmsSecret, q: number): Uint8Array {
  const ends = Array.from({ length: CHAINS }, (_, i) => walk(sha256, secret, q, i, TOP));
  return sha256(concat([secret.id, u32(q), u16(0x8080), ...ends]));
}

/** All nodes of the tree, the root at 1, leaf q at 2^height + q: a million hashes for height 10. */
export function growTree(sha256: Sha256, secret: LmsSecret): Uint8Array[] {
  const leaves = 1 << secret.height;
  const nodes: Uint8Array[] = new Array<Uint8Array>(2 * leaves);
  for (let node = 2 * leaves - 1; node > 0; node--) {
    nodes[node] =
      node >= leaves
        ? sha256(concat([secret.id, u32(node), u16(0x8282), leafKey(sha256, secret, node - leaves)]))
        : sha256(concat([secret.id, u32(node), u16(0x8383), nodes[2 * node], nodes[2 * node + 1]]));
  }
  return nodes;
}

function typeOf(height: 5 | 10): number {
  return height / 5 + 4;
}

/** The public key in RFC 8554's 56 bytes; `root`: node 1 of the tree. */
export function lmsPublicKey(secret: LmsSecret, root: Uint8Array): Uint8Array {
  return concat([u32(typeOf(secret.height)), u32(3), secret.id, root]);
}

/** Signs with leaf `q`. `salt`: the 32 bytes C; from a generator, or fixed to repeat a published example. */
export function signLms(
  sha256: Sha256,
  secret: LmsSecret,
  nodes: readonly Uint8Array[],
  q: number,
  salt: Uint8Array,
  message: Uint8Array,
): Uint8Array {
  const digits = digitsOf(sha256(concat([secret.id, u32(q), u16(0x8181), salt, message])));
  const chains = digits.map((digit, i) => walk(sha256, secret, q, i, digit));
  const path: Uint8Array[] = [];
  for (let node = (1 << secret.height) + q; node > 1; node >>= 1) path.push(nodes[node ^ 1]);
  return concat([u32(q), u32(3), salt, ...chains, u32(typeOf(secret.height)), ...path]);
}
