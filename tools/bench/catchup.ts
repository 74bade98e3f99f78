/**
 * A month without internet, and the morning it is back: thirty days and so many sales lie in the gateway's journal; then the cloud can be reached, and while
 * the gateway catches up, cards are tapped. The month is lived in this process on a clock of its own; everything after it is real.
 */
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readCloudConfig, startCloud, type RunningCloud } from "@trapeza/cloud";
import { createGateway, createSigner, gatewayProgram, openJournal, sha256 } from "@trapeza/gateway";
import { apply, createSchool, createVerifierKey, formatVerifierKey, journalOrigin, toHex } from "@trapeza/protocol";
import type { BusinessDate } from "@trapeza/protocol";
import { startHost, type Host } from "./gateway/host.js";
import { percentile, rounded } from "./gateway/measure.js";
import { HOUSE, pupilCard, SCHOOL_NUMBER, schoolOf, tillId, type BenchKeys } from "./gateway/school.js";
import type { Wire } from "./gateway/talk.js";
import { startTapping } from "./gateway/tapping.js";
import { Till } from "./gateway/till.js";

export interface CatchUp {
  readonly operations: number;
  readonly days: number;
  readonly events: number;
  /** From the gateway's start until the cloud has cosigned everything. */
  readonly seconds: number;
  readonly eventsPerSecond: number;
  readonly taps: number;
  readonly tapP99Ms: number;
  /** Differences between the ledger's purses and what the rules give; none when all is well. */
  readonly differences: readonly string[];
}

const PUPILS = 1000;
const TILLS = 4;
const DAY_MS = 86_400_000;
const HALF_DAY_MS = DAY_MS / 2;
const TAPS_A_SECOND = 20;
const GATEWAY = "gateway-bench";

interface Place {
  readonly folder: string;
  readonly keys: BenchKeys;
  readonly cloud: RunningCloud;
  readonly tills: readonly Till[];
  readonly password: string;
}

async function found(folder: string): Promise<Place> {
  const keys: BenchKeys = { schoolSecret: randomBytes(32), gatewaySeed: randomBytes(32) };
  const { databaseUrl } = readCloudConfig({ TRAPEZA_CLOUD_DATA: join(folder, "cloud"), TRAPEZA_HOUSE: HOUSE });
  const where = { dataDir: join(folder, "cloud"), databaseUrl, host: "127.0.0.1", port: 0, house: HOUSE, secureCookies: false };
  const cloud = await startCloud(where, { onError: (error: Error) => console.error(error.message) });
  await cloud.cloud.registerSchool({ id: SCHOOL_NUMBER, label: "bench" });
  const { publicKey } = createSigner(journalOrigin(HOUSE, SCHOOL_NUMBER, 1), keys.gatewaySeed).key;
  await cloud.cloud.registerGateway({ id: GATEWAY, school: SCHOOL_NUMBER, key: publicKey });
  const longAgo = (Math.floor(Date.now() / DAY_MS) - 60) as BusinessDate;
  await cloud.cloud.enqueueDirectives(SCHOOL_NUMBER, schoolOf(PUPILS, TILLS, longAgo));
  const tills = Array.from({ length: TILLS }, (_, i) => new Till(tillId(i), keys.schoolSecret));
  return { folder, keys, cloud, tills, password: toHex(randomBytes(12)) };
}

function startGateway({ folder, keys, cloud, password }: Place): Promise<Host> {
  const settings = join(folder, "settings.json");
  const secrets = { schoolSecret: toHex(keys.schoolSecret), gatewaySeed: toHex(keys.gatewaySeed), statusPassword: password };
  const key = formatVerifierKey(cloud.cloud.signer.directives.key);
  const plain = { dataDir: folder, house: HOUSE, school: SCHOOL_NUMBER, epoch: 1, mqttPort: 0, httpPort: 0, logLevel: "warn" };
  writeFileSync(settings, JSON.stringify({ ...plain, ...secrets, cloud: { url: cloud.url, gateway: GATEWAY, key } }), { mode: 0o600 });
  return startHost([gatewayProgram, settings]);
}

interface Progress {
  readonly journal: { readonly size: number; readonly cosigned: number };
  readonly directives: number;
}

/** Asks the gateway's page until it says what is wanted. */
async function until(host: Host, password: string, wanted: (progress: Progress) => boolean): Promise<Progress> {
  const headers = { authorization: `Basic ${Buffer.from(`bench:${password}`).toString("base64")}` };
  for (;;) {
    const progress = (await (await fetch(`http://127.0.0.1:${host.httpPort}/status.json`, { headers })).json()) as Progress;
    if (wanted(progress)) return progress;
    await new Promise((done) => setTimeout(done, 100));
  }
}

const random = (bytes: number): Uint8Array => new Uint8Array(randomBytes(bytes));

