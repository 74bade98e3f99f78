/** One-time codes of a second factor: TOTP (RFC 6238) over HMAC-SHA-1, 30 seconds, 6 digits, as every authenticator reads them. */
import { createHmac, timingSafeEqual } from "node:crypto";

const STEP_MS = 30_000;
const DIGITS = 6;
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
/** 160 bits, as RFC 4226 §4 asks. */
export const TOTP_SECRET_BYTES = 20;
/** A code of the step before and of the one after is good, too: clocks differ and people type slowly (RFC 6238 §5.2). */
const DRIFT_STEPS = 1;

export function stepAt(atMs: number): number {
  return Math.floor(atMs / STEP_MS);
}

/** HOTP of one step (RFC 4226 §5.3). */
export function codeOf(secret: Uint8Array, step: number, digits = DIGITS): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac("sha1", secret).update(counter).digest();
  const offset = mac[mac.length - 1] & 15;
  const number = mac.readUInt32BE(offset) & 0x7fffffff;
  return String(number % 10 ** digits).padStart(digits, "0");
}

/** The step whose code this is; `null` when it is none around now, or not after `lastStep`: a code opens once. */
export function matchingStep(secret: Uint8Array, typed: string, atMs: number, lastStep: number): number | null {
  const code = typed.replace(/\s/g, "");
  if (!/^[0-9]{6}$/.test(code)) return null;
  const now = stepAt(atMs);
  for (let step = Math.max(now - DRIFT_STEPS, lastStep + 1); step <= now + DRIFT_STEPS; step++) {
    if (timingSafeEqual(Buffer.from(codeOf(secret, step)), Buffer.from(code))) return step;
  }
  return null;
}

/** RFC 4648 §6 without padding: how a secret is typed into an authenticator. */
export function toBase32(bytes: Uint8Array): string {
  let bits = "";
  for (const byte of bytes) bits += byte.toString(2).padStart(8, "0");
  return (bits.match(/.{1,5}/g) ?? []).map((five) => ALPHABET[parseInt(five.padEnd(5, "0"), 2)]).join("");
}

/** What an authenticator reads from a QR code. */
export function totpAddress(secret: Uint8Array, issuer: string, login: string): string {
  const label = encodeURIComponent(issuer) + ":" + encodeURIComponent(login);
  return "otpauth://totp/" + label + "?secret=" + toBase32(secret) + "&issuer=" + encodeURIComponent(issuer);
}
