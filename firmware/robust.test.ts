/**
 * A device that has gone mad, a line full of noise, a flash full of nothing: no driver throws, hangs or grows, none believes in money that no frame has
 * proved, and each works again as soon as its device does.
 */
import { createHash } from "node:crypto";
import test from "ava";
import fc from "fast-check";
import { ccnet, concat, escpos, id003, pn532, xpt2046 } from "@trapeza/protocol/chip";
import type { AcceptorEvents } from "./acceptor.js";
import { createBenchClock, createBenchPort, type BenchClock, type BenchPort } from "./bench.js";
import type { Flash, Port } from "./board.js";
import { CCNET } from "./devices/ccnet.js";
import * as printers from "./devices/escpos.js";
import { ID003 } from "./devices/id003.js";
import * as readers from "./devices/pn532.js";
import { createTouch, startTouch } from "./devices/xpt2046.js";
import * as outbox from "./outbox.js";

const sha256 = (data: Uint8Array): Uint8Array => new Uint8Array(createHash("sha256").update(data).digest());

/** Bytes and numbers that a driver keeps, whatever it is made of. */
function weightOf(value: unknown, seen = new Set<unknown>()): number {
  if (value instanceof Uint8Array || typeof value === "string") return 1 + value.length;
  if (typeof value !== "object" || value === null || seen.has(value)) return 1;
  seen.add(value);
  return Object.values(value).reduce((sum: number, one) => sum + weightOf(one, seen), 1);
}

interface Started {
  /** The driver's own state. */
  readonly driver: object;
  /** What it told the terminal, in order. */
  readonly told: readonly string[];
}

interface Device {
  start(port: Port, clock: BenchClock): Started;
  /** Frames that such a device may send: they are damaged, repeated, cut and thrown in at the wrong time. */
  readonly words: readonly Uint8Array[];
  /** A device in order. */
  answer(written: Uint8Array): Uint8Array | null;
  /** Whether it works, some time after its device is in order again; `since`: what it told in that time. */
  isWell(driver: object, since: readonly string[]): boolean;
}

function acceptorEvents(told: string[]): AcceptorEvents {
  return {
    onOffered: (value) => told.push(`offered ${value}`),
    onStacked: (value) => told.push(`stacked ${value}`),
    onReturned: () => told.push("returned"),
    onUnresolved: () => told.push("unresolved"),
    onOddity: () => undefined,
    onHealth: (health) => told.push(health),
  };
}

const RUSSIAN: ccnet.Bill[] = [{ billType: 4, valueKopecks: 10_000, currency: "RUS" }];
const ccnetStatus = (status: ccnet.Status): Uint8Array => ccnet.encodeFrame(ccnet.encodeStatus(status));
const id003Status = (status: id003.Status): Uint8Array => id003.encodeFrame(id003.encodeStatus(status));

