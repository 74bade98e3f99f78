import test from "ava";
import { dateFromCivil, formatDate } from "@trapeza/protocol";
import { decadeOf, endedDecades } from "./decade.js";

const span = (year: number, month: number, day: number) => {
  const { first, last } = decadeOf(dateFromCivil(year, month, day));
  return formatDate(first) + " " + formatDate(last);
};

test("a month has three decades, the last one as long as the month", (t) => {
  t.is(span(2018, 1, 1), "2018-01-01 2018-01-10");
  t.is(span(2018, 1, 20), "2018-01-11 2018-01-20");
  t.is(span(2018, 1, 31), "2018-01-21 2018-01-31");
  t.is(span(2018, 2, 28), "2018-02-21 2018-02-28");
  t.is(span(2020, 2, 29), "2020-02-21 2020-02-29");
  t.is(span(2018, 12, 31), "2018-12-21 2018-12-31");
});

test("a decade is over on the day after its last one", (t) => {
  const ended = (day: number) => endedDecades(dateFromCivil(2018, 1, day), 2).map(({ last }) => formatDate(last));
  t.deepEqual(ended(20), ["2018-01-10", "2017-12-31"]);
  t.deepEqual(ended(21), ["2018-01-20", "2018-01-10"]);
});
