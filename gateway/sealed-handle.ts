/**
 * A tap handle as a number that a later gateway of the school can read, and nobody else: nonce (12 bits) ‖ account, masked (18) ‖ check (18). A sale lies in a
 * till's flash with its handle and nothing else about the child; should the gateway that approved it die before the cloud has heard of it, the next one must
 * know whose purse paid. The check keeps damaged flash from naming somebody: one in 262,144 does.
 */
import { bigEndian, concat } from "@trapeza/protocol";
import { derive } from "./cipher.js";

const NONCES = 4096;
const ACCOUNTS = 262_144;

/** `null` for an account whose number is too large for this: its handle is then a number like any other. */
export function sealHandle(
  schoolSecret: Uint8Array,
  terminal: number,
  account: number,
  random: (bytes: number) => Uint8Array,
): number | null {
  if (account >= ACCOUNTS) return null;
  const [high, low] = random(2);
  const nonce = ((high << 8) | low) % NONCES;
  const masked = account ^ eighteenBits(schoolSecret, "handle", [terminal, nonce]);
  return (nonce * ACCOUNTS + masked) * ACCOUNTS + eighteenBits(schoolSecret, "handle check", [terminal, nonce, account]);
}

/** The account behind a handle from this terminal's flash; `null` when there is none behind it. */
export function openHandle(schoolSecret: Uint8Array, terminal: number, handle: number): number | null {
  const check = handle % ACCOUNTS;
  const rest = Math.floor(handle / ACCOUNTS);
  const nonce = Math.floor(rest / ACCOUNTS);
  if (nonce >= NONCES) return null;
  const account = (rest % ACCOUNTS) ^ eighteenBits(schoolSecret, "handle", [terminal, nonce]);
  return check === eighteenBits(schoolSecret, "handle check", [terminal, nonce, account]) ? account : null;
}

function eighteenBits(schoolSecret: Uint8Array, label: string, numbers: readonly number[]): number {
  const [a, b, c] = derive(schoolSecret, label, concat(numbers.map(bigEndian)));
  return ((a << 16) | (b << 8) | c) % ACCOUNTS;
}
