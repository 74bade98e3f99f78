import test from "ava";
import { dateFromCivil } from "@trapeza/protocol";
import type { BusinessDate } from "@trapeza/protocol";
import { lastsUntil, weeksOf } from "./spending.js";
import type { Days, Sums } from "./spending.js";

/** A Thursday. */
const TODAY = dateFromCivil(2018, 1, 18);
const day = (before: number) => (TODAY - before) as BusinessDate;
const spent = (sums: Partial<Sums>): Sums => ({ main: 0, additional: 0, ...sums });

test("spending is summed by weeks from Monday on, the present one last", (t) => {
  const days: Days = new Map([
    [day(0), spent({ main: 5000 })],
    [day(3), spent({ main: 4000, additional: 100 })],
    [day(4), spent({ additional: 700 })],
    [day(24), spent({ main: 1 })],
    [day(25), spent({ main: 2 })],
  ]);
  t.deepEqual(
    weeksOf(days, TODAY).map(({ from, main, additional }) => [TODAY - from, main, additional]),
    [
      [24, 1, 0],
      [17, 0, 0],
      [10, 0, 700],
      [3, 9000, 100],
    ],
  );
});

test("a purse does for school days only, at the rate of the last two weeks", (t) => {
  // 100 roubles on each of ten school days.
  const days: Days = new Map(Array.from({ length: 10 }, (_, i) => [day(i), spent({ main: 10000 })] as const));
  const until = (balance: number) => lastsUntil(days, "main", balance, TODAY);
  t.is(until(9999), TODAY, "today's is paid, tomorrow's is not");
  t.is(until(10000), day(-1), "Friday");
  t.is(until(20000), day(-4), "Monday, over the weekend");
  t.is(until(29999), day(-4));
  t.is(until(10_000_000), null, "far off");
  t.is(until(-1), null, "in debt");
});

test("two days of spending tell nothing about the third", (t) => {
  const days: Days = new Map([0, 1].map((i) => [day(i), spent({ additional: 5000 })] as const));
  t.is(lastsUntil(days, "additional", 100, TODAY), null);
  t.is(lastsUntil(new Map([...days, [day(2), spent({ additional: 5000 })]]), "additional", 1500, TODAY), day(-1));
});
