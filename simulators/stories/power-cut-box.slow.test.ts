import test from "ava";
import { cutEverywhere } from "./_cut-flow.test.js";
import { KIOSK_FLOWS } from "./_cut-kiosk.test.js";

for (const flow of KIOSK_FLOWS) {
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
