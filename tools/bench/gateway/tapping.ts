/**
 * Cards held up at a steady pace, from a thread of its own: the bench's main one is the cloud at the same time, and how long that keeps itself busy is not
 * what a child waits for.
 */
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { workAt } from "./measure.js";
import { pupilCard } from "./school.js";
import { Till, type TillMemory } from "./till.js";

export interface TappingJob {
  readonly port: number;
  readonly schoolSecret: Uint8Array;
  readonly tills: readonly TillMemory[];
  /** Higher than that of any connection before. */
  readonly boot: number;
  readonly perSecond: number;
}

/** Begins, and resolves when every till is connected. `stop` ends it and says how long each tap took, ms. */
export async function startTapping(job: TappingJob): Promise<{ readonly stop: () => Promise<readonly number[]> }> {
  const worker = new Worker(new URL(import.meta.url), { workerData: job });
  const ended = new Promise<readonly number[]>((done, failed) => {
    worker.once("error", failed);
    worker.on("message", (said: "connected" | readonly number[]) => said !== "connected" && done(said));
  });
  await Promise.race([new Promise((done) => worker.once("message", done)), ended]);
  return {
    stop: () => {
      worker.postMessage("stop");
      return ended;
    },
  };
}

async function tap({ port, schoolSecret, tills, boot, perSecond }: TappingJob): Promise<readonly number[]> {
  const open = tills.map((memory) => Till.from(memory, schoolSecret));
  for (const till of open) await till.open(port, boot);
  let stopped = false;
  parentPort?.once("message", () => (stopped = true));
  parentPort?.postMessage("connected");
  const samples: number[] = [];
  while (!stopped)
    samples.push(...(await workAt(perSecond, 1, async (i) => void (await (open[i % open.length] as Till).tap(pupilCard(i))))));
  for (const till of open) till.close();
  return samples;
}

if (!isMainThread && parentPort) parentPort.postMessage(await tap(workerData as TappingJob));
