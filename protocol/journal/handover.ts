/**
 * What is said when one gateway takes another's place: a new one enrols, fetches what the school has done so far, and what the old one still had is handed in.
 *
 *   POST /enrolments[?first=1]                  body EnrolmentRequest → 200 or 403, body EnrolmentAnswer; `first`: only if the school has had no gateway
 *   GET  /gateways/:id/epochs/:epoch?from=n     → 200, body EpochAnswer; signed by the school's living gateway
 *   POST /gateways/:id/salvage                  body EventsUpload → 200 or 409, body SalvageAnswer; signed by a closed epoch's key
 *
 * The last two are signed and numbered like every other request (sync.ts).
 */
import { concat, latinBytes } from "../wire/bytes.js";
import { byteText, bytes, fixedBytes, list, oneOf, record, uint, union } from "../wire/schema.js";
import type { Infer } from "../wire/schema.js";
import { MAX_ENTRY_BYTES } from "./entry.js";
import { MAX_SYNC_ENTRIES } from "./sync.js";
import { utf8Text } from "./text.js";

/** `signature`: Ed25519 by the key that is being enrolled, over {@link enrolmentToSign}. */
export const enrolmentRequest = record({
  code: byteText(32),
  gateway: byteText(64),
  key: fixedBytes(32),
  signature: fixedBytes(64),
});
export type EnrolmentRequest = Infer<typeof enrolmentRequest>;

/** `used`: by another key; by the same one it is answered as the first time, because that answer may have been lost. */
export const ENROLMENT_TROUBLES = ["unknown_code", "used", "expired", "signature", "gateway", "not_first"] as const;
export type EnrolmentTrouble = (typeof ENROLMENT_TROUBLES)[number];

export const enrolmentAnswer = union({
  Enrolled: [1, record({ school: uint(), epoch: uint() })],
  NotEnrolled: [2, record({ trouble: oneOf(ENROLMENT_TROUBLES) })],
});
export type EnrolmentAnswer = Infer<typeof enrolmentAnswer>;

/**
 * Entries [from, from + entries.length) of a closed epoch, whose gateway signed with `key`. `checkpoint` is the last one, over `size` entries, cosigned by
 * the cloud; empty when the epoch holds nothing.
 */
export const epochAnswer = record({
  epoch: uint(),
  key: fixedBytes(32),
  size: uint(),
  from: uint(),
  entries: list(bytes(MAX_ENTRY_BYTES), MAX_SYNC_ENTRIES),
  checkpoint: utf8Text(8192),
});
export type EpochAnswer = Infer<typeof epochAnswer>;

/** `size`: how far the tail is kept now, counted from the beginning of its epoch. */
export const salvageAnswer = union({
  Kept: [1, record({ size: uint() })],
  NotKept: [2, record({ size: uint(), what: byteText(400) })],
});
export type SalvageAnswer = Infer<typeof salvageAnswer>;

/** An enrolment code as a person types it: five groups of four signs of Crockford's base 32, 100 bits. Case, dashes and blanks do not matter. */
export function formatEnrolmentCode(random: Uint8Array): string {
  const digits = [...random].slice(0, CODE_SIGNS).map((byte) => ALPHABET[byte & 31]);
  return digits.join("").replace(/(.{4})(?=.)/g, "$1-");
}
export const CODE_SIGNS = 20;
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** The code's signs alone, misread ones put right; `null` when it is none. */
export function parseEnrolmentCode(typed: string): string | null {
  const signs = typed.toUpperCase().replace(/[\s-]/g, "").replace(/O/g, "0").replace(/[IL]/g, "1");
  return signs.length === CODE_SIGNS && [...signs].every((sign) => ALPHABET.includes(sign)) ? signs : null;
}

/** What the new key signs to show that somebody holds it. */
export function enrolmentToSign(request: Omit<EnrolmentRequest, "signature">): Uint8Array {
  return concat([latinBytes("trapeza enrolment v1\n" + request.code + "\n" + request.gateway + "\n"), request.key]);
}
