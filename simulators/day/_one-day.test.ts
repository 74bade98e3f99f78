/** One day in this process, printed as JSON: what the tests of the days start as a child. */
import { parseFaults } from "./fault.js";
import type { SizeName } from "./size.js";
import { simulateDays } from "./simulate.js";

const [seed, size, ...faults] = process.argv.slice(2);
const result = await simulateDays({ seed: Number(seed), days: 1, size: size as SizeName, faults: parseFaults(faults.join(",")) ?? [] });
process.stdout.write(JSON.stringify(result));
