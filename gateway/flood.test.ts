/** A school's network is everybody's: what a stranger, or a terminal gone mad, can do to the tills with a connection. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { connect } from "node:net";
import type { Socket } from "node:net";
import test from "ava";
import type { ExecutionContext } from "ava";
import { terminalId, topicFor } from "@trapeza/protocol";
import { createAdmission } from "./admission.js";
import { openBroker } from "./broker.js";
import { Line, LiveTerminal } from "./_live.test.js";
import { SECRET } from "./_school.test.js";

const KIOSK = terminalId(1);

async function opened(t: ExecutionContext) {
  const frames: number[] = [];
  const broker = await openBroker({
    ...{ host: "127.0.0.1", port: 0, log: { info: () => undefined, warn: () => undefined } },
    admit: createAdmission({ schoolSecret: SECRET, enrolmentOf: () => 1, connections: [], remember: () => undefined }),
    receive: (_, frame) => void frames.push(frame.length),
  });
  t.teardown(() => broker.close());
  return { broker, frames };
}

async function enters(port: number, boot = 1): Promise<Line | null> {
  const kiosk = new LiveTerminal(KIOSK, "payment");
  kiosk.speaker.bootEpoch = boot;
  const line = await Line.open(port).catch(() => null);
  line?.send({ kind: "connect", clientId: "1", keepAlive: 30, user: "1", password: kiosk.password(), will: null });
  return (await line?.next("connack"))?.code === 0 ? line : null;
}

const settled = (ms = 100): Promise<void> => new Promise((done) => setTimeout(done, ms));

function strangers(port: number, count: number, first: Uint8Array): Promise<Socket[]> {
  return Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise<Socket>((done) => {
          const socket = connect(port, "127.0.0.1", () => {
            socket.write(first);
            done(socket);
          });
          socket.on("error", () => done(socket));
        }),
    ),
  );
}

for (const [title, first] of [
  ["say nothing", new Uint8Array(0)],
  ["begin a packet and stop", Uint8Array.of(0x10)],
] as const) {
  test(`a thousand strangers who ${title} do not keep a till out`, async (t) => {
    const { broker } = await opened(t);
    const before = await enters(broker.port);
    const sockets = await strangers(broker.port, 1000, first);
    // Who comes while they are still coming in waits behind them; all have come in when only as many are left as there is room for.
    const left = (): number => sockets.filter((socket) => !socket.destroyed).length;
    for (let tries = 0; tries < 300 && left() > 128; tries++) await settled();
    t.true(left() <= 128, `${left()} strangers are still there`);
    t.false(before?.closed, "a till that is inside");
    const inside = await enters(broker.port, 2);
    t.truthy(inside, "a till that comes back");
    sockets.forEach((socket) => socket.destroy());
  });
}

test("random bytes, before and after the door, end nothing", async (t) => {
  const { broker } = await opened(t);
  let seed = 12345;
  const byte = (): number => (seed = (seed * 1103515245 + 12345) % 2147483648) % 256;
  for (let i = 0; i < 300; i++) {
    const line = i % 3 === 0 ? await enters(broker.port, i + 2) : await Line.open(broker.port);
    const bytes = Uint8Array.from({ length: 1 + (byte() % 60) }, byte);
    // Half of them are whole packets of every kind with a nonsensical inside.
    if (i % 2 === 0) {
      bytes[0] = (i * 7) % 256;
      if (bytes.length > 1) bytes[1] = bytes.length - 2;
    }
    line?.socket.write(bytes);
    await settled(3);
    line?.socket.destroy();
  }
  t.truthy(await enters(broker.port, 1000));
});

test("a second CONNECT, empty frames, a thousand subscriptions, acknowledgements of nothing", async (t) => {
  const { broker, frames } = await opened(t);
  const line = await enters(broker.port);
  line?.send({ kind: "publish", topic: topicFor(KIOSK, "up"), payload: new Uint8Array(0) });
  for (let tries = 0; tries < 100 && frames.length === 0; tries++) await settled();
  t.deepEqual(frames, [0]);
  for (let i = 0; i < 1000; i++) line?.send({ kind: "subscribe", id: 1 + i, topic: topicFor(KIOSK, "down") });
  for (const kind of [0x40, 0x50, 0x62, 0x70]) line?.socket.write(Uint8Array.of(kind, 2, 0, 1));
  await settled();
  line?.send({ kind: "connect", clientId: "2", keepAlive: 30, user: "2", password: new Uint8Array(24), will: null });
  await settled();
  t.truthy(await enters(broker.port, 2));
});

/**
 * What is still reachable: garbage that nobody has collected yet is no cost. Collected twice, because buffers that the first collection found
 * free are swept beside the program and count until the second begins.
 */
function heldBytes(): number {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  collect();
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

test("a terminal that does not read is cut off and costs no memory", async (t) => {
  const { broker } = await opened(t);
  const line = await enters(broker.port);
  line?.send({ kind: "subscribe", id: 1, topic: topicFor(KIOSK, "down") });
  await settled();
  line?.socket.pause();
  const before = heldBytes();
  for (let i = 0; i < 20000; i++) {
    broker.send(KIOSK, new Uint8Array(3000));
    if (i % 100 === 0) await settled(0);
  }
  for (let tries = 0; tries < 50 && broker.connected().length > 0; tries++) await settled();
  const kept = heldBytes() - before;
  t.true(kept < 10e6, `${kept} bytes of 60,000,000 are still held`);
  t.deepEqual(broker.connected(), []);
  line?.socket.destroy();
});
