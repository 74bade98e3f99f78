/**
 * The gateway beside the bare broker, in one run: the same tills hold up the same cards and sell the same dishes over real connections; only who answers is
 * another. Every sale is two frames up and two down: the card, then the sale.
 */
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gatewayProgram } from "@trapeza/gateway";
import { toHex } from "@trapeza/protocol";
import { EchoTill } from "./gateway/echo.js";
import { startHost, type Host } from "./gateway/host.js";
import { percentile, rounded, workAt, workFor, type Speed } from "./gateway/measure.js";
import { HOUSE, prepareSchool, pupilCard, SCHOOL_NUMBER, tillId, type BenchKeys } from "./gateway/school.js";
import { Till, type Seller } from "./gateway/till.js";

export interface GatewayBench {
  /** The broker alone: the frames of so many sales given back from memory. */
  readonly bare: Speed;
  /** … after a row for each frame in SQLite, committed in groups. */
  readonly durable: Speed;
  /** The whole gateway: cards looked up, sales decided, durable, answered. */
  readonly gateway: Speed;
  readonly ratioToBare: number;
  readonly ratioToDurable: number;
  /** Of a sale when 200 come in a second. */
  readonly p99MsAt200: number;
  readonly terminals: number;
  readonly seconds: number;
}

/** Processor time that one frame up and its answer cost on either side, microseconds; `null` where the system does not tell. */
export interface Effort {
  readonly hostMicros: number | null;
  readonly tillsMicros: number;
}

interface Measured {
  readonly speed: Speed;
  readonly effort: Effort;
}

const PEER = fileURLToPath(new URL("./gateway/peer.js", import.meta.url));
const PUPILS = 1000;
/** Frames that one terminal has under way: about as many as a till sends again after an hour alone. */
const WINDOW = 16;

/** One till sells to as many pupils as it has frames under way: their cards first, then the sales. */
function sellingRound(till: Seller, index: number): () => Promise<readonly number[]> {
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

async function sellFor(seconds: number, host: Host, tills: readonly Seller[]): Promise<Measured> {
  let sold = 0;
  const rounds = tills.map(sellingRound).map((round) => async () => {
    const took = await round();
    sold += took.length;
    return took;
  });
  const [hostBefore, ownBefore] = [host.cpuMs(), process.cpuUsage()];
  const speed = await workFor(seconds, rounds);
  const [hostAfter, own] = [host.cpuMs(), process.cpuUsage(ownBefore)];
  const frames = 2 * sold;
  const hostMicros = hostBefore === null || hostAfter === null ? null : rounded(((hostAfter - hostBefore) * 1000) / frames);
  return { speed, effort: { hostMicros, tillsMicros: rounded((own.user + own.system) / frames) } };
}

/** A till serves one child at a time; whoever comes meanwhile waits, and that counts. */
function oneAtATime(tills: readonly Seller[]): (index: number) => Promise<void> {
  const busy = tills.map(() => Promise.resolve());
  return (index) => {
    const at = index % tills.length;
    const till = tills[at] as Seller;
    const serve = async (): Promise<void> => till.sell(await till.tap(pupilCard(index % PUPILS)));
    const served = (busy[at] ?? Promise.resolve()).then(serve);
    busy[at] = served;
    return served;
  };
}

async function measureEcho(kind: "bare" | "durable", folder: string, terminals: number, seconds: number): Promise<Measured> {
  const host = await startHost([PEER, kind, folder]);
  const tills = await Promise.all(Array.from({ length: terminals }, (_, i) => EchoTill.open(host.port, tillId(i))));
  try {
    return await sellFor(seconds, host, tills);
  } finally {
    for (const till of tills) till.close();
    await host.stop();
  }
}

async function measureSales(folder: string, terminals: number, seconds: number): Promise<Measured & { readonly p99MsAt200: number }> {
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
    const calm = await workAt(200, Math.max(2, seconds / 2), oneAtATime(tills));
    const measured = await sellFor(seconds, host, tills);
    return { ...measured, p99MsAt200: rounded(percentile(calm, 0.99)) };
  } finally {
    for (const till of tills) till.close();
    await host.stop();
  }
}

const ratio = (a: Measured, b: Measured): number => rounded(a.speed.perSecond / b.speed.perSecond);

/** Measures all three in one run, on this machine, one after the other. */
export async function measureGateway(
  terminals: number,
  seconds: number,
): Promise<{ readonly result: GatewayBench; readonly efforts: Record<"bare" | "durable" | "gateway", Effort> }> {
  const folder = mkdtempSync(join(tmpdir(), "trapeza-bench-"));
  try {
    const bare = await measureEcho("bare", folder, terminals, seconds);
    const durable = await measureEcho("durable", folder, terminals, seconds);
    const gateway = await measureSales(folder, terminals, seconds);
    const ratios = { ratioToBare: ratio(gateway, bare), ratioToDurable: ratio(gateway, durable) };
    const speeds = { bare: bare.speed, durable: durable.speed, gateway: gateway.speed };
    return {
      result: { ...speeds, ...ratios, p99MsAt200: gateway.p99MsAt200, terminals, seconds },
      efforts: { bare: bare.effort, durable: durable.effort, gateway: gateway.effort },
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** `npm run bench -- gateway [--json] [--terminals N] [--seconds N]`. */
export async function benchGateway(json: boolean, terminals: number, seconds: number): Promise<number> {
  console.log(`${terminals} terminals on real connections, ${seconds} seconds each: sales echoed, echoed after a commit, decided.`);
  const { result, efforts } = await measureGateway(terminals, seconds);
  for (const name of ["bare", "durable", "gateway"] as const) {
    const { perSecond, p50Ms, p99Ms } = result[name];
    const { hostMicros, tillsMicros } = efforts[name];
    console.log(`${name}: ${perSecond} sales a second, half within ${p50Ms} ms, 99 of 100 within ${p99Ms} ms;`);
    console.log(`  processor time a frame: ${hostMicros ?? "unknown"} µs there, ${tillsMicros} µs at the tills`);
  }
  console.log(
    `gateway to bare ${result.ratioToBare}, to durable ${result.ratioToDurable}; at 200 sales a second 99 of 100 within ${result.p99MsAt200} ms`,
  );
  if (json) console.log(JSON.stringify(result));
  return 0;
}
