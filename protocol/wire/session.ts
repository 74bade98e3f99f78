/**
 * Keys of one conversation between a terminal and its gateway. Chip-safe; hash and cipher are arguments.
 *
 * Both sides prove that they hold the terminal's 32-byte key K by the 16-byte tags of Hello and Welcome. The four session keys depend on every byte of
 * both messages, so a replayed Hello leads to keys that only the real terminal, with the gateway's fresh nonce, can work out.
 */
import { concat, copyOf, latinBytes, NO_BYTES } from "./bytes.js";
import { hmac, hmacKey } from "./hmac.js";
import type { HmacKey, Sha256 } from "./hmac.js";

export interface SessionKeys {
  readonly upEncryption: Uint8Array;
  readonly upTag: HmacKey;
  readonly downEncryption: Uint8Array;
  readonly downTag: HmacKey;
}

/** The key under which Hello and Welcome carry their tags. */
export function helloKey(sha256: Sha256, terminalKey: Uint8Array): HmacKey {
  return hmacKey(sha256, derive(sha256, terminalKey, "hello", NO_BYTES));
}

/**
 * Session keys from K and the two handshake frames as they went over the wire, tags included.
 * Each = HMAC(K, label ‖ SHA-256(hello ‖ welcome)); encryption keys are the first 16 bytes (AES-128).
 */
export function sessionKeys(sha256: Sha256, terminalKey: Uint8Array, hello: Uint8Array, welcome: Uint8Array): SessionKeys {
  const transcript = sha256(concat([hello, welcome]));
  return {
    upEncryption: copyOf(derive(sha256, terminalKey, "up enc", transcript), 0, 16),
    upTag: hmacKey(sha256, derive(sha256, terminalKey, "up mac", transcript)),
    downEncryption: copyOf(derive(sha256, terminalKey, "down enc", transcript), 0, 16),
    downTag: hmacKey(sha256, derive(sha256, terminalKey, "down mac", transcript)),
  };
}

/**
 * The MQTT password: bootEpoch (4 bytes) ‖ k (4 bytes) ‖ first 16 bytes of HMAC(K, "mqtt" ‖ bootEpoch ‖ k). As (bootEpoch, k) must rise with each
 * connection, an overheard password is worth nothing, and nobody on the network can put a till out by connecting under its name.
 */
export function mqttPassword(sha256: Sha256, terminalKey: Uint8Array, bootEpoch: number, k: number): Uint8Array {
  const counters = concat([bigEndian(bootEpoch), bigEndian(k)]);
  return concat([counters, copyOf(derive(sha256, terminalKey, "mqtt", counters), 0, 16)]);
}

/** Sixteen bytes that never come twice from one terminal: it has no entropy, so a counter that survives power cuts stands in, mixed with timing noise. */
export function terminalNonce(sha256: Sha256, terminalKey: Uint8Array, bootEpoch: number, k: number, noise: Uint8Array): Uint8Array {
  return copyOf(derive(sha256, terminalKey, "nonce", concat([bigEndian(bootEpoch), bigEndian(k), noise])), 0, 16);
}

/** HMAC(key, label ‖ context), 32 bytes. The label is ASCII and ends in a zero byte, so that no label is the beginning of another one. */
export function derive(sha256: Sha256, key: Uint8Array, label: string, context: Uint8Array): Uint8Array {
  return hmac(sha256, hmacKey(sha256, key), concat([latinBytes(label + "\0"), context]));
}

export function bigEndian(value: number): Uint8Array {
  const out = new Uint8Array(4);
  out[0] = Math.floor(value / 16777216) % 256;
  out[1] = Math.floor(value / 65536) % 256;
  out[2] = Math.floor(value / 256) % 256;
  out[3] = value % 256;
  return out;
}
