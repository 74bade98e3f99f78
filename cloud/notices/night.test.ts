import test from "ava";
import { isNight, morningAfter } from "./night.js";

const at = (text: string) => Date.parse(text);

test("what is written at night waits until seven in the school's own morning, and what is written by day does not wait", (t) => {
  const penza = 180;
  for (const [written, told] of [
    ["2026-11-30T12:00:30+03:00", "2026-11-30T12:00:30+03:00"],
    ["2026-11-30T21:59:59+03:00", "2026-11-30T21:59:59+03:00"],
    ["2026-11-30T22:00:00+03:00", "2026-12-01T07:00:00+03:00"],
    ["2026-11-30T23:59:59+03:00", "2026-12-01T07:00:00+03:00"],
    ["2026-12-01T00:30:07+03:00", "2026-12-01T07:00:00+03:00"],
    ["2026-12-01T06:59:59+03:00", "2026-12-01T07:00:00+03:00"],
    ["2026-12-01T07:00:00+03:00", "2026-12-01T07:00:00+03:00"],
  ]) {
    t.is(morningAfter(at(written), penza), at(told), written);
    t.is(isNight(at(written), penza), written !== told, written);
  }
  t.is(morningAfter(at("2026-12-01T01:10:00+05:30"), 330), at("2026-12-01T07:00:00+05:30"), "half an hour beside the others");
});
