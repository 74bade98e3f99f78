import test from "ava";
import type { ExecutionContext } from "ava";
import { encodePacket, terminalId, topicFor } from "@trapeza/protocol";
import { createAdmission } from "./admission.js";
import { openBroker } from "./broker.js";
import type { Broker } from "./broker.js";
import type { ConnectionRow } from "./journal/store.js";
import { Line, LiveTerminal } from "./_live.test.js";
import { SECRET } from "./_school.test.js";

const KIOSK = terminalId(1);
const silent = { info: () => undefined, warn: () => undefined };

interface Opened {
  readonly broker: Broker;
  readonly frames: { terminal: number; frame: string }[];
  readonly remembered: ConnectionRow[];
}

async function opened(t: ExecutionContext): Promise<Opened> {
  const frames: Opened["frames"] = [];
  const remembered: ConnectionRow[] = [];
  const admit = createAdmission({
    schoolSecret: SECRET,
    enrolmentOf: (terminal) => (terminal <= 2 ? 1 : null),
    connections: [],
    remember: (row) => void remembered.push(row),
  });
  const receive = (terminal: number, frame: Uint8Array): void => void frames.push({ terminal, frame: Buffer.from(frame).toString("hex") });
  const broker = await openBroker({ host: "127.0.0.1", port: 0, admit, receive, log: silent });
  t.teardown(() => broker.close());
  return { broker, frames, remembered };
}

async function knock(port: number, clientId: string, user: string, password: Uint8Array): Promise<{ line: Line; code: number | null }> {
  const line = await Line.open(port);
  line.send({ kind: "connect", clientId, keepAlive: 30, user, password, will: null });
  return { line, code: (await line.next("connack"))?.code ?? null };
}

const enter = async (port: number, terminal = new LiveTerminal(KIOSK, "payment")): Promise<Line> => {
  const { line, code } = await knock(port, String(terminal.id), String(terminal.id), terminal.password());
  if (code !== 0) throw new Error("not let in: " + code);
  return line;
};

/** Sockets take their time; a test waits for what must come and not for a while. Gives up after five seconds: the assertion behind it then tells. */
async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; tries < 250 && !holds(); tries++) await new Promise((done) => setTimeout(done, 20));
}

test("a terminal publishes to its own topic and hears its own", async (t) => {
  const { broker, frames } = await opened(t);
  const line = await enter(broker.port);
  line.send({ kind: "subscribe", id: 7, topic: topicFor(KIOSK, "down") });
  t.is((await line.next("suback"))?.code, 0);
  line.send({ kind: "publish", topic: topicFor(KIOSK, "up"), payload: Uint8Array.of(1, 2, 255) });
  await until(() => frames.length > 0);
  t.deepEqual(frames, [{ terminal: 1, frame: "0102ff" }]);
  broker.send(KIOSK, Uint8Array.of(9, 128));
  t.deepEqual(await line.next("publish"), { kind: "publish", topic: "t/1/d", payload: Uint8Array.of(9, 128) });
  broker.send(terminalId(2), Uint8Array.of(1));
  t.deepEqual(broker.connected(), [1]);
});

test("a password opens once, is durable before it opens, and a worse one puts nobody out", async (t) => {
  const { broker, remembered } = await opened(t);
  const kiosk = new LiveTerminal(KIOSK, "payment");
  const password = kiosk.password();
  const first = await knock(broker.port, "1", "1", password);
  t.is(first.code, 0);
  t.deepEqual(remembered, [{ terminal: 1, enrolment: 1, bootEpoch: 1, k: 1 }]);
  const forged = kiosk.password().map((byte, i) => (i === 20 ? byte ^ 1 : byte));
  for (const [clientId, user, bad] of [
    ["1", "1", password],
    ["1", "1", forged],
    ["1", "2", kiosk.password()],
    ["2", "2", kiosk.password()],
    ["77", "77", kiosk.password()],
    ["1", "1", new Uint8Array(0)],
  ] as const) {
    t.not((await knock(broker.port, clientId, user, bad)).code, 0);
  }
  t.false(first.line.closed, "the till that was there still is");
  const again = await knock(broker.port, "1", "1", kiosk.password());
  t.is(again.code, 0);
  t.is(await first.line.next("publish", 500), null);
  t.true(first.line.closed, "a better password takes over");
});

