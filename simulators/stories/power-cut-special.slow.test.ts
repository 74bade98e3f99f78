import test from "ava";
import { cutEverywhere } from "./_cut-flow.test.js";
import { OVERRIDE, SERVICE_VISIT, SUPERVISED } from "./_cut-special.test.js";

for (const flow of [OVERRIDE, SUPERVISED, SERVICE_VISIT]) {
  for (const [again, how] of [
    [false, ""],
    [true, ", and once more in the recovery"],
  ] as const) {
    test.serial(`${flow.name}, the power gone at every write and every word${how}: told is journalled, once`, async (t) => {
      t.timeout(170_000);
      const { places, wrong } = await cutEverywhere(flow, again);
      t.log(`${places} places`);
      t.deepEqual(wrong, []);
      t.true(places >= 6);
    });
  }
}
