import test from "ava";
import fc from "fast-check";
import { concat, fromHex, toHex } from "../wire/bytes.js";
import * as id003 from "./id003.js";

function bytes(text: string): Uint8Array {
  return fromHex(text.replace(/ /g, "")) as Uint8Array;
}

function scanAll(chunk: Uint8Array): id003.Id003Frame[] {
  return id003.scan(id003.createScanner(), chunk);
}

const hostFrames: [string, Uint8Array, string][] = [
  ["STATUS REQUEST", id003.command(id003.STATUS_REQUEST), "FC 05 11 27 56"],
  ["RESET", id003.command(id003.RESET), "FC 05 40 2B 15"],
  ["STACK-1", id003.command(id003.STACK_1), "FC 05 41 A2 04"],
  ["RETURN", id003.command(id003.RETURN), "FC 05 43 B0 27"],
  ["ACK", id003.command(id003.ACK), "FC 05 50 AA 05"],
  ["INHIBIT off", id003.inhibit(false), "FC 06 C3 00 04 D6"],
  ["INHIBIT on", id003.inhibit(true), "FC 06 C3 01 8D C7"],
];

for (const [name, made, expected] of hostFrames) {
  test(`the bytes of ${name} are the published ones`, (t) => {
    t.is(toHex(made), toHex(bytes(expected)));
  });
}

test("a mask forbids what it does not name", (t) => {
  t.is(toHex(id003.enable(0b0000_1110).subarray(2, 5)), "c0f100");
});

const statuses: id003.Status[] = [
  ...(["idling", "accepting", "stacking", "vend_valid", "stacked", "returning", "holding", "disabled", "initialize"] as const),
  ...(["power_up", "power_up_bill_in_acceptor", "power_up_bill_in_stacker", "stacker_full", "stacker_open"] as const),
  ...(["acceptor_jammed", "stacker_jammed", "paused", "cheated", "communication_error", "invalid_command", "ack"] as const),
].map((kind) => ({ kind }));
statuses.push({ kind: "escrow", billType: 0x63 }, { kind: "rejecting", reason: 0x79 }, { kind: "failure", code: 0xa2 });

test("every status is told and understood", (t) => {
  for (const status of statuses) t.deepEqual(id003.decodeStatus(id003.encodeStatus(status)), status);
});

test("a status without its detail, an unheard-of one and an empty one are unknown, which a driver takes for a failure", (t) => {
  for (const payload of ["13", "17", "49", "77 01"]) t.is(id003.decodeStatus(bytes(payload)).kind, "unknown");
  t.is(id003.decodeStatus(new Uint8Array(0)).kind, "unknown");
});

const BILLS: id003.Bill[] = [
  { billType: 0x62, valueKopecks: 1000, country: 0x52 },
  { billType: 0x63, valueKopecks: 5000, country: 0x52 },
  { billType: 0x64, valueKopecks: 10000, country: 0x52 },
];

test("what the escrow codes are worth, both ways", (t) => {
  t.deepEqual(id003.decodeCurrency(id003.encodeCurrency(BILLS)), BILLS);
  t.deepEqual(id003.decodeCurrency(bytes("8A 61 00 00 00 62 52 01 01")), [BILLS[0]]);
});

test("a list of values with a broken record, or none at all, is no list; impossible notes are left out", (t) => {
  t.is(id003.decodeCurrency(bytes("8A")), null);
  t.is(id003.decodeCurrency(bytes("8A 61 52 01")), null);
  t.is(id003.decodeCurrency(bytes("11 61 52 01 01")), null);
  t.deepEqual(id003.decodeCurrency(bytes("8A 61 52 01 08 60 52 01 01 69 52 01 01")), []);
});

test("frames are found however the line cuts them", (t) => {
  const line = concat(statuses.map((status) => id003.encodeFrame(id003.encodeStatus(status))));
  for (let step = 1; step <= 7; step++) {
    const scanner = id003.createScanner();
    const found: id003.Id003Frame[] = [];
    for (let at = 0; at < line.length; at += step) found.push(...id003.scan(scanner, line.subarray(at, at + step)));
    t.deepEqual(
      found.map((frame) => (frame.kind === "frame" ? id003.decodeStatus(frame.payload) : frame)),
      statuses,
    );
    t.is(scanner.pending.length, 0);
  }
});

test("a truncated frame is not a frame, and what follows it is heard", (t) => {
  const frame = id003.encodeFrame(id003.encodeCurrency(BILLS));
  for (let length = 0; length < frame.length; length++) {
    t.false(scanAll(frame.subarray(0, length)).some(({ kind }) => kind === "frame"));
    // The next command begins with a fresh scanner.
    t.deepEqual(scanAll(id003.command(id003.ACK)), [{ kind: "frame", payload: new Uint8Array([id003.ACK]) }]);
  }
});

test("no single flipped bit makes another frame", (t) => {
  for (const status of statuses) {
    const good = id003.encodeFrame(id003.encodeStatus(status));
    for (let bit = 0; bit < good.length * 8; bit++) {
      const bad = Uint8Array.from(good);
      bad[bit >> 3] ^= 1 << (bit & 7);
      t.false(scanAll(bad).some(({ kind }) => kind === "frame"));
    }
  }
});

test("noise of any kind is survived, and nothing piles up beyond one frame", (t) => {
  const scanner = id003.createScanner();
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (noise) => {
      for (const frame of id003.scan(scanner, noise)) {
        if (frame.kind !== "frame") continue;
        id003.decodeStatus(frame.payload);
        id003.decodeCurrency(frame.payload);
      }
      return scanner.pending.length < 256;
    }),
  );
  t.pass();
});
