import test from "ava";
import { formatTable, tableOf, type Results } from "./all.js";

const speed = { perSecond: 6000, p50Ms: 1, p99Ms: 2 };
const results = {
  gateway: {
    bare: speed,
    durable: speed,
    gateway: speed,
    ratioToBare: 0.3,
    ratioToDurable: 0.49,
    p99MsAt200: 20,
    terminals: 24,
    seconds: 8,
  },
  catchup: { operations: 100_000, days: 30, events: 1, seconds: 61, eventsPerSecond: 1, taps: 1, tapP99Ms: 50, differences: ["a purse"] },
  journal: { events: 1_000_000, startMs: 3001, rssMb: 150 },
  cloud: { intake: { eventsPerSecond: 10_000, p99Ms: 1 }, ratio: 0.2, failures: 1 },
  september: { failures: 0, lag: { p50Ms: 1, p99Ms: 5000, maxMs: 9000 } },
  portal: { bare: speed, page: speed, ratio: 0.5 },
} as unknown as Results;

test("a goal that is just reached is met, one that is just missed is not", (t) => {
  const met = tableOf(results).map((row) => row.met);
  t.deepEqual(met, [true, false, true, false, true, false, false, true, true, true, false, true, true, true]);
});

test("the table says what was measured, what was promised, and which way", (t) => {
  const lines = formatTable(tableOf(results)).split("\n");
  t.regex(lines[0], /^✔ gateway: sales decided, durable, answered +6000 \/s   ≥ 5000 \/s$/);
  t.regex(lines[3], /^✘ 100000 operations after 30 days offline +61 s   ≤ 60 s$/);
});