const misdeeds: { title: string; bytes: (line: Line) => void }[] = [
  { title: "another terminal's topic", bytes: (line) => line.send({ kind: "publish", topic: "t/2/u", payload: Uint8Array.of(1) }) },
  { title: "its own downward topic", bytes: (line) => line.send({ kind: "publish", topic: "t/1/d", payload: Uint8Array.of(1) }) },
  { title: "$SYS", bytes: (line) => line.send({ kind: "publish", topic: "$SYS/x/new/clients", payload: Uint8Array.of(0x31) }) },
  { title: "a deep topic", bytes: (line) => line.send({ kind: "publish", topic: "t/".repeat(150), payload: Uint8Array.of(1) }) },
  { title: "quality of service 1", bytes: (line) => line.socket.write(Uint8Array.of(0x32, 10, 0, 5, ...Buffer.from("t/1/u"), 0, 1, 5)) },
  { title: "a retained message", bytes: (line) => line.socket.write(Uint8Array.of(0x31, 8, 0, 5, ...Buffer.from("t/1/u"), 5)) },
  { title: "a packet of 5 kB", bytes: (line) => line.send({ kind: "publish", topic: "t/1/u", payload: new Uint8Array(5000) }) },
  { title: "a packet that announces 200 MB", bytes: (line) => line.socket.write(Uint8Array.of(0x30, 0xff, 0xff, 0xff, 0x5f)) },
];
for (const { title, bytes } of misdeeds) {
  test("hung up on, and nothing heard: " + title, async (t) => {
    const { broker, frames } = await opened(t);
    const line = await enter(broker.port);
    bytes(line);
    t.is(await line.next("publish", 2000), null);
    t.true(line.closed);
    t.deepEqual(frames, []);
    await enter(broker.port, Object.assign(new LiveTerminal(terminalId(2), "payment")));
  });
}

test("nobody listens to others", async (t) => {
  const { broker } = await opened(t);
  for (const [i, topic] of ["t/2/d", "#", "t/+/d", "$SYS/#", "t/1/u"].entries()) {
    const kiosk = new LiveTerminal(KIOSK, "payment");
    kiosk.speaker.bootEpoch = i + 1;
    const line = await enter(broker.port, kiosk);
    line.send({ kind: "subscribe", id: 1, topic });
    const granted = await line.next("suback", 500);
    t.true(granted === null || granted.code === 128, topic);
  }
});

test("who promises no sign of life, or too rarely, or wants its past kept, does not come in", async (t) => {
  const { broker } = await opened(t);
  const kiosk = new LiveTerminal(KIOSK, "payment");
  for (const keepAlive of [0, 121, 65535]) {
    const line = await Line.open(broker.port);
    line.send({ kind: "connect", clientId: "1", keepAlive, user: "1", password: kiosk.password(), will: null });
    t.not((await line.next("connack", 2000))?.code, 0, `keepalive ${keepAlive}`);
  }
  const lasting = encodePacket({ kind: "connect", clientId: "1", keepAlive: 30, user: "1", password: kiosk.password(), will: null });
  lasting[9] &= ~2;
  const line = await Line.open(broker.port);
  line.socket.write(lasting);
  t.not((await line.next("connack", 2000))?.code, 0, "not a clean session");
  t.deepEqual(broker.connected(), []);
});

test("a terminal that is gone without a word is noticed by its silence", async (t) => {
  const { broker } = await opened(t);
  const line = await Line.open(broker.port);
  const password = new LiveTerminal(KIOSK, "payment").password();
  line.send({ kind: "connect", clientId: "1", keepAlive: 1, user: "1", password, will: null });
  t.is((await line.next("connack"))?.code, 0);
  t.deepEqual(broker.connected(), [1]);
  await until(() => broker.connected().length === 0);
  t.deepEqual(broker.connected(), []);
});

test("a will is not carried, not even to its own topic", async (t) => {
  const { broker, frames } = await opened(t);
  const kiosk = new LiveTerminal(KIOSK, "payment");
  const line = await Line.open(broker.port);
  const will = { topic: "t/1/u", payload: Uint8Array.of(1) };
  line.send({ kind: "connect", clientId: "1", keepAlive: 30, user: "1", password: kiosk.password(), will });
  t.is((await line.next("connack"))?.code, 0);
  line.socket.destroy();
  await until(() => broker.connected().length === 0);
  t.deepEqual(broker.connected(), []);
  t.deepEqual(frames, []);
});
