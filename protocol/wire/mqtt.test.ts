import test from "ava";
import fc from "fast-check";
import { concat, fromHex, latinBytes, toHex } from "./bytes.js";
import { encodePacket, scanPacket } from "./mqtt.js";
import type { Packet } from "./mqtt.js";

const packets: Packet[] = [
  { kind: "connect", clientId: "17", keepAlive: 30, user: "17", password: new Uint8Array(24).fill(9), will: null },
  {
    kind: "connect",
    clientId: "17",
    keepAlive: 30,
    user: "17",
    password: new Uint8Array(24),
    will: { topic: "t/17/u", payload: latinBytes("gone") },
  },
  { kind: "connack", code: 5 },
  { kind: "publish", topic: "t/17/u", payload: new Uint8Array(200).fill(0xab) },
  { kind: "subscribe", id: 300, topic: "t/17/d" },
  { kind: "suback", id: 300, code: 0 },
  { kind: "pingreq" },
  { kind: "pingresp" },
  { kind: "disconnect" },
];

test("every packet is scanned back to itself, whatever stands behind it", (t) => {
  for (const packet of packets) {
    const bytes = encodePacket(packet);
    t.deepEqual(scanPacket(concat([bytes, new Uint8Array([0xc0])])), { length: bytes.length, packet });
  }
});

test("a packet that has not come whole is waited for, byte by byte", (t) => {
  for (const packet of packets) {
    const bytes = encodePacket(packet);
    for (let length = 0; length < bytes.length; length++) t.is(scanPacket(bytes.subarray(0, length)), null);
  }
});

test("noise never throws", (t) => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), (noise) => {
      const scanned = scanPacket(noise);
      return scanned === null || scanned.length <= noise.length;
    }),
    { numRuns: 3000 },
  );
  t.pass();
});

test("the bytes are those of the standard (OASIS MQTT 3.1.1 §3)", (t) => {
  t.is(toHex(encodePacket({ kind: "publish", topic: "a/b", payload: latinBytes("x") })), "30060003612f6278");
  t.is(toHex(encodePacket({ kind: "subscribe", id: 10, topic: "a/b" })), "8208000a0003612f6200");
  t.deepEqual(scanPacket(fromHex("20020005")!), { length: 4, packet: { kind: "connack", code: 5 } });
  t.is(scanPacket(fromHex("3207000161000a7879")!)?.packet ?? null, null, "quality of service 1 is refused");
});
