import test from "ava";
import { seededRandom } from "../journal/_journal.test.js";
import { USUAL_PLAN } from "../releases/wave.js";
import type { Wave } from "../releases/wave.js";
import type { ProgramStatus, WaveRefusal } from "../releases/waves.js";
import { createLogin } from "./login.js";
import { statusPage, wavePage } from "./page.js";
import { openStatusServer } from "./server.js";
import { alarmsOf } from "./status.js";
import type { GatewayStatus } from "./status.js";
import { parseWaveOrder } from "./wave-form.js";
import type { WaveOrder } from "./wave-form.js";
import { NOW, STATUS } from "./_status.test.js";

const WAVE: Wave = {
  ...{
    program: "settlement",
    release: "aa",
    version: "2.0",
    plan: USUAL_PLAN,
    state: "running",
    step: 1,
    stepMs: NOW,
    trouble: null,
    before: null,
  },
  chosen: [
    { terminal: 2, state: "runs", sinceMs: NOW },
    { terminal: 5, state: "offered", sinceMs: NOW },
  ],
};
const withProgram = (one: Partial<ProgramStatus>): GatewayStatus => ({
  ...STATUS,
  programs: [{ program: "settlement", ready: null, wave: null, ...one }],
});
const withWave = (change: Partial<Wave>): GatewayStatus => withProgram({ wave: { ...WAVE, ...change } });

test("each step of a wave is a sentence, and what may be done about it a button", (t) => {
  const running = statusPage(withWave({}));
  t.true(
    running.includes(
      "Касса, версия 2.0: волна 2 из 3, до 25 % терминалов; работает на 1 из 2 выбранных; следующая волна не раньше 03:53:00",
    ),
  );
  t.deepEqual(running.match(/value="(pause|resume|next|back|start)"/g), ['value="pause"', 'value="next"', 'value="back"']);
  t.true(statusPage(withWave({ step: -1, plan: { ...USUAL_PLAN, first: 2 } })).includes("сначала терминал 2"));
  t.true(statusPage(withWave({ state: "paused" })).includes("приостановлена"));
  const through = statusPage(withWave({ step: 2, chosen: [{ terminal: 2, state: "runs", sinceMs: 0 }] }));
  t.true(through.includes("роздана всем, работает на 1"));
  t.true(statusPage(withProgram({ ready: "2.1" })).includes('<a href="/wave?program=settlement">'));
  t.false(statusPage(withProgram({})).includes("Программы терминалов"));
});

test("a wave that stopped by itself is an alarm that names the terminal and why, until somebody has looked", (t) => {
  const stopped = withWave({ state: "stopped", trouble: { terminal: 5, what: "rolled_back" }, before: "bb" });
  t.like(alarmsOf(stopped), [{ kind: "wave" }]);
  const page = statusPage(stopped);
  t.true(
    page.includes(
      "терминал 5: новая не заработала, вернулась прежняя; раздача остановлена, кто успел получить новую, возвращается к прежней",
    ),
  );
  t.true(page.includes("Понятно"));
  t.true(statusPage({ ...stopped, language: "en" }).includes("terminal 5: new one did not work, the old one is back; stopped"));
  t.deepEqual(alarmsOf(withWave({ state: "stopped" })), []);
});

test("the page that begins a wave stands still and offers the terminals of that kind", (t) => {
  const page = wavePage(withProgram({ ready: "2.1" }), "settlement", false) ?? "";
  t.false(page.includes("refresh"));
  t.true(page.includes('<option value="2">'));
  t.false(page.includes('<option value="1">'));
  t.is(wavePage(withProgram({}), "settlement", false), null);
  t.is(wavePage(withProgram({ ready: "2.1" }), "nonsense", false), null);
});

const order = (fields: Record<string, string>): WaveOrder | null =>
  parseWaveOrder(new URLSearchParams({ program: "settlement", deed: "start", ...fields }));

test("an order is understood or it is none", (t) => {
  t.deepEqual(order({})?.plan, USUAL_PLAN);
  t.deepEqual(order({ percents: "10, 50 100", rest: "0", silent: "30", first: "7" })?.plan, {
    ...{ percents: [10, 50, 100], restMs: 0, silentMs: 1_800_000, first: 7 },
  });
  for (const bad of [
    ...[{ percents: "100 50" }, { percents: "50" }, { percents: "0 100" }, { percents: "1 2 3 4 5 6 7 8 100" }, { percents: "a 100" }],
    ...[{ rest: "-1" }, { rest: "99999" }, { silent: "24" }, { first: "0" }, { first: "x" }, { deed: "burn" }, { program: "coffee" }],
  ] as Record<string, string>[]) {
    t.is(order(bad), null, JSON.stringify(bad));
  }
});

test("only who is logged in gives orders, and no other page can make a browser give them", async (t) => {
  const orders: WaveOrder[] = [];
  const refuse: { now: WaveRefusal | null } = { now: null };
  const act = (one: WaveOrder): WaveRefusal | null => {
    orders.push(one);
    return refuse.now;
  };
  const login = createLogin("five small keys", seededRandom("login"), () => 0);
  const status = (): GatewayStatus => withProgram({ ready: "2.1" });
  const server = await openStatusServer("127.0.0.1", 0, { status, metrics: () => "", login, act });
  t.teardown(() => server.close());
  const url = `http://127.0.0.1:${server.port}`;
  const authorization = `Basic ${Buffer.from("x:five small keys").toString("base64")}`;
  const post = (headers: Record<string, string>, fields: Record<string, string> = {}): Promise<Response> => {
    const body = new URLSearchParams({ program: "settlement", deed: "pause", ...fields });
    return fetch(`${url}/waves`, { method: "POST", redirect: "manual", headers, body });
  };
  t.is((await post({})).status, 401);
  t.is((await post({ authorization, origin: "http://evil.example" })).status, 403);
  t.is((await post({ authorization, origin: "null" })).status, 403);
  t.deepEqual(orders, []);
  t.is((await post({ authorization })).status, 303);
  t.is((await post({ authorization, origin: url })).status, 303);
  t.like(orders, [{ program: "settlement", deed: "pause" }, { deed: "pause" }]);
  t.is((await post({ authorization }, { deed: "burn" })).status, 400);
  t.is((await fetch(`${url}/waves`, { headers: { authorization } })).status, 404);
  refuse.now = "not_running";
  const refused = await post({ authorization });
  t.is(refused.status, 409);
  t.is(refused.headers.get("x-refused"), "not_running");
  t.true((await refused.text()).includes("Раздача сейчас не идёт"));
});
