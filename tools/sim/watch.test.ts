import test from "ava";
import { createWatch } from "./watch.js";

const MORNING = Date.UTC(2026, 8, 1, 4);
const DAY = 86_400_000;

/** A terminal that does what it is told: going up, wiping what is below, writing lines. */
function glassOf(columns: number) {
  const shown: string[] = [];
  let writes = 0;
  return {
    columns,
    shown,
    writes: () => writes,
    write(text: string) {
      writes++;
      const up = /^\u001b\[(\d+)A\u001b\[J/.exec(text);
      if (up) shown.splice(shown.length - Number(up[1]));
      shown.push(
        ...text
          .slice(up ? up[0].length : 0)
          .split("\n")
          .slice(0, -1),
      );
    },
  };
}

test("it shows how far it has come, counts what happens, and keeps the last ten lines in the same place", (t) => {
  const glass = glassOf(100);
  let now = 0;
  const watch = createWatch(glass, { seed: 7, size: "brief", days: 4 }, () => now);
  watch.story(MORNING, "1. the parent of account 3 (card)");
  t.is(glass.shown.length, 3);
  for (const line of [
    "fault jam",
    "  journal 1/5: TopUpCredited",
    "the parent gives up: the slot does not take it",
    "VIOLATION a kopeck is gone",
  ]) {
    now += 200;
    watch.story(MORNING + 2 * DAY, line);
  }
  t.is(glass.shown[0], "seed 7, brief  ###############...............  day 3 of 4  2026-09-03 07:00:00");
  t.is(glass.shown[1], "1 people, 1 entries, 1 faults, 1 gave up, 1 violations");
  t.is(glass.shown.at(-1), "2026-09-03 07:00:00  VIOLATION a kopeck is gone");
  for (let n = 0; n < 20; n++) watch.story(MORNING + 3 * DAY, `${n}. somebody`);
  watch.end();
  t.is(glass.shown.length, 12);
  t.regex(glass.shown[11], /19\. somebody/);
});

test("it draws no faster than an eye follows, and no line is longer than the terminal is wide", (t) => {
  const glass = glassOf(20);
  const watch = createWatch(glass, { seed: 1, size: "full", days: 1 }, () => 0);
  for (let n = 0; n < 100; n++) watch.story(MORNING, `${n}. a person with a very long story`);
  t.is(glass.writes(), 1);
  watch.end();
  t.is(glass.writes(), 2);
  t.true(glass.shown.every((line) => line.length < 20));
});
