/** The paper ends behind every single byte of a receipt: somebody holds its number or its code, nothing is done twice, the journal knows. */
import test from "ava";
import { endEverywhere, PRINTINGS } from "./_paper-out.test.js";

/** Bytes are dealt out to so many worlds. */
const WORLDS = 4;

for (const printing of PRINTINGS) {
  for (let world = 0; world < WORLDS; world++) {
    test.serial(`${printing.name}: the paper ends behind byte ${world}, ${world + WORLDS}, … and nobody goes without`, async (t) => {
      t.timeout(170_000);
      const { bytes, wrong } = await endEverywhere(printing, world, WORLDS);
      t.log(`${bytes} bytes`);
      t.deepEqual(wrong, []);
      t.true(bytes > 100);
    });
  }
}
