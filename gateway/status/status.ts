/** How the gateway is, for whoever stands before it: counts and times, no names. JSON at /status.json, a small page at /. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { words as english } from "./words.en.js";
import { words as russian } from "./words.ru.js";

export interface TerminalStatus {
  readonly terminal: number;
  /** Which of its keys is good: it rises when one may be known. */
  readonly enrolment: number;
  readonly kind: string;
  readonly place: string;
  readonly connected: boolean;
  /** Unix ms of the last good frame since the start, or `null`. */
  readonly seenMs: number | null;
}

export interface GatewayStatus {
  readonly language: "ru" | "en";
  readonly school: number;
  /** The school's clock is so far ahead of UTC. */
  readonly zoneMinutes: number;
  readonly epoch: number;
  /** Business date, ISO, or "" before the first day. */
  readonly date: string;
  readonly journal: { readonly size: number; readonly cosigned: number; readonly unsent: number; readonly unsentSinceMs: number | null };
  readonly directives: number;
  readonly terminals: readonly TerminalStatus[];
  /** What a person must look at. */
  readonly alarms: readonly string[];
}

export interface StatusServer {
  readonly port: number;
  readonly close: () => Promise<void>;
}

export async function openStatusServer(host: string, port: number, status: () => GatewayStatus): Promise<StatusServer> {
  const headers = {
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
  };
  const server = createServer((request, response) => {
    const path = request.url?.split("?")[0];
    if (request.method !== "GET" || (path !== "/" && path !== "/status.json")) return void response.writeHead(404, headers).end();
    const json = path === "/status.json";
    response.writeHead(200, { ...headers, "content-type": json ? "application/json; charset=utf-8" : "text/html; charset=utf-8" });
    response.end(json ? JSON.stringify(status()) : statusPage(status()));
  });
  await new Promise<void>((done, failed) => server.once("error", failed).listen(port, host, done));
  const close = (): Promise<void> =>
    new Promise((done) => {
      server.close(() => done());
      server.closeAllConnections();
    });
  return { port: (server.address() as AddressInfo).port, close };
}

/** The page: works without scripts, asks again by itself. */
export function statusPage(status: GatewayStatus): string {
  const { journal, language } = status;
  const words = language === "ru" ? russian : english;
  const moment = (ms: number): string => momentWords(ms + status.zoneMinutes * MS_A_MINUTE, language);
  const rows = status.terminals.map(({ terminal, place, connected, seenMs }) => {
    const cells = [terminal, safe(place), connected ? words.connected : words.absent, seenMs === null ? words.never : moment(seenMs)];
    return `<tr${connected ? "" : ' class="away"'}>${cells.map((cell) => `<td>${cell}</td>`).join("")}</tr>`;
  });
  const unsent = journal.unsentSinceMs === null ? words.allSent : words.unsent(journal.unsent, moment(journal.unsentSinceMs));
  const parts = [
    `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><meta http-equiv="refresh" content="5">`,
    `<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">`,
    `<title>${words.title(status.school)}</title><style>${STYLE}</style></head><body><h1>${words.title(status.school)}</h1>`,
    ...status.alarms.map((alarm) => `<p role="alert"><strong>${safe(alarm)}</strong></p>`),
    `<p>${words.day(status.date === "" ? "" : dayWords(Date.parse(status.date), language))}</p><p>${words.events(journal.size)}. ${unsent}.</p>`,
    `<table><thead><tr>${words.columns.map((column) => `<th scope="col">${column}</th>`).join("")}</tr></thead>`,
    `<tbody>${rows.join("")}</tbody></table></body></html>`,
  ];
  return parts.join("");
}

const STYLE = [
  ":root{--ground:#f7f5f0;--ink:#23262b;--faint:#666a70;--warning:#9a3b12}",
  "@media(prefers-color-scheme:dark){:root{--ground:#16191b;--ink:#e9e6df;--faint:#a3a6a8;--warning:#f0a67a}}",
  'body{font:17px/1.5 "PT Sans","Noto Sans",sans-serif;margin:2rem auto;max-width:44rem;padding:0 1rem;background:var(--ground);color:var(--ink)}',
  "h1{font-size:1.65rem;line-height:1.2}table{border-collapse:collapse;margin-top:1.5rem}",
  "td,th{padding:.25rem 1.25rem .25rem 0;text-align:left;vertical-align:baseline;font-variant-numeric:tabular-nums}",
  "th{font-weight:400;color:var(--faint);font-size:.9rem}.away td,[role=alert]{color:var(--warning)}",
].join("");

const MS_A_MINUTE = 60_000;

/** "сб, 21 ноября" of milliseconds on the school's own clock. */
function dayWords(localMs: number, language: "ru" | "en"): string {
  const locale = language === "ru" ? "ru-RU" : "en-GB";
  const part = (options: Intl.DateTimeFormatOptions): string =>
    new Intl.DateTimeFormat(locale, { ...options, timeZone: "UTC" }).format(localMs);
  return `${part({ weekday: "short" })}, ${part({ day: "numeric", month: "long" })}`;
}

/** "03:24:07, сб, 21 ноября". */
function momentWords(localMs: number, language: "ru" | "en"): string {
  return `${new Date(localMs).toISOString().slice(11, 19)}, ${dayWords(localMs, language)}`;
}

function safe(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);
}
