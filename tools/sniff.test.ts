import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { ccnet, encodePacket, id003, toHex } from "@trapeza/protocol";
import { openPseudoTerminal } from "@trapeza/simulators";
import { listened, until, whyNoPty } from "./_board.test.js";
import { run } from "./sniff.js";
import { parseLine } from "./sniff/text.js";

const onPty = whyNoPty === "" ? test.serial : test.serial.skip;
const named = (what: string): string => (whyNoPty === "" ? what : `${what} (${whyNoPty})`);
process.env.LANG = "en_GB.UTF-8";

const folder = mkdtempSync(join(tmpdir(), "trapeza-sniff-"));
test.after.always(() => rmSync(folder, { recursive: true }));

test.serial("what was written down is told in words, the endless asking only when asked for", async (t) => {
  const file = join(folder, "traffic.txt");
  const lines = [
    "# a kiosk in the morning",
    `09:41:07.100 → ccnet ${toHex(ccnet.command(ccnet.RESET))}`,
    `09:41:07.125 > ccnet ${toHex(ccnet.command(ccnet.POLL)).replace(/../g, "$& ")}`,
    `09:41:08.000 in ccnet ${toHex(ccnet.encodeFrame(new Uint8Array([0x81, 4])))}`,
    `out id003 ${toHex(id003.command(id003.ACK))}`,
    `09:41:09.000 out network ${toHex(encodePacket({ kind: "publish", topic: "t/3/u", payload: new Uint8Array(40) }))}`,
  ];
  writeFileSync(file, lines.join("\n"));
  const { code, said } = await listened(() => run(["--text", file]));
  t.is(code, 0);
  t.deepEqual(
    said.split("\n").map((line) => line.replace(/ {2}[0-9a-f…]+$/, "").trim()),
    [
      "09:41:07.100 → ccnet   reset",
      "09:41:08.000 ← ccnet   note in the cassette (4)",
      "→ id003   the note is booked",
      "09:41:09.000 → network MQTT: frame t/3/u, 40 bytes",
    ],
  );
  t.regex((await listened(() => run(["--text", file, "--all"]))).said, /how are you\?/);
});

test("a line of text is a burst or nothing", (t) => {
  t.like(parseLine("12:00 ← escpos 12"), { time: "12:00", traffic: { line: "escpos", direction: "in" } });
  for (const none of ["", "12:00 ccnet 02", "12:00 → mdb 02", "12:00 → ccnet 0", "12:00 → ccnet zz"]) t.is(parseLine(none), null, none);
});

onPty(named("two taps on a validator's wires are heard at once, pieces of a frame together"), async (t) => {
  const wires = ["out", "in"].map((name) => {
    const path = join(folder, name);
    let send: (bytes: Uint8Array) => void = () => undefined;
    const cable = openPseudoTerminal(path, { connect: (back) => void (send = back), receive: () => undefined });
    return { path, cable, send: (bytes: Uint8Array) => send(bytes) };
  });
  t.teardown(() => wires.forEach(({ cable }) => cable.kill("SIGTERM")));
  await until(() => wires.every(({ path }) => existsSync(path)));
  let end: (value?: unknown) => void = () => undefined;
  const ended = new Promise((done) => (end = done));
  const listening = listened(() => run(["--line", "ccnet", "--out", wires[0].path, "--in", wires[1].path], ended));
  await new Promise((done) => setTimeout(done, 300));
  const reset = ccnet.command(ccnet.RESET);
  wires[0].send(reset.slice(0, 3));
  wires[0].send(reset.slice(3));
  await new Promise((done) => setTimeout(done, 100));
  wires[1].send(ccnet.encodeFrame(new Uint8Array([0x80, 3])));
  await new Promise((done) => setTimeout(done, 200));
  end();
  const { code, said } = await listening;
  t.is(code, 0, said);
  t.regex(said, /→ ccnet +reset/);
  t.regex(said, /← ccnet +holds the note \(3\)/);
});

test.serial("between a terminal and its gateway everything goes through, and is told", async (t) => {
  const gateway = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.on("data", () => socket.write(encodePacket({ kind: "connack", code: 5 })));
  }).listen(0, "127.0.0.1");
  await once(gateway, "listening");
  t.teardown(() => gateway.close());
  const free = createServer().listen(0, "127.0.0.1");
  await once(free, "listening");
  const port = (free.address() as AddressInfo).port;
  await new Promise((done) => free.close(done));
  let end: (value?: unknown) => void = () => undefined;
  const ended = new Promise((done) => (end = done));
  const to = `127.0.0.1:${(gateway.address() as AddressInfo).port}`;
  const listening = listened(() => run(["--listen", String(port), "--to", to], ended));
  await new Promise((done) => setTimeout(done, 100));
  const terminal = connect(port, "127.0.0.1");
  await once(terminal, "connect");
  terminal.write(encodePacket({ kind: "connect", clientId: "3", keepAlive: 30, user: "3", password: new Uint8Array(8), will: null }));
  const [answer] = (await once(terminal, "data")) as [Buffer];
  t.deepEqual(new Uint8Array(answer), encodePacket({ kind: "connack", code: 5 }));
  terminal.destroy();
  await new Promise((done) => setTimeout(done, 50));
  end();
  const { said } = await listening;
  t.regex(said, /→ network MQTT: terminal connects 3/);
  t.regex(said, /← network MQTT: refused, code 5/);
  t.regex(said, /connection closed/);
});

test.serial("what is missing is told in one sentence", async (t) => {
  const empty = join(folder, "empty.txt");
  writeFileSync(empty, "nothing here\n");
  const cases: readonly [string[], RegExp][] = [
    [[], /Which wire/],
    [["--line", "ccnet"], /Which wire/],
    [["--text", join(folder, "none")], /cannot be opened/],
    [["--text", empty], /no traffic in/],
    [["--listen", "x", "--to", "127.0.0.1:1"], /"x" is no address/],
    [["--key", empty, "--text", empty], /no enrolment/],
  ];
  for (const [args, why] of cases) {
    const { code, said } = await listened(() => run(args, Promise.resolve()));
    t.is(code, 1, said);
    t.regex(said, why);
  }
});
