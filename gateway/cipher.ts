/** Node's ciphers in the shapes that protocol/wire asks for, and the keys that follow from the school's secret. */
import { createCipheriv, createDecipheriv, hash } from "node:crypto";
import type { Cipher as NodeCipher, Decipher as NodeDecipher } from "node:crypto";
import { bigEndian, concat, HASH_BYTES, hmacKey, latinBytes } from "@trapeza/protocol";
import type { Cipher, HmacKey, Sha256 } from "@trapeza/protocol";

/**
 * SHA-256 in one call: an object for each digest takes twice as long to be set up as some dozens of bytes to be hashed, and a buffer for it outside of V8's own
 * memory as long again. So it comes as a string of one byte a character.
 */
export const sha256: Sha256 = (data) => latinBytes(hash("sha256", data, "binary"));

const PAD_BYTES = 64;
/** More than most messages; a longer one gets an array of its own. */
const USUAL_BYTES = 4096;
/** Nobody is in the middle of one when another is begun. */
const innerPadded = new Uint8Array(PAD_BYTES + USUAL_BYTES);
const outerPadded = new Uint8Array(PAD_BYTES + HASH_BYTES);

/** HMAC-SHA-256 as the protocol's `hmac`, without an array for each step. */
export function mac(key: HmacKey, message: Uint8Array): Uint8Array {
  const end = PAD_BYTES + message.length;
  const inner = message.length > USUAL_BYTES ? new Uint8Array(end) : innerPadded;
  inner.set(key.inner);
  inner.set(message, PAD_BYTES);
  outerPadded.set(key.outer);
  const hashed = hash("sha256", inner.subarray(0, end), "binary");
  for (let i = 0; i < HASH_BYTES; i++) outerPadded[PAD_BYTES + i] = hashed.charCodeAt(i);
  return sha256(outerPadded);
}

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

const padsFor = keptFor((key): HmacKey => hmacKey(sha256, key));

/** As the protocol derives one key from another; the first one's pads are made once. */
export function derive(key: Uint8Array, label: string, context: Uint8Array): Uint8Array {
  return mac(padsFor(key), concat([latinBytes(label + "\0"), context]));
}

/**
 * A terminal's 32-byte key K, from the school's secret. Raising the enrolment number makes a new key and so revokes a stolen terminal; a gateway that
 * takes over derives the same keys from the same secret.
 */
export function terminalKey(schoolSecret: Uint8Array, terminal: number, enrolment: number): Uint8Array {
  return derive(schoolSecret, "terminal", concat([bigEndian(terminal), bigEndian(enrolment)]));
}

/** The token (8 bytes) that shows a terminal's flash to be neither a copy nor an older state; `index` rises with each confirmed session. */
export function resumeToken(schoolSecret: Uint8Array, terminal: number, incarnation: number, index: number): Uint8Array {
  return derive(schoolSecret, "resume", concat([terminal, incarnation, index].map(bigEndian))).subarray(0, 8);
}
