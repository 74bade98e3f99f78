/**
 * Who reads a page: the language, the token that the page's forms carry, and a sentence to be said once. All that the browser keeps for it is three small
 * cookies; none of them opens anything.
 */
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { FastifyReply, FastifyRequest } from "fastify";
import { en } from "./words.en.js";
import { ru } from "./words.ru.js";
import type { Words } from "./words.ru.js";

const VISITOR_BYTES = 24;
const YEAR_SECONDS = 365 * 24 * 3600;
const LONGEST_SAYING = 400;

export interface Reader {
  readonly language: "ru" | "en";
  /** What every page says; a room adds words of its own. */
  readonly words: Words;
  /** Address of a page to come back to, with its query. */
  readonly here: string;
  /** Every form carries it back, see headers.ts. */
  readonly token: string;
  /** What became of the form before; said on one page and then forgotten. */
  readonly saying: Saying | null;
}

/** `done`, or it could not be done and nothing has changed. */
export interface Saying {
  readonly sentence: string;
  readonly done: boolean;
}

const SAYINGS = [
  { cookie: "saying", done: true },
  { cookie: "refusing", done: false },
] as const;

/** The cookies that a house sets, by one rule: never readable by a script, never sent along by another site. */
export interface Readers {
  readonly of: (request: FastifyRequest, reply: FastifyReply) => Reader;
  /** Whether a form's token is the one that this browser was given. */
  readonly owns: (request: FastifyRequest, token: unknown) => boolean;
  /** A new token from now on: whoever knew the old one, from before somebody logged in, can post no more. */
  readonly renew: (reply: FastifyReply) => void;
  /** To be said on the next page. `done`: false when it could not be done; asked of every caller, so that no refusal looks like success by default. */
  readonly say: (reply: FastifyReply, sentence: string, done: boolean) => void;
  readonly chooseLanguage: (reply: FastifyReply, language: "ru" | "en") => void;
  /** `lasts` in seconds; 0 until the browser is closed. */
  readonly keep: (reply: FastifyReply, name: string, value: string, lasts: number) => void;
  readonly drop: (reply: FastifyReply, name: string) => void;
  readonly kept: (request: FastifyRequest, name: string) => string | undefined;
}

export function createReaders(secure: boolean): Readers {
  // With this prefix browsers take the cookie from this very host only, over HTTPS: a neighbour's page cannot plant one.
  const full = (name: string) => (secure ? "__Host-" : "") + "trapeza_" + name;
  const options = { path: "/", httpOnly: true, sameSite: "lax", secure } as const;
  const kept = (request: FastifyRequest, name: string) => request.cookies[full(name)];
  const keep = (reply: FastifyReply, name: string, value: string, lasts: number) =>
    void reply.setCookie(full(name), value, lasts > 0 ? { ...options, maxAge: lasts } : options);
  const drop = (reply: FastifyReply, name: string) => void reply.clearCookie(full(name), options);
  const renew = (reply: FastifyReply) => {
    const visitor = randomBytes(VISITOR_BYTES).toString("base64url");
    keep(reply, "visitor", visitor, 0);
    return visitor;
  };
  return {
    ...{ renew, keep, drop, kept },
    of(request, reply) {
      const chosen = kept(request, "language");
      const language = chosen === "ru" || chosen === "en" ? chosen : spoken(request);
      const kind = SAYINGS.find(({ cookie }) => kept(request, cookie) !== undefined);
      const saying = kind ? { sentence: kept(request, kind.cookie) ?? "", done: kind.done } : null;
      for (const { cookie } of SAYINGS) if (kept(request, cookie) !== undefined) drop(reply, cookie);
      const visitor = kept(request, "visitor") ?? renew(reply);
      return { language, words: language === "ru" ? ru : en, here: pathOf(request), token: tokenOf(visitor), saying };
    },
    owns(request, token) {
      const visitor = kept(request, "visitor");
      if (visitor === undefined || typeof token !== "string") return false;
      const [wanted, found] = [Buffer.from(tokenOf(visitor)), Buffer.from(token)];
      return wanted.length === found.length && timingSafeEqual(wanted, found);
    },
    say(reply, sentence, done) {
      for (const kind of SAYINGS) {
        if (kind.done === done) keep(reply, kind.cookie, sentence.slice(0, LONGEST_SAYING), 60);
        else drop(reply, kind.cookie);
      }
    },
    chooseLanguage: (reply, language) => keep(reply, "language", language, YEAR_SECONDS),
  };
}

/** A form's token: nobody who cannot read the browser's cookie can make it. */
function tokenOf(visitor: string): string {
  return createHash("sha256")
    .update("form\0" + visitor)
    .digest("base64url");
}

/** Russian, unless the browser asks for other languages only. */
function spoken(request: FastifyRequest): "ru" | "en" {
  return /\bru\b|\*/i.test(request.headers["accept-language"] ?? "ru") ? "ru" : "en";
}

/** The page's own address; of a form that is shown again, the page that it was on. */
function pathOf(request: FastifyRequest): string {
  if (request.method === "GET") return ownPath(request.url);
  const { referer } = request.headers;
  if (referer === undefined || !URL.canParse(referer)) return "/";
  const { host, pathname, search } = new URL(referer);
  return host === request.headers.host ? ownPath(pathname + search) : "/";
}

/** Only a path of ours: "//elsewhere" and "/\elsewhere" would lead out of the house. */
export function ownPath(text: string): string {
  return /^\/(?![/\\])[\x21-\x7e]*$/.test(text) ? text : "/";
}
