/**
 * HMAC-SHA-256 (RFC 2104, FIPS 198-1) over a hash that is handed in: on the chip SHA-256 is native and HMAC is not. Chip-safe.
 */
import { concat } from "./bytes.js";

/** SHA-256 of `data`, 32 bytes. */
export type Sha256 = (data: Uint8Array) => Uint8Array;

/** A key with its two pads worked out once: a frame then costs two hashes and no per-byte loop. */
export interface HmacKey {
  readonly inner: Uint8Array;
  readonly outer: Uint8Array;
}

export function hmacKey(sha256: Sha256, key: Uint8Array): HmacKey {
  const block = key.length > 64 ? sha256(key) : key;
  const inner = new Uint8Array(64);
  const outer = new Uint8Array(64);
  for (let i = 0; i < 64; i++) {
    const byte = i < block.length ? block[i] : 0;
    inner[i] = byte ^ 0x36;
    outer[i] = byte ^ 0x5c;
  }
  return { inner, outer };
}

export function hmac(sha256: Sha256, key: HmacKey, message: Uint8Array): Uint8Array {
  return sha256(concat([key.outer, sha256(concat([key.inner, message]))]));
}