const DEVICES: Readonly<Record<string, Device>> = {
  ccnet: {
    start(port, clock) {
      const told: string[] = [];
      const driver = CCNET.start(port, clock, acceptorEvents(told), false);
      driver.wanted = true;
      return { driver, told };
    },
    words: [
      ...(["ack", "nak", "illegal", "power_up", "idling", "disabled", "paused", "cassette_out"] as const).map((kind) =>
        ccnetStatus({ kind }),
      ),
      ccnetStatus({ kind: "rejecting", reason: 0x68 }),
      ccnetStatus({ kind: "busy", delayMs: 25_500 }),
      ccnetStatus({ kind: "failure", code: 0x50 }),
      ccnet.encodeFrame(ccnet.encodeBillTable(RUSSIAN)),
    ],
    answer(written) {
      const frame = ccnet.scan(ccnet.createScanner(), written)[0];
      if (frame?.kind !== "frame" || frame.payload[0] === ccnet.ACK || frame.payload[0] === ccnet.NAK) return null;
      if (frame.payload[0] === ccnet.GET_BILL_TABLE) return ccnet.encodeFrame(ccnet.encodeBillTable(RUSSIAN));
      return ccnetStatus({ kind: frame.payload[0] === ccnet.POLL ? "disabled" : "ack" });
    },
    isWell: (driver) => (driver as { health: string }).health === "ok",
  },
  id003: {
    start(port, clock) {
      const told: string[] = [];
      const driver = ID003.start(port, clock, acceptorEvents(told), false);
      driver.wanted = true;
      return { driver, told };
    },
    words: [
      ...(["ack", "invalid_command", "power_up", "idling", "disabled", "paused", "stacker_open"] as const).map((kind) =>
        id003Status({ kind }),
      ),
      id003.encodeFrame(id003.encodeCurrency([{ billType: 0x64, valueKopecks: 10_000, country: 0x52 }])),
    ],
    answer(written) {
      const frame = id003.scan(id003.createScanner(), written)[0];
      if (frame?.kind !== "frame" || frame.payload[0] === id003.ACK) return null;
      if (frame.payload[0] === id003.STATUS_REQUEST) return id003Status({ kind: "disabled" });
      if (frame.payload[0] === id003.GET_CURRENCY)
        return id003.encodeFrame(id003.encodeCurrency([{ billType: 0x64, valueKopecks: 10_000, country: 0x52 }]));
      return [id003.RESET, id003.STACK_1, id003.RETURN].includes(frame.payload[0])
        ? id003.command(id003.ACK)
        : id003.encodeFrame(frame.payload);
    },
    isWell: (driver) => (driver as { health: string }).health === "ok",
  },
  pn532: {
    start(port, clock) {
      const told: string[] = [];
      const driver = readers.createReader(port, clock, {
        onCard: (uid) => told.push(`card ${uid}`),
        onGone: () => undefined,
        onStranger: () => undefined,
        onHealth: (health) => told.push(health),
      });
      readers.startReader(driver);
      return { driver, told };
    },
    words: [
      pn532.ACK,
      pn532.NACK,
      pn532.ERROR,
      pn532.encodeFrame(pn532.FROM_READER, new Uint8Array([pn532.SAM_CONFIGURATION + 1])),
      pn532.encodeFrame(pn532.FROM_READER, new Uint8Array([pn532.IN_LIST_PASSIVE_TARGET + 1, 0])),
      pn532.encodeFrame(pn532.FROM_READER, new Uint8Array([pn532.IN_DATA_EXCHANGE + 1, 0x41, 1, 2, 3])),
    ],
    answer(written) {
      const frame = pn532.scan(pn532.createScanner(), written).find((found) => found.kind === "data");
      if (!frame || frame.kind !== "data") return null;
      const rest = frame.data[0] === pn532.IN_LIST_PASSIVE_TARGET ? [1, 1, 0, 4, 8, 4, 0x11, 0x22, 0x33, 0x44] : [];
      return concat([pn532.ACK, pn532.encodeFrame(pn532.FROM_READER, new Uint8Array([frame.data[0] + 1, ...rest]))]);
    },
    isWell: (driver) => (driver as { present: string }).present === "11223344",
  },
  escpos: {
    start(port, clock) {
      const told: string[] = [];
      const driver = printers.createPrinter(port, clock, escpos.ANSWERS_AT_ONCE, { onPaper: (paper) => told.push(paper) });
      printers.startPrinter(driver);
      const print = (): void => {
        if (driver.jobs.length < 3)
          printers.printReceipt(driver, new Uint8Array(300).fill(65), (ok) => told.push(ok ? "printed" : "failed"));
        clock.after(5000, print);
      };
      print();
      return { driver, told };
    },
    words: [Uint8Array.of(0x12), Uint8Array.of(0x32), Uint8Array.of(0x7e), Uint8Array.of(0x13), Uint8Array.of(0x11)],
    answer(written) {
      const asks = escpos.scan(written).tokens.some((token) => token.kind === "ask_status");
      return asks ? Uint8Array.of(0x12) : null;
    },
    isWell: (_driver, since) => since.includes("printed"),
  },
};

/** What a mad device says next: bytes of nobody, its own words whole, damaged, cut short or glued together. */
function babble(device: Device): fc.Arbitrary<Uint8Array> {
  const word = fc.constantFrom(...device.words);
  const damaged = fc.tuple(word, fc.nat(200), fc.integer({ min: 1, max: 255 })).map(([sample, at, bits]) => {
    const out = sample.slice();
    out[at % out.length] ^= bits;
    return out;
  });
  const short = fc.tuple(word, fc.nat(200)).map(([sample, at]) => sample.slice(0, at % sample.length));
  return fc.oneof(
    fc.uint8Array({ maxLength: 80 }),
    word,
    damaged,
    short,
    fc.tuple(word, damaged).map(concat),
    fc.constant(new Uint8Array(600).fill(2)),
  );
}

/** What a driver may keep of what it has heard: the longest frame, and a little. */
const MOST_WEIGHT = 3000;
const MONEY = /^(offered|stacked)/;

for (const [name, device] of Object.entries(DEVICES)) {
  test(`${name}: hours of babble make its driver neither throw nor grow nor believe in money, and it recovers`, (t) => {
    const story = fc.array(fc.tuple(babble(device), fc.integer({ min: 0, max: 400 })), { minLength: 60, maxLength: 120 });
    fc.assert(
      fc.property(story, fc.boolean(), (said, answersToo) => {
        let isMad = true;
        const clock = createBenchClock();
        const port: BenchPort = createBenchPort(clock, (written) => (isMad && !answersToo ? null : device.answer(written)));
        const { driver, told } = device.start(port, clock);
        for (const [bytes, pauseMs] of said) {
          port.say(bytes);
          clock.advance(pauseMs);
          t.true(weightOf({ ...driver, port: 0, clock: 0, events: 0 }) < MOST_WEIGHT);
        }
        t.deepEqual(
          told.filter((one) => MONEY.test(one)),
          [],
        );
        isMad = false;
        const before = told.length;
        clock.advance(90_000);
        t.true(device.isWell(driver, told.slice(before)), told.slice(-5).join(", "));
      }),
      { numRuns: 25 },
    );
  });
}

