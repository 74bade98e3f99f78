/** `npm run sim`: school days on virtual time from a seed, with faults by name, judged by the laws of money. */
import { parseArgs } from "node:util";
import { FAULTS, formatMoment, parseFaults, shrink, simulateDays, SIZES, type History, type SizeName } from "@trapeza/simulators";
import { campaign } from "./sim/campaign.js";
import { report } from "./sim/report.js";
import { createWatch } from "./sim/watch.js";

interface Wanted extends History {
  readonly json: boolean;
  readonly verbose: boolean;
  readonly story: boolean;
  readonly watch: boolean;
  readonly shrinks: boolean;
  /** School days to be lived through with one seed after the other; `null`: with one seed only. */
  readonly campaign: number | null;
}

/** Beside the answer on stdout. */
const glass = {
  get columns() {
    return process.stderr.columns ?? 100;
  },
  write: (text: string) => void process.stderr.write(text),
};

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
      story: { type: "boolean", default: false },
      watch: { type: "boolean", default: false },
      shrink: { type: "boolean", default: false },
      campaign: { type: "string" },
    },
  });
  const { json, verbose, story, watch, campaign: wantedDays } = values;
  if (wantedDays !== undefined && !/^[1-9]\d{0,6}$/.test(wantedDays)) return `--campaign is a number of school days, not "${wantedDays}"`;
  if (!/^\d{1,10}$/.test(values.seed) || Number(values.seed) > 0xffffffff)
    return `--seed is a whole number below 2^32, not "${values.seed}"`;
  if (!/^[1-9]\d{0,3}$/.test(values.days)) return `--days is a whole number from 1 to 9999, not "${values.days}"`;
  if (watch && (story || values.shrink || wantedDays !== undefined)) return "--watch goes with neither --story, --shrink nor --campaign";
  const faults = parseFaults(values.faults);
  if (faults === null) {
    const known = Object.entries(FAULTS).map(([name, what]) => `  ${name.padEnd(17)} ${what}`);
    return [`--faults knows none, all, or some of these with commas, not "${values.faults}":`, ...known].join("\n");
  }
  const { size } = values;
  if (!isSize(size)) return `--size is one of ${Object.keys(SIZES).join(", ")}, not "${size}"`;
  return {
    seed: Number(values.seed),
    days: Number(values.days),
    faults,
    size,
    json,
    verbose,
    story,
    watch,
    shrinks: values.shrink,
    campaign: wantedDays === undefined ? null : Number(wantedDays),
  };
}

/** What repeats these days. */
function commandOf({ seed, days, size, faults }: History): string {
  const options = [size === "full" ? "" : ` --size ${size}`, faults.length > 0 ? ` --faults ${faults.join(",")}` : ""];
  return `npm run sim -- --seed ${seed} --days ${days}${options.join("")}`;
}

/** Lives through days that break a law again and again, each time with less, and prints the command of the least. */
async function shrinkFrom(wanted: Wanted): Promise<number> {
  const breaks = async (history: History): Promise<boolean> => {
    const { violations } = await simulateDays({ ...history, untilBroken: true });
    console.error(`${violations.length > 0 ? "breaks" : "holds "}  ${commandOf(history)}`);
    return violations.length > 0;
  };
  if (!(await breaks(wanted))) {
    console.error("No law is broken by these days: there is nothing to shrink.");
    return 2;
  }
  console.log(`${commandOf(await shrink(wanted, breaks))} --story`);
  return 1;
}

/**
 * Lives through the days and prints what came of them. `--seed`, `--days`, `--size full|short|brief`, `--faults none|all|name,…`, `--verbose` for a line an
 * hour on stderr (without `--json` it comes by itself), `--story` for a line of whatever happens, `--watch` for a live view of it, `--json`: the last line on
 * stdout is one object, sums in kopecks. `--shrink` looks for less that breaks a law, too. `--campaign N`: seed after seed until N school days are over, with
 * a report. Exit code 0; 1 when a law was broken; 2 for a bad command line.
 */
export async function run(args: string[]): Promise<number> {
  const wanted = parse(args);
  if (typeof wanted === "string") {
    console.error(wanted);
    return 2;
  }
  if (wanted.campaign !== null) return campaign({ ...wanted, schoolDays: wanted.campaign, live: simulateDays, print: console.log });
  return wanted.shrinks ? shrinkFrom(wanted) : live(wanted);
}

async function live(wanted: Wanted): Promise<number> {
  const { seed, days, faults, size, json, verbose, story } = wanted;
  const began = performance.now();
  const watch = wanted.watch ? createWatch(glass, wanted, () => performance.now()) : null;
  const result = await simulateDays({
    ...{ seed, days, faults, size },
    ...(watch ? { onStory: watch.story } : {}),
    ...(story ? { onStory: (atMs: number, line: string) => console.error(`${formatMoment(atMs)}  ${line}`) } : {}),
    onHour({ atMs, operations, violations }) {
      if (story || watch || (json && !verbose)) return;
      console.error(`${formatMoment(atMs)}  ${operations} operations${violations > 0 ? `, ${violations} violations` : ""}`);
    },
  });
  watch?.end();
  const seconds = Math.round(performance.now() - began) / 1000;
  const replay = commandOf(wanted);
  if (!json || result.violations.length > 0) report(result, replay, seconds, json ? console.error : console.log);
  if (json) {
    const { violations, struck, ...sums } = result;
    console.log(JSON.stringify({ ...sums, faults: struck, violations: violations.length, violated: violations, seconds, replay }));
  }
  return result.violations.length > 0 ? 1 : 0;
}
