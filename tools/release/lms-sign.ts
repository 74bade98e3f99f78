/**
 * The signing half of LMS (RFC 8554, LMOTS_SHA256_N32_W4 under a tree of height 5 or 10), with the private values derived from one seed as in its
 * appendix A. A leaf signs once: two signatures under one leaf let anybody make a third, so whoever calls this has used up the leaf on disk before.
 */
import { createHash } from "node:crypto";

const CHAINS = 67;
const TOP = 15;

function sha256(...parts: Uint8Array[]): Buffer {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
}

function u32(value: number): Buffer {
  const out = Buffer.alloc(4);
  out.writeUInt32BE(value);
  return out;
}

function u16(value: number): Buffer {
  const out = Buffer.alloc(2);
  out.writeUInt16BE(value);
  return out;
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
function walk(secret: LmsSecret, q: number, i: number, steps: number): Buffer {
  const head = Buffer.concat([secret.id, u32(q), u16(i)]);
  const link = Buffer.concat([head, Buffer.alloc(33)]);
  let value = sha256(head, Buffer.from([0xff]), secret.seed);
  for (let j = 0; j < steps; j++) {
    link[22] = j;
    value.copy(link, 23);
    value = sha256(link);
  }
  return value;
}

function leafKey(secret: LmsSecret, q: number): Buffer {
  const ends = Array.from({ length: CHAINS }, (_, i) => walk(secret, q, i, TOP));
  return sha256(secret.id, u32(q), u16(0x8080), ...ends);
}

/** All nodes of the tree, the root at 1, leaf q at 2^height + q: a million hashes for height 10. */
export function growTree(secret: LmsSecret): Buffer[] {
  const leaves = 1 << secret.height;
  const nodes: Buffer[] = new Array<Buffer>(2 * leaves);
  for (let node = 2 * leaves - 1; node > 0; node--) {
    nodes[node] =
      node >= leaves
        ? sha256(secret.id, u32(node), u16(0x8282), leafKey(secret, node - leaves))
        : sha256(secret.id, u32(node), u16(0x8383), nodes[2 * node], nodes[2 * node + 1]);
  }
  return nodes;
}

function typeOf(height: 5 | 10): number {
  return height / 5 + 4;
}

/** The public key in RFC 8554's 56 bytes. */
export function publicKeyOf(secret: LmsSecret, nodes: readonly Buffer[]): Uint8Array {
  return new Uint8Array(Buffer.concat([u32(typeOf(secret.height)), u32(3), secret.id, nodes[1]]));
}

/** Signs with leaf `q`. `salt`: the 32 bytes C; from a generator, or fixed to repeat a published example. */
export function signLms(secret: LmsSecret, nodes: readonly Buffer[], q: number, salt: Uint8Array, message: Uint8Array): Uint8Array {
  const digits = digitsOf(sha256(secret.id, u32(q), u16(0x8181), salt, message));
  const chains = digits.map((digit, i) => walk(secret, q, i, digit));
  const path: Buffer[] = [];
  for (let node = (1 << secret.height) + q; node > 1; node >>= 1) path.push(nodes[node ^ 1]);
  return new Uint8Array(Buffer.concat([u32(q), u32(3), salt, ...chains, u32(typeOf(secret.height)), ...path]));
}
