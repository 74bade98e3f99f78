import test from "ava";
import { measureCatchUp } from "./catchup.js";

test("after two days without internet the cloud hears everything while cards are tapped, and the ledger agrees", async (t) => {
  const result = await measureCatchUp(1200, 2);
  t.deepEqual(result.differences, []);
  t.true(result.events >= 3000 + 1200, "a school of a thousand, and the sales");
  t.true(result.seconds > 0 && result.eventsPerSecond > 0);
  t.true(result.taps > 0 && result.tapP99Ms > 0);
  t.like(result, { operations: 1200, days: 2 });
});
