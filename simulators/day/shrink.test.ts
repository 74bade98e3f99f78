import test from "ava";
import { FAULT_NAMES, type FaultName } from "./fault.js";
import { shrink, type History } from "./shrink.js";

const LONG: History = { seed: 7, days: 200, size: "full", faults: FAULT_NAMES };

test("a law that two faults break together on the ninth day is broken by nine days of those two", async (t) => {
  const guilty: FaultName[] = ["frames", "power-cut"];
  const tried: History[] = [];
  const found = await shrink(LONG, async (history) => {
    tried.push(history);
    return history.days >= 9 && guilty.every((name) => history.faults.includes(name));
  });
  t.deepEqual(found, { seed: 7, days: 9, size: "brief", faults: guilty });
  t.true(tried.length < 60, `${tried.length} tries`);
});

test("what only a full school breaks stays a full school, and what needs no fault keeps none", async (t) => {
  const found = await shrink(LONG, async ({ size }) => size === "full");
  t.deepEqual(found, { seed: 7, days: 1, size: "full", faults: [] });
});

test("a history in which nothing can be left out comes back as it is", async (t) => {
  const only: History = { seed: 1, days: 1, size: "brief", faults: ["jam"] };
  t.deepEqual(await shrink(only, async (history) => history.faults.length === 1), only);
});
