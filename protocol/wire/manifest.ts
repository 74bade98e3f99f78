/**
 * A release of a terminal's program as it travels and as it lies in a slot: `manifest · signature · image · words`. Chip-safe.
 *
 * The first 256 bytes are the manifest, zeroes behind it; they are what is signed, and the first 8 bytes of their hash name the release. The signature
 * has the rest of {@link HEAD_BYTES}. Image and words follow, each filled up with zeroes to whole words of 4 bytes, as raw flash wants them.
 */
import { copyOf } from "./bytes.js";
import type { Sha256 } from "./hmac.js";
import { byteText, decode, encode, fixedBytes, lazy, oneOf, record, uint } from "./schema.js";
import type { Infer } from "./schema.js";
import { TERMINAL_KINDS, VALIDATOR_LINES } from "./up.js";

export const MANIFEST_BYTES = 256;
export const HEAD_BYTES = 3072;
/** A body is hashed in pieces of this size: the chip's SHA-256 wants its whole message at once. */
export const PIECE_BYTES = 1024;
/** What one Chunk carries; a packet of MQTT with it fits into one piece of the chip's TCP (536 bytes). */
export const CHUNK_BYTES = 448;

/**
 * How far a terminal has come with a new release of its program, or why it will not have it: meant for another kind of terminal or another bill validator,
 * older than what it may run, of sizes that do not agree, not signed by our key, not what its manifest promised, or started twice without ever hearing a
 * Welcome.
 */
export const UPDATE_STATES = ["none", "fetching", "kind", "older", "truncated", "signature", "digest", "rolled_back"] as const;
export type UpdateState = (typeof UPDATE_STATES)[number];
/** Their numbers in a Status, for who has no room for words. */
export const UPDATE_FETCHING = 1;

const manifestSchema = lazy(() =>
  record({
    kind: oneOf(TERMINAL_KINDS),
    /** Shown to people; differs from every other release's. */
    version: byteText(24),
    /** Raised when an older program must never run again. */
    securityVersion: uint(65535),
    imageBytes: uint(131072),
    wordsBytes: uint(65536),
    /** {@link digestStep} over image and words as they lie in the release. */
    digest: fixedBytes(32),
    /** The oldest version of the wire that it can speak. */
    minimalProtocol: uint(255),
    /** The validator that a kiosk's program speaks with; a kiosk with another one must not start it. */
    line: oneOf(VALIDATOR_LINES),
  }),
);
export type Manifest = Infer<typeof manifestSchema>;

/** The 256 bytes that are signed. */
export function encodeManifest(manifest: Manifest): Uint8Array {
  const out = new Uint8Array(MANIFEST_BYTES);
  out.set(encode(manifestSchema, manifest));
  return out;
}

/** `null` when these bytes are no manifest. */
export function decodeManifest(bytes: Uint8Array): Manifest | null {
  const manifest = decode(manifestSchema, bytes);
  return manifest.ok ? manifest.value : null;
}

/** The release's name on the wire: 8 bytes. */
export function releaseId(sha256: Sha256, manifestBytes: Uint8Array): Uint8Array {
  return copyOf(sha256(copyOf(manifestBytes, 0, MANIFEST_BYTES)), 0, 8);
}

/** Up to whole words. */
export function filled(length: number): number {
  return length + ((4 - (length % 4)) % 4);
}

/** Bytes of the whole release. */
export function releaseBytes(manifest: Manifest): number {
  return HEAD_BYTES + filled(manifest.imageBytes) + filled(manifest.wordsBytes);
}

/** One step of the digest of a body: SHA-256(digest so far ‖ SHA-256(block)), from 32 zeroes, over blocks of {@link PIECE_BYTES}, the last one shorter. */
export function digestStep(sha256: Sha256, digest: Uint8Array, block: Uint8Array): Uint8Array {
  const both = new Uint8Array(64);
  both.set(digest);
  both.set(sha256(block), 32);
  return sha256(both);
}
