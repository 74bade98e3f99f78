/**
 * Each card its own keys, made from one master (NXP AN10922 §2.2, AES-128): whoever reads out one card has that card's keys and no other's.
 */
import { concat, copyOf, latinBytes } from "../wire/bytes.js";
import { paddedCmac } from "./cmac.js";
import type { BlockCipher } from "./cmac.js";

/** Longest diversification input: with its constant it fills the two blocks. */
export const MAX_DIVERSIFICATION_BYTES = 31;
/** A MIFARE Classic sector key has 48 bits. */
export const SECTOR_KEY_BYTES = 6;

/** The constant of AN10922 for a key of AES-128. */
const AES_128 = Uint8Array.of(0x01);

/**
 * 16-byte key for one card; `input` is its UID and whatever else tells keys apart, 1 to 31 bytes, longer throws. Always two blocks,
 * however short the input is: an implementation that forgets this agrees on long inputs and gives other keys on short ones.
 */
export function diversifiedKey(encryptBlock: BlockCipher, master: Uint8Array, input: Uint8Array): Uint8Array {
  if (input.length < 1 || input.length > MAX_DIVERSIFICATION_BYTES) throw new Error("a diversification input has 1 to 31 bytes");
  return paddedCmac(encryptBlock, master, concat([AES_128, input]), 2);
}

/**
 * Key A or B of one MIFARE Classic sector: the first 6 bytes of the diversified key over UID ‖ sector ‖ "A" or "B" ‖ system. AN10922
 * leaves 48-bit keys open; this order is ours.
 */
export function sectorKey(
  encryptBlock: BlockCipher,
  master: Uint8Array,
  uid: Uint8Array,
  sector: number,
  which: "A" | "B",
  system: Uint8Array,
): Uint8Array {
  const input = concat([uid, Uint8Array.of(sector), latinBytes(which), system]);
  return copyOf(diversifiedKey(encryptBlock, master, input), 0, SECTOR_KEY_BYTES);
}
