/**
 * Proofs that somebody can read a phone's messages or an address's letters. Who asks holds a random token; the phone gets a code of six digits, which
 * counts only together with that token, and five times at most. Without a code the token itself, in a link, is the proof.
 */
import { randomBytes, randomInt, timingSafeEqual } from "node:crypto";
import { toHex } from "@trapeza/protocol";
import { sha256 } from "../crypto.js";
import type { ChallengeRow, PeopleStore } from "./store.js";

const TOKEN_BYTES = 24;
const MOST_TRIES = 5;
const CODE_DIGITS = 6;

export interface Posed {
  readonly token: string;
  /** Empty where the token alone is the proof. */
  readonly code: string;
}

export type Proved = { readonly kind: "proved"; readonly payload: unknown } | { readonly kind: "wrong" } | { readonly kind: "gone" };

export interface ChallengeDesk {
  readonly pose: (kind: ChallengeRow["kind"], payload: unknown, lastsMs: number, withCode: boolean) => Promise<Posed>;
  /** Uses a try up; what is proved can be proved only once. */
  readonly prove: (kind: ChallengeRow["kind"], token: string, code?: string) => Promise<Proved>;
}

const hashOf = (text: string) => toHex(sha256(Buffer.from(text)));

export function createChallengeDesk(store: PeopleStore, now: () => number): ChallengeDesk {
  return {
    async pose(kind, payload, lastsMs, withCode) {
      await store.dropExpired(now());
      const token = randomBytes(TOKEN_BYTES).toString("base64url");
      const code = withCode ? String(randomInt(10 ** CODE_DIGITS)).padStart(CODE_DIGITS, "0") : "";
      const row = { tokenHash: hashOf(token), kind, expiresMs: now() + lastsMs, codeHash: hashOf(token + "." + code) };
      await store.putChallenge({ ...row, payload: JSON.stringify(payload) }, MOST_TRIES);
      return { token, code };
    },
    async prove(kind, token, code = "") {
      const row = await store.tryChallenge(hashOf(token));
      if (row === null || row.kind !== kind || row.expiresMs <= now()) return { kind: "gone" };
      const given = hashOf(token + "." + code.replace(/\s/g, ""));
      if (!timingSafeEqual(Buffer.from(given), Buffer.from(row.codeHash))) return { kind: "wrong" };
      if (!(await store.takeChallenge(row.tokenHash))) return { kind: "gone" };
      return { kind: "proved", payload: JSON.parse(row.payload) as unknown };
    },
  };
}
