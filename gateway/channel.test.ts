import test from "ava";
import fc from "fast-check";
import { derive as derived, hmac, hmacKey, openFrame, sealFrame, toHex } from "@trapeza/protocol";
import { Channel } from "./channel.js";
import { cipher, derive, mac, sha256 } from "./cipher.js";
import { seededRandom } from "./journal/_journal.test.js";

const random = seededRandom("channel");
const keys = { encryption: random(16), tag: hmacKey(sha256, random(32)) };
const directions = ["up", "down"] as const;
const channels = Object.fromEntries(directions.map((direction) => [direction, new Channel(direction, keys)]));
const plain = (direction: "up" | "down") => ({ sha256, cipher, direction, ...keys });

const frame = fc.record({
  direction: fc.constantFrom(...directions),
  kind: fc.integer({ min: 2, max: 63 }),
  counter: fc.oneof(fc.nat(70), fc.integer({ min: 0, max: 4294967295 })),
  clear: fc.boolean(),
  body: fc.uint8Array({ maxLength: 300 }),
});

test("frames are sealed and opened as the protocol's own code does it, byte for byte", (t) => {
  fc.assert(
    fc.property(fc.array(frame, { maxLength: 8 }), (frames) => {
      for (const { direction, kind, counter, clear, body } of frames) {
        const sealed = channels[direction].seal(kind, counter, clear, body);
        t.is(toHex(sealed), toHex(sealFrame(plain(direction), kind, counter, clear, body)));
        const opened = channels[direction].open(() => clear, sealed);
        t.deepEqual(opened, { ok: true, kind, counter, body: Uint8Array.from(body) });
        t.deepEqual(
          openFrame(plain(direction), () => clear, sealed),
          opened,
        );
      }
    }),
    { numRuns: 200 },
  );
});

test("a flipped bit, a cut and the other direction's key are refused, and why", (t) => {
  const sealed = channels.up.seal(16, 7, false, random(40));
  const is = (bytes: Uint8Array) => channels.up.open(() => false, bytes);
  for (let bit = 0; bit < sealed.length * 8; bit++) {
    const flipped = sealed.slice();
    flipped[bit >> 3] ^= 1 << (bit & 7);
    t.deepEqual(
      is(flipped),
      openFrame(plain("up"), () => false, flipped),
      `bit ${bit}`,
    );
    t.false(is(flipped).ok);
  }
  for (let length = 0; length < sealed.length; length++) t.false(is(sealed.subarray(0, length)).ok);
  t.deepEqual(is(new Uint8Array(70_000).fill(64, 0, 1)), { ok: false, why: "tag" });
  const other = new Channel("up", { ...keys, tag: hmacKey(sha256, random(32)) });
  t.deepEqual(
    other.open(() => false, sealed),
    { ok: false, why: "tag" },
  );
});

test("a tag is the protocol's own, however long the message", (t) => {
  for (const length of [0, 1, 63, 64, 4095, 4096, 4097, 9000, 5]) {
    const message = new Uint8Array(length).map((_, i) => (i * 7 + length) & 255);
    t.is(toHex(mac(keys.tag, message)), toHex(hmac(sha256, keys.tag, message)), `${length} bytes`);
  }
});

test("a key is derived as the protocol derives it", (t) => {
  const [key, context] = [random(32), random(9)];
  for (const label of ["handle", "resume"]) t.is(toHex(derive(key, label, context)), toHex(derived(sha256, key, label, context)));
});
