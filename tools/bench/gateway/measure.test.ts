import test from "ava";
import { percentile, speedOf, workAt } from "./measure.js";

test("a percentile is a sample that was measured; the order does not matter", (t) => {
  const hundred = Array.from({ length: 100 }, (_, i) => ((i * 37) % 100) + 1);
  t.is(percentile(hundred, 0.5), 51);
  t.is(percentile(hundred, 0.99), 100);
  t.is(percentile([7], 0.99), 7);
  t.true(Number.isNaN(percentile([], 0.5)));
});

test("speed counts pieces over the time in which they were done", (t) => {
  t.deepEqual(speedOf([1, 2, 3, 4], 2), { perSecond: 2, p50Ms: 3, p99Ms: 4 });
});

test("a piece that waits is measured from when it was due", async (t) => {
  let gate: () => void = () => undefined;
  const open = new Promise<void>((done) => (gate = done));
  const samples = workAt(1000, 0.02, async (index) => {
    if (index === 19) setTimeout(gate, 20);
    await open;
  });
  const took = await samples;
  t.is(took.length, 20);
  t.true(Math.max(...took) >= 20);
});
