import { createServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { openOutbox, OUTBOX_SECTORS, SECTOR_BYTES, store, unsent } from "@trapeza/firmware";
import { sha256, terminalKey } from "@trapeza/gateway";
import { packUp, toHex, type TerminalId } from "@trapeza/protocol";
import { createFlash, type Flash } from "@trapeza/simulators";
import { listened, openTwin, whyNoPty } from "./_board.test.js";
import { run as enrol } from "./enrol.js";

const onTwin = whyNoPty === "" ? test.serial : test.serial.skip;
const named = (what: string): string => (whyNoPty === "" ? what : `${what} (${whyNoPty})`);
process.env.LANG = "en_GB.UTF-8";
const run = (args: string[]): Promise<number> => enrol(args, { answerMs: 500, knockMs: 800 });

const SECRET = Buffer.from(sha256(new Uint8Array([7]))).toString("hex");
const keyOf = (terminal: number, enrolment: number): string =>
  toHex(terminalKey(new Uint8Array(Buffer.from(SECRET, "hex")), terminal as TerminalId, enrolment));

/** A gateway's settings and its status page. */
async function openGateway(t: ExecutionContext): Promise<string> {
  const terminals = [{ terminal: 3, kind: "information", place: "Hall", enrolment: 2 }];
  const server = createServer((request, response) => {
    const known = request.headers.authorization === `Basic ${Buffer.from("enrol:five small keys").toString("base64")}`;
    response.writeHead(known ? 200 : 401).end(known ? JSON.stringify({ terminals }) : "");
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const folder = mkdtempSync(join(tmpdir(), "trapeza-enrol-"));
  const settings = { dataDir: folder, house: "trapeza.example", school: 24, epoch: 1, schoolSecret: SECRET };
  const door = { httpPort: (server.address() as AddressInfo).port, statusPassword: "five small keys" };
  const rest = { gatewaySeed: toHex(sha256(new Uint8Array([8]))), mqttPort: 1883, ...door };
  writeFileSync(join(folder, "settings.json"), JSON.stringify({ ...settings, ...rest }));
  t.teardown(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });
  return folder;
}

/** The firmware's own outbox over a simulated flash. */
function outboxOn(flash: Flash) {
  return openOutbox(
    {
      ...{ sectors: OUTBOX_SECTORS, sectorBytes: SECTOR_BYTES },
      read: (sector, offset, length) => flash.raw.slice(sector * SECTOR_BYTES + offset, sector * SECTOR_BYTES + offset + length),
      write: (sector, offset, bytes) => flash.writeRaw(sector * SECTOR_BYTES + offset, bytes),
      erase: (sector) => flash.eraseRaw(sector),
    },
    sha256,
  );
}

const configIn = (flash: Flash) => JSON.parse(Buffer.from(flash.files.get("config") ?? []).toString("latin1")) as Record<string, unknown>;

onTwin(named("a board learns number, kind, key and gateway; the key is the gateway's own and is printed nowhere"), async (t) => {
  const gateway = await openGateway(t);
  const bench = await openTwin("ESP32_CYD");
  t.teardown(() => bench.close());
  process.env.TRAPEZA_WIFI_PASSWORD = "hall pass";
  t.teardown(() => delete process.env.TRAPEZA_WIFI_PASSWORD);
  const args = ["--gateway", gateway, "--terminal", "3", "--host", "10.0.0.2", "--ssid", "school", "--port", bench.path];
  const { code, said } = await listened(() => run(args));
  t.is(code, 0, said);
  const known = { terminal: 3, kind: "information", key: keyOf(3, 2), host: "10.0.0.2", port: 1883, school: 24 };
  t.deepEqual(configIn(bench.flash), { ...known, ssid: "school", password: "hall pass" });
  t.regex(said, /information terminal 3, its gateway is at 10\.0\.0\.2:1883/);
  t.false(said.includes(keyOf(3, 2)) || said.includes("hall pass"), said);
});

onTwin(named("in two steps: a file for another room, readable by its owner, gone once it is in the board"), async (t) => {
  const gateway = await openGateway(t);
  const bench = await openTwin("ESP32_CYD");
  t.teardown(() => bench.close());
  const file = join(gateway, "terminal-3.json");
  const saving = await listened(() => run(["--gateway", gateway, "--terminal", "3", "--host", "gate", "--to", file]));
  t.is(saving.code, 0, saving.said);
  t.is(statSync(file).mode & 0o777, 0o600);
  t.is((await listened(() => run(["--gateway", gateway, "--terminal", "3", "--host", "gate", "--to", file]))).code, 1, "never over a file");
  const special = ["--line", "id003", "--printer", "rongta-rp326", "--keypad", "4x3", "--signer", "ab".repeat(56)];
  const { code, said } = await listened(() => run(["--from", file, ...special, "--port", bench.path]));
  t.is(code, 0, said);
  t.false(existsSync(file));
  t.like(configIn(bench.flash), { key: keyOf(3, 2), host: "gate", line: "id003", keypad: "123 456 789 c0k ", signer: "ab".repeat(56) });
  t.like(configIn(bench.flash).printer, { name: "rongta-rp326", page: 7, columns: 48, traits: 14 });
});

onTwin(named("a board that owes its school something is not given another name, unless the loss is agreed to"), async (t) => {
  const gateway = await openGateway(t);
  const flash = createFlash();
  const outbox = outboxOn(flash);
  outbox.state.incarnation = 1;
  const when = { date: 0, sinceMs: 0, known: false } as const;
  const { kind, body } = packUp({ kind: "Receipt", n: 1, when, of: 0, outcome: "failed" });
  store(outbox, kind, body, 0);
  t.is(unsent(outboxOn(flash)), 1);
  const bench = await openTwin("ESP32_CYD", flash);
  t.teardown(() => bench.close());
  const args = ["--gateway", gateway, "--terminal", "3", "--host", "gate", "--port", bench.path];
  const refused = await listened(() => run(args));
  t.is(refused.code, 1);
  t.regex(refused.said, /holds 1 operations that its gateway has not got\./);
  t.false(flash.files.has("config"));
  t.is((await listened(() => run([...args, "--unsent-lost"]))).code, 0);
  t.true(flash.raw.every((byte) => byte === 0xff));
  // The same terminal with the same key may owe what it likes: it gets another gateway's address.
  const again = outboxOn(flash);
  again.state.incarnation = 1;
  store(again, kind, body, 0);
  t.is((await listened(() => run([...args.slice(0, 4), "--host", "other", ...args.slice(6)]))).code, 0);
  t.is(unsent(outboxOn(flash)), 1);
});

onTwin(
  named("the same terminal of the same school gets a new key and keeps what it has not told yet; another school's keeps nothing"),
  async (t) => {
    const gateway = await openGateway(t);
    for (const [school, code] of [
      [24, 0],
      [25, 1],
    ]) {
      const flash = createFlash();
      const before = { terminal: 3, kind: "information", key: keyOf(3, 1), host: "gate", port: 1883, school };
      (flash.files as Map<string, Uint8Array>).set("config", new Uint8Array(Buffer.from(JSON.stringify(before))));
      const outbox = outboxOn(flash);
      outbox.state.incarnation = 1;
      const when = { date: 0, sinceMs: 0, known: false } as const;
      const { kind, body } = packUp({ kind: "Receipt", n: 1, when, of: 0, outcome: "failed" });
      store(outbox, kind, body, 0);
      const bench = await openTwin("ESP32_CYD", flash);
      const enrolled = await listened(() => run(["--gateway", gateway, "--terminal", "3", "--host", "gate", "--port", bench.path]));
      await bench.close();
      t.is(enrolled.code, code, enrolled.said);
      t.is(configIn(flash).key, keyOf(3, code === 0 ? 2 : 1));
      t.is(unsent(outboxOn(flash)), 1);
    }
  },
);

test.serial("what cannot be right is told in one sentence, and no secret with it", async (t) => {
  const gateway = await openGateway(t);
  const file = join(gateway, "broken.json");
  writeFileSync(file, `{"terminal":3,"key":"${keyOf(3, 2)}"`);
  const cases: readonly [string[], RegExp][] = [
    [[], /Whose terminal/],
    [
      ["--gateway", gateway, "--terminal", "9", "--host", "x"],
      /knows no terminal 9\. The office adds it; there are: 3 \(information, Hall\)/,
    ],
    [["--gateway", gateway, "--terminal", "0"], /--terminal is "0"/],
    [["--gateway", gateway, "--terminal", "3"], /listens on 127\.0\.0\.1, where no board finds it/],
    [["--gateway", join(gateway, "nowhere"), "--terminal", "3"], /cannot be opened/],
    [["--from", file, "--port", "x"], /no enrolment/],
    [["--from", file, "--line", "mdb"], /--line is "mdb"/],
    [["--from", file, "--printer", "typewriter"], /--printer is "typewriter"; it may be clone-58, /],
    [["--gateway", gateway, "--terminal", "3", "--host", "x", "--signer", "abcd", "--port", "x"], /must be 112 hex digits/],
  ];
  for (const [args, why] of cases) {
    const { code, said } = await listened(() => run(args));
    t.is(code, 1, said);
    t.regex(said, why);
    t.false(said.includes(keyOf(3, 2)) || said.includes(SECRET));
  }
  t.true(readFileSync(file, "utf8").length > 0, "a file that was not used stays");
});
