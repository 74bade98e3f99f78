/** Node's cryptography in the shapes that protocol/wire and protocol/journal ask for. */
import { createCipheriv, createDecipheriv, createHash } from "node:crypto";
import { bigEndian, concat, derive } from "@trapeza/protocol";
import type { Cipher } from "@trapeza/protocol";

/** SHA-256, 32 bytes (FIPS 180-4). */
export function sha256(data: Uint8Array): Uint8Array {
  return new Uint8Array(createHash("sha256").update(data).digest());
}

/** AES-128 in the two modes of a frame (NIST SP 800-38A §6.1 and §6.3 with s = 8). */
export const cipher: Cipher = {
  ecbBlock: (key, block) => new Uint8Array(createCipheriv("aes-128-ecb", key, null).setAutoPadding(false).update(block)),
  cfb8Encrypt: (key, iv, data) => new Uint8Array(createCipheriv("aes-128-cfb8", key, iv).update(data)),
  cfb8Decrypt: (key, iv, data) => new Uint8Array(createDecipheriv("aes-128-cfb8", key, iv).update(data)),
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
