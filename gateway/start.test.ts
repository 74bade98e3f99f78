import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import test from "ava";
import type { ExecutionContext } from "ava";
import Database from "better-sqlite3";
import { toHex } from "@trapeza/protocol";
import type { Up } from "@trapeza/protocol";
import { parseGatewayConfig } from "./config.js";
import { SEED } from "./journal/_journal.test.js";
import { AlreadyRunning } from "./lock.js";
import { startGateway } from "./start.js";
import type { RunningGateway } from "./start.js";
import { LiveTerminal } from "./_live.test.js";
import { KIOSK, openWorld, PUPIL, rub, SECRET, when } from "./_school.test.js";

const MAIN = fileURLToPath(new URL("./main.js", import.meta.url));

const PASSWORD = "five small keys";
const door = { headers: { authorization: `Basic ${Buffer.from(`school:${PASSWORD}`).toString("base64")}` } };

function settingsIn(dataDir: string): object {
  const keys = { schoolSecret: toHex(SECRET), gatewaySeed: toHex(SEED), statusPassword: PASSWORD };
  return { dataDir, house: "trapeza.example", school: 7, epoch: 1, mqttPort: 0, httpPort: 0, logLevel: "silent", ...keys };
}

function schoolOnDisk(): string {
  const dataDir = mkdtempSync(join(tmpdir(), "trapeza-start-"));
  openWorld(join(dataDir, "journal.sqlite")).journal.close();
  return dataDir;
}

async function started(t: ExecutionContext, dataDir: string): Promise<RunningGateway> {
  const running = await startGateway(parseGatewayConfig(settingsIn(dataDir)));
  t.teardown(() => running.close());
  return running;
}

/** Runs the program and waits for its end. */
function run(settings: object | string): { code: number | null; said: string } {
  const file = join(mkdtempSync(join(tmpdir(), "trapeza-run-")), "settings.json");
  writeFileSync(file, typeof settings === "string" ? settings : JSON.stringify(settings));
  const { status, stderr } = spawnSync(process.execPath, [MAIN, file], { encoding: "utf8", timeout: 20000 });
  return { code: status, said: stderr.trim() };
}

test("over real sockets: a note, and the status page that tells of it without names", async (t) => {
  const running = await started(t, schoolOnDisk());
  const kiosk = new LiveTerminal(KIOSK, "payment");
  t.true(await kiosk.start(running.mqttPort));
  const credited = await kiosk.ask({
    kind: "NoteStacked",
    n: 1,
    when,
    payee: { kind: "card", uid: PUPIL },
    purse: "main",
    note: rub(50),
    visit: 1,
  });
  t.is(credited?.kind, "Credited");
  const url = `http://127.0.0.1:${running.httpPort}`;
  const status = (await (await fetch(url + "/status.json", door)).json()) as ReturnType<typeof running.status>;
  t.like(status, {
    school: 7,
    alarms: [],
    cards: { refusedKey: 0, twoPlaces: 0 },
    terminals: [
      { terminal: 1, kind: "payment", connected: true },
      { connected: false, seenMs: null },
    ],
  });
  const page = await (await fetch(url, door)).text();
  t.regex(page, /<h1>Шлюз школы 7<\/h1>/);
  t.notRegex(page, /Ученик|Орлова|0242013137/);
  t.is((await fetch(url + "/journal")).status, 404);
  kiosk.stop();
});

