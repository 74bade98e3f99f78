import test from "ava";
import { measureSeptember } from "./september.js";
import { PEAK, salesBy } from "./september/plan.js";

test("a day has as many sales as its average says, and its breaks have more", (t) => {
  const crowd = { gateways: 1000, salesPerSecond: 580, seconds: 1200 };
  t.is(salesBy(0, crowd), 0);
  t.is(salesBy(240, crowd), 240 * 580);
  t.is(salesBy(1200, crowd), 1200 * 580);
  t.is(salesBy(240, crowd) - salesBy(239, crowd), 580 * PEAK);
  t.is(salesBy(60, crowd), 60 * 290);
});

test("every sale of many schools at once is stored, posted and replayed, and no upload fails", async (t) => {
  const result = await measureSeptember({ gateways: 12, salesPerSecond: 40, seconds: 4 }, () => undefined);
  t.like(result, { gateways: 12, sales: 160, posted: 160, failures: 0 });
  t.true(result.uploads >= 12 && result.lag.maxMs > 0);
});