test("pn532: a card whose answer never ends is let go before it fills the memory", (t) => {
  const clock = createBenchClock();
  const endless = [pn532.IN_DATA_EXCHANGE + 1, 0x40, ...new Uint8Array(200).fill(7)];
  const port = createBenchPort(clock, (written) => {
    const frame = pn532.scan(pn532.createScanner(), written).find((found) => found.kind === "data");
    if (!frame || frame.kind !== "data") return null;
    const [code] = frame.data;
    const target = [code + 1, 1, 1, 0, 4, pn532.SPEAKS_APDU, 4, 0x11, 0x22, 0x33, 0x44];
    const said = code === pn532.IN_DATA_EXCHANGE ? endless : code === pn532.IN_LIST_PASSIVE_TARGET ? target : [code + 1];
    return concat([pn532.ACK, pn532.encodeFrame(pn532.FROM_READER, new Uint8Array(said))]);
  });
  const told: string[] = [];
  const reader = readers.createReader(port, clock, {
    onCard: (uid, sun) => told.push(`card ${uid} ${String(sun)}`),
    onGone: () => told.push("gone"),
    onStranger: () => undefined,
    onHealth: () => undefined,
  });
  readers.startReader(reader);
  clock.advance(60_000);
  t.true((reader.part?.length ?? 0) < 1000);
  t.deepEqual(told, ["card 11223344 null"]);
});

test("xpt2046: a panel that answers anything gives no touch outside the screen", (t) => {
  const steady = fc.uint8Array({ minLength: 3, maxLength: 3 }).map((answer) => [answer]);
  const mad = fc.array(fc.uint8Array({ maxLength: 6 }), { minLength: 1, maxLength: 40 });
  /** A finger that rests, so that the property is never true for want of touches. */
  const finger: [Uint8Array[], boolean[]] = [[xpt2046.encodeReading(2000)], [true]];
  let touches = 0;
  fc.assert(
    fc.property(fc.oneof(steady, mad), fc.array(fc.boolean(), { minLength: 20 }), (answers, downs) => {
      const clock = createBenchClock();
      let at = 0;
      let run: () => void = () => {};
      const panel = {
        exchange: () => answers[at++ % answers.length],
        isDown: () => downs[at % downs.length],
        onDown: (one: () => void) => (run = one),
      };
      const touch = createTouch(panel, clock, xpt2046.TYPICAL, (x, y) => {
        touches++;
        t.true(x >= 0 && x < xpt2046.WIDTH && y >= 0 && y < xpt2046.HEIGHT, `${x}, ${y}`);
      });
      startTouch(touch);
      for (let i = 0; i < 20; i++) {
        run();
        clock.advance(200);
      }
    }),
    { numRuns: 60, examples: [finger] },
  );
  t.true(touches > 0);
});

const SECTORS = 4;
const SECTOR_BYTES = 512;

function flashOf(bytes: Uint8Array): Flash {
  return {
    sectors: SECTORS,
    sectorBytes: SECTOR_BYTES,
    read: (sector, offset, length) => bytes.slice(sector * SECTOR_BYTES + offset, sector * SECTOR_BYTES + offset + length),
    write: (sector, offset, data) => data.forEach((byte, i) => (bytes[sector * SECTOR_BYTES + offset + i] &= byte)),
    erase: (sector) => void bytes.fill(255, sector * SECTOR_BYTES, (sector + 1) * SECTOR_BYTES),
  };
}

test("a flash full of anything is opened, and works", (t) => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: SECTORS * SECTOR_BYTES, maxLength: SECTORS * SECTOR_BYTES }), (bytes) => {
      const box = outbox.openOutbox(flashOf(bytes), sha256);
      t.is(outbox.unsent(box), 0);
      const n = outbox.store(box, 16, Uint8Array.of(1, 2, 3), 0);
      t.is(outbox.stored(outbox.openOutbox(flashOf(bytes), sha256), n)?.body.join(), "1,2,3");
    }),
    { numRuns: 40 },
  );
});

test("one flipped bit anywhere in flash: no operation comes back as another one", (t) => {
  const bytes = new Uint8Array(SECTORS * SECTOR_BYTES).fill(255);
  const box = outbox.openOutbox(flashOf(bytes), sha256);
  const body = (n: number): Uint8Array => new Uint8Array(30).fill(n);
  for (let n = 1; n <= 9; n++) outbox.store(box, 16, body(n), 0);
  outbox.answered(box, 1, null);
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    // What was never written is one byte like the next.
    if (bytes[bit >> 3] === 255 && bit % 64 !== 0) continue;
    const damaged = bytes.slice();
    damaged[bit >> 3] ^= 1 << (bit & 7);
    const again = outbox.openOutbox(flashOf(damaged), sha256);
    for (let n = 1; n <= 9; n++) {
      const found = outbox.stored(again, n);
      if (found && (found.kind !== 16 || Buffer.compare(found.body, body(n)) !== 0)) t.fail(`bit ${bit} made operation ${n} another one`);
    }
    if (again.state.lastN > 9 || again.state.answeredUpTo > 1)
      t.fail(`bit ${bit}: ${again.state.lastN} operations, ${again.state.answeredUpTo} answered`);
  }
  t.pass();
});
