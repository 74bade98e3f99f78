import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import test from "ava";

const run = promisify(execFile);
const worker = fileURLToPath(new URL("./_one-day.test.js", import.meta.url));

interface Day {
  readonly digest: string;
  readonly violations: readonly string[];
  readonly operations: number;
  readonly sales: number;
  readonly meals: number;
  readonly gaveUp: number;
  readonly cashInserted: number;
  readonly cashCredited: number;
  readonly cashSuspended: number;
  readonly cashUnproven: number;
}

/** A day in a process of its own: nothing that two runs share in memory can make them equal. */
async function live(seed: number, ...faults: string[]): Promise<Day> {
  const { stdout } = await run(process.execPath, [worker, String(seed), ...faults], { maxBuffer: 1 << 24 });
  return JSON.parse(stdout) as Day;
}

test.serial("the same seed is the same day, to the last letter on the last receipt; another seed is another day", async (t) => {
  t.timeout(600_000);
  const [first, again] = await Promise.all([live(7), live(7)]);
  t.deepEqual(first, again);
  t.deepEqual(first.violations, []);
  t.true(first.sales > 200, `${first.sales} sales`);
  t.true(first.meals > 1000, `${first.meals} meals`);
  t.is(first.gaveUp, 0);
  t.true(first.cashInserted > 0);
  t.is(first.cashInserted, first.cashCredited + first.cashSuspended);
  t.is(first.cashUnproven, 0);
  const other = await live(8);
  t.deepEqual(other.violations, []);
  t.not(other.digest, first.digest);
});

test.serial(
  "with cloud, power and cables failing no kopeck is lost and none invented, and the same seed is still the same day",
  async (t) => {
    t.timeout(600_000);
    const faults = ["cloud-away", "power-cut", "cable"];
    const [first, again] = await Promise.all([live(3, ...faults), live(3, ...faults)]);
    t.deepEqual(first, again);
    t.deepEqual(first.violations, []);
    t.true(first.sales > 200);
    const other = await live(4, ...faults);
    t.deepEqual(other.violations, []);
    t.not(other.digest, first.digest);
  },
);
