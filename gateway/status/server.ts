/**
 * The gateway's doors for people and for programs that watch it: `/` a page, `/status.json` the same as data, `/metrics` for Prometheus, `/wave` and `/waves`
 * for giving out programs, `/recovered` for who will not wait for terminals, all behind the school's password; `/health` for a supervisor says only whether
 * the gateway works.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { WaveRefusal } from "../releases/waves.js";
import type { Login } from "./login.js";
import { loginPage, refusalPage, statusPage, wavePage } from "./page.js";
import type { GatewayStatus } from "./status.js";
import { parseWaveOrder } from "./wave-form.js";
import type { WaveOrder } from "./wave-form.js";

export interface StatusServer {
  readonly port: number;
  readonly close: () => Promise<void>;
}

export interface StatusParts {
  readonly status: () => GatewayStatus;
  /** Text of /metrics. */
  readonly metrics: () => string;
  readonly login: Login;
  /** Does what a person ordered of a wave, or says why not. */
  readonly act: (order: WaveOrder) => WaveRefusal | null;
  /** A person's word: buffet sales wait for no terminal any longer. */
  readonly endRecovery?: () => void;
}

const HEADERS = {
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'",
};
const HTML = "text/html; charset=utf-8";
const PLAIN = "text/plain; charset=utf-8";
const SEEN = ["/", "/status.json", "/metrics", "/wave"];
const ORDERED = ["/waves", "/recovered"];
const MAX_FORM_BYTES = 1024;

function say(response: ServerResponse, code: number, type: string, text: string, more: Readonly<Record<string, string>> = {}): void {
  response.writeHead(code, { ...HEADERS, "content-type": type, ...more }).end(text);
}

/** The body of a small form. Rejects, and with it the connection ends, when more comes than was announced to be small. */
async function formOf(request: IncomingMessage): Promise<URLSearchParams> {
  let text = "";
  for await (const chunk of request) {
    text += String(chunk);
    if (text.length > MAX_FORM_BYTES) throw new Error("longer than any password");
  }
  return new URLSearchParams(text);
}

async function logIn({ status, login }: StatusParts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (Number(request.headers["content-length"] ?? 0) > MAX_FORM_BYTES) return say(response, 413, HTML, "", { connection: "close" });
  const form = await formOf(request);
  const attempt = login.attempt(request.socket.remoteAddress ?? "", form.get("password") ?? "");
  if (attempt.ok) return say(response, 303, HTML, "", { location: "/", "set-cookie": attempt.cookie });
  say(response, attempt.why === "wrong" ? 401 : 429, HTML, loginPage(status(), attempt.why));
}

/**
 * Whether a request that changes something may come from where it says. A browser names the page's own address, and sends a password that it remembers along
 * with what other pages make it post; a program names none.
 */
function isOwn({ headers }: IncomingMessage): boolean {
  const { origin, host } = headers;
  return origin === undefined || origin === `http://${host}` || origin === `https://${host}`;
}

async function order({ status, act }: StatusParts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (!isOwn(request)) return say(response, 403, PLAIN, "");
  const form = await formOf(request);
  const wanted = parseWaveOrder(form);
  if (!wanted) return say(response, 400, HTML, wavePage(status(), form.get("program"), true) ?? "");
  const refused = act(wanted);
  if (refused) return say(response, 409, HTML, refusalPage(status(), refused), { "x-refused": refused });
  say(response, 303, HTML, "", { location: "/" });
}

async function answer(parts: StatusParts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method } = request;
  const { pathname: path, searchParams } = new URL(request.url ?? "/", "http://gateway");
  if (method === "GET" && path === "/health") return say(response, 200, PLAIN, "ok\n");
  if (method === "POST" && path === "/login") return logIn(parts, request, response);
  if (!(method === "GET" ? SEEN : ORDERED).includes(path)) return say(response, 404, PLAIN, "");
  if (!parts.login.admits(request)) {
    if (path === "/") return say(response, 200, HTML, loginPage(parts.status(), null));
    return say(response, 401, PLAIN, "", { "www-authenticate": 'Basic realm="trapeza", charset="UTF-8"' });
  }
  if (path === "/recovered") {
    if (!isOwn(request)) return say(response, 403, PLAIN, "");
    parts.endRecovery?.();
    return say(response, 303, HTML, "", { location: "/" });
  }
  if (path === "/waves") return order(parts, request, response);
  if (path === "/metrics") return say(response, 200, "text/plain; version=0.0.4; charset=utf-8", parts.metrics());
  if (path === "/") return say(response, 200, HTML, statusPage(parts.status()));
  if (path === "/status.json") return say(response, 200, "application/json; charset=utf-8", JSON.stringify(parts.status()));
  const form = wavePage(parts.status(), searchParams.get("program"), false);
  return form === null ? say(response, 303, HTML, "", { location: "/" }) : say(response, 200, HTML, form);
}

export async function openStatusServer(host: string, port: number, parts: StatusParts): Promise<StatusServer> {
  const server = createServer((request, response) => {
    // A connection that broke while a form was read has nobody left to answer.
    answer(parts, request, response).catch(() => response.destroy());
  });
  await new Promise<void>((done, failed) => server.once("error", failed).listen(port, host, done));
  const close = (): Promise<void> =>
    new Promise((done) => {
      server.close(() => done());
      server.closeAllConnections();
    });
  return { port: (server.address() as AddressInfo).port, close };
}
