import { EventEmitter } from "node:events";
import type { Socket } from "node:net";
import test from "ava";
import { encodePacket } from "@trapeza/protocol";
import { createPacketScan, limitPackets } from "./packet-limit.js";

const publish = (length: number): Uint8Array => encodePacket({ kind: "publish", topic: "t/1/u", payload: new Uint8Array(length) });

test("packets are counted where they begin, however the bytes are cut, and a long one is seen by its header alone", (t) => {
  const bytes = Uint8Array.from([...publish(3), ...publish(300), 0xc0, 0, ...publish(4000)]);
  for (const step of [1, 2, 7, bytes.length]) {
    const scan = createPacketScan(4096);
    let begun = 0;
    for (let at = 0; at < bytes.length; at += step) begun += scan(bytes.subarray(at, at + step));
    t.is(begun, 4);
  }
  const scan = createPacketScan(4096);
  t.is(scan(publish(5000).subarray(0, 3)), -1);
  t.is(scan(Uint8Array.of(0)), -1, "and nothing after it is believed");
  t.is(createPacketScan(4096)(Uint8Array.of(0x30, 0xff, 0xff, 0xff, 0xff, 0xff)), -1, "a length without end");
});

/** A socket with bytes waiting in it. */
class Waiting extends EventEmitter {
  destroyed = false;
  readonly chunks: Uint8Array[] = [];
  read(): Uint8Array | null {
    return this.chunks.shift() ?? null;
  }
  destroy(): void {
    this.destroyed = true;
  }
}

test("who says too much is read again when it is due, and loses nothing", async (t) => {
  const socket = new Waiting();
  const time = { ms: 0 };
  limitPackets(socket as unknown as Socket, { maxBytes: 4096, perSecond: 100 }, () => time.ms);
  for (let i = 0; i < 3; i++) socket.chunks.push(Uint8Array.from(Array.from({ length: 70 }, () => [0xc0, 0]).flat()));
  t.is(socket.read()?.length, 140);
  t.is(socket.read()?.length, 140, "a second's worth may come at once");
  t.is(socket.read(), null);
  const woken = new Promise((done) => socket.once("readable", done));
  const alive = setTimeout(() => undefined, 10_000);
  await woken;
  clearTimeout(alive);
  t.is(socket.read(), null, "by its clock it is not due yet");
  time.ms = 1000;
  t.is(socket.read()?.length, 140);
  socket.chunks.push(publish(5000));
  time.ms = 60_000;
  t.is(socket.read(), null);
  t.true(socket.destroyed);
});
