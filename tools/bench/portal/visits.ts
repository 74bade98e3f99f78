/** Who opens the pages: a few connections in a thread of its own, each asking again as soon as it is answered. */
import { Agent, get } from "node:http";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { sampleFor, type Sampled } from "../gateway/measure.js";

/** One address, and who knocks there, by turns. */
export interface Doors {
  readonly url: string;
  readonly cookies: readonly string[];
}

const CONNECTIONS = 16;
const OK = 200;

/** Rejects when anything but a page came back. */
export function visitFor(doors: Doors, seconds: number): Promise<Sampled> {
  return new Promise((done, failed) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: { doors, seconds } });
    worker.once("error", failed);
    worker.once("message", done);
  });
}

async function visit({ url, cookies }: Doors, seconds: number): Promise<Sampled> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const open = (cookie: string): Promise<number> =>
    new Promise((done, failed) => {
      const began = performance.now();
      get(url, { agent, headers: { cookie } }, (answer) => {
        if (answer.statusCode !== OK) failed(new Error(url + " answered " + answer.statusCode));
        answer.resume().once("end", () => done(performance.now() - began));
      }).once("error", failed);
    });
  let next = 0;
  const visitor = async () => [await open(cookies[next++ % cookies.length] as string)];
  const visits = await sampleFor(
    seconds,
    Array.from({ length: CONNECTIONS }, () => visitor),
  );
  agent.destroy();
  return visits;
}

if (!isMainThread && parentPort) {
  const { doors, seconds } = workerData as { doors: Doors; seconds: number };
  parentPort.postMessage(await visit(doors, seconds));
}
