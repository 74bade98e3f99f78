/**
 * A journal entry: a salt, then an event's bytes. Its leaf hash is what the log commits to.
 *
 * A school has few accounts and few prices, so without the salt anybody could hash every possible event and find the one behind a
 * published leaf. With it the hashes may be public: erasing a person means dropping entry and salt together, and the tree above them
 * stays as it was.
 */
import { concat, copyOf } from "../wire/bytes.js";
import type { Decoded } from "../wire/schema.js";
import type { Sha256 } from "../wire/hmac.js";

/** Bytes from a cryptographic generator before each event. */
export const SALT_BYTES = 16;
/** Entry bundles carry a 16-bit length (C2SP tlog-tiles, "Log entries"). */
export const MAX_ENTRY_BYTES = 65535;
/** How much of a leaf hash fits a receipt's QR: 128 bits are still out of reach of a second preimage. */
export const SHORT_LEAF_BYTES = 16;

export interface JournalEntry {
  readonly salt: Uint8Array;
  readonly event: Uint8Array;
}

/** Salt ‖ event. Throws when the salt is not {@link SALT_BYTES} long or the whole is too long: both are the caller's mistake. */
export function encodeEntry(entry: JournalEntry): Uint8Array {
  if (entry.salt.length !== SALT_BYTES) throw new Error("a salt has " + SALT_BYTES + " bytes, got " + entry.salt.length);
  const bytes = concat([entry.salt, entry.event]);
  if (bytes.length > MAX_ENTRY_BYTES) throw new Error("an entry has at most " + MAX_ENTRY_BYTES + " bytes, got " + bytes.length);
  return bytes;
}

/** The two halves of an entry; what the event says is for the event's schema to judge. */
export function decodeEntry(bytes: Uint8Array): Decoded<JournalEntry> {
  if (bytes.length <= SALT_BYTES) return { ok: false, malformed: { offset: bytes.length, what: "truncated" } };
  if (bytes.length > MAX_ENTRY_BYTES) return { ok: false, malformed: { offset: MAX_ENTRY_BYTES, what: "too long" } };
  return { ok: true, value: { salt: copyOf(bytes, 0, SALT_BYTES), event: copyOf(bytes, SALT_BYTES, bytes.length) } };
}

/** What is hashed for a leaf, 00 ‖ entry (RFC 6962 §2.1): the 00 keeps a leaf from ever passing for an inner node. */
export function leafInput(entry: Uint8Array): Uint8Array {
  return concat([Uint8Array.of(0), entry]);
}

/** SHA-256(00 ‖ entry), 32 bytes. */
export function leafHash(sha256: Sha256, entry: Uint8Array): Uint8Array {
  return sha256(leafInput(entry));
}

/** What a receipt prints of its leaf. */
export function shortLeaf(leaf: Uint8Array): Uint8Array {
  return copyOf(leaf, 0, SHORT_LEAF_BYTES);
}
