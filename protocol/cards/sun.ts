/**
 * SUN, the message an NTAG 424 DNA makes anew at each tap (NXP AN12196 §3.4, AES mode): its UID and a counter, encrypted, and a MAC
 * over them.
 *
 * The terminal needs no key for it and learns nothing; who checks it must also remember the counter of each tag and refuse one that
 * has not risen, or a message once overheard could be shown again.
 */
import { concat, copyOf, equalBytes, toHex } from "../wire/bytes.js";
import type { CardUid } from "../wire/units.js";
import { BLOCK_BYTES, cmac, oddBytes } from "./cmac.js";
import type { BlockCipher } from "./cmac.js";

export const SUN_MAC_BYTES = 8;

/** PICCDataTag: UID mirrored, counter mirrored, 7 bytes of UID. Other tags are set up otherwise than ours. */
const UID_AND_COUNTER = 0xc7;
const UID_BYTES = 7;
const COUNTER_BYTES = 3;

export interface SunCipher {
  readonly encryptBlock: BlockCipher;
  readonly decryptBlock: BlockCipher;
}

/** `metaKey` is one for all tags, because the UID is inside what it opens; `fileKeyFor` gives the tag's own. */
export interface SunKeys {
  readonly metaKey: Uint8Array;
  readonly fileKeyFor: (uid: Uint8Array) => Uint8Array;
}

/**
 * `picc`: 16 encrypted bytes. `data`: what the tag mirrors between the start of the MAC's input and the MAC, often nothing. `mac`: 8
 * bytes.
 */
export interface SunMessage {
  readonly picc: Uint8Array;
  readonly data: Uint8Array;
  readonly mac: Uint8Array;
}

/** `counter`: readings of the tag so far, 0 to 2^24 − 1. `foreign`: decrypts to no UID and counter, so it was made with another key. */
export type SunVerdict =
  | { readonly ok: true; readonly uid: CardUid; readonly counter: number }
  | { readonly ok: false; readonly reason: "malformed" | "foreign" | "wrong_mac" };

/** Says whose tag this is and how often it was read. Whether the counter has risen is for whoever keeps the last one. */
export function verifySun(cipher: SunCipher, keys: SunKeys, message: SunMessage): SunVerdict {
  if (message.picc.length !== BLOCK_BYTES || message.mac.length !== SUN_MAC_BYTES) return { ok: false, reason: "malformed" };
  // One block of CBC with an IV of zeroes is the block cipher itself.
  const picc = cipher.decryptBlock(keys.metaKey, message.picc);
  if (picc[0] !== UID_AND_COUNTER) return { ok: false, reason: "foreign" };
  const uid = copyOf(picc, 1, 1 + UID_BYTES);
  const at = 1 + UID_BYTES;
  const counter = picc[at] + picc[at + 1] * 256 + picc[at + 2] * 65536;
  const mac = sunMac(cipher.encryptBlock, keys.fileKeyFor(uid), uid, counter, message.data);
  return equalBytes(mac, message.mac) ? { ok: true, uid: toHex(uid) as CardUid, counter } : { ok: false, reason: "wrong_mac" };
}

/** The MAC a tag sends: under a session key of this UID and this counter (AN12196 §3.4.2, SV2), 8 of 16 bytes. */
export function sunMac(encryptBlock: BlockCipher, fileKey: Uint8Array, uid: Uint8Array, counter: number, data: Uint8Array): Uint8Array {
  const count = new Uint8Array(COUNTER_BYTES).map((_, i) => Math.floor(counter / 256 ** i) % 256);
  const sessionKey = cmac(encryptBlock, fileKey, concat([Uint8Array.of(0x3c, 0xc3, 0x00, 0x01, 0x00, 0x80), uid, count]));
  return oddBytes(cmac(encryptBlock, sessionKey, data));
}
