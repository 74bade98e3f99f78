import test from "ava";
import { pn532 } from "@trapeza/protocol";
import { createVirtualClock, type VirtualClock } from "../clock.js";
import { createPn532Twin, memoryOf, type Card, type Pn532Twin } from "./pn532.js";

const CARD: Card = { uid: new Uint8Array([0x11, 0x22, 0x33, 0x44]), kind: "pupil", label: "Анна" };
const KEY = [255, 255, 255, 255, 255, 255];

interface Rig {
  readonly clock: VirtualClock;
  readonly twin: Pn532Twin;
  /** Sends, waits and returns what came back: "ack", or the answer's data in hex. */
  ask(bytes: Uint8Array, ms?: number): string[];
}

function rig(): Rig {
  const clock = createVirtualClock();
  const twin = createPn532Twin(clock);
  const scanner = pn532.createScanner();
  const heard: string[] = [];
  twin.power?.(true);
  twin.connect((bytes) => {
    for (const frame of pn532.scan(scanner, bytes))
      heard.push(frame.kind === "data" ? Buffer.from(frame.data).toString("hex") : frame.kind);
  });
  return {
    clock,
    twin,
    ask(bytes, ms = 100) {
      heard.length = 0;
      twin.receive(bytes);
      clock.advance(ms);
      return [...heard];
    },
  };
}

/** InDataExchange with target 1. */
function exchange(...data: number[]): Uint8Array {
  return pn532.encodeFrame(pn532.FROM_HOST, new Uint8Array([pn532.IN_DATA_EXCHANGE, 1, ...data]));
}

test("it sleeps until wake-up and SAMConfiguration come in one burst", (t) => {
  const { ask } = rig();
  t.deepEqual(ask(pn532.getFirmwareVersion()), []);
  t.deepEqual(ask(pn532.wakeAndConfigure()), ["ack", "15"]);
  t.deepEqual(ask(pn532.getFirmwareVersion()), ["ack", "0332010607"]);
});

test("an empty field is told after the retries, a card at once", (t) => {
  const { ask, twin } = rig();
  ask(pn532.wakeAndConfigure());
  t.deepEqual(ask(pn532.setPassiveRetries(2)), ["ack", "33"]);
  t.deepEqual(ask(pn532.listPassiveTarget()), ["ack", "4b00"]);
  twin.present(CARD);
  t.deepEqual(ask(pn532.listPassiveTarget()), ["ack", "4b010100040804" + "11223344"]);
});

test("a search without limit ends when a card comes, or by an ACK from the host", (t) => {
  const { ask, clock, twin } = rig();
  ask(pn532.wakeAndConfigure());
  t.deepEqual(ask(pn532.listPassiveTarget(), 5000), ["ack"]);
  twin.present(CARD);
  twin.remove();
  twin.present(CARD);
  t.deepEqual(ask(new Uint8Array(0)), ["4b01010004080411223344"]);
  twin.remove();
  ask(pn532.listPassiveTarget());
  ask(pn532.ACK);
  twin.present(CARD);
  clock.advance(1000);
  t.deepEqual(ask(new Uint8Array(0)), []);
});

test("a sector opens only by its key, and an error halts the card", (t) => {
  const { ask, twin } = rig();
  ask(pn532.wakeAndConfigure());
  twin.present(CARD);
  ask(pn532.listPassiveTarget());
  t.deepEqual(ask(exchange(0x60, 4, 1, 2, 3, 4, 5, 6, ...CARD.uid)), ["ack", "4114"]);
  t.deepEqual(ask(exchange(0x60, 4, ...KEY, ...CARD.uid)), ["ack", "4127"]);
  ask(pn532.listPassiveTarget());
  t.deepEqual(ask(exchange(0x60, 4, ...KEY, ...CARD.uid)), ["ack", "4100"]);
  t.deepEqual(ask(exchange(0xa0, 4, ...new Array<number>(16).fill(7))), ["ack", "4100"]);
  t.deepEqual(ask(exchange(0x30, 4)), ["ack", "4100" + "07".repeat(16)]);
  t.deepEqual(ask(exchange(0x30, 8)), ["ack", "4114"]);
  t.is(memoryOf(CARD)[64], 7);
});

test("a card that leaves is not read any more", (t) => {
  const { ask, twin } = rig();
  ask(pn532.wakeAndConfigure());
  twin.present(CARD);
  ask(pn532.listPassiveTarget());
  twin.remove();
  t.deepEqual(ask(exchange(0x60, 4, ...KEY, ...CARD.uid)), ["ack", "4127"]);
});

test("a broken frame is not answered, a silent reader neither; NACK repeats the last answer", (t) => {
  const { ask, twin } = rig();
  ask(pn532.wakeAndConfigure());
  const broken = pn532.getFirmwareVersion();
  broken[6] ^= 1;
  t.deepEqual(ask(broken), []);
  ask(pn532.getFirmwareVersion());
  t.deepEqual(ask(pn532.NACK), ["0332010607"]);
  twin.silent = true;
  t.deepEqual(ask(pn532.getFirmwareVersion()), []);
});
