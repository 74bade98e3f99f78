/** How the gateway is, for whoever stands before it: counts and times, no names. JSON at /status.json, a small page at /. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { words as english } from "./words.en.js";
import { words as russian } from "./words.ru.js";

export interface TerminalStatus {
  readonly terminal: number;
  readonly kind: string;
  readonly place: string;
  readonly connected: boolean;
  /** Unix ms of the last good frame since the start, or `null`. */
  readonly seenMs: number | null;
}

export interface GatewayStatus {
  readonly language: "ru" | "en";
  readonly school: number;
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
  const rows = status.terminals.map(({ terminal, place, connected, seenMs }) => {
    const cells = [terminal, safe(place), connected ? words.connected : words.absent, seenMs === null ? words.never : clockTime(seenMs)];
    return `<tr>${cells.map((cell) => `<td>${cell}</td>`).join("")}</tr>`;
  });
  const unsent = journal.unsentSinceMs === null ? words.allSent : words.unsent(journal.unsent, clockTime(journal.unsentSinceMs));
  const parts = [
    `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><meta http-equiv="refresh" content="5">`,
    `<title>${words.title(status.school)}</title><style>${STYLE}</style></head><body><h1>${words.title(status.school)}</h1>`,
    ...status.alarms.map((alarm) => `<p role="alert"><strong>${safe(alarm)}</strong></p>`),
    `<p>${words.day(status.date)}</p><p>${words.events(journal.size)}. ${unsent}.</p>`,
    `<table><thead><tr>${words.columns.map((column) => `<th scope="col">${column}</th>`).join("")}</tr></thead>`,
    `<tbody>${rows.join("")}</tbody></table></body></html>`,
  ];
  return parts.join("");
}

const STYLE = "body{font:16px/1.5 sans-serif;margin:2rem;max-width:50rem}td,th{padding:.2rem 1rem .2rem 0;text-align:left}";

function clockTime(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace("T", " ") + " UTC";
}

function safe(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);
}
