import test from "ava";
import fc from "fast-check";
import { concat, fromHex, latinBytes, toHex } from "../wire/bytes.js";
import * as ccnet from "./ccnet.js";

function bytes(text: string): Uint8Array {
  return fromHex(text.replace(/ /g, "")) as Uint8Array;
}

function scanAll(chunk: Uint8Array): ccnet.CcnetFrame[] {
  return ccnet.scan(ccnet.createScanner(), chunk);
}

test("the CRC is CRC-16/KERMIT by its published check value", (t) => {
  t.is(ccnet.crc16(latinBytes("123456789"), 0, 9), 0x2189);
});

const hostFrames: [string, Uint8Array, string][] = [
  ["RESET", ccnet.command(ccnet.RESET), "02 03 06 30 41 B3"],
  ["GET STATUS", ccnet.command(ccnet.GET_STATUS), "02 03 06 31 C8 A2"],
  ["POLL", ccnet.command(ccnet.POLL), "02 03 06 33 DA 81"],
  ["STACK", ccnet.command(ccnet.STACK), "02 03 06 35 EC E4"],
  ["RETURN", ccnet.command(ccnet.RETURN), "02 03 06 36 77 D6"],
  ["IDENTIFICATION", ccnet.command(ccnet.IDENTIFICATION), "02 03 06 37 FE C7"],
  ["HOLD", ccnet.command(ccnet.HOLD), "02 03 06 38 09 3F"],
  ["GET BILL TABLE", ccnet.command(ccnet.GET_BILL_TABLE), "02 03 06 41 4F D1"],
  ["ACK", ccnet.command(ccnet.ACK), "02 03 06 00 C2 82"],
  ["NAK", ccnet.command(ccnet.NAK), "02 03 06 FF BA 8D"],
  ["ENABLE all with escrow", ccnet.enableBillTypes(0xffffff), "02 03 0C 34 FF FF FF FF FF FF FE F7"],
  ["DISABLE", ccnet.enableBillTypes(0), "02 03 0C 34 00 00 00 00 00 00 17 0C"],
];

for (const [name, made, expected] of hostFrames) {
  test(`the bytes of ${name} are the published ones`, (t) => {
    t.is(toHex(made), toHex(bytes(expected)));
  });
}

test("the masks of bill types go most significant byte first", (t) => {
  t.is(toHex(ccnet.enableBillTypes(0x00fc01).subarray(4, 10)), "00fc0100fc01");
});

const answers: [string, ccnet.Status][] = [
  ["02 03 06 10 43 92", { kind: "power_up" }],
  ["02 03 06 11 CA 83", { kind: "power_up_bill_in_validator" }],
  ["02 03 06 12 51 B1", { kind: "power_up_bill_in_stacker" }],
  ["02 03 06 13 D8 A0", { kind: "initialize" }],
  ["02 03 06 14 67 D4", { kind: "idling" }],
  ["02 03 06 15 EE C5", { kind: "accepting" }],
  ["02 03 06 17 FC E6", { kind: "stacking" }],
  ["02 03 06 18 0B 1E", { kind: "returning" }],
  ["02 03 06 19 82 0F", { kind: "disabled" }],
  ["02 03 06 1A 19 3D", { kind: "holding" }],
  ["02 03 07 1B 0A 23 61", { kind: "busy", delayMs: 1000 }],
  ["02 03 07 1C 60 77 E0", { kind: "rejecting", reason: 0x60 }],
  ["02 03 07 1C 68 3F 6C", { kind: "rejecting", reason: 0x68 }],
  ["02 03 06 41 4F D1", { kind: "cassette_full" }],
  ["02 03 06 42 D4 E3", { kind: "cassette_out" }],
  ["02 03 06 43 5D F2", { kind: "validator_jammed" }],
  ["02 03 06 44 E2 86", { kind: "cassette_jammed" }],
  ["02 03 06 45 6B 97", { kind: "cheated" }],
  ["02 03 06 46 F0 A5", { kind: "paused" }],
  ["02 03 07 47 50 AB E6", { kind: "failure", code: 0x50 }],
  ["02 03 07 80 04 A8 75", { kind: "escrow", billType: 4 }],
  ["02 03 07 81 04 70 6C", { kind: "stacked", billType: 4 }],
  ["02 03 07 82 04 18 46", { kind: "returned", billType: 4 }],
  ["02 03 06 00 C2 82", { kind: "ack" }],
  ["02 03 06 FF BA 8D", { kind: "nak" }],
  ["02 03 06 30 41 B3", { kind: "illegal" }],
];

