/**
 * What one MQTT publish carries. Chip-safe; hash and cipher are arguments.
 *
 *   offset 0      1            5                        n − 8 (Hello, Welcome: n − 16)
 *          | ver·kind | counter (big-endian) | body … | tag … |
 *
 * The first byte is version (2 bits) and kind (6 bits). Bodies of secret kinds are AES-128-CFB8 under the direction's key; the initial vector is
 * AES-ECB(key, direction ‖ counter ‖ 0…), so it is unpredictable and never comes twice. The tag is HMAC-SHA-256 over all that stands before it,
 * encryption first. Handshake frames (kind 1) are clear, counter 0, with a 16-byte tag under the Hello key.
 */
import { concat, copyOf, equalBytes, octets } from "./bytes.js";
import { hmac } from "./hmac.js";
import type { HmacKey, Sha256 } from "./hmac.js";
import { bigEndian } from "./session.js";

export const WIRE_VERSION = 1;
export const KIND_HANDSHAKE = 1;
export const TAG_BYTES = 8;
export const HANDSHAKE_TAG_BYTES = 16;
const HEAD_BYTES = 5;

/** The ciphers a side must have. `ecbBlock` encrypts one 16-byte block; CFB8 has 8-bit feedback (NIST SP 800-38A §6.3, s = 8). */
export interface Cipher {
  ecbBlock(key: Uint8Array, block: Uint8Array): Uint8Array;
  cfb8Encrypt(key: Uint8Array, iv: Uint8Array, data: Uint8Array): Uint8Array;
  cfb8Decrypt(key: Uint8Array, iv: Uint8Array, data: Uint8Array): Uint8Array;
}

/** One direction's keys and what is needed to use them. */
export interface Channel {
  readonly sha256: Sha256;
  readonly cipher: Cipher;
  readonly direction: "up" | "down";
  readonly encryption: Uint8Array;
  readonly tag: HmacKey;
}

export type Opened =
  | { readonly ok: true; readonly kind: number; readonly counter: number; readonly body: Uint8Array }
  | { readonly ok: false; readonly why: "short" | "version" | "tag" };

/** Kind and counter as they stand on the outside, before anything is believed; `null` when there is not even a head. */
export function peek(frame: Uint8Array): { version: number; kind: number; counter: number } | null {
  if (frame.length < HEAD_BYTES + TAG_BYTES) return null;
  return {
    version: frame[0] >> 6,
    kind: frame[0] & 63,
    counter: frame[1] * 16777216 + frame[2] * 65536 + frame[3] * 256 + frame[4],
  };
}

export function sealFrame(channel: Channel, kind: number, counter: number, clear: boolean, body: Uint8Array): Uint8Array {
  const inner = clear || body.length === 0 ? body : channel.cipher.cfb8Encrypt(channel.encryption, vector(channel, counter), body);
  const headed = concat([head(kind, counter), inner]);
  return concat([headed, hmac(channel.sha256, channel.tag, headed).subarray(0, TAG_BYTES)]);
}

/**
 * Checks the tag first; a frame with a bad tag is never decrypted. Whether the counter is fresh is the caller's to know. The body may be a part of `frame`
 * itself, which is of no use to anybody afterwards: a class list lies in the chip's memory once, not five times.
 */
export function openFrame(channel: Channel, clear: (kind: number) => boolean, frame: Uint8Array): Opened {
  const outside = peek(frame);
  if (!outside) return { ok: false, why: "short" };
  if (outside.version !== WIRE_VERSION) return { ok: false, why: "version" };
  const end = frame.length - TAG_BYTES;
  const tag = hmac(channel.sha256, channel.tag, frame.subarray(0, end)).subarray(0, TAG_BYTES);
  if (!equalBytes(tag, frame.subarray(end, frame.length))) return { ok: false, why: "tag" };
  const inner = copyOf(frame, HEAD_BYTES, end);
  const secret = !clear(outside.kind) && inner.length > 0;
  const body = secret ? channel.cipher.cfb8Decrypt(channel.encryption, vector(channel, outside.counter), inner) : inner;
  return { ok: true, kind: outside.kind, counter: outside.counter, body };
}

/** A Hello or Welcome: `ver·1 ‖ 0 ‖ body ‖ first 16 bytes of HMAC(helloKey, direction ‖ all before)`. */
export function sealHandshake(sha256: Sha256, key: HmacKey, direction: "up" | "down", body: Uint8Array): Uint8Array {
  const headed = concat([head(KIND_HANDSHAKE, 0), body]);
  return concat([headed, handshakeTag(sha256, key, direction, headed)]);
}

/** The body of a Hello or Welcome, or why not. */
export function openHandshake(sha256: Sha256, key: HmacKey, direction: "up" | "down", frame: Uint8Array): Opened {
  if (frame.length < HEAD_BYTES + HANDSHAKE_TAG_BYTES) return { ok: false, why: "short" };
  if (frame[0] >> 6 !== WIRE_VERSION || (frame[0] & 63) !== KIND_HANDSHAKE) return { ok: false, why: "version" };
  const end = frame.length - HANDSHAKE_TAG_BYTES;
  const tag = handshakeTag(sha256, key, direction, frame.subarray(0, end));
  if (!equalBytes(tag, frame.subarray(end))) return { ok: false, why: "tag" };
  return { ok: true, kind: KIND_HANDSHAKE, counter: 0, body: frame.subarray(HEAD_BYTES, end) };
}

function handshakeTag(sha256: Sha256, key: HmacKey, direction: "up" | "down", headed: Uint8Array): Uint8Array {
  return copyOf(hmac(sha256, key, concat([directionByte(direction), headed])), 0, HANDSHAKE_TAG_BYTES);
}

function head(kind: number, counter: number): Uint8Array {
  return concat([octets([WIRE_VERSION * 64 + kind]), bigEndian(counter)]);
}

function vector(channel: Channel, counter: number): Uint8Array {
  const block = new Uint8Array(16);
  block.set(directionByte(channel.direction));
  block.set(bigEndian(counter), 1);
  return channel.cipher.ecbBlock(channel.encryption, block);
}

function directionByte(direction: "up" | "down"): Uint8Array {
  return octets([direction === "up" ? 1 : 2]);
}
