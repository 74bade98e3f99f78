import test from "ava";
import { xpt2046 } from "@trapeza/protocol/chip";
import type { Panel } from "../board.js";
import { createBenchClock } from "../bench.js";
import * as driver from "./xpt2046.js";

function bench() {
  const clock = createBenchClock();
  const story: string[] = [];
  const finger = { down: false, x: 100, y: 50, wild: 0 };
  let onDown = (): void => {};
  const panel: Panel = {
    exchange(bytes) {
      const raw = xpt2046.toRaw(xpt2046.TYPICAL, finger.x, finger.y);
      if (finger.wild > 0 && finger.wild-- > 0) return xpt2046.encodeReading(4095);
      return xpt2046.encodeReading(bytes[0] === xpt2046.READ_X ? raw.rawX : raw.rawY);
    },
    isDown: () => finger.down,
    onDown(run) {
      onDown = run;
    },
  };
  driver.startTouch(driver.createTouch(panel, clock, xpt2046.TYPICAL, (x, y) => story.push(`${x},${y}`)));
  const press = (): void => {
    finger.down = true;
    onDown();
  };
  return { clock, story, finger, press };
}

test("a finger is told once, however long it stays and however often the line bounces", (t) => {
  const { clock, story, finger, press } = bench();
  press();
  press();
  clock.advance(1000);
  t.deepEqual(story, ["100,50"]);
  finger.down = false;
  clock.advance(100);
  press();
  clock.advance(100);
  t.deepEqual(story, ["100,50", "100,50"]);
});

test("a touch shorter than the bounce is no touch", (t) => {
  const { clock, story, finger, press } = bench();
  press();
  finger.down = false;
  clock.advance(100);
  t.deepEqual(story, []);
});

test("one wild reading among three does no harm", (t) => {
  const { clock, story, finger, press } = bench();
  finger.wild = 1;
  press();
  clock.advance(100);
  t.deepEqual(story, ["100,50"]);
});
