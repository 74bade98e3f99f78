/**
 * Portraits for the cashier's eyes, on their way from the office to one school's gateway, past every journal: those cannot forget a face.
 *
 *   GET /gateways/:id/portraits?seen=hash   → 200, body portraitAnswerSchema; 204 when `seen` is the hash of what the list holds
 *   GET /gateways/:id/portraits/:number     → 200, body a portrait; 404
 *
 * The cloud signs the list, and the list has each portrait's hash: a face put in another's place would let a stolen card eat.
 */
import { concat, latinBytes } from "../wire/bytes.js";
import { byteText, bytes, encode, list, record, uint } from "../wire/schema.js";
import type { Infer } from "../wire/schema.js";

/** Two pixels a byte, the left one in the high half, 0 black to 15 white. */
export interface Portrait {
  readonly width: number;
  readonly height: number;
  readonly rows: Uint8Array;
}

/** What a till has room for on its screen, in pixels. */
export const PORTRAIT_WIDTH = 72;
export const PORTRAIT_HEIGHT = 96;
/** A school has no more people. */
const MAX_PORTRAITS = 8192;
const HASH_BYTES = 32;
const SIGNATURE_BYTES = 64;

/** Width, height, the rows from the top. */
export function encodePortrait({ width, height, rows }: Portrait): Uint8Array {
  return new Uint8Array([width, height, ...rows]);
}

/** `null` for what is no portrait, or too large for a till: the cashier then sees initials. */
export function decodePortrait(raw: Uint8Array): Portrait | null {
  const [width, height] = raw;
  if (raw.length < 2 || width === 0 || width % 2 !== 0 || width > PORTRAIT_WIDTH || height === 0 || height > PORTRAIT_HEIGHT) return null;
  const rows = raw.slice(2);
  return rows.length === (width / 2) * height ? { width, height, rows } : null;
}

/** Account numbers, and SHA-256 of each one's portrait. */
export const portraitFacesSchema = list(record({ number: byteText(32), hash: bytes(HASH_BYTES) }), MAX_PORTRAITS);

/** All that a till of this school may show, and nothing else. `madeMs`: an older list than the last one is not believed. */
export const portraitListSchema = record({ madeMs: uint(), faces: portraitFacesSchema });
export type PortraitList = Infer<typeof portraitListSchema>;

/** `list` as {@link portraitListSchema}. */
export const portraitAnswerSchema = record({ list: bytes(MAX_PORTRAITS * 80), signature: bytes(SIGNATURE_BYTES) });

/** What is signed; `origin` is that of the school's directives, so that no other school's list is good here. */
export function portraitsToSign(origin: string, listBytes: Uint8Array): Uint8Array {
  return concat([latinBytes("trapeza-portraits/1\n" + origin + "\n"), listBytes]);
}

/** What a list holds, as bytes to be hashed: the same as long as nobody comes, goes, or has another face. */
export function facesBytes({ faces }: PortraitList): Uint8Array {
  return encode(portraitFacesSchema, faces);
}