for (const [frame, status] of answers) {
  test(`${frame} says ${JSON.stringify(status)}, both ways`, (t) => {
    const [found] = scanAll(bytes(frame));
    if (found.kind !== "frame") return t.fail(found.what);
    t.deepEqual(ccnet.decodeStatus(found.payload), status);
    t.is(toHex(ccnet.encodeFrame(ccnet.encodeStatus(status))), toHex(bytes(frame)));
  });
}

test("a status nobody knows, or one without its second byte, is unknown and not nothing", (t) => {
  t.deepEqual(ccnet.decodeStatus(bytes("99")), { kind: "unknown", code: 0x99 });
  t.deepEqual(ccnet.decodeStatus(bytes("81")), { kind: "unknown", code: 0x81 });
  t.is(ccnet.decodeStatus(new Uint8Array(0)).kind, "unknown");
});

const table: ccnet.Bill[] = [
  { billType: 2, valueKopecks: 1000, currency: "RUS" },
  { billType: 3, valueKopecks: 5000, currency: "RUS" },
  { billType: 4, valueKopecks: 10000, currency: "RUS" },
  { billType: 12, valueKopecks: 20000, currency: "RUS" },
  { billType: 6, valueKopecks: 100000, currency: "RUS" },
];

test("a bill table comes back as it was written, empty records left out", (t) => {
  const payload = ccnet.encodeBillTable(table);
  t.is(payload.length, 120);
  t.is(toHex(payload.subarray(20, 25)), "0152555302");
  t.deepEqual(
    ccnet.decodeBillTable(payload),
    table.slice().sort((a, b) => a.billType - b.billType),
  );
  t.is(ccnet.decodeBillTable(payload.subarray(1)), null);
});

test("a coin divides, a fraction of a kopeck and an absurd exponent are no bill", (t) => {
  const payload = new Uint8Array(120);
  payload.set([50, 82, 85, 83, 0x82], 0);
  payload.set([5, 82, 85, 83, 0x83], 5);
  payload.set([1, 82, 85, 83, 0x20], 10);
  const coins = [{ billType: 0, valueKopecks: 50, currency: "RUS" }];
  t.deepEqual(ccnet.decodeBillTable(payload), coins);
  t.deepEqual(ccnet.decodeBillTable(ccnet.encodeBillTable(coins)), coins);
});

test("every frame comes back whole, however the line cuts it, also two glued ones", (t) => {
  const payload = fc.uint8Array({ minLength: 1, maxLength: 250 });
  fc.assert(
    fc.property(payload, payload, fc.integer({ min: 1, max: 30 }), (first, second, cut) => {
      const line = concat([new Uint8Array([0xff, 0]), ccnet.encodeFrame(first), ccnet.encodeFrame(second)]);
      const scanner = ccnet.createScanner();
      const frames: ccnet.CcnetFrame[] = [];
      for (let at = 0; at < line.length; at += cut) frames.push(...ccnet.scan(scanner, line.subarray(at, at + cut)));
      t.deepEqual(frames, [
        { kind: "frame", address: 3, payload: first },
        { kind: "frame", address: 3, payload: second },
      ]);
    }),
  );
});

test("a frame cut short waits, and no single flipped bit passes as a note", (t) => {
  const frame = bytes("02 03 07 81 04 70 6C");
  for (let cut = 0; cut < frame.length; cut++) t.deepEqual(scanAll(frame.subarray(0, cut)), []);
  for (let bit = 0; bit < frame.length * 8; bit++) {
    const broken = Uint8Array.from(frame);
    broken[bit >> 3] ^= 1 << (bit & 7);
    t.deepEqual(
      scanAll(broken).filter((found) => found.kind === "frame"),
      [],
    );
  }
});

test("lengths that cannot be are bad, and a long frame's length stands behind its command", (t) => {
  t.is(scanAll(bytes("02 03 05 33 DA 81"))[0].kind, "bad");
  const long = new Uint8Array(300);
  long.set([2, 3, 0, 0x50, 1, 0x2c]);
  const crc = ccnet.crc16(long, 0, 298);
  long.set([crc & 255, crc >> 8], 298);
  const [found] = scanAll(long);
  if (found.kind !== "frame") return t.fail(found.what);
  t.is(found.payload.length, 295);
});