test("asked to end it answers what it has taken, and takes nothing that it does not answer", async (t) => {
  const dataDir = schoolOnDisk();
  const running = await started(t, dataDir);
  const kiosk = new LiveTerminal(KIOSK, "payment");
  t.true(await kiosk.start(running.mqttPort));
  const note = (n: number): Up => ({
    kind: "NoteStacked",
    n,
    when,
    payee: { kind: "card", uid: PUPIL },
    purse: "main",
    note: rub(50),
    visit: n,
  });
  const before = running.status().journal.size;
  for (let n = 1; n <= 30; n++) kiosk.speaker.ask(note(n));
  while (running.status().journal.size === before) await new Promise((done) => setImmediate(done));
  await running.close();
  t.is(await kiosk.line?.next("connack"), null);
  t.true(kiosk.line?.closed);
  for (const packet of kiosk.line?.packets ?? [])
    if (packet.kind === "publish") kiosk.speaker.world.sent.push({ terminal: KIOSK, frame: packet.payload });
  kiosk.speaker.read();
  const credited = kiosk.speaker.heard.filter((down) => down.kind === "Reply" && down.result.kind === "Credited").length;
  const world = openWorld(join(dataDir, "journal.sqlite"), []);
  t.is(credited, world.journal.size - before);
  t.true(credited > 0);
  world.journal.close();
});

test("SIGTERM ends the program with 0", async (t) => {
  const file = join(mkdtempSync(join(tmpdir(), "trapeza-run-")), "settings.json");
  writeFileSync(file, "// For people.\n" + JSON.stringify(settingsIn(schoolOnDisk())));
  const child = spawn(process.execPath, [MAIN, file], { stdio: ["ignore", "pipe", "inherit"] });
  await once(child.stdout, "data");
  const gone = once(child, "exit");
  child.kill("SIGTERM");
  t.deepEqual(await gone, [0, null]);
});

test("a second gateway on the same data says so and leaves", async (t) => {
  const dataDir = schoolOnDisk();
  await started(t, dataDir);
  await t.throwsAsync(startGateway(parseGatewayConfig(settingsIn(dataDir))), { instanceOf: AlreadyRunning });
  t.deepEqual(run(settingsIn(dataDir)), { code: 78, said: "another gateway is running on the data in " + dataDir });
});

test("the program says in one line what is wrong with its settings", (t) => {
  const dataDir = schoolOnDisk();
  t.deepEqual(run({ ...settingsIn(dataDir), school: 0 }), { code: 78, said: "school is 0; it must be a whole number from 1 to 999999999" });
  t.regex(run("{ not json").said, /^TRAPEZA_GATEWAY_CONFIG is ".*"; it must be a file of well-formed JSON$/);
});

test("what nobody has caught ends the program with 70, not with Node's 1, which would not be begun again", (t) => {
  const file = join(mkdtempSync(join(tmpdir(), "trapeza-run-")), "settings.json");
  writeFileSync(file, JSON.stringify(settingsIn(schoolOnDisk())));
  const breaks = `process.on("newListener", (name) => { if (name === "uncaughtException") setImmediate(() => { throw new Error("broken"); }); });`;
  const flags = ["--import", "data:text/javascript," + encodeURIComponent(breaks)];
  const { status, stderr } = spawnSync(process.execPath, [...flags, MAIN, file], { encoding: "utf8", timeout: 60_000 });
  t.is(status, 70);
  t.regex(stderr, /^Error: broken\n/);
});

test("the program does not start on a damaged journal and names the first bad event", (t) => {
  const dataDir = schoolOnDisk();
  const database = new Database(join(dataDir, "journal.sqlite"));
  const event = database.prepare("SELECT event FROM entries_0 WHERE seq = 9").pluck().get() as Buffer;
  event[event.length - 1] ^= 4;
  database.prepare("UPDATE entries_0 SET event = ? WHERE seq = 9").run(event);
  database.close();
  const said = "the journal is damaged at event 9: its bytes do not give its leaf hash";
  t.deepEqual(run(settingsIn(dataDir)), { code: 78, said });
});

test("another key than the one that signed the journal does not open it", (t) => {
  const dataDir = schoolOnDisk();
  const world = openWorld(join(dataDir, "journal.sqlite"));
  world.journal.checkpoint(0);
  world.journal.close();
  const stranger = Uint8Array.from(SEED, (byte) => byte ^ 255);
  t.regex(run({ ...settingsIn(dataDir), gatewaySeed: toHex(stranger) }).said, /their signed checkpoint is not_signed$/);
});
