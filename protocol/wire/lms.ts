/**
 * Checks a signature of the Leighton-Micali scheme (RFC 8554): SHA-256, Winternitz 4, trees of height 5 to 25 (the releases' key has 10). Chip-safe.
 *
 * About 580 short hashes, each of them native; on the chip that is seconds of interpreter, so the caller takes a few at a time and nobody at the screen
 * notices. The signature may stay in flash: it is read 32 bytes at a time.
 */
import { copyOf } from "./bytes.js";
import type { Sha256 } from "./hmac.js";

/** Public key: LMS type, LM-OTS type (4 bytes each), identifier (16), root of the tree (32). */
export const LMS_KEY_BYTES = 56;
/** With a tree of height 10: leaf number, LM-OTS type, C, 67 chains, LMS type, path (RFC 8554 §5.4). */
export const LMS_SIGNATURE_BYTES = 4 + 4 + 32 + 67 * 32 + 4 + 10 * 32;

const CHAINS = 67;
/** Digits of four bits count from 0 to here. */
const TOP = 15;
const LMOTS_SHA256_N32_W4 = 3;
/** LMS_SHA256_M32_H5; the four heights above it follow in steps of five. */
const LMS_SHA256_M32_H5 = 5;
/** I ‖ q ‖ two bytes ‖ one byte ‖ 32 bytes: what is hashed along a chain. */
const LINK_BYTES = 55;
const ENDS_AT = 22;
const PATH_AT = 40 + CHAINS * 32 + 4;

export interface LmsCheck {
  readonly sha256: Sha256;
  readonly key: Uint8Array;
  /** Bytes of the signature: offset, length. */
  readonly read: (offset: number, length: number) => Uint8Array;
  readonly link: Uint8Array;
  /** I ‖ q ‖ D_PBLC ‖ the ends of all chains. */
  readonly ends: Uint8Array;
  /** Q ‖ checksum: the digits. */
  readonly digits: Uint8Array;
  chain: number;
  digit: number;
}

function hashed(check: LmsCheck, head: ReadonlyArray<number>, tail: ReadonlyArray<Uint8Array>): Uint8Array {
  let length = 16 + head.length;
  for (let i = 0; i < tail.length; i++) length += tail[i].length;
  const out = new Uint8Array(length);
  out.set(check.key.subarray(8, 24));
  out.set(head, 16);
  let at = 16 + head.length;
  for (let i = 0; i < tail.length; i++) {
    out.set(tail[i], at);
    at += tail[i].length;
  }
  return check.sha256(out);
}

function digitOf(check: LmsCheck, index: number): number {
  const byte = check.digits[index >> 1];
  return index % 2 === 0 ? byte >> 4 : byte & TOP;
}

function height(key: Uint8Array): number {
  return (key[3] - LMS_SHA256_M32_H5 + 1) * 5;
}

/** Begins; `null` when key or signature are of another kind than ours. `read` gives bytes of the signature and is called until the end. */
export function beginLms(sha256: Sha256, key: Uint8Array, read: LmsCheck["read"], message: Uint8Array): LmsCheck | null {
  const head = read(0, 40);
  const types = read(PATH_AT - 4, 4);
  const h = height(key);
  for (let i = 0; i < 3; i++) if (key[i] + key[4 + i] + head[4 + i] + types[i] > 0) return null;
  if (h < 5 || h > 25 || types[3] !== key[3] || key[7] !== LMOTS_SHA256_N32_W4 || head[7] !== LMOTS_SHA256_N32_W4) return null;
  if (leafOf(head) >= 1 << h) return null;
  const ends = new Uint8Array(ENDS_AT + CHAINS * 32);
  ends.set(key.subarray(8, 24));
  ends.set(head.subarray(0, 4), 16);
  ends.set([0x80, 0x80], 20);
  const check: LmsCheck = { sha256, key, read, link: new Uint8Array(LINK_BYTES), ends, digits: new Uint8Array(34), chain: 0, digit: -1 };
  check.link.set(ends.subarray(0, 20));
  check.digits.set(hashed(check, [head[0], head[1], head[2], head[3], 0x81, 0x81], [copyOf(head, 8, 40), message]));
  let checksum = 0;
  for (let i = 0; i < 64; i++) checksum += TOP - digitOf(check, i);
  check.digits.set([checksum >> 4, (checksum & TOP) << 4], 32);
  return check;
}

function leafOf(head: Uint8Array): number {
  return ((head[0] * 256 + head[1]) * 256 + head[2]) * 256 + head[3];
}

/** Climbs from the leaf to the root. */
function reachesRoot(check: LmsCheck): boolean {
  let node = (1 << height(check.key)) + leafOf(check.read(0, 4));
  let value = hashed(check, numbered(node, 0x82), [check.sha256(check.ends)]);
  for (let at = PATH_AT; node > 1; at += 32) {
    const beside = check.read(at, 32);
    const isRight = node % 2 === 1;
    node = node >> 1;
    value = hashed(check, numbered(node, 0x83), isRight ? [beside, value] : [value, beside]);
  }
  let different = 0;
  for (let i = 0; i < 32; i++) different |= value[i] ^ check.key[24 + i];
  return different === 0;
}

function numbered(node: number, kind: number): number[] {
  return [(node >> 24) & 255, (node >> 16) & 255, (node >> 8) & 255, node & 255, kind, kind];
}

/** Goes on for about `hashes` hashes. `more`: call again. */
export function stepLms(check: LmsCheck, hashes: number): "more" | "good" | "bad" {
  const { link, ends } = check;
  for (let left = hashes; left > 0; left--) {
    if (check.chain === CHAINS) return reachesRoot(check) ? "good" : "bad";
    if (check.digit < 0) {
      check.digit = digitOf(check, check.chain);
      link[21] = check.chain;
      link.set(check.read(40 + check.chain * 32, 32), 23);
    }
    if (check.digit === TOP) {
      ends.set(link.subarray(23), ENDS_AT + check.chain * 32);
      check.chain++;
      check.digit = -1;
    } else {
      link[22] = check.digit;
      link.set(check.sha256(link), 23);
      check.digit++;
    }
  }
  return "more";
}
