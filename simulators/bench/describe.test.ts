import test from "ava";
import { ccnet, encodePacket, escpos, id003, pn532 } from "@trapeza/protocol";
import type { Traffic } from "../terminal.js";
import { describe } from "./describe.js";
import { ENGLISH } from "./words.en.js";
import { RUSSIAN } from "./words.ru.js";

const says = (line: Traffic["line"], direction: Traffic["direction"], bytes: Uint8Array): string => {
  const { text, routine } = describe({ line, direction, bytes }, ENGLISH);
  return routine ? text + " (routine)" : text;
};
const publish = encodePacket({ kind: "publish", topic: "t/3/u", payload: new Uint8Array(40) });
const target = pn532.encodeFrame(pn532.FROM_READER, new Uint8Array([0x4b, 1, 1, 0, 4, 8, 4, 0x11, 0x22, 0x33, 0x44]));

const TABLE: readonly [Traffic["line"], Traffic["direction"], Uint8Array, string][] = [
  ["pn532", "out", pn532.wakeAndConfigure(), "wake up and configure"],
  ["pn532", "out", pn532.listPassiveTarget(), "is there a card? (routine)"],
  ["pn532", "in", target, "card 11223344"],
  ["ccnet", "out", ccnet.command(ccnet.POLL), "how are you? (routine)"],
  ["ccnet", "out", ccnet.command(ccnet.RESET), "reset"],
  ["ccnet", "in", ccnet.command(ccnet.ILLEGAL), "not now"],
  ["ccnet", "out", ccnet.enableBillTypes(0b1101_0000), "take types 4, 6, 7"],
  ["ccnet", "in", ccnet.encodeFrame(new Uint8Array([0x81, 4])), "note in the cassette (4)"],
  ["ccnet", "in", new Uint8Array([2, 3, 6, 0x33, 0, 0]), "damaged frame"],
  ["id003", "out", id003.command(id003.STATUS_REQUEST), "how are you? (routine)"],
  ["id003", "in", id003.command(0x11), "waits for a note (routine)"],
  ["id003", "out", id003.enable(0b0000_1110), "take types 62, 63, 64"],
  ["id003", "out", id003.inhibit(true), "no notes now"],
  ["id003", "in", id003.encodeFrame(new Uint8Array([0x13, 0x63])), "holds the note (63)"],
  ["id003", "in", id003.command(0x15), "note in the cassette for good"],
  ["id003", "out", id003.command(id003.ACK), "the note is booked"],
  ["id003", "in", new Uint8Array([0xfc, 5, 0x11, 0, 0]), "damaged frame"],
  ["escpos", "out", escpos.askStatus(4), "is there paper? (routine)"],
  ["escpos", "in", new Uint8Array([0x12]), "all is well (routine)"],
  ["escpos", "in", new Uint8Array([0x72]), "state 01110010"],
  ["escpos", "out", escpos.cut(), "printing, 3 bytes, cut"],
  ["network", "out", publish, "MQTT: frame t/3/u, 40 bytes"],
  ["network", "in", encodePacket({ kind: "connack", code: 5 }), "MQTT: refused, code 5"],
  ["network", "out", encodePacket({ kind: "pingreq" }), "MQTT: still there? (routine)"],
  ["network", "close", new Uint8Array(0), "connection closed"],
  ["network", "in", new Uint8Array([1]), "1 bytes"],
];

for (const [line, direction, bytes, expected] of TABLE) {
  test(`${line} ${direction} ${Buffer.from(bytes).toString("hex").slice(0, 24)}: ${expected}`, (t) =>
    t.is(says(line, direction, bytes), expected));
}

test("both languages have words for every status and wire", (t) => {
  t.deepEqual(Object.keys(RUSSIAN.status), Object.keys(ENGLISH.status));
  t.deepEqual(Object.keys(RUSSIAN.wire), Object.keys(ENGLISH.wire));
  t.deepEqual(Object.keys(RUSSIAN.messages), Object.keys(ENGLISH.messages));
  t.deepEqual(Object.keys(RUSSIAN.cardKinds), Object.keys(ENGLISH.cardKinds));
});
