import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { cipher, gatewayProgram, sha256 } from "@trapeza/gateway";
import { hmacKey, openFrame, packUp, sealFrame, toHex } from "@trapeza/protocol";
import type { Channel, Kopecks } from "@trapeza/protocol";
import { startHost } from "./gateway/host.js";
import { Line } from "./gateway/line.js";
import { percentile, rounded, workAt, workFor, type Speed } from "./gateway/measure.js";
import { DISH, HOUSE, prepareSchool, pupilCard, SCHOOL_NUMBER, tillId, type BenchKeys } from "./gateway/school.js";
import { Till } from "./gateway/till.js";

export interface GatewayBench {
  /** The broker alone: frames given back from memory. */
  readonly bare: Speed;
  /** … after a row in SQLite, committed in groups. */
  readonly durable: Speed;
  /** The whole gateway: sales believed, decided, durable, answered. The taps before them are not counted, but are done in the same time. */
  readonly gateway: Speed;
  readonly ratioToBare: number;
  readonly ratioToDurable: number;
  /** Of a sale when 200 come in a second. */
  readonly p99MsAt200: number;
  readonly terminals: number;
  readonly seconds: number;
}

const PEER = fileURLToPath(new URL("./gateway/peer.js", import.meta.url));
const PUPILS = 1000;
/** Frames that one terminal has under way: about as many as a till sends again after an hour alone. */
const WINDOW = 16;

/** What both ends of an echo seal and open, so that terminals work as hard for it as for a sale. */
function echoChannel(): Channel {
  return { sha256, cipher, direction: "up", encryption: randomBytes(16), tag: hmacKey(sha256, randomBytes(32)) };
}

const SALE = packUp({
  ...{ kind: "Sale", n: 1000, when: { date: 20778, sinceMs: 1000, known: true }, handle: 4_000_000_000 },
  ...{ lines: [{ dish: DISH, quantity: 1 }], total: 100 as Kopecks, menuVersion: 3, override: "none" },
});

/** Frames of a sale's size, there and back. */
async function measureEcho(kind: "bare" | "durable", folder: string, terminals: number, seconds: number): Promise<Speed> {
  const host = await startHost([PEER, kind, folder]);
  const channel = echoChannel();
  const lines = await Promise.all(Array.from({ length: terminals }, (_, i) => Line.open(host.port, tillId(i), new Uint8Array(0))));
  const rounds = lines.map((line) => {
    const waiting: (() => void)[] = [];
    let counter = 0;
    line.onFrame = (frame) => void (openFrame(channel, () => false, frame).ok && waiting.shift()?.());
    const echo = async (): Promise<number> => {
      const began = performance.now();
      await new Promise<void>((done) => {
        waiting.push(done);
        line.send(sealFrame(channel, SALE.kind, ++counter, false, SALE.body));
      });
      return performance.now() - began;
    };
    return () => Promise.all(Array.from({ length: WINDOW }, echo));
  });
  try {
    return await workFor(seconds, rounds);
  } finally {
    for (const line of lines) line.close();
    await host.stop();
  }
}

/** One till sells to as many pupils as it has frames under way: their cards first, then the sales. */
function sellingRound(till: Till, index: number): () => Promise<readonly number[]> {
  let next = index * 37;
  const timed = async (handle: number): Promise<number> => {
    const began = performance.now();
    await till.sell(handle);
    return performance.now() - began;
  };
  return async () => {
    const handles = await Promise.all(Array.from({ length: WINDOW }, () => till.tap(pupilCard(next++ % PUPILS))));
    return Promise.all(handles.map(timed));
  };
}

async function measureSales(folder: string, terminals: number, seconds: number): Promise<{ gateway: Speed; p99MsAt200: number }> {
  const keys: BenchKeys = { schoolSecret: randomBytes(32), gatewaySeed: randomBytes(32) };
  prepareSchool(folder, keys, PUPILS, terminals);
  const settings = join(folder, "settings.json");
  const secrets = { schoolSecret: toHex(keys.schoolSecret), gatewaySeed: toHex(keys.gatewaySeed), statusPassword: toHex(randomBytes(12)) };
  const ports = { mqttPort: 0, httpPort: 0 };
  const plain = { dataDir: folder, house: HOUSE, school: SCHOOL_NUMBER, epoch: 1, logLevel: "warn", ...ports };
  writeFileSync(settings, JSON.stringify({ ...plain, ...secrets }), { mode: 0o600 });
  const host = await startHost([gatewayProgram, settings]);
  const tills = Array.from({ length: terminals }, (_, i) => new Till(tillId(i), keys.schoolSecret));
  try {
    for (const till of tills) await till.open(host.port);
    const calm = await workAt(200, Math.max(2, seconds / 2), async (index) => {
      const till = tills[index % terminals] as Till;
      await till.sell(await till.tap(pupilCard(index % PUPILS)));
    });
    const gateway = await workFor(seconds, tills.map(sellingRound));
    return { gateway, p99MsAt200: rounded(percentile(calm, 0.99)) };
  } finally {
    for (const till of tills) till.close();
    await host.stop();
  }
}

const ratio = (a: number, b: number): number => rounded(a / b);

/** Measures all three in one run, on this machine, one after the other. */
export async function measureGateway(terminals: number, seconds: number): Promise<GatewayBench> {
  const folder = mkdtempSync(join(tmpdir(), "trapeza-bench-"));
  try {
    const bare = await measureEcho("bare", folder, terminals, seconds);
    const durable = await measureEcho("durable", folder, terminals, seconds);
    const { gateway, p99MsAt200 } = await measureSales(folder, terminals, seconds);
    const ratios = { ratioToBare: ratio(gateway.perSecond, bare.perSecond), ratioToDurable: ratio(gateway.perSecond, durable.perSecond) };
    return { bare, durable, gateway, ...ratios, p99MsAt200, terminals, seconds };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** `npm run bench -- gateway [--json] [--terminals N] [--seconds N]`. */
export async function benchGateway(json: boolean, terminals: number, seconds: number): Promise<number> {
  console.log(`${terminals} terminals on real connections, ${seconds} seconds each: echo, echo after a commit, sales.`);
  const result = await measureGateway(terminals, seconds);
  for (const name of ["bare", "durable", "gateway"] as const) {
    const { perSecond, p50Ms, p99Ms } = result[name];
    console.log(`${name}: ${perSecond} a second, half within ${p50Ms} ms, 99 of 100 within ${p99Ms} ms`);
  }
  console.log(
    `gateway to bare ${result.ratioToBare}, to durable ${result.ratioToDurable}; at 200 sales a second 99 of 100 within ${result.p99MsAt200} ms`,
  );
  if (json) console.log(JSON.stringify(result));
  return 0;
}
