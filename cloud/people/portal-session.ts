/**
 * Who is logged in. The browser holds a random token, the store only its SHA-256: what leaks from the database opens no session.
 */
import { randomBytes } from "node:crypto";
import { toHex } from "@trapeza/protocol";
import { sha256 } from "../crypto.js";
import type { GuardianRow, Store } from "../store/store.js";
import { passwordMatches } from "./password.js";

const TOKEN_BYTES = 32;
export const SESSION_MS = 30 * 24 * 3600 * 1000;
/** After so many wrong passwords for one phone within the window, further ones are not looked at. */
const MOST_FAILURES = 5;
const FAILURE_WINDOW_MS = 15 * 60 * 1000;

export type LoggedIn = { readonly kind: "in"; readonly token: string } | { readonly kind: "wrong" } | { readonly kind: "wait" };

export interface Portal {
  /** `phone` as digits, see phone.ts. */
  readonly logIn: (phone: string, password: string) => Promise<LoggedIn>;
  readonly whoIs: (token: string | undefined) => Promise<GuardianRow | null>;
  readonly logOut: (token: string | undefined) => Promise<void>;
}

export function createPortal(store: Store, now: () => number): Portal {
  const failures = new Map<string, number[]>();
  const recent = (phone: string) => (failures.get(phone) ?? []).filter((at) => at > now() - FAILURE_WINDOW_MS);
  const hashOf = (token: string) => toHex(sha256(Buffer.from(token)));
  return {
    async logIn(phone, password) {
      if (recent(phone).length >= MOST_FAILURES) return { kind: "wait" };
      // Counted before it is looked at, so that guesses made at the same time do not slip past the count.
      failures.set(phone, [...recent(phone), now()]);
      const guardian = await store.guardian(phone);
      if (!(await passwordMatches(password, guardian?.password ?? null))) return { kind: "wrong" };
      failures.delete(phone);
      const token = randomBytes(TOKEN_BYTES).toString("base64url");
      await store.putSession(hashOf(token), { phone, expiresMs: now() + SESSION_MS });
      return { kind: "in", token };
    },
    async whoIs(token) {
      const session = token ? await store.session(hashOf(token)) : null;
      return session && session.expiresMs > now() ? store.guardian(session.phone) : null;
    },
    async logOut(token) {
      if (token) await store.dropSession(hashOf(token));
    },
  };
}
