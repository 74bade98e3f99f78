import test, { type ExecutionContext } from "ava";
import { WebSocket } from "ws";
import { createFlash } from "../board-flash.js";
import { createVirtualNetwork } from "../board-network.js";
import { createVirtualClock, type VirtualClock } from "../clock.js";
import type { Card } from "../card.js";
import { createTerminal, type Terminal } from "../terminal.js";
import { openBench, type Bench } from "./bench.js";

const CARD: Card = { uid: new Uint8Array([1, 2, 3, 4]), kind: "pupil", label: "Анна </script> Б." };
/** On a kiosk's pins: draws a red dot where it is touched, resets the acceptor once and asks it for ever. */
const PROGRAM =
  "g.setColor(1,0,0); function r(c){var a=SPI2.send([c,0,0],D5);return ((a[1]<<8)|a[2])>>3;}" +
  "function draw(){var x=Math.floor((r(0xd0)-200)*320/3500),y=Math.floor((r(0x90)-240)*240/3560); g.fillRect(x,y,x,y);}" +
  "setWatch(draw,D15,{repeat:true,edge:'falling'});" +
  "Serial2.setup(9600); setTimeout(function(){Serial2.write([2,3,6,0x30,0x41,0xb3]);},1000);" +
  "setInterval(function(){Serial2.write([2,3,6,0x33,0xda,0x81]);},50);";

interface Rig {
  readonly bench: Bench;
  readonly clock: VirtualClock;
  readonly terminal: Terminal;
}

async function rig(t: ExecutionContext): Promise<Rig> {
  const clock = createVirtualClock();
  const config = { terminal: 1, kind: "payment" as const, key: "00".repeat(32), host: "h", port: 1, school: 1 };
  const terminal = createTerminal({ config, clock, flash: createFlash(), network: createVirtualNetwork(clock), image: PROGRAM });
  terminal.board.powerOn();
  clock.advance(500);
  const bench = await openBench({ terminals: [terminal], cards: [CARD], port: 0, clock });
  t.teardown(() => bench.close());
  return { bench, clock, terminal };
}

/** A page's socket, and a way to wait for a message. */
async function visit(bench: Bench, headers: Record<string, string> = {}) {
  const socket = new WebSocket(bench.address.replace("http", "ws") + "/socket?lang=en", { headers });
  const heard: (Record<string, unknown> | Buffer)[] = [];
  socket.on("message", (data: Buffer, binary) => heard.push(binary ? data : (JSON.parse(data.toString()) as Record<string, unknown>)));
  await new Promise((done, failed) => socket.once("open", done).once("error", failed));
  const until = async (wanted: (message: Record<string, unknown> | Buffer) => boolean) => {
    for (let i = 0; i < 200; i++) {
      const found = heard.find(wanted);
      if (found) return found;
      await new Promise((done) => setTimeout(done, 10));
    }
    throw new Error("nothing of the kind was heard");
  };
  return { socket, until, heard: () => heard, act: (action: object) => socket.send(JSON.stringify(action)), forget: () => heard.splice(0) };
}

test("the page carries its words and data, and a card's name cannot break out of it", async (t) => {
  const { bench } = await rig(t);
  const russian = await (await fetch(bench.address)).text();
  t.true(russian.includes("Стенд"));
  t.false(russian.includes("Анна </script>"));
  t.true((await (await fetch(bench.address + "/?lang=en")).text()).includes("<h1>Bench</h1>"));
  t.is((await fetch(bench.address + "/page/bench.js")).status, 200);
  t.is((await fetch(bench.address + "/font/400Regular/PTSans_400Regular.ttf")).status, 200);
  t.is((await fetch(bench.address + "/page/../bench.ts")).status, 404);
});

test("a touch on the page is a touch on the panel, and the changed rows come back", async (t) => {
  const { bench, clock, terminal } = await rig(t);
  const page = await visit(bench);
  await page.until((message) => Buffer.isBuffer(message) && message.length === 4 + 320 * 240 * 2);
  page.forget();
  page.act({ kind: "touch", terminal: 0, x: 17, y: 99 });
  while (!terminal.touch.touched) await new Promise((done) => setTimeout(done, 5));
  clock.advance(10);
  const strip = (await page.until((message) => Buffer.isBuffer(message))) as Buffer;
  t.deepEqual([...strip.subarray(0, 4)], [0, 0, 99, 0]);
  t.is(strip.readUInt16LE(4 + 17 * 2), 0xf800);
  // A click is over at once; a finger is not.
  page.act({ kind: "release", terminal: 0 });
  page.act({ kind: "fault", terminal: 0, fault: "paper-near-end", on: true });
  await page.until((message) => !Buffer.isBuffer(message) && message.kind === "view" && String(message.faults) === "paper-near-end");
  t.true(terminal.touch.touched);
  clock.advance(200);
  t.false(terminal.touch.touched);
});

test("a clicked card lies on the reader for a second, the power switch works", async (t) => {
  const { bench, clock, terminal } = await rig(t);
  const page = await visit(bench);
  page.act({ kind: "present", terminal: 0, card: 0, stay: false });
  await page.until((message) => !Buffer.isBuffer(message) && message.kind === "view" && message.card === 0);
  clock.advance(1000);
  t.is(terminal.reader.card, null);
  page.act({ kind: "power", terminal: 0, on: false });
  await page.until((message) => !Buffer.isBuffer(message) && message.kind === "view" && message.powered === false);
  t.false(terminal.board.powered);
});

test("the wires are told in words: to who is there at once, to who comes later as history", async (t) => {
  const { bench, clock } = await rig(t);
  const page = await visit(bench);
  page.socket.send("not an action");
  clock.advance(1500);
  const isReset = (message: Record<string, unknown> | Buffer) =>
    !Buffer.isBuffer(message) && message.wire === "ccnet" && message.text === "reset";
  const line = await page.until(isReset);
  t.like(line, { kind: "line", terminal: 0, direction: "out", hex: "0203063041b3", routine: false });
  const later = await visit(bench);
  t.truthy(await later.until(isReset));
});

test("another site's page may not reach the switches", async (t) => {
  const { bench } = await rig(t);
  await t.throwsAsync(visit(bench, { origin: "http://evil.example" }));
});

test("what is written on the screen comes as text with its place", async (t) => {
  const { bench, clock, terminal } = await rig(t);
  terminal.board.screen.inscriptions = [{ text: "Готово", left: 8, top: 190, right: 90, bottom: 220 }];
  const page = await visit(bench);
  await page.until((message) => !Buffer.isBuffer(message) && message.kind === "view" && JSON.stringify(message.written).includes("Готово"));
  page.forget();
  terminal.board.powerOff();
  clock.advance(100);
  await page.until((message) => !Buffer.isBuffer(message) && message.kind === "view" && (message.written as unknown[]).length === 0);
  t.pass();
});

test("a newcomer is told what was of interest, not the endless asking", async (t) => {
  const { bench, clock } = await rig(t);
  clock.advance(30_000);
  const page = await visit(bench);
  await page.until((message) => !Buffer.isBuffer(message) && message.kind === "line" && message.text === "reset");
  t.false(page.heard().some((message) => !Buffer.isBuffer(message) && message.kind === "line" && message.routine === true));
});
