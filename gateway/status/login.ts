/**
 * Who may look at the status page: whoever knows the school's password for it. A browser logs in once and keeps a cookie for a working day; a program sends
 * the password with each request (HTTP Basic, RFC 7617, any user name). Guessing is slowed down by address, so nobody can lock out anybody else.
 */
import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";

const COOKIE = "trapeza_status";
const SESSION_MS = 12 * 3600_000;
const MAX_SESSIONS = 64;
/** Wrong passwords from one address within {@link GUESSING_MS} before it has to wait. */
const MAX_GUESSES = 5;
const GUESSING_MS = 60_000;
const MAX_ADDRESSES = 1024;

export type Attempt = { readonly ok: true; readonly cookie: string } | { readonly ok: false; readonly why: "wrong" | "too_many" };

export interface Login {
  /** `true` for a request that carries a living cookie or the password itself. */
  readonly admits: (request: IncomingMessage) => boolean;
  /** Tries a password that somebody typed; a good one starts a session. */
  readonly attempt: (address: string, password: string) => Attempt;
}

const digest = (text: string): Buffer => createHash("sha256").update(text).digest();

/** `random`: bytes from a cryptographic generator; `nowMs`: any clock that goes on. */
export function createLogin(password: string, random: (bytes: number) => Uint8Array, nowMs: () => number): Login {
  const expected = digest(password);
  const sessions = new Map<string, number>();
  const guesses = new Map<string, { count: number; untilMs: number }>();
  const isRight = (typed: string): boolean => timingSafeEqual(digest(typed), expected);

  function isGuessing(address: string): boolean {
    const known = guesses.get(address);
    return known !== undefined && known.untilMs > nowMs() && known.count >= MAX_GUESSES;
  }

  function remember(address: string): void {
    const known = guesses.get(address);
    const count = known && known.untilMs > nowMs() ? known.count + 1 : 1;
    guesses.delete(address);
    guesses.set(address, { count, untilMs: nowMs() + GUESSING_MS });
    for (const [oldest] of guesses) if (guesses.size > MAX_ADDRESSES) guesses.delete(oldest);
  }

  function attempt(address: string, typed: string): Attempt {
    if (isGuessing(address)) return { ok: false, why: "too_many" };
    if (!isRight(typed)) {
      remember(address);
      return { ok: false, why: "wrong" };
    }
    guesses.delete(address);
    const token = Buffer.from(random(24)).toString("hex");
    sessions.set(token, nowMs() + SESSION_MS);
    for (const [oldest] of sessions) if (sessions.size > MAX_SESSIONS) sessions.delete(oldest);
    return { ok: true, cookie: `${COOKIE}=${token}; HttpOnly; SameSite=Strict; Path=/; Max-Age=${SESSION_MS / 1000}` };
  }

  function admits(request: IncomingMessage): boolean {
    const token = /(?:^|;\s*)trapeza_status=([0-9a-f]{48})(?:;|$)/.exec(request.headers.cookie ?? "")?.[1];
    if (token !== undefined && (sessions.get(token) ?? 0) > nowMs()) return true;
    const basic = /^Basic ([A-Za-z0-9+/=]+)$/.exec(request.headers.authorization ?? "")?.[1];
    if (basic === undefined) return false;
    const typed = Buffer.from(basic, "base64")
      .toString("utf8")
      .replace(/^[^:]*:/, "");
    const address = request.socket.remoteAddress ?? "";
    if (isGuessing(address)) return false;
    if (isRight(typed)) return true;
    remember(address);
    return false;
  }

  return { admits, attempt };
}
