/**
 * 1 September: all schools at once, each with a gateway of its own that talks HTTP to one cloud with its PostgreSQL. The gateways run in a thread beside the
 * cloud; each sale is timed from the till to the answer that it is stored.
 */
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { createApp, createCloud, openPostgres, startPostgres, type Cloud } from "@trapeza/cloud";
import { signingGateway } from "./cloud/day.js";
import { percentile, rounded } from "./gateway/measure.js";
import { CATERER, HOUSE, PRICE } from "./gateway/school.js";
import type { CrowdData, CrowdTook } from "./september/crowd.js";
import type { Crowd } from "./september/plan.js";

export interface September {
  readonly gateways: number;
  readonly seconds: number;
  readonly sales: number;
  readonly salesPerSecond: number;
  readonly uploads: number;
  readonly failures: number;
  readonly lag: { readonly p50Ms: number; readonly p99Ms: number; readonly maxMs: number };
  /** Sales that the ledger has, of all schools. */
  readonly posted: number;
}

const PUPILS = 20;
const LAG_GOAL_MS = 5000;

export async function measureSeptember(crowd: Crowd, say: (text: string) => void): Promise<September> {
  const folder = mkdtempSync(join(tmpdir(), "trapeza-bench-september-"));
  const cluster = await startPostgres(folder);
  const store = await openPostgres({ url: cluster.url, onError: (error) => console.error(error.message) });
  const random = (bytes: number): Uint8Array => new Uint8Array(randomBytes(bytes));
  const cloud = await createCloud({ store, seed: new Uint8Array(randomBytes(32)), house: HOUSE, now: Date.now, random });
  const app = await createApp({ cloud, secureCookies: false, onError: (error) => console.error(error.message) });
  try {
    await registerAll(cloud, crowd.gateways);
    const port = Number(new URL(await app.listen({ host: "127.0.0.1", port: 0 })).port);
    const took = await runCrowd({ ...crowd, port, pupils: PUPILS, seed: 1 }, say);
    return { ...summaryOf(crowd, took), posted: await postedIn(cloud, crowd.gateways) };
  } finally {
    await app.close();
    await store.close();
    await cluster.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function registerAll(cloud: Cloud, gateways: number): Promise<void> {
  for (let number = 1; number <= gateways; number++) {
    const { id, school, key } = signingGateway(number, { entries: [], morning: 1 }, "");
    await cloud.registerSchool({ id: school, label: "bench" });
    await cloud.registerGateway({ id, school, key });
  }
}

function runCrowd(workerData: CrowdData, say: (text: string) => void): Promise<CrowdTook> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL("./september/crowd.js", import.meta.url), { workerData });
    worker.on("message", (said: CrowdTook | "open") => (said === "open" ? say("all schools are open") : resolve(said)));
    worker.on("error", reject);
    worker.on("exit", () => reject(new Error("the gateways' thread has ended")));
  });
}

function summaryOf({ gateways }: Crowd, { sales, uploads, failures, lagsMs, seconds }: CrowdTook): Omit<September, "posted"> {
  const at = (part: number) => rounded(percentile(lagsMs, part));
  return {
    ...{ gateways, seconds: rounded(seconds), sales, salesPerSecond: Math.round(sales / seconds), uploads, failures },
    lag: { p50Ms: at(0.5), p99Ms: at(0.99), maxMs: at(1) },
  };
}

/** By the ledger, which the replayed rules must agree with: what caterers are owed for buns, in buns. */
async function postedIn(cloud: Cloud, gateways: number): Promise<number> {
  let owed = 0;
  for (let school = 1; school <= gateways; school++) {
    for (const what of await cloud.verifyLedger(school)) throw new Error("the ledger of school " + school + ": " + what);
    const balances: ReadonlyMap<string, number> = await cloud.store.balances(school);
    owed -= balances.get("caterer/" + CATERER + "/buffet") ?? 0;
  }
  return owed / PRICE;
}

/** `npm run bench -- september [--gateways N] [--rate N] [--minutes N] [--json]`; 1 when an upload failed, a sale is missing or one waited over 5 s. */
export async function benchSeptember(json: boolean, crowd: Crowd): Promise<number> {
  const { gateways, salesPerSecond, seconds } = crowd;
  console.log(`${gateways} gateways, ${salesPerSecond} sales a second with breaks of 2.5 times as many, for ${seconds} s.`);
  const result = await measureSeptember(crowd, (text) => console.log(text));
  const { sales, uploads, failures, lag, posted } = result;
  console.log(`${sales} sales in ${uploads} uploads, ${failures} failed; ${posted} in the ledger`);
  console.log(`from sale to stored: half within ${lag.p50Ms} ms, 99 of 100 within ${lag.p99Ms} ms, all within ${lag.maxMs} ms`);
  if (json) console.log(JSON.stringify(result));
  return failures === 0 && posted === sales && lag.maxMs <= LAG_GOAL_MS ? 0 : 1;
}
