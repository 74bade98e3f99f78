import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import test from "ava";
import type { SizeName } from "./size.js";

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
async function live(seed: number, size: SizeName, ...faults: string[]): Promise<Day> {
  const { stdout } = await run(process.execPath, [worker, String(seed), size, ...faults], { maxBuffer: 1 << 24 });
  return JSON.parse(stdout) as Day;
}

/** Begun beside the first test: a machine has two cores. */
const failing = live(3, "short", "all");

test.serial("on a day without faults nobody goes without, and what was fed in is credited or suspended", async (t) => {
  t.timeout(600_000);
  const day = await live(7, "short");
  t.deepEqual(day.violations, []);
  t.true(day.sales > 20, `${day.sales} sales`);
  t.true(day.meals > 40, `${day.meals} meals`);
  t.is(day.gaveUp, 0);
  t.true(day.cashInserted > 0);
  t.is(day.cashInserted, day.cashCredited + day.cashSuspended);
  t.is(day.cashUnproven, 0);
});

test.serial(
  "with everything failing that can fail no kopeck is lost and none invented; the same seed is the same day, to the last letter on the last receipt",
  async (t) => {
    t.timeout(600_000);
    const [first, again, other] = await Promise.all([failing, live(3, "short", "all"), live(8, "short", "all")]);
    t.deepEqual(first, again);
    t.deepEqual(first.violations, []);
    t.true(first.sales > 10, `${first.sales} sales`);
    t.deepEqual(other.violations, []);
    t.not(other.digest, first.digest);
  },
);
