import { createCipheriv, createDecipheriv } from "node:crypto";
import test from "ava";
import { cardUid, fromHex, pn532, verifySun } from "@trapeza/protocol";
import { createVirtualClock, type VirtualClock } from "../clock.js";
import { memoryOf } from "../card-mifare.js";
import { createNtag } from "../card-ntag.js";
import { cloneOf } from "../card-talk.js";
import type { Card } from "../card.js";
import { createPn532Twin, type Pn532Twin } from "./pn532.js";

const CARD: Card = { uid: new Uint8Array([0x11, 0x22, 0x33, 0x44]), kind: "pupil", label: "Анна" };
const aes = (create: typeof createCipheriv | typeof createDecipheriv) => (key: Uint8Array, block: Uint8Array) =>
  new Uint8Array(create("aes-128-ecb", key, null).setAutoPadding(false).update(block));
const KEY = [255, 255, 255, 255, 255, 255];

interface Rig {
  readonly clock: VirtualClock;
  readonly twin: Pn532Twin;
  /** Sends, waits and returns what came back: "ack", or the answer's data in hex. */
  ask(bytes: Uint8Array, ms?: number): string[];
}

function rig(patienceMs?: number): Rig {
  const clock = createVirtualClock();
  const twin = createPn532Twin(clock, patienceMs);
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

test("a patient reader is as quick as another while somebody may be there; then it looks for long, and still sees a card at once", (t) => {
  const { ask, twin } = rig(400);
  ask(pn532.wakeAndConfigure());
  ask(pn532.setPassiveRetries(2));
  const look = (ms: number): string => ask(pn532.listPassiveTarget(), ms).join(" ");
  for (let i = 0; i < 4; i++) t.is(look(20), "ack 4b00", `search ${i}`);
  t.is(look(390), "ack");
  t.is(look(405), "ack 4b00");
  t.is(look(200), "ack");
  twin.present(CARD);
  t.regex(ask(new Uint8Array(0), 10).join(" "), /^4b01.*11223344$/);
  twin.remove();
  t.is(look(20), "ack 4b00");
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

/** Selects what lies there and sends one exchange after the other; the answers' data without the acknowledgements. */
function talk({ ask }: Rig, ...requests: Uint8Array[]): string[] {
  ask(pn532.wakeAndConfigure());
  ask(pn532.listPassiveTarget());
  return requests.map((request) => ask(pn532.exchange(request))[1]);
}

const NEW = new Uint8Array(16).fill(7);

test("a sector's access bytes say which key may write; a sector that contradicts itself is dead", (t) => {
  const unit = rig();
  const card: Card = { ...CARD };
  memoryOf(card).set([...KEY, 0x78, 0x77, 0x88, 0x69, ...KEY], 7 * 16);
  unit.twin.present(card);
  const open = (which: number): Uint8Array => Uint8Array.of(which, 4, ...KEY, ...CARD.uid);
  t.deepEqual(talk(unit, open(0x60), pn532.readBlock(4), pn532.writeBlock(4, NEW)), ["4100", "4100" + "00".repeat(16), "4101"]);
  t.deepEqual(talk(unit, open(0x61), pn532.writeBlock(4, NEW), pn532.readBlock(4)), ["4100", "4100", "4100" + "07".repeat(16)]);
  memoryOf(card)[7 * 16 + 6] ^= 1;
  t.deepEqual(talk(unit, open(0x61)), ["4114"]);
});

test("a copy has every byte, and takes a new block 0 where the card does not", (t) => {
  const unit = rig();
  const request = [Uint8Array.of(0x60, 0, ...KEY, ...CARD.uid), pn532.writeBlock(0, NEW)];
  unit.twin.present(CARD);
  t.deepEqual(talk(unit, ...request), ["4100", "4101"]);
  const clone = cloneOf(CARD);
  t.deepEqual(memoryOf(clone), memoryOf(CARD));
  unit.twin.present(clone);
  t.deepEqual(talk(unit, ...request), ["4100", "4100"]);
});

test("a card pulled away at an exchange has heard it, or not, or holds a torn block", (t) => {
  const [before, after] = [new Uint8Array(16), NEW];
  const torn = Uint8Array.from(NEW, (byte, i) => (i < 5 ? byte : 0));
  for (const [tear, left] of [
    [null, before],
    [() => before, before],
    [() => after, after],
    [() => torn, torn],
  ] as const) {
    const unit = rig();
    const card: Card = { ...CARD };
    unit.twin.present(card);
    unit.twin.pull = { exchange: 2, tear };
    const open = Uint8Array.of(0x60, 4, ...KEY, ...CARD.uid);
    t.deepEqual(talk(unit, open, pn532.writeBlock(4, NEW), pn532.readBlock(4)), ["4100", "4101", "4127"]);
    t.deepEqual(memoryOf(card).subarray(64, 80), left);
  }
});

test("a hand that waits for the first write pulls there and nowhere else", (t) => {
  const unit = rig();
  const card: Card = { ...CARD };
  unit.twin.present(card);
  unit.twin.pull = { exchange: 1, tear: (_, after) => after, writes: true };
  const open = Uint8Array.of(0x60, 4, ...KEY, ...CARD.uid);
  const heads = (...requests: Uint8Array[]): string[] => talk(unit, open, ...requests).map((one) => one.slice(0, 4));
  t.deepEqual(heads(pn532.readBlock(4), pn532.readBlock(4), pn532.writeBlock(4, NEW)), ["4100", "4100", "4100", "4101"]);
  t.is(unit.twin.pull.exchange, 0);
  t.deepEqual(memoryOf(card).subarray(64, 80), NEW);
  unit.twin.present(card);
  t.deepEqual(heads(pn532.readBlock(4)), ["4100", "4100"], "once is enough");
});

test("a card taken away while it writes leaves all sorts of blocks, from card to card", (t) => {
  const left = new Set<string>();
  for (let i = 0; i < 40; i++) {
    const unit = rig();
    const card: Card = { ...CARD };
    unit.twin.present(card);
    talk(unit, Uint8Array.of(0x60, 4, ...KEY, ...CARD.uid));
    unit.ask(pn532.exchange(pn532.writeBlock(4, new Uint8Array(16).fill(i + 1))), 3);
    unit.twin.remove();
    unit.clock.advance(100);
    const block = memoryOf(card).subarray(64, 80);
    left.add(block.every((byte) => byte === 0) ? "old" : block.every((byte) => byte === i + 1) ? "new" : "torn");
  }
  t.deepEqual([...left].sort(), ["new", "old", "torn"]);
});

test("an NTAG 424 makes a message of its own each time it is selected and read, also in pieces", (t) => {
  const keys = { metaKey: new Uint8Array(16).fill(1), fileKey: new Uint8Array(16).fill(2) };
  const uid = Uint8Array.of(4, 1, 2, 3, 4, 5, 6);
  const card: Card = { uid, kind: "pupil", label: "Анна", sak: 0x20, ntag: createNtag({ uid, ...keys }) };
  const unit = rig();
  unit.twin.present(card);
  const whole = talk(unit, ...pn532.readNdef());
  t.deepEqual(whole.slice(0, 2), ["41009000", "41009000"]);
  // It does not answer to another search before it is let go.
  unit.ask(pn532.setPassiveRetries(2));
  t.deepEqual(unit.ask(pn532.listPassiveTarget()), ["ack", "4b00"]);
  unit.ask(pn532.release());
  unit.twin.pieceBytes = 60;
  const [, , first] = talk(unit, ...pn532.readNdef());
  t.true(first.startsWith("4140"));
  const pieces = [first, ...[0, 0].map(() => unit.ask(pn532.exchange(new Uint8Array(0)))[1])];
  t.true(pieces[2].startsWith("4100"));
  const suns = [whole[2].slice(4), pieces.map((piece) => piece.slice(4)).join("")].map((file) => pn532.sunIn(fromHex(file)!)!);
  const cipher = { encryptBlock: aes(createCipheriv), decryptBlock: aes(createDecipheriv) };
  t.deepEqual(
    suns.map((sun) =>
      verifySun(
        cipher,
        { metaKey: keys.metaKey, fileKeyFor: () => keys.fileKey },
        { picc: sun.slice(0, 16), data: new Uint8Array(0), mac: sun.slice(16) },
      ),
    ),
    [1, 2].map((counter) => ({ ok: true as const, uid: cardUid("04010203040506"), counter })),
  );
});
