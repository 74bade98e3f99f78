import test from "ava";
import fc from "fast-check";
import { concat, fromHex, toHex } from "../wire/bytes.js";
import * as pn532 from "./pn532.js";

function bytes(text: string): Uint8Array {
  return fromHex(text.replace(/ /g, "")) as Uint8Array;
}

function scanAll(chunk: Uint8Array): pn532.Pn532Frame[] {
  return pn532.scan(pn532.createScanner(), chunk);
}

const commands: [string, Uint8Array, string][] = [
  ["GetFirmwareVersion", pn532.getFirmwareVersion(), "00 00 FF 02 FE D4 02 2A 00"],
  ["SAMConfiguration behind the wake-up", pn532.wakeAndConfigure().subarray(16), "00 00 FF 05 FB D4 14 01 14 01 02 00"],
  ["RFConfiguration MaxRetries", pn532.setPassiveRetries(0x10), "00 00 FF 06 FA D4 32 05 FF 01 10 E5 00"],
  ["InListPassiveTarget", pn532.listPassiveTarget(), "00 00 FF 04 FC D4 4A 01 00 E1 00"],
  ["InRelease", pn532.release(), "00 00 FF 03 FD D4 52 00 DA 00"],
  ["SetParameters", pn532.setParameters(), "00 00 FF 03 FD D4 12 14 06 00"],
  [
    "opening a sector with key B",
    pn532.exchange(pn532.authenticate(4, new Uint8Array(6).fill(255), "aabbcc11223344")),
    "00 00 FF 0F F1 D4 40 01 61 04 FF FF FF FF FF FF 11 22 33 44 E2 00",
  ],
  ["reading a block", pn532.exchange(pn532.readBlock(4)), "00 00 FF 05 FB D4 40 01 30 04 B7 00"],
  [
    "writing a block",
    pn532.exchange(pn532.writeBlock(4, new Uint8Array(16))),
    "00 00 FF 15 EB D4 40 01 A0 04 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 47 00",
  ],
  ["asking for the rest of an answer", pn532.exchange(new Uint8Array(0)), "00 00 FF 03 FD D4 40 01 EB 00"],
];

for (const [name, made, expected] of commands) {
  test(`the bytes of ${name} are those of the manual`, (t) => {
    t.is(toHex(made), toHex(bytes(expected)));
  });
}

test("acknowledgement, refusal and syntax error are told apart", (t) => {
  const kinds = scanAll(concat([pn532.ACK, pn532.NACK, pn532.ERROR])).map((frame) => frame.kind);
  t.deepEqual(kinds, ["ack", "nack", "error"]);
});

test("the firmware version is read out of its answer", (t) => {
  const [frame] = scanAll(bytes("00 00 FF 06 FA D5 03 32 01 06 07 E8 00"));
  if (frame.kind !== "data") return t.fail();
  t.is(frame.tfi, pn532.FROM_READER);
  t.deepEqual(pn532.decodeFirmwareVersion(frame.data), { ic: 0x32, version: 1, revision: 6 });
});

const targets: [string, string, pn532.Target][] = [
  ["no card in the field", "00 00 FF 03 FD D5 4B 00 E0 00", { kind: "none" }],
  [
    "a MIFARE Classic 1K",
    "00 00 FF 0C F4 D5 4B 01 01 00 04 08 04 11 22 33 44 24 00",
    { kind: "card", uid: "11223344", sak: 0x08, atqa: 0x0004 },
  ],
];

for (const [title, answer, expected] of targets) {
  test(`InListPassiveTarget: ${title}`, (t) => {
    const [frame] = scanAll(bytes(answer));
    if (frame.kind !== "data") return t.fail();
    t.deepEqual(pn532.decodeTarget(frame.data), expected);
  });
}

test("an answer about a target is malformed wherever it is cut, and with an impossible uid length", (t) => {
  const answer = bytes("4B 01 01 00 04 08 04 11 22 33 44");
  for (let cut = 0; cut < answer.length; cut++) t.is(pn532.decodeTarget(answer.subarray(0, cut)).kind, "malformed");
  t.is(pn532.decodeTarget(bytes("4B 01 01 00 04 08 05 11 22 33 44 55")).kind, "malformed");
});

