/**
 * One-time passwords for the personal account. The digits follow from the school's secret and the operation's own name, so the same question gets the same
 * answer without anybody keeping them: not the journal, which holds a slow hash, nor the table of answers.
 */
import { hmac, hmacKey } from "@trapeza/protocol";
import type { Down } from "@trapeza/protocol";
import { scryptSync } from "node:crypto";
import { sha256 } from "./cipher.js";
import type { Speech } from "./desk.js";
import type { OperationKey } from "./journal/store.js";

const DIGITS = 10;
/** As the event AccessCodeIssued says; some 50 ms for each guess. */
const COST = { N: 16384, r: 8, p: 1 };

type Named = Pick<OperationKey, "terminal" | "incarnation" | "n">;

function drawn(schoolSecret: Uint8Array, what: string, { terminal, incarnation, n }: Named): Uint8Array {
  return hmac(sha256, hmacKey(sha256, schoolSecret), new TextEncoder().encode([what, terminal, incarnation, n].join(" ")));
}

/** Ten digits in two groups, "04718 33902". */
export function codeOf(schoolSecret: Uint8Array, key: Named): string {
  // 48 bits over 10^10: no digit is likelier than another by more than a hundred-thousandth.
  const value = drawn(schoolSecret, "access code", key)
    .slice(0, 6)
    .reduce((sum, byte) => sum * 256 + byte, 0);
  const digits = String(value % 10000000000).padStart(DIGITS, "0");
  return digits.slice(0, 5) + " " + digits.slice(5);
}

/** What the journal keeps of a code; digits only, without the gap. */
export function codeDigest(schoolSecret: Uint8Array, key: Named): { readonly salt: Uint8Array; readonly digest: Uint8Array } {
  const salt = drawn(schoolSecret, "access code salt", key).slice(0, 16);
  const digest = new Uint8Array(scryptSync(codeOf(schoolSecret, key).replace(" ", ""), salt, 32, COST));
  return { salt, digest };
}

/** Puts the digits of a one-time password into what is said; what is kept for a retry stays without them. */
export function withCode(schoolSecret: Uint8Array, key: OperationKey, said: Speech): Speech {
  if (said.stored?.kind !== "AccessCode") return said;
  const code = codeOf(schoolSecret, key);
  const messages = said.messages.map((down): Down =>
    down.kind === "Reply" && down.result.kind === "AccessCode" ? { ...down, result: { ...down.result, code } } : down,
  );
  return { ...said, messages };
}
