/**
 * A thread with many gateways in it. Each sells as the plan says and does what a real one does: looks once a second whether there is something to send, signs
 * all there is, sends it over its own connection, and goes on at once while there is more.
 */
import { Agent, request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { parentPort, workerData } from "node:worker_threads";
import { decodeWhole, eventsAnswer } from "@trapeza/protocol";
import { createRandom } from "@trapeza/simulators";
import { liveDay, signingGateway, type SignedUpload, type SigningGateway } from "../cloud/day.js";
import { salesBy, type Crowd } from "./plan.js";

export interface CrowdData extends Crowd {
  readonly port: number;
  readonly pupils: number;
  readonly seed: number;
}

export interface CrowdTook {
  readonly sales: number;
  readonly uploads: number;
  readonly failures: number;
  /** From a sale to the cloud's answer that it is stored, ms, one for each sale. */
  readonly lagsMs: Float64Array;
  readonly seconds: number;
}

const IDLE_MS = 1000;
const TICK_MS = 20;
/** A gateway that was refused or not heard waits and sends the same again. */
const RETRY_MS = 1000;
const MORNINGS_AT_ONCE = 16;

interface Till {
  readonly gateway: SigningGateway;
  /** When each sale that is not stored yet was made. */
  readonly waiting: number[];
  sold: number;
}

const data = workerData as CrowdData;
const agent = new Agent({ keepAlive: true, maxSockets: Infinity });
const authority = "127.0.0.1:" + data.port;

/** `true` when it was stored. */
function send({ path, headers, body }: SignedUpload): Promise<boolean> {
  return new Promise((resolve) => {
    const options = { agent, host: "127.0.0.1", port: data.port, path, method: "POST" };
    const fields = { ...headers, "content-type": "application/octet-stream", "content-length": body.length };
    const sent = request({ ...options, headers: fields }, (answer) => {
      const parts: Buffer[] = [];
      answer.on("data", (part: Buffer) => parts.push(part));
      answer.on("error", () => resolve(false));
      answer.on("end", () => {
        const said = decodeWhole(eventsAnswer, Buffer.concat(parts));
        resolve(answer.statusCode === 200 && said.ok && said.value.kind === "Stored");
      });
    });
    sent.on("error", () => resolve(false));
    sent.end(body);
  });
}

async function live(): Promise<CrowdTook> {
  const { gateways, seconds, salesPerSecond } = data;
  // Chance spreads sales unevenly over schools: twice the average and some more is enough for each.
  const day = liveDay(data.pupils, Math.ceil((2 * salesPerSecond * seconds) / gateways) + 40);
  const tills = Array.from({ length: gateways }, (_, i): Till => ({
    gateway: signingGateway(i + 1, day, authority),
    waiting: [],
    sold: 0,
  }));
  const failed: string[] = [];
  const opening = tills.values();
  const open = async () => {
    for (const { gateway } of opening) if (!(await send(gateway.upload(day.morning)))) failed.push(gateway.id);
  };
  await Promise.all(Array.from({ length: MORNINGS_AT_ONCE }, open));
  if (failed.length > 0) throw new Error("the morning of " + failed.length + " schools was not stored");
  parentPort?.postMessage("open");

  const most = day.entries.length + 1 - day.morning;
  const random = createRandom(data.seed);
  const lagsMs: number[] = [];
  let [uploads, failures, isOver] = [0, 0, false];
  const beganMs = performance.now();
  const uplink = async (till: Till) => {
    await sleep(random.below(IDLE_MS));
    while (!isOver || till.waiting.length > 0) {
      if (till.waiting.length === 0) {
        await sleep(IDLE_MS);
        continue;
      }
      const moments = till.waiting.splice(0);
      const upload = till.gateway.upload(day.morning + till.sold);
      uploads++;
      while (!(await send(upload))) {
        failures++;
        await sleep(RETRY_MS);
      }
      const nowMs = performance.now();
      for (const moment of moments) lagsMs.push(nowMs - moment);
    }
  };
  const links = tills.map(uplink);
  let sales = 0;
  for (let isDone = false; !isDone; await sleep(TICK_MS)) {
    const second = Math.min((performance.now() - beganMs) / 1000, seconds);
    isDone = second === seconds;
    for (const due = salesBy(second, data); sales < due; sales++) sell(tills, random.below(tills.length), most);
  }
  isOver = true;
  await Promise.all(links);
  return { sales, uploads, failures, lagsMs: Float64Array.from(lagsMs), seconds: (performance.now() - beganMs) / 1000 };
}

/** At this school, or at the next that has not sold out its day. */
function sell(tills: readonly Till[], first: number, most: number): void {
  for (let i = 0; i < tills.length; i++) {
    const till = tills[(first + i) % tills.length];
    if (till.sold >= most) continue;
    till.sold++;
    till.waiting.push(performance.now());
    return;
  }
}

parentPort?.postMessage(await live());
agent.destroy();
