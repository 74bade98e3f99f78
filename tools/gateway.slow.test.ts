import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { gatewayProgram } from "@trapeza/gateway";
import { createRealClock, handAt } from "@trapeza/simulators";
import { childrenOf } from "./demo/school.js";
import { feedNote, openSchool, runTool, school } from "./_living-school.test.js";

/** A gateway as a technician starts it; rejects with what it complained of. */
async function startProgram(folder: string): Promise<{ httpPort: number; stop: () => Promise<void> }> {
  const child = fork(gatewayProgram, [join(folder, "settings.json")], { stdio: ["ignore", "pipe", "inherit", "ipc"] });
  const [line] = (await once(child.stdout as NodeJS.ReadableStream, "data")) as [Buffer];
  const { httpPort } = JSON.parse(line.toString()) as { httpPort: number };
  const stop = async (): Promise<void> => {
    child.kill("SIGTERM");
    await once(child, "exit");
  };
  return { httpPort, stop };
}

async function statusOf(port: number, folder: string): Promise<{ alarms: string[]; epoch: number }> {
  const { statusPassword } = JSON.parse(readFileSync(join(folder, "settings.json"), "utf8")) as { statusPassword: string };
  const headers = { authorization: `Basic ${Buffer.from(`technician:${statusPassword}`).toString("base64")}` };
  return (await (await fetch(`http://127.0.0.1:${port}/status.json`, { headers })).json()) as { alarms: string[]; epoch: number };
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 120_000; !(await holds()); await new Promise((done) => setTimeout(done, 250)))
    if (Date.now() > end) throw new Error("it did not come about in two minutes");
}

test("a living school: the drill finds it replaceable, its gateway dies, is replaced by the command, and no note is lost", async (t) => {
  const data = mkdtempSync(join(tmpdir(), "trapeza-replace-"));
  const running = await openSchool(data);
  const { cloud } = running.cloud;
  const clock = createRealClock();
  const old = join(data, "gateway");
  const to = join(data, "second");
  const purse = async (): Promise<number> =>
    Number((await cloud.library.book(school.number)).state.accounts.get(childrenOf(school)[0].id)?.additional);
  try {
    const kiosk = handAt(running.terminals[0], clock);
    const before = await purseWhenTold(purse);
    await feedNote(kiosk);
    await until(async () => (await purse()) === before + 10_000);

    const drill = await runTool("gateway", "drill", "--data", data);
    t.is(drill.code, 0, drill.said);
    t.regex(drill.said, /The gateway could be replaced now|Шлюз можно заменить/);
    t.log(drill.said);
    t.is((await cloud.store.gateways(school.number)).length, 1, "a drill touches nothing");

    await running.gateway.stop();
    // A note that only the kiosk knows of.
    await kiosk.until("Приложите", 30_000);
    await feedNote(kiosk, 2);
    const code = await runTool("gateway", "code", "--cloud", join(data, "cloud"), "--school", String(school.number));
    t.regex(code.said, /^([0-9A-Z]{4}-){4}[0-9A-Z]{4}\n$/);
    const replaced = await runTool("gateway", "replace", "--from", old, "--to", to, "--code", code.said.trim());
    t.is(replaced.code, 0, replaced.said);
    const living = await startProgram(to);
    await until(async () => (await purse()) === before + 20_000);
    t.is((await statusOf(living.httpPort, to)).epoch, 2);
    await living.stop();
    const verified = await runTool("verify", "--data", data, "--gateway", to);
    t.is(verified.code, 0, verified.said);
    t.log(verified.said);
    const again = await runTool("gateway", "replace", "--from", old, "--to", join(data, "third"), "--code", code.said.trim());
    t.is(again.code, 1, again.said);
    t.deepEqual(await cloud.verifyLedger(school.number), []);
  } finally {
    await running.close();
    rmSync(data, { recursive: true, force: true });
  }
});

/** What the purse holds once the school has been told everything. */
async function purseWhenTold(purse: () => Promise<number>): Promise<number> {
  await until(async () => Number.isFinite(await purse()));
  return purse();
}
