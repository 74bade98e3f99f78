/**
 * The cloud's intake beside a bare insert: uploads signed beforehand go in from 1 to 64 gateways at once, are verified, replayed, posted and cosigned; then
 * the rows that this left are inserted once more into tables without a law, into the same PostgreSQL. No socket in either.
 */
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createCloud, openPostgres, startPostgres, type Cloud } from "@trapeza/cloud";
import { gatewayOf, liveDay, type BenchGateway } from "./cloud/day.js";
import { measureIntake, measureRaw, takeUpload, type Took } from "./cloud/measure.js";
import { HOUSE } from "./gateway/school.js";
import { percentile, rounded } from "./gateway/measure.js";

export interface CloudSpeed {
  readonly raw: { readonly rowsPerSecond: number; readonly eventsPerSecond: number };
  readonly intake: { readonly eventsPerSecond: number; readonly p99Ms: number };
  /** Events a second of the intake by those of the bare insert. */
  readonly ratio: number;
  readonly failures: number;
  readonly gateways: readonly {
    readonly gateways: number;
    readonly eventsPerSecond: number;
    readonly p99Ms: number;
    readonly failures: number;
  }[];
}

const PUPILS = 50;
const CONCURRENCY = [1, 4, 16, 64];
const CONNECTIONS = 10;

export interface CloudBench {
  /** Events of one run, shared out among its gateways. */
  readonly events: number;
  /** Events of one upload. */
  readonly batch: number;
}

export async function measureCloud({ events, batch }: CloudBench): Promise<CloudSpeed> {
  const folder = mkdtempSync(join(tmpdir(), "trapeza-bench-cloud-"));
  const cluster = await startPostgres(folder);
  const store = await openPostgres({ url: cluster.url, onError: (error) => console.error(error.message) });
  try {
    const random = (bytes: number): Uint8Array => new Uint8Array(randomBytes(bytes));
    const cloud = await createCloud({ store, seed: new Uint8Array(randomBytes(32)), house: HOUSE, now: Date.now, random });
    const runs: { gateways: readonly BenchGateway[]; took: Took }[] = [];
    let schools = 0;
    for (const count of CONCURRENCY) {
      const day = liveDay(PUPILS, Math.ceil(events / count));
      const gateways = Array.from({ length: count }, () => gatewayOf(++schools, day, batch));
      await openAll(cloud, gateways);
      const took = await measureIntake(cloud, gateways);
      runs.push({ gateways, took });
      for (const { school } of gateways)
        for (const what of await cloud.verifyLedger(school)) throw new Error("the ledger of school " + school + ": " + what);
    }
    const last = runs[runs.length - 1];
    const raw = await measureRaw(cluster.url, last.gateways, CONNECTIONS);
    const intake = speedOf(last.took);
    return {
      raw: { rowsPerSecond: Math.round(raw.rows / raw.seconds), eventsPerSecond: speedOf(raw).eventsPerSecond },
      intake,
      ratio: rounded(intake.eventsPerSecond / speedOf(raw).eventsPerSecond),
      failures: runs.reduce((sum, { took }) => sum + took.failures, 0),
      gateways: runs.map(({ gateways, took }) => ({ gateways: gateways.length, ...speedOf(took), failures: took.failures })),
    };
  } finally {
    await store.close();
    await cluster.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function speedOf({ events, seconds, samplesMs }: Took): CloudSpeed["intake"] {
  return { eventsPerSecond: Math.round(events / seconds), p99Ms: rounded(percentile(samplesMs, 0.99)) };
}

/** Registers them and takes in their mornings: schools that are there already are what a day's intake meets. */
async function openAll(cloud: Cloud, gateways: readonly BenchGateway[]): Promise<void> {
  for (const { id, school, key, morning } of gateways) {
    await cloud.registerSchool({ id: school, label: "bench" });
    await cloud.registerGateway({ id, school, key });
    if (!(await takeUpload(cloud, id, morning))) throw new Error("the morning of school " + school + " was not stored");
  }
}

/** `npm run bench -- cloud [--events N] [--json]`; 1 when an upload failed. */
export async function benchCloud(json: boolean, options: CloudBench): Promise<number> {
  console.log(`${options.events} sales from 1 to 64 gateways, ${options.batch} events an upload, verified, replayed, posted, cosigned.`);
  const result = await measureCloud(options);
  for (const { gateways, eventsPerSecond, p99Ms, failures } of result.gateways)
    console.log(`${gateways} gateways: ${eventsPerSecond} events a second, 99 of 100 uploads within ${p99Ms} ms, ${failures} failed`);
  console.log(`the same rows inserted bare: ${result.raw.rowsPerSecond} rows, ${result.raw.eventsPerSecond} events a second`);
  if (json) console.log(JSON.stringify(result));
  return result.failures === 0 ? 0 : 1;
}
