/** `npm run sim`: school days on virtual time from a seed, with faults by name, judged by the laws of money. */
import { parseArgs } from "node:util";
import {
  FAULTS,
  formatMoment,
  parseFaults,
  simulateDays,
  SIZES,
  type DaysResult,
  type FaultName,
  type SizeName,
} from "@trapeza/simulators";

interface Wanted {
  readonly seed: number;
  readonly days: number;
  readonly faults: readonly FaultName[];
  readonly size: SizeName;
  readonly json: boolean;
  readonly verbose: boolean;
}

function isSize(name: string): name is SizeName {
  return Object.hasOwn(SIZES, name);
}

/** Words of a command line, or the sentence that says what is wrong with it. */
function parse(args: string[]): Wanted | string {
  const { values } = parseArgs({
    args,
    options: {
      seed: { type: "string", default: "1" },
      days: { type: "string", default: "1" },
      faults: { type: "string", default: "none" },
      size: { type: "string", default: "full" },
      json: { type: "boolean", default: false },
      verbose: { type: "boolean", default: false },
    },
  });
  const { json, verbose } = values;
  if (!/^\d{1,10}$/.test(values.seed) || Number(values.seed) > 0xffffffff)
    return `--seed is a whole number below 2^32, not "${values.seed}"`;
  if (!/^[1-9]\d{0,3}$/.test(values.days)) return `--days is a whole number from 1 to 9999, not "${values.days}"`;
  const faults = parseFaults(values.faults);
  if (faults === null) {
    const known = Object.entries(FAULTS).map(([name, what]) => `  ${name.padEnd(10)} ${what}`);
    return [`--faults knows none, all, or some of these with commas, not "${values.faults}":`, ...known].join("\n");
  }
  const { size } = values;
  if (!isSize(size)) return `--size is one of ${Object.keys(SIZES).join(", ")}, not "${size}"`;
  return { seed: Number(values.seed), days: Number(values.days), faults, size, json, verbose };
}

/** What repeats these days. */
function commandOf({ seed, days, size, faults }: Wanted): string {
  const options = [size === "full" ? "" : ` --size ${size}`, faults.length > 0 ? ` --faults ${faults.join(",")}` : ""];
  return `npm run sim -- --seed ${seed} --days ${days}${options.join("")}`;
}

/**
 * Lives through the days and prints what came of them. `--seed`, `--days`, `--size full|short|brief`, `--faults none|all|name,…`, `--verbose` for a line an
 * hour on stderr (without `--json` it comes by itself), `--json`: the last line on stdout is one object, sums in kopecks. Exit code 0; 1 when a law was
 * broken; 2 for a bad command line.
 */
export async function run(args: string[]): Promise<number> {
  const wanted = parse(args);
  if (typeof wanted === "string") {
    console.error(wanted);
    return 2;
  }
  const { seed, days, faults, size, json, verbose } = wanted;
  const began = performance.now();
  const result = await simulateDays({
    ...{ seed, days, faults, size },
    onHour({ atMs, operations, violations }) {
      if (json && !verbose) return;
      console.error(`${formatMoment(atMs)}  ${operations} operations${violations > 0 ? `, ${violations} violations` : ""}`);
    },
  });
  const seconds = Math.round(performance.now() - began) / 1000;
  const replay = commandOf(wanted);
  if (!json || result.violations.length > 0) tell(result, replay, seconds, json ? console.error : console.log);
  if (json) {
    const { violations, ...sums } = result;
    console.log(JSON.stringify({ ...sums, violations: violations.length, violated: violations, seconds, replay }));
  }
  return result.violations.length > 0 ? 1 : 0;
}

function formatSum(kopecks: number): string {
  return `${Math.trunc(kopecks / 100)}.${String(kopecks % 100).padStart(2, "0")}`;
}

function tell(result: DaysResult, replay: string, seconds: number, print: (line: string) => void): void {
  const { cashInserted, cashCredited, cashSuspended, cashUnproven } = result;
  print(
    `Seed ${result.seed}: ${result.days} days, ${result.schoolDays} of them school days, faults: ${result.faults.join(", ") || "none"}.`,
  );
  print(`${result.operations} operations, ${result.journalSize} journal entries, ${result.papers} papers, in ${seconds} s.`);
  print(`${result.sales} sales, ${result.meals} meals, ${result.topUps} top-ups, ${result.refusals} refusals.`);
  print(`${result.turnedAway} turned away at a machine out of service, ${result.gaveUp} gave up.`);
  const rest = cashUnproven > 0 ? `, ${formatSum(cashUnproven)} claimed without proof` : "";
  print(
    `Cash: ${formatSum(cashInserted)} in the cassettes = ${formatSum(cashCredited)} credited + ${formatSum(cashSuspended)} held${rest}.`,
  );
  print(`Digest ${result.digest}`);
  for (const sentence of result.violations) print(`VIOLATION ${sentence}`);
  if (result.violations.length > 0) print(`${result.violations.length} violations. Again: ${replay}`);
  else print(`No violations. Again: ${replay}`);
}
