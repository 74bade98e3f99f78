import test from "ava";
import { concat, hd44780, toByteText } from "@trapeza/protocol";
import { createHd44780Twin } from "./hd44780.js";

const wakeUp = concat([hd44780.wake(), hd44780.setUp(), hd44780.turnOn()]);

test("dark until it is set up, then it shows what is written, in Russian too", (t) => {
  const twin = createHd44780Twin();
  t.deepEqual(twin.lines(), []);
  t.true(twin.write(wakeUp));
  t.deepEqual(twin.lines(), ["", "", "", ""]);
  twin.write(hd44780.line(0, "Pizza 125 g    34,50"));
  twin.write(hd44780.line(3, toByteText("Щи, 2 лжи")));
  t.deepEqual(twin.lines(), ["Pizza 125 g    34,50", "", "", "Щи, 2 лжи"]);
  twin.write(hd44780.line(0, "-"));
  t.is(twin.lines()[0], "-");
});

test("it is woken whatever it was doing: after four wires, and in the middle of a byte", (t) => {
  const twin = createHd44780Twin();
  twin.write(wakeUp);
  twin.write(hd44780.line(1, "before").slice(0, 26));
  twin.write(wakeUp);
  twin.write(hd44780.line(1, "after"));
  t.is(twin.lines()[1], "after");
});

test("unplugged it takes nothing and forgets", (t) => {
  const twin = createHd44780Twin();
  twin.write(wakeUp);
  twin.plugged = false;
  t.false(twin.write(hd44780.line(0, "x")));
  twin.plugged = true;
  t.deepEqual(twin.lines(), []);
});
