import type { IncomingMessage } from "node:http";
import test from "ava";
import { expositionOf } from "../metrics/exposition.js";
import { seededRandom } from "../journal/_journal.test.js";
import { createLogin, type Login } from "./login.js";
import { openStatusServer } from "./server.js";
import type { GatewayStatus } from "./status.js";

const PASSWORD = "five small keys";

function login(): { door: Login; time: { nowMs: number } } {
  const time = { nowMs: 0 };
  return { door: createLogin(PASSWORD, seededRandom("login"), () => time.nowMs), time };
}

const request = (headers: Readonly<Record<string, string>>, remoteAddress = "10.0.0.7"): IncomingMessage =>
  ({ headers, socket: { remoteAddress } }) as unknown as IncomingMessage;
const basic = (password: string) => ({ authorization: `Basic ${Buffer.from(`x:${password}`).toString("base64")}` });

test("the right password makes a cookie that is good for a working day, and no other is", (t) => {
  const { door, time } = login();
  const attempt = door.attempt("10.0.0.7", PASSWORD);
  t.true(attempt.ok);
  const cookie = attempt.ok ? (attempt.cookie.split(";")[0] ?? "") : "";
  t.regex(attempt.ok ? attempt.cookie : "", /HttpOnly; SameSite=Strict/);
  t.true(door.admits(request({ cookie: `other=1; ${cookie}` })));
  t.false(door.admits(request({ cookie: cookie.slice(0, -1) + "x" })));
  t.false(door.admits(request({})));
  time.nowMs = 12 * 3600_000;
  t.false(door.admits(request({ cookie })));
});

test("who guesses waits, by address, and locks out nobody else", (t) => {
  const { door, time } = login();
  for (let i = 0; i < 5; i++) t.deepEqual(door.attempt("10.0.0.66", `guess ${i}`), { ok: false, why: "wrong" });
  t.deepEqual(door.attempt("10.0.0.66", PASSWORD), { ok: false, why: "too_many" });
  t.false(door.admits(request(basic(PASSWORD), "10.0.0.66")));
  t.true(door.admits(request(basic(PASSWORD))));
  time.nowMs = 60_001;
  t.true(door.attempt("10.0.0.66", PASSWORD).ok);
});

test("a guess by Basic counts as well; addresses without end take no memory without end", (t) => {
  const { door } = login();
  for (let i = 0; i < 5; i++) t.false(door.admits(request(basic("no"), "10.0.0.66")));
  t.false(door.admits(request(basic(PASSWORD), "10.0.0.66")));
  for (let i = 0; i < 3000; i++) door.attempt(`10.1.${i >> 8}.${i % 256}`, "no");
  t.true(door.attempt("10.0.0.7", PASSWORD).ok);
});

const STATUS: GatewayStatus = {
  ...{ language: "en", school: 7, zoneMinutes: 0, epoch: 1, nowMs: 0, date: "", directives: 0, alarms: [], terminals: [] },
  journal: { size: 1, cosigned: 0, unsent: 0, unsentSinceMs: null },
};

test("everything but the health of the process is behind the password", async (t) => {
  const { door } = login();
  const metrics = (): string => expositionOf([{ name: "up", kind: "gauge", help: "h", labels: { a: 'b"\\' }, value: 1 }]);
  let ended = 0;
  const server = await openStatusServer("127.0.0.1", 0, {
    status: () => STATUS,
    metrics,
    login: door,
    act: () => null,
    endRecovery: () => void ended++,
  });
  t.teardown(() => server.close());
  const url = `http://127.0.0.1:${server.port}`;
  t.is(await (await fetch(`${url}/health`)).text(), "ok\n");
  t.is((await fetch(`${url}/status.json`)).status, 401);
  t.is((await fetch(`${url}/metrics`)).status, 401);
  t.regex(await (await fetch(url)).text(), /type="password"/);
  const form = (password: string): RequestInit => ({ method: "POST", body: new URLSearchParams({ password }), redirect: "manual" });
  t.is((await fetch(`${url}/login`, form("nonsense"))).status, 401);
  t.is((await fetch(`${url}/login`, form("x".repeat(5000)))).status, 413);
  const entered = await fetch(`${url}/login`, form(PASSWORD));
  t.is(entered.status, 303);
  const cookie = (entered.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
  t.regex(await (await fetch(url, { headers: { cookie } })).text(), /Everything works/);
  const wait = (headers: Record<string, string>): Promise<Response> =>
    fetch(`${url}/recovered`, { method: "POST", headers, redirect: "manual" });
  t.is((await wait({})).status, 401);
  t.is((await wait({ cookie, origin: "http://evil.example" })).status, 403);
  t.is(ended, 0);
  t.is((await wait({ cookie, origin: url })).status, 303);
  t.is(ended, 1);
  const text = await (await fetch(`${url}/metrics`, { headers: basic(PASSWORD) })).text();
  t.is(text, '# HELP up h\n# TYPE up gauge\nup{a="b\\"\\\\"} 1\n');
});
