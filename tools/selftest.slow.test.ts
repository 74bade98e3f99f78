import { once } from "node:events";
import { createServer, type AddressInfo, type Server } from "node:net";
import test, { type ExecutionContext } from "ava";
import type { TerminalConfig } from "@trapeza/simulators";
import { deadPort, listened, openTerminalTwin, whyNoPty } from "./_board.test.js";
import { run as selftest } from "./selftest.js";

const onTwin = whyNoPty === "" ? test.serial : test.serial.skip;
const named = (what: string): string => (whyNoPty === "" ? what : `${what} (${whyNoPty})`);
process.env.LANG = "en_GB.UTF-8";

async function listen(t: ExecutionContext): Promise<number> {
  const server: Server = createServer((socket) => socket.on("error", () => undefined)).listen(0, "127.0.0.1");
  await once(server, "listening");
  t.teardown(() => server.close());
  return (server.address() as AddressInfo).port;
}

const configOf = (kind: TerminalConfig["kind"], port: number, more: Partial<TerminalConfig> = {}): TerminalConfig => ({
  ...{ terminal: 5, kind, key: "5a".repeat(32), host: "127.0.0.1", port, school: 24, ...more },
});

interface Result {
  readonly code: number;
  readonly said: string;
}

async function examine(path: string, args: readonly string[], doorPort: number): Promise<Result> {
  return listened(() => selftest(["--port", path, ...args], { answerMs: 800, knockMs: 800, doorPort }));
}

onTwin(named("a till with everything in its place passes, and its key is not told"), async (t) => {
  const bench = await openTerminalTwin(configOf("settlement", await listen(t), { ssid: "school", password: "hall pass" }));
  t.teardown(() => bench.close());
  const { code, said } = await examine(bench.path, [], await deadPort());
  t.is(code, 0, said);
  for (const line of [
    /✓ board +ESP32_CYD/,
    /✓ enrolment +settlement terminal 5/,
    /✓ files +as built here/,
    /✓ Bluetooth +off/,
    /✓ outbox +nothing unsent/,
    /✓ display +320 × 240/,
    /✓ touch panel +untouched/,
    /✓ card reader +PN532, firmware 1\.6/,
    /– bill validator +this terminal has none/,
    /✓ printer +clone-58: paper is there/,
    /✓ wireless network +school, 127\.0\.0\.1/,
    /✓ gateway +127\.0\.0\.1:\d+/,
    /✓ port 23 +shut/,
    /Nothing is wrong/,
  ])
    t.regex(said, line);
  t.false(said.includes("5a5a") || said.includes("hall pass"));
});

onTwin(named("what is broken is named, and what cannot be seen from here is no failure"), async (t) => {
  const bench = await openTerminalTwin(configOf("payment", await deadPort(), { line: "id003", ssid: "school" }));
  t.teardown(() => bench.close());
  bench.terminal.printer.paper = "end";
  bench.flash.writeFile("font-small", new Uint8Array([1, 2, 3]));
  const { code, said } = await examine(bench.path, [], await listen(t));
  t.is(code, 1, said);
  for (const line of [
    /✗ files +other than built here: font-small/,
    /– card reader +not looked at: this console has its line/,
    /✓ bill validator +ID003, .*; takes 10, 50, 100/,
    /✗ printer +clone-58: out of paper/,
    /✗ gateway +.* does not answer the board/,
    /✗ port 23 +OPEN/,
    /4 of the checks failed/,
  ])
    t.regex(said, line);
});

onTwin(named("a silent reader and a validator of the other line are told apart; --json says the same"), async (t) => {
  const bench = await openTerminalTwin(configOf("payment", await listen(t)));
  t.teardown(() => bench.close());
  // The unit inside speaks CCNET; the enrolment says otherwise.
  const config = { ...configOf("payment", await listen(t)), line: "id003" };
  bench.flash.writeFile("config", new Uint8Array(Buffer.from(JSON.stringify(config))));
  if (bench.terminal.acceptor) bench.terminal.acceptor.silent = false;
  bench.terminal.printer.silent = true;
  const { code, said } = await examine(bench.path, ["--json"], await deadPort());
  t.is(code, 1, said);
  const { good, checks } = JSON.parse(said) as { good: boolean; checks: { what: string; good: boolean | null; says: string }[] };
  t.false(good);
  const of = (what: string) => checks.find((check) => check.what === what);
  t.regex(of("bill validator")?.says ?? "", /speaks ccnet but is enrolled with id003: CCNET, .*; takes 10 RU/);
  t.like(of("printer"), { good: false, says: "clone-58: silent: wiring, supply, speed?" });
  t.like(of("port 23"), { good: null });
});
