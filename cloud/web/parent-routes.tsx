/** The parents' pages: which page answers which address, to whom. A child that is not theirs does not exist. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { BusinessDate } from "@trapeza/protocol";
import { formatDate, parseDate } from "@trapeza/protocol";
import type { Cloud } from "../cloud.js";
import { parsePhone } from "../people/phone.js";
import { SESSION_MS } from "../people/portal-session.js";
import type { Portal } from "../people/portal-session.js";
import type { GuardianRow } from "../store/store.js";
import { localMoment } from "./date-text.js";
import { page, piece } from "./layout.js";
import { childCard, versionOf } from "./parent/child-card.js";
import { Cards, ChildrenPage } from "./parent/children.js";
import { HistoryPage, StatementTable } from "./parent/history.js";
import type { HistoryProps } from "./parent/history.js";
import { LoginPage } from "./parent/login.js";
import { statementFor } from "./statement.js";
import { en } from "./words.en.js";
import { ru } from "./words.ru.js";
import type { Words } from "./words.ru.js";

const SESSION_COOKIE = "trapeza_session";
const LANGUAGE_COOKIE = "trapeza_language";
const MS_A_SECOND = 1000;
const YEAR_SECONDS = 365 * 24 * 3600;
/** What a history shows before anybody chooses. */
const USUAL_DAYS = 14;
const LONGEST_DAYS = 400;

export interface Pages {
  readonly app: FastifyInstance;
  readonly cloud: Cloud;
  readonly portal: Portal;
  readonly secureCookies: boolean;
}

type Child = { Params: { school: string; account: string }; Querystring: { from?: string; to?: string; details?: string; seen?: string } };

export function serveParents(pages: Pages): void {
  serveDoor(pages);
  serveLanguage(pages);
  serveChildren(pages);
  serveHistory(pages);
}

function serveDoor({ app, portal, secureCookies }: Pages): void {
  app.get("/login", async (request, reply) => html(reply, page(<LoginPage words={wordsOf(request)} phone="" trouble={null} />)));

  app.post<{ Body: { phone?: unknown; password?: unknown } }>("/login", async (request, reply) => {
    const words = wordsOf(request);
    const typed = textOf(request.body?.phone);
    const again = (status: number, field: "phone" | "password", text: string) =>
      html(reply.code(status), page(<LoginPage words={words} phone={typed} trouble={{ field, text }} />));
    const phone = parsePhone(typed);
    if (phone === null) return again(400, "phone", words.login.badPhone);
    const opened = await portal.logIn(phone, textOf(request.body?.password));
    if (opened.kind === "wait") return again(429, "password", words.login.wait);
    if (opened.kind === "wrong") return again(401, "password", words.login.wrong);
    const lasts = { path: "/", httpOnly: true, sameSite: "lax", secure: secureCookies, maxAge: SESSION_MS / MS_A_SECOND } as const;
    return reply.setCookie(SESSION_COOKIE, opened.token, lasts).redirect("/", 303);
  });

  app.post("/logout", async (request, reply) => {
    await portal.logOut(request.cookies[SESSION_COOKIE]);
    return reply.clearCookie(SESSION_COOKIE, { path: "/" }).redirect("/login", 303);
  });
}

function serveLanguage({ app }: Pages): void {
  app.post<{ Body: { language?: unknown; here?: unknown } }>("/language", async (request, reply) => {
    const language = textOf(request.body?.language) === "en" ? "en" : "ru";
    const here = textOf(request.body?.here);
    // Only a path of ours: "//elsewhere" and "/\elsewhere" would lead out of the house.
    const back = /^\/(?![/\\])[\x21-\x7e]*$/.test(here) ? here : "/";
    return reply.setCookie(LANGUAGE_COOKIE, language, { path: "/", sameSite: "lax", maxAge: YEAR_SECONDS }).redirect(back, 303);
  });
}