/** Lives the month on the journal in the folder: each till sells in turn, a batch to a commit, at an even pace. */
async function liveMonth({ folder, keys, cloud, tills }: Place, operations: number, days: number): Promise<void> {
  const origin = journalOrigin(HOUSE, SCHOOL_NUMBER, 1);
  const school = createSchool();
  const die = (reason: Error): never => {
    throw reason;
  };
  const { key } = cloud.cloud.signer.directives;
  const journal = openJournal({
    ...{ path: join(folder, "journal.sqlite"), origin, epoch: 1, signer: createSigner(origin, keys.gatewaySeed), random, die },
    cosigner: createVerifierKey(sha256, key.name, "cosignature", key.publicKey),
    fold: (event) => apply(school, event),
  });
  const time = { nowMs: Date.now() - days * DAY_MS };
  const wires = new Map<number, Wire>();
  const gateway = createGateway({
    ...{ journal, school, schoolNumber: SCHOOL_NUMBER, schoolSecret: keys.schoolSecret, die, random, online: () => false },
    publicKey: createSigner(origin, keys.gatewaySeed).key.publicKey,
    clock: { nowMs: () => time.nowMs, state: () => "synchronized" },
    send: (terminal, frame) => wires.get(terminal)?.onFrame(frame),
    log: { info: () => undefined, warn: () => undefined },
  });
  for (const till of tills) {
    const send = (frame: Uint8Array): void => void gateway.receive(till.id, frame);
    wires.set(till.id, { onFrame: () => undefined, send, close: () => undefined });
  }
  const greetAll = async (boot: number): Promise<void> => {
    for (const till of tills) {
      const greeted = till.greet(wires.get(till.id) as Wire, boot);
      while (gateway.flush() > 0);
      // The shift is asked for in the turn after the Welcome.
      await new Promise((done) => setImmediate(done));
      gateway.flush();
      await greeted;
    }
  };
  const batch = 40;
  let boot = 0;
  let greetedMs = Number.NEGATIVE_INFINITY;
  for (let sold = 0; sold < operations; sold += batch) {
    // No session lives for longer than a day.
    if (time.nowMs - greetedMs > HALF_DAY_MS) {
      await greetAll(++boot);
      greetedMs = time.nowMs;
    }
    const size = Math.min(batch, operations - sold);
    const asked = Array.from({ length: size }, (_, i) => (tills[i % TILLS] as Till).tap(pupilCard((sold + i) % PUPILS)));
    while (gateway.flush() > 0);
    const sales = (await Promise.all(asked)).map((handle, i) => (tills[i % TILLS] as Till).sell(handle));
    while (gateway.flush() > 0);
    await Promise.all(sales);
    time.nowMs += (size * days * DAY_MS) / operations;
  }
  journal.close();
}

/** Catches up, with cards tapped meanwhile. */
async function catchUp(place: Place, operations: number, days: number): Promise<CatchUp> {
  const began = performance.now();
  const host = await startGateway(place);
  try {
    const { schoolSecret } = place.keys;
    const tills = place.tills.map((till) => till.memory);
    const tapping = await startTapping({ port: host.port, schoolSecret, tills, boot: days * 4, perSecond: TAPS_A_SECOND });
    const progress = await until(host, place.password, ({ journal }) => journal.cosigned === journal.size);
    const events = progress.journal.size;
    const seconds = (performance.now() - began) / 1000;
    const samples = await tapping.stop();
    const differences = await place.cloud.cloud.verifyLedger(SCHOOL_NUMBER);
    const pace = { seconds: rounded(seconds), eventsPerSecond: Math.round(events / seconds) };
    return { operations, days, events, ...pace, taps: samples.length, tapP99Ms: rounded(percentile(samples, 0.99)), differences };
  } finally {
    await host.stop();
  }
}

export async function measureCatchUp(operations: number, days: number): Promise<CatchUp> {
  const folder = mkdtempSync(join(tmpdir(), "trapeza-month-"));
  const place = await found(folder);
  try {
    const first = await startGateway(place);
    const told = (await place.cloud.cloud.directives.page(SCHOOL_NUMBER, 0)).entries.length > 0;
    await until(first, place.password, ({ directives, journal }) => told && directives >= PUPILS * 3 && journal.cosigned === journal.size);
    await first.stop();
    await liveMonth(place, operations, days);
    return await catchUp(place, operations, days);
  } finally {
    await place.cloud.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** `npm run bench -- catchup [--operations N] [--days N] [--json]`; 1 when the ledger does not agree. */
export async function benchCatchUp(json: boolean, operations: number, days: number): Promise<number> {
  console.log(`${operations} sales in ${days} days without internet, then the cloud is back.`);
  const result = await measureCatchUp(operations, days);
  console.log(`${result.events} events in ${result.seconds} s, ${result.eventsPerSecond} a second`);
  console.log(`${result.taps} cards tapped meanwhile, 99 of 100 answered within ${result.tapP99Ms} ms`);
  console.log(result.differences.length === 0 ? "the ledger agrees" : `the ledger differs: ${result.differences.join("; ")}`);
  if (json) console.log(JSON.stringify(result));
  return result.differences.length === 0 ? 0 : 1;
}
