import test from "ava";
import { xpt2046 } from "@trapeza/protocol";
import { createPinBank } from "../board-pin.js";
import { createXpt2046Twin } from "./xpt2046.js";

test("every corner and the middle come back as the pixel that was touched", (t) => {
  const pins = createPinBank();
  const twin = createXpt2046Twin(pins, 36);
  for (const [x, y] of [
    [0, 0],
    [319, 239],
    [319, 0],
    [0, 239],
    [160, 120],
  ]) {
    twin.touch(x, y);
    const rawX = xpt2046.decodeReading(twin.transfer(xpt2046.request(xpt2046.READ_X))) ?? -1;
    const rawY = xpt2046.decodeReading(twin.transfer(xpt2046.request(xpt2046.READ_Y))) ?? -1;
    t.deepEqual(xpt2046.toPixel(xpt2046.TYPICAL, rawX, rawY), { x, y });
  }
});

test("the pen's pin is low while a finger is there, and the pressure says the same", (t) => {
  const pins = createPinBank();
  const twin = createXpt2046Twin(pins, 36);
  const pressure = (): number => xpt2046.decodeReading(twin.transfer(xpt2046.request(xpt2046.READ_Z1))) ?? -1;
  t.true(pins.level(36));
  t.is(pressure(), 0);
  twin.touch(10, 10);
  t.false(pins.level(36));
  t.true(pressure() > 100);
  twin.release();
  t.true(pins.level(36));
});

test("two readings in one transfer each follow their control byte", (t) => {
  const twin = createXpt2046Twin(createPinBank(), 36);
  twin.touch(100, 50);
  const answer = twin.transfer(new Uint8Array([xpt2046.READ_X, 0, xpt2046.READ_Y, 0, 0]));
  const raw = xpt2046.toRaw(xpt2046.TYPICAL, 100, 50);
  t.is(answer[1], (raw.rawX >> 5) & 255);
  t.is(xpt2046.decodeReading(answer.subarray(2)), raw.rawY);
});
