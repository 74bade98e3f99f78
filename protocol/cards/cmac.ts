/**
 * AES-CMAC (RFC 4493, NIST SP 800-38B) from one block function: a 16-byte tag that only the holder of the key can make.
 *
 * The block function is an argument, as Espruino, Node and a browser each have their own AES.
 */
import { concat, copyOf } from "../wire/bytes.js";

export const BLOCK_BYTES = 16;

/** One 16-byte block through AES-128, forwards or backwards. */
export type BlockCipher = (key: Uint8Array, block: Uint8Array) => Uint8Array;

/** The tag of a message of any length, none included. */
export function cmac(encryptBlock: BlockCipher, key: Uint8Array, message: Uint8Array): Uint8Array {
  return paddedCmac(encryptBlock, key, message, Math.max(1, Math.ceil(message.length / BLOCK_BYTES)));
}

/**
 * The same with the message filled up to `blocks` blocks, which is what AN10922 does and RFC 4493 does not. Throws when the message is
 * longer. A full message and a filled one end in different subkeys, so that no filling can be mistaken for content.
 */
export function paddedCmac(encryptBlock: BlockCipher, key: Uint8Array, message: Uint8Array, blocks: number): Uint8Array {
  const length = blocks * BLOCK_BYTES;
  if (message.length > length) throw new Error("a message of " + message.length + " bytes does not fit " + blocks + " blocks");
  const padded = new Uint8Array(length);
  padded.set(message);
  let subkey = doubled(encryptBlock(key, new Uint8Array(BLOCK_BYTES)));
  if (message.length < length) {
    padded[message.length] = 0x80;
    subkey = doubled(subkey);
  }
  let tag: Uint8Array = new Uint8Array(BLOCK_BYTES);
  for (let i = 0; i < blocks; i++) {
    const block = exclusiveOr(tag, copyOf(padded, i * BLOCK_BYTES, (i + 1) * BLOCK_BYTES));
    tag = encryptBlock(key, i === blocks - 1 ? exclusiveOr(block, subkey) : block);
  }
  return tag;
}

/** The 8 bytes at odd places: what NXP's tags send of a CMAC (AN12196 §3.4.4). */
export function oddBytes(tag: Uint8Array): Uint8Array {
  return tag.filter((_, i) => i % 2 === 1);
}

/** Doubling in GF(2^128) modulo x^128 + x^7 + x^2 + x + 1 (RFC 4493 §2.3). */
function doubled(block: Uint8Array): Uint8Array {
  const shifted = concat([block.subarray(1), Uint8Array.of(0)]).map((next, i) => ((block[i] << 1) & 255) | (next >> 7));
  // The last byte has no neighbour to take a bit from; what fell out at the top comes back as the polynomial.
  shifted[BLOCK_BYTES - 1] = ((block[BLOCK_BYTES - 1] << 1) & 255) ^ (block[0] >> 7 === 1 ? 0x87 : 0);
  return shifted;
}

function exclusiveOr(a: Uint8Array, b: Uint8Array): Uint8Array {
  return a.map((byte, i) => byte ^ b[i]);
}
