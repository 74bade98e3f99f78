import test from "ava";
import { keypad } from "@trapeza/protocol/chip";
import { createBenchClock } from "../bench.js";
import { startKeypad } from "./keypad.js";

/** The looks fall on every thirtieth millisecond. */
const LOOK_MS = 30;

function rig(downAtStart = 0) {
  const clock = createBenchClock();
  const pad = { map: downAtStart, there: true, hears: true, written: 255 };
  const story: (number | string)[] = [];
  const bus = {
    write(address: number, bytes: Uint8Array) {
      if (!pad.there || address !== keypad.ADDRESS) return false;
      pad.written = bytes[0];
      return true;
    },
    read() {
      let columns = 0;
      for (let row = 0; row < 4; row++) if (((pad.written >> row) & 1) === 0) columns |= (pad.map >> (row * 4)) & 15;
      return 255 - (columns << 4);
    },
  };
  startKeypad(
    bus,
    clock,
    (place) => story.push(place),
    (health) => {
      if (pad.hears) story.push(health);
      return pad.hears;
    },
  );
  const pass = (ms: number): (number | string)[] => {
    clock.advance(ms);
    return story.splice(0);
  };
  pass(2 * LOOK_MS);
  return { pad, pass };
}

const bit = (...places: number[]): number => places.reduce((map, place) => map | (1 << place), 0);

test("each key is told by its place, once, however long it is held", (t) => {
  const { pad, pass } = rig();
  for (let place = 0; place < 16; place++) {
    pad.map = bit(place);
    t.deepEqual(pass(2000), [place]);
    pad.map = 0;
    t.deepEqual(pass(100), []);
  }
});

test("what is read only once is a bounce, when a key goes down and when it comes up", (t) => {
  const { pad, pass } = rig();
  for (const map of [bit(5), 0, bit(5), 0]) {
    pad.map = map;
    t.deepEqual(pass(LOOK_MS), []);
  }
  pad.map = bit(5);
  t.deepEqual(pass(100), [5]);
  for (const map of [0, bit(5), 0, bit(5)]) {
    pad.map = map;
    t.deepEqual(pass(LOOK_MS), [], "and held on to all the time");
  }
  t.deepEqual(pass(100), []);
});

test("two keys at once are none, one after the other are two", (t) => {
  const { pad, pass } = rig();
  pad.map = bit(1, 2);
  t.deepEqual(pass(100), []);
  pad.map = 0;
  pass(100);
  pad.map = bit(1);
  t.deepEqual(pass(100), [1]);
  pad.map = bit(1, 2);
  t.deepEqual(pass(100), [2], "a fast finger is down before the slow one is up");
});

test("a stuck key is reported and hinders no other", (t) => {
  const { pad, pass } = rig();
  pad.map = bit(9);
  t.deepEqual(pass(40_000), [9, "stuck"]);
  pad.map = bit(9, 3);
  t.deepEqual(pass(100), ["ok", 3]);
  pad.map = bit(9);
  t.deepEqual(pass(100), []);
  pad.map = bit(9, 12);
  t.deepEqual(pass(100), [12]);
});

test("what is down when the keypad comes is not told", (t) => {
  const { pad, pass } = rig(bit(7));
  t.deepEqual(pass(1000), []);
  pad.map = 0;
  pass(100);
  pad.map = bit(7);
  t.deepEqual(pass(100), [7]);
});

test("one that is not there is looked for again, and told of as soon as somebody hears it", (t) => {
  const { pad, pass } = rig();
  pad.there = false;
  pad.hears = false;
  t.deepEqual(pass(15_000), []);
  pad.hears = true;
  t.deepEqual(pass(10_000), ["silent"]);
  pad.there = true;
  pad.map = bit(4);
  t.deepEqual(pass(11_000), ["ok"]);
  pad.map = 0;
  pass(100);
  pad.map = bit(4);
  t.deepEqual(pass(100), [4]);
});
