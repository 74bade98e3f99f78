/** Every bench, one after the other, each in a process of its own, so that what one leaves in memory is not the next one's burden; and one table. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { rootPath } from "../tree.js";
import type { CatchUp } from "./catchup.js";
import type { CloudSpeed } from "./cloud.js";
import type { GatewayBench } from "./gateway.js";
import type { JournalBench } from "./journal.js";
import type { PortalSpeed } from "./portal.js";
import type { September } from "./september.js";

/** What one bench prints as its last line, by its name. */
export interface Results {
  readonly gateway: GatewayBench;
  readonly catchup: CatchUp;
  readonly journal: JournalBench;
  readonly cloud: CloudSpeed;
  readonly september: September;
  readonly portal: PortalSpeed;
}

export interface Row {
  readonly what: string;
  readonly measured: number;
  readonly unit: string;
  /** What was promised; above or below it. */
  readonly goal: number;
  readonly atLeast: boolean;
  readonly met: boolean;
}

const BENCHES: readonly (readonly [keyof Results, readonly string[]])[] = [
  ["gateway", []],
  ["catchup", []],
  ["journal", []],
  ["cloud", []],
  // A minute of it: the break with its 2.5 times as many is in every minute.
  ["september", ["--minutes", "1"]],
  ["portal", []],
];

const atLeast = (what: string, measured: number, unit: string, goal: number): Row => ({
  ...{ what, measured, unit, goal, atLeast: true, met: measured >= goal },
});
const atMost = (what: string, measured: number, unit: string, goal: number): Row => ({
  ...{ what, measured, unit, goal, atLeast: false, met: measured <= goal },
});

/** The promises of the house beside what was measured, in the order in which money passes. */
export function tableOf({ gateway, catchup, journal, cloud, september, portal }: Results): Row[] {
  return [
    atLeast("gateway: sales decided, durable, answered", gateway.gateway.perSecond, "/s", 5000),
    atLeast("… beside a broker with a bare commit", gateway.ratioToDurable, "", 0.5),
    atMost("… 99 of 100 at 200 sales/s", gateway.p99MsAt200, "ms", 20),
    atMost(`${catchup.operations} operations after ${catchup.days} days offline`, catchup.seconds, "s", 60),
    atMost("… 99 of 100 taps meanwhile", catchup.tapP99Ms, "ms", 50),
    atMost("… differences between journal and ledger", catchup.differences.length, "", 0),
    atMost(`start on a journal of ${journal.events} events`, journal.startMs / 1000, "s", 3),
    atMost("… resident memory", journal.rssMb, "MB", 150),
    atLeast("cloud: events verified, replayed, posted, cosigned", cloud.intake.eventsPerSecond, "/s", 10_000),
    atLeast("… beside bare rows", cloud.ratio, "", 0.2),
    atMost("… failures from 1 to 64 gateways", cloud.failures, "", 0),
    atMost("1 September, a minute: failures", september.failures, "", 0),
    atMost("… 99 of 100 sales stored within", september.lag.p99Ms / 1000, "s", 5),
    atLeast("a parent's page beside a bare route with its SQL", portal.ratio, "", 0.5),
  ];
}

export function formatTable(rows: readonly Row[]): string {
  return rows
    .map(({ what, measured, unit, goal, atLeast: more, met }) => {
      const said = `${Math.round(measured * 1000) / 1000} ${unit}`.trim();
      return `${met ? "✔" : "✘"} ${what.padEnd(54)} ${said.padStart(14)}   ${more ? "≥" : "≤"} ${`${goal} ${unit}`.trim()}`;
    })
    .join("\n");
}

/** The bench's own report passes through; its last line is its result. */
function runBench(name: string, args: readonly string[]): Promise<unknown> {
  return new Promise((resolve, reject) => {
    let last = "";
    const child = spawn(process.execPath, [join("tools", "dist", "main.js"), "bench", name, "--json", ...args], {
      cwd: rootPath,
      stdio: ["ignore", "pipe", "inherit"],
    });
    createInterface({ input: child.stdout }).on("line", (line) => {
      if (last !== "") console.log(`${name} | ${last}`);
      last = line;
    });
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0 && last.startsWith("{")) resolve(JSON.parse(last) as unknown);
      else reject(new Error(`bench ${name} ended with ${code}: ${last}`));
    });
  });
}

/** `bench all [--json]`. Exit code 0 when everything was measured: whether a promise is kept stands in the table. */
export async function benchAll(json: boolean): Promise<number> {
  const results: Partial<Record<keyof Results, unknown>> = {};
  for (const [name, args] of BENCHES) results[name] = await runBench(name, args);
  const rows = tableOf(results as unknown as Results);
  console.log(formatTable(rows));
  if (json) console.log(JSON.stringify({ ...results, table: rows }));
  return 0;
}