test("a telephone's made-up uid is recognised", (t) => {
  t.true(pn532.isRandomUid("08a1b2c3"));
  t.false(pn532.isRandomUid("11223344"));
  t.false(pn532.isRandomUid("08112233445566"));
});

test("what a card said is told from why it said nothing", (t) => {
  t.deepEqual(pn532.decodeExchange(bytes("41 00 01 02")), { status: 0, more: false, data: bytes("01 02") });
  t.deepEqual(pn532.decodeExchange(bytes("41 40 01")), { status: 0, more: true, data: bytes("01") });
  t.deepEqual(pn532.decodeExchange(bytes("41 14")), { status: pn532.WRONG_KEY, more: false, data: bytes("") });
  t.is(pn532.decodeExchange(bytes("41")), null);
  t.is(pn532.decodeExchange(bytes("4B 00")), null);
});

const PICC = "EF963FF7828658A599F3041510671E88";
const MAC = "94EED9EE65337086";
const ascii = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

test("a card's message is found in its address, and nowhere else", (t) => {
  const found = bytes(PICC + MAC);
  t.deepEqual(pn532.sunIn(ascii(`\0\x4aU\x04school.example/t?p=${PICC}&m=${MAC}\0\0`)), found);
  t.deepEqual(pn532.sunIn(ascii(`bead.example/${PICC.toLowerCase()}&c=${MAC}`)), found);
  t.is(pn532.sunIn(ascii(`t?p=${PICC}&m=${MAC.slice(1)}`)), null);
  t.is(pn532.sunIn(ascii(`t?p=${PICC.slice(1)}&m=${MAC}`)), null);
  fc.assert(fc.property(fc.uint8Array({ maxLength: 128 }), (file) => [null, 24].includes(pn532.sunIn(file)?.length ?? null)));
});

const payload = fc.uint8Array({ maxLength: 264 });

test("every frame comes back whole, however the line cuts it", (t) => {
  fc.assert(
    fc.property(payload, fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1 }), (data, cuts) => {
      const line = concat([new Uint8Array([0x55, 0]), pn532.ACK, pn532.encodeFrame(pn532.FROM_READER, data)]);
      const scanner = pn532.createScanner();
      const frames: pn532.Pn532Frame[] = [];
      for (let at = 0, i = 0; at < line.length; i++) {
        const next = at + cuts[i % cuts.length];
        frames.push(...pn532.scan(scanner, line.subarray(at, next)));
        at = next;
      }
      t.deepEqual(frames, [{ kind: "ack" }, { kind: "data", tfi: pn532.FROM_READER, data }]);
    }),
  );
  t.pass();
});

test("a truncated frame is never taken for a whole one", (t) => {
  const frame = bytes("00 00 FF 0C F4 D5 4B 01 01 00 04 08 04 11 22 33 44 24");
  for (let cut = 0; cut < frame.length; cut++) t.deepEqual(scanAll(frame.subarray(0, cut)), []);
});

test("no single flipped bit passes as data, and the next frame is still found", (t) => {
  const frame = bytes("00 00 FF 0C F4 D5 4B 01 01 00 04 08 04 11 22 33 44 24 00");
  const good = { kind: "data", tfi: 0xd5, data: bytes("4B 01 01 00 04 08 04 11 22 33 44") };
  for (let bit = 8; bit < (frame.length - 1) * 8; bit++) {
    const broken = Uint8Array.from(frame);
    broken[bit >> 3] ^= 1 << (bit & 7);
    // A length that grew may swallow what follows; silence resets the scanner in the driver, here enough idle bytes do.
    const frames = scanAll(concat([broken, new Uint8Array(300), frame])).filter((found) => found.kind === "data");
    t.deepEqual(frames, [good] as pn532.Pn532Frame[]);
  }
});
