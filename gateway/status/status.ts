/** How the gateway is, for whoever stands before it: counts and times, no names. JSON at /status.json, a small page at /. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { words } from "./words.ru.js";

export interface TerminalStatus {
  readonly terminal: number;
  readonly kind: string;
  readonly place: string;
  readonly connected: boolean;
  /** Unix ms of the last good frame since the start, or `null`. */
  readonly seenMs: number | null;
}

export interface GatewayStatus {
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
  const server = createServer((request, response) => {
    const headers = {
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
      "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
    };
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
  const { journal } = status;
  const rows = status.terminals.map(
    (terminal) =>
      `<tr><td>${terminal.terminal}</td><td>${safe(terminal.place)}</td><td>${terminal.connected ? words.connected : words.absent}</td>` +
      `<td>${terminal.seenMs === null ? words.never : clockTime(terminal.seenMs)}</td></tr>`,
  );
  const unsent = journal.unsentSinceMs === null ? words.allSent : words.unsent(journal.unsent, clockTime(journal.unsentSinceMs));
  const alarms = status.alarms.map((alarm) => `<p role="alert"><strong>${safe(alarm)}</strong></p>`);
  return (
    `<!doctype html><html lang="ru"><head><meta charset="utf-8"><meta http-equiv="refresh" content="5"><title>${words.title(status.school)}</title>` +
    `<style>body{font:16px/1.5 sans-serif;margin:2rem;max-width:50rem}td,th{padding:.2rem 1rem .2rem 0;text-align:left}</style></head><body>` +
    `<h1>${words.title(status.school)}</h1>${alarms.join("")}<p>${words.day(status.date)}</p><p>${words.events(journal.size)}. ${unsent}.</p>` +
    `<table><thead><tr>${words.columns.map((column) => `<th scope="col">${column}</th>`).join("")}</tr></thead><tbody>${rows.join("")}</tbody></table></body></html>`
  );
}

function clockTime(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace("T", " ") + " UTC";
}

function safe(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);
}
