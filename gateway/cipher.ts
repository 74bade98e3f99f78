/** Node's ciphers in the shapes that protocol/wire asks for, and the keys that follow from the school's secret. */
import { createCipheriv, createDecipheriv, hash } from "node:crypto";
import type { Cipher as NodeCipher, Decipher as NodeDecipher } from "node:crypto";
import { bigEndian, concat, derive } from "@trapeza/protocol";
import type { Cipher, Sha256 } from "@trapeza/protocol";

/** SHA-256 in one call: an object for each digest takes twice as long to be set up as some dozens of bytes to be hashed. */
export const sha256: Sha256 = (data) => new Uint8Array(hash("sha256", data, "buffer"));

const BLOCK_BYTES = 16;

/** What Node sets up for a key costs more than a frame's work with it, so it lives as long as the key does. A key's bytes never change. */
function keptFor<T>(create: (key: Uint8Array) => T): (key: Uint8Array) => T {
  const kept = new WeakMap<Uint8Array, T>();
  return (key) => {
    let found = kept.get(key);
    if (found === undefined) kept.set(key, (found = create(key)));
    return found;
  };
}

const ecbFor = keptFor((key): NodeCipher => createCipheriv("aes-128-ecb", key, null).setAutoPadding(false));
const ecbBackFor = keptFor((key): NodeDecipher => createDecipheriv("aes-128-ecb", key, null).setAutoPadding(false));
const cfb8BackFor = keptFor((key): NodeDecipher => createDecipheriv("aes-128-cfb8", key, new Uint8Array(BLOCK_BYTES)));

export const encryptBlock = (key: Uint8Array, block: Uint8Array): Uint8Array => new Uint8Array(ecbFor(key).update(block));
export const decryptBlock = (key: Uint8Array, block: Uint8Array): Uint8Array => new Uint8Array(ecbBackFor(key).update(block));

/** AES-128 in the two modes of a frame (NIST SP 800-38A §6.1 and §6.3 with s = 8). */
export const cipher: Cipher = {
  ecbBlock: encryptBlock,
  cfb8Encrypt: (key, iv, data) => new Uint8Array(createCipheriv("aes-128-cfb8", key, iv).update(data)),
  // The register of CFB8 is the last 16 bytes of ciphertext, so a vector sent through as if it were ciphertext sets it, whatever came before.
  cfb8Decrypt: (key, iv, data) =>
    new Uint8Array(
      cfb8BackFor(key)
        .update(concat([iv, data]))
        .subarray(BLOCK_BYTES),
    ),
};

/**
 * A terminal's 32-byte key K, from the school's secret. Raising the enrolment number makes a new key and so revokes a stolen terminal; a gateway that
 * takes over derives the same keys from the same secret.
 */
export function terminalKey(schoolSecret: Uint8Array, terminal: number, enrolment: number): Uint8Array {
  return derive(sha256, schoolSecret, "terminal", concat([bigEndian(terminal), bigEndian(enrolment)]));
}

/** The token (8 bytes) that shows a terminal's flash to be neither a copy nor an older state; `index` rises with each confirmed session. */
export function resumeToken(schoolSecret: Uint8Array, terminal: number, incarnation: number, index: number): Uint8Array {
  return derive(sha256, schoolSecret, "resume", concat([terminal, incarnation, index].map(bigEndian))).subarray(0, 8);
}