function serveChildren(pages: Pages): void {
  const { app, cloud } = pages;
  const cardsOf = async (guardian: GuardianRow) => {
    const cards = await Promise.all((await cloud.store.children(guardian.phone)).map((link) => childCard(cloud, link)));
    return { cards, version: versionOf(cards) };
  };
  app.get("/", async (request, reply) => {
    const guardian = await guardianOf(pages, request);
    if (!guardian) return reply.redirect("/login", 303);
    return html(reply, page(<ChildrenPage words={wordsOf(request)} guardian={guardian.name} {...await cardsOf(guardian)} />));
  });
  app.get<{ Querystring: { seen?: string } }>("/live/children", async (request, reply) => {
    const guardian = await guardianOf(pages, request);
    if (!guardian) return reply.code(401).send({ html: null });
    const { cards, version } = await cardsOf(guardian);
    return fresh(request.query.seen, version, () => piece(<Cards words={wordsOf(request)} cards={cards} />));
  });
}

function serveHistory(pages: Pages): void {
  const { app } = pages;
  app.get<Child>("/children/:school/:account", async (request, reply) => {
    const guardian = await guardianOf(pages, request);
    if (!guardian) return reply.redirect("/login", 303);
    const props = await historyProps(pages, guardian, request);
    return props ? html(reply, page(<HistoryPage {...props} />)) : reply.callNotFound();
  });
  app.get<Child>("/live/children/:school/:account", async (request, reply) => {
    const guardian = await guardianOf(pages, request);
    const props = guardian && (await historyProps(pages, guardian, request));
    if (!props) return reply.code(guardian ? 404 : 401).send({ html: null });
    return fresh(request.query.seen, props.version, () => piece(<StatementTable words={props.words} statement={props.statement} />));
  });
}

/** `null` when the child is not this guardian's, or its school has not been heard of it yet. */
async function historyProps({ cloud }: Pages, guardian: GuardianRow, request: FastifyRequest<Child>): Promise<HistoryProps | null> {
  const { params, query } = request;
  const links = await cloud.store.children(guardian.phone);
  const link = links.find(({ school, account }) => String(school) === params.school && String(account) === params.account);
  const card = link && (await childCard(cloud, link));
  if (card?.kind !== "known") return null;
  const words = wordsOf(request);
  const { state } = await cloud.library.book(card.school);
  const today = Math.max(state.date, localMoment(cloud.now(), state.policy.zoneMinutes).date) as BusinessDate;
  const asked = periodOf(query, today);
  const details = query.details === "1";
  const { school, account, schoolNumber } = card;
  const statement = await statementFor(cloud.store, { school, account, schoolNumber, from: asked.from, to: asked.to, details, words });
  const again = "?from=" + formatDate(asked.from) + "&to=" + formatDate(asked.to) + (details ? "&details=1" : "");
  return {
    ...{ words, guardian: guardian.name, card, statement, details, today },
    query: again,
    version: statement.rows.length + ":" + statement.closing,
    trouble: asked.backwards ? words.history.wrongPeriod : null,
  };
}

/** The period asked for; what is not a date is replaced, what is backwards is shown as asked and said so. */
function periodOf(query: Child["Querystring"], today: BusinessDate): { from: BusinessDate; to: BusinessDate; backwards: boolean } {
  const to = parseDate(query.to ?? "") ?? today;
  const from = parseDate(query.from ?? "") ?? ((to - USUAL_DAYS + 1) as BusinessDate);
  return { from: Math.max(from, to - LONGEST_DAYS) as BusinessDate, to, backwards: from > to };
}

function guardianOf({ portal }: Pages, request: FastifyRequest): Promise<GuardianRow | null> {
  return portal.whoIs(request.cookies[SESSION_COOKIE]);
}

/** A piece drawn anew, or only its version when it has been seen already. */
function fresh(seen: string | undefined, version: string, draw: () => string): { version: string; html: string | null } {
  return { version, html: seen === version ? null : draw() };
}

/** Russian, unless the reader chose otherwise or the browser asks for other languages only. */
export function wordsOf(request: FastifyRequest): Words {
  const chosen = request.cookies[LANGUAGE_COOKIE];
  if (chosen === "ru" || chosen === "en") return chosen === "ru" ? ru : en;
  const accepted = request.headers["accept-language"] ?? "ru";
  return /\bru\b|\*/i.test(accepted) ? ru : en;
}

function html(reply: FastifyReply, text: string): FastifyReply {
  return reply.type("text/html; charset=utf-8").header("cache-control", "no-store").send(text);
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value.slice(0, 200) : "";
}
