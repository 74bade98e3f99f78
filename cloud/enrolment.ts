/**
 * A new gateway at the door. Whoever holds a code that the operator has issued for the school opens its next epoch with a key of their own; the epochs before
 * are closed by that, at what the cloud holds of them.
 */
import { CODE_SIGNS, enrolmentToSign, equalBytes, formatEnrolmentCode, parseEnrolmentCode, toHex } from "@trapeza/protocol";
import type { EnrolmentAnswer, EnrolmentRequest, EnrolmentTrouble } from "@trapeza/protocol";
import { sha256, verifySignature } from "./crypto.js";
import { beginEpoch } from "./school-book.js";
import type { Library } from "./school-book.js";
import type { Store } from "./store/store.js";

/** A code is good for a day, from when it was issued. */
export const CODE_MS = 86400000;

export interface EnrolmentDesk {
  /** Answers a request; the same key with the same code hears the same again. `onlyFirst`: a school that has had another gateway keeps it, and the code. */
  readonly enrol: (request: EnrolmentRequest, onlyFirst?: boolean) => Promise<EnrolmentAnswer>;
}

/** Issues a code for a school's next gateway; it is shown once, and only its hash is kept. */
export async function issueCode(
  store: Pick<Store, "addEnrolment">,
  school: number,
  nowMs: number,
  random: (bytes: number) => Uint8Array,
): Promise<string> {
  const code = formatEnrolmentCode(random(CODE_SIGNS));
  await store.addEnrolment({ codeHash: hashOf(code) as string, school, expiresMs: nowMs + CODE_MS });
  return code;
}

export function createEnrolmentDesk(store: Store, library: Library, now: () => number): EnrolmentDesk {
  const refuse = (trouble: EnrolmentTrouble): EnrolmentAnswer => ({ kind: "NotEnrolled", trouble });
  return {
    async enrol(request, onlyFirst = false) {
      if (!/^[A-Za-z0-9._-]{1,64}$/.test(request.gateway)) return refuse("gateway");
      if (!verifySignature(request.key, enrolmentToSign(request), request.signature)) return refuse("signature");
      const codeHash = hashOf(request.code);
      const known = codeHash === null ? null : await store.enrolment(codeHash);
      if (codeHash === null || known === null) return refuse("unknown_code");
      // Alone with the school's book: no upload of the old gateway is half-way in when its epoch is closed.
      const row = await library.exclusively(known.school, async (book) => {
        if (onlyFirst && (await store.gateways(known.school)).some(({ key }) => !equalBytes(key, request.key))) return "not_first";
        const taken = await store.takeEnrolment(codeHash, { id: request.gateway, key: request.key }, now());
        if (typeof taken !== "string" && taken.epoch > book.epoch) beginEpoch(book, taken.epoch);
        return taken;
      });
      return typeof row === "string" ? refuse(row) : { kind: "Enrolled", school: row.school, epoch: row.epoch };
    },
  };
}

/** What is kept of a code; `null` for words that are none. */
function hashOf(code: string): string | null {
  const signs = parseEnrolmentCode(code);
  return signs === null ? null : toHex(sha256(new TextEncoder().encode(signs)));
}
