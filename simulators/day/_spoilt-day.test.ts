/** Days with one defect built in, in a process of their own: prints the first sentence that tells of it, or nothing. */
import { register } from "node:module";
import type { Patch } from "./_patch-hook.test.js";

const { faults, seed, days, size, ...data } = JSON.parse(process.argv[2]) as Patch & {
  faults: string;
  seed: number;
  days: number;
  size: "brief" | "short";
};
register("./_patch-hook.test.js", import.meta.url, { data });
// Only now, so that the hook sees what they import.
const { simulateDays } = await import("./simulate.js");
const { parseFaults } = await import("./fault.js");
try {
  const { violations } = await simulateDays({ seed, days, size, faults: parseFaults(faults) ?? [], untilBroken: true });
  process.stdout.write(violations.join("\n"));
} catch (error) {
  process.stdout.write(`stopped: ${(error as Error).message}`);
}
