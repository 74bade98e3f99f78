import test from "ava";
import { hd44780 } from "@trapeza/protocol/chip";
import { createBenchClock } from "../bench.js";
import { createCharacterDisplay, showLines } from "./hd44780.js";

function rig() {
  const clock = createBenchClock();
  const heard: Uint8Array[] = [];
  const bus = {
    there: true,
    write(address: number, bytes: Uint8Array) {
      if (!bus.there || address !== hd44780.ADDRESS) return false;
      heard.push(bytes);
      return true;
    },
    read: () => 255,
  };
  return { bus, clock, pass: clock.advance, heard: () => heard.splice(0) };
}

test("it is woken step by step, then the lines stand there, and only what changes is written", (t) => {
  const { bus, clock, pass, heard } = rig();
  const display = createCharacterDisplay(bus, clock);
  showLines(display, ["one", "two"]);
  t.deepEqual(heard(), []);
  pass(100);
  t.deepEqual(heard(), [hd44780.wake(), hd44780.setUp(), hd44780.turnOn(), hd44780.line(0, "one"), hd44780.line(1, "two")]);
  showLines(display, ["one", "three"]);
  t.deepEqual(heard(), [hd44780.line(1, "three")]);
  showLines(display, []);
  t.deepEqual(heard(), [hd44780.line(0, ""), hd44780.line(1, "")]);
});

test("a display that is not there is looked for again, and shows the last lines when it comes", (t) => {
  const { bus, clock, pass, heard } = rig();
  bus.there = false;
  const display = createCharacterDisplay(bus, clock);
  pass(25_000);
  showLines(display, ["here"]);
  bus.there = true;
  pass(10_100);
  t.deepEqual(heard().at(-1), hd44780.line(0, "here"));
  bus.there = false;
  showLines(display, ["gone"]);
  bus.there = true;
  pass(10_100);
  t.deepEqual(heard().at(-1), hd44780.line(0, "gone"));
});

test("a display that is pulled out is missed at once, though nothing changes on it, and no longer when it is back", (t) => {
  const { bus, clock, pass, heard } = rig();
  const display = createCharacterDisplay(bus, clock);
  t.true(showLines(display, ["one"]), "before it was looked for nobody has missed it");
  pass(100);
  heard();
  t.true(showLines(display, ["one"]));
  bus.there = false;
  t.false(showLines(display, ["one"]));
  bus.there = true;
  pass(10_100);
  t.true(showLines(display, ["one"]));
});
