/**
 * Who is logged in. The browser holds a random token, the store only its SHA-256: what leaks from the database opens no session.
 *
 * Wrong passwords are counted for a phone together with a device that has been logged in with it before; all devices that have not share one count. So a
 * stranger who guesses locks out strangers, and the parent's own telephone goes on.
 */
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { toHex } from "@trapeza/protocol";
import { sha256 } from "../crypto.js";
import { createAllowance } from "./allowance.js";
import { passwordMatches } from "./password.js";
import type { GuardianRow, PeopleStore, PortalSession } from "./store.js";

const TOKEN_BYTES = 32;
const NONCE_BYTES = 12;
const HOUR_MS = 3600 * 1000;
/** Remembered for as long, or until the browser is closed and for a day at most. */
export const SESSION_MS = 30 * 24 * HOUR_MS;
const SHORT_MS = 24 * HOUR_MS;
const MOST_FAILURES = 5;
const FAILURE_WINDOW_MS = 15 * 60 * 1000;
const LONGEST_AGENT = 200;

export interface LoginFrom {
  /** What an earlier login left with this browser, if any. */
  readonly device?: string;
  readonly remember: boolean;
  /** What the browser calls itself. */
  readonly agent: string;
}

export interface Opened {
  readonly kind: "in";
  readonly token: string;
  /** To be left with the browser for years. */
  readonly device: string;
}

export type LoggedIn = Opened | { readonly kind: "wrong" } | { readonly kind: "wait" };

/** A place where somebody is logged in; `id` tells it from the others and opens nothing. */
export interface SessionSeen extends PortalSession {
  readonly id: string;
  readonly isThis: boolean;
}

export interface Portal {
  /** `phone` as digits, see phone.ts. */
  readonly logIn: (phone: string, password: string, from?: LoginFrom) => Promise<LoggedIn>;
  /** For whoever has proved otherwise who they are. */
  readonly open: (phone: string, from: LoginFrom) => Promise<Opened>;
  readonly whoIs: (token: string | undefined) => Promise<GuardianRow | null>;
  readonly logOut: (token: string | undefined) => Promise<void>;
  readonly sessions: (phone: string, token: string | undefined) => Promise<SessionSeen[]>;
  /** Ends one of this phone's sessions; somebody else's id changes nothing. */
  readonly end: (phone: string, id: string) => Promise<void>;
  /** Ends all but the one with this token. */
  readonly endOthers: (phone: string, token: string | undefined) => Promise<void>;
}

export interface PortalOptions {
  readonly store: PeopleStore;
  readonly now: () => number;
  /** Signs what is left with browsers that have been logged in. */
  readonly secret: Uint8Array;
}

const NOWHERE: LoginFrom = { remember: true, agent: "" };
const hashOf = (token: string) => toHex(sha256(Buffer.from(token)));
const idOf = (tokenHash: string) => tokenHash.slice(0, 16);

export function createPortal({ store, now, secret }: PortalOptions): Portal {
  const attempts = createAllowance(MOST_FAILURES, FAILURE_WINDOW_MS, now);
  const signed = (phone: string, nonce: string) =>
    nonce +
    "." +
    createHmac("sha256", secret)
      .update(phone + "." + nonce)
      .digest("base64url");
  const isOf = (phone: string, device: string) => {
    const wanted = Buffer.from(signed(phone, device.split(".")[0]));
    const found = Buffer.from(device);
    return wanted.length === found.length && timingSafeEqual(wanted, found);
  };
  const open = async (phone: string, { device, remember, agent }: LoginFrom): Promise<Opened> => {
    const token = randomBytes(TOKEN_BYTES).toString("base64url");
    const expiresMs = now() + (remember ? SESSION_MS : SHORT_MS);
    await store.putSession(hashOf(token), { phone, createdMs: now(), expiresMs, agent: agent.slice(0, LONGEST_AGENT) });
    const isKnown = device !== undefined && isOf(phone, device);
    return { kind: "in", token, device: isKnown ? device : signed(phone, randomBytes(NONCE_BYTES).toString("base64url")) };
  };
  return {
    open,
    async logIn(phone, password, from = NOWHERE) {
      const { device } = from;
      const key = phone + "/" + (device !== undefined && isOf(phone, device) ? device : "");
      // Counted before it is looked at, so that guesses made at the same time do not slip past the count.
      if (!attempts.take(key)) return { kind: "wait" };
      const guardian = await store.guardian(phone);
      if (!(await passwordMatches(password, guardian?.password ?? null))) return { kind: "wrong" };
      attempts.restore(key);
      return open(phone, from);
    },
    async whoIs(token) {
      const session = token ? await store.session(hashOf(token)) : null;
      return session && session.expiresMs > now() ? store.guardian(session.phone) : null;
    },
    async logOut(token) {
      if (token) await store.dropSession(hashOf(token));
    },
    async sessions(phone, token) {
      const own = token === undefined ? "" : hashOf(token);
      const living = (await store.sessions(phone)).filter(({ expiresMs }) => expiresMs > now());
      return living.map(({ tokenHash, ...session }) => ({ ...session, id: idOf(tokenHash), isThis: tokenHash === own }));
    },
    async end(phone, id) {
      const found = (await store.sessions(phone)).find(({ tokenHash }) => idOf(tokenHash) === id);
      if (found) await store.dropSession(found.tokenHash);
    },
    endOthers: (phone, token) => store.dropSessions(phone, token === undefined ? null : hashOf(token)),
  };
}
