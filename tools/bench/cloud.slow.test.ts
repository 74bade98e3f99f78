import test from "ava";
import { measureCloud } from "./cloud.js";

test("the cloud's bench takes in every upload from 1 to 64 gateways, and the ledgers agree", async (t) => {
  const result = await measureCloud({ events: 640, batch: 10 });
  t.is(result.failures, 0);
  t.deepEqual(result.gateways.map(({ gateways }) => gateways), [1, 4, 16, 64]); // prettier-ignore
  t.true(result.raw.rowsPerSecond > result.raw.eventsPerSecond && result.intake.eventsPerSecond > 0 && result.ratio > 0);
});
