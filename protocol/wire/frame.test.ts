import test from "ava";
import fc from "fast-check";
import { latinBytes, toHex } from "./bytes.js";
import { cipher, sha256 } from "./_cipher.test.js";
import { openFrame, openHandshake, peek, sealFrame, sealHandshake } from "./frame.js";
import type { Channel } from "./frame.js";
import { helloKey, mqttPassword, sessionKeys, terminalNonce } from "./session.js";

const terminalKey = sha256(latinBytes("a terminal"));
const keys = sessionKeys(sha256, terminalKey, latinBytes("hello"), latinBytes("welcome"));
const up: Channel = { sha256, cipher, direction: "up", encryption: keys.upEncryption, tag: keys.upTag };
const secret = (): boolean => false;

test("a sealed frame opens to what went in, and shows neither in between", (t) => {
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 63 }),
      fc.nat(0xffffffff),
      fc.uint8Array({ minLength: 8, maxLength: 60 }),
      (kind, counter, body) => {
        const frame = sealFrame(up, kind, counter, false, body);
        const opened = openFrame(up, secret, frame);
        t.is(frame.length, body.length + 13);
        t.false(toHex(frame).includes(toHex(body)));
        return opened.ok && opened.kind === kind && opened.counter === counter && toHex(opened.body) === toHex(body);
      },
    ),
  );
});

test("one flipped bit anywhere, and the frame is nobody's", (t) => {
  const frame = sealFrame(up, 16, 7, false, latinBytes("five dishes and a tap handle"));
  for (let bit = 0; bit < frame.length * 8; bit++) {
    const bent = frame.slice();
    bent[bit >> 3] ^= 1 << (bit & 7);
    t.false(openFrame(up, secret, bent).ok);
  }
});

test("cut anywhere, the frame is nobody's", (t) => {
  const frame = sealFrame(up, 16, 7, false, latinBytes("five dishes"));
  for (let length = 0; length < frame.length; length++) t.false(openFrame(up, secret, frame.subarray(0, length)).ok);
  t.is(peek(frame.subarray(0, 12)), null);
});

test("a frame sent up is not accepted as one sent down, nor under another session's keys", (t) => {
  const frame = sealFrame(up, 16, 7, false, latinBytes("order"));
  const down: Channel = { ...up, direction: "down", encryption: keys.downEncryption, tag: keys.downTag };
  const other = sessionKeys(sha256, terminalKey, latinBytes("hello"), latinBytes("welcomf"));
  t.false(openFrame(down, secret, frame).ok);
  t.false(openFrame({ ...up, tag: other.upTag }, secret, frame).ok);
});

test("the same body under two counters gives two cipher texts", (t) => {
  const body = latinBytes("the same order");
  t.not(toHex(sealFrame(up, 16, 1, false, body).slice(5, -8)), toHex(sealFrame(up, 16, 2, false, body).slice(5, -8)));
});

test("handshake frames are bound to their direction and their key", (t) => {
  const key = helloKey(sha256, terminalKey);
  const frame = sealHandshake(sha256, key, "up", latinBytes("body"));
  const opened = openHandshake(sha256, key, "up", frame);
  t.true(opened.ok && toHex(opened.body) === toHex(latinBytes("body")));
  t.false(openHandshake(sha256, key, "down", frame).ok);
  t.false(openHandshake(sha256, helloKey(sha256, sha256(terminalKey)), "up", frame).ok);
  for (let length = 0; length < frame.length; length++) t.false(openHandshake(sha256, key, "up", frame.subarray(0, length)).ok);
});

test("passwords and nonces differ with every boot and every attempt", (t) => {
  const seen = new Set<string>();
  for (let boot = 1; boot <= 4; boot++) {
    for (let k = 0; k < 4; k++) {
      seen.add(toHex(mqttPassword(sha256, terminalKey, boot, k)));
      seen.add(toHex(terminalNonce(sha256, terminalKey, boot, k, new Uint8Array(0))));
    }
  }
  t.is(seen.size, 32);
});
