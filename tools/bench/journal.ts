/** How long a gateway takes to start on a journal of years, with a snapshot and without, and how much memory it then holds. */
import { randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gatewayProgram } from "@trapeza/gateway";
import { toHex } from "@trapeza/protocol";
import { startHost } from "./gateway/host.js";
import { rounded } from "./gateway/measure.js";
import { HOUSE, SCHOOL_NUMBER, type BenchKeys } from "./gateway/school.js";
import { liveYears } from "./journal/years.js";

export interface JournalBench {
  readonly events: number;
  readonly accounts: number;
  /** From the start of the process until it says that it has started; the median of three. */
  readonly startMs: number;
  readonly startWithoutSnapshotMs: number;
  /** Processor time of the start from a snapshot, the median of three: what else the machine does stretches the other figure. `null` where it is not told. */
  readonly startCpuMs: number | null;
  /** Resident memory after the start from a snapshot, and the most it ever was until then. */
  readonly rssMb: number;
  readonly peakMb: number;
  readonly fileMb: number;
  readonly snapshotMb: number;
  /** Until the gateway's own check of the whole journal had made the snapshot. */
  readonly recheckSeconds: number;
}

interface Start {
  readonly ms: number;
  readonly cpuMs: number | null;
  readonly rssMb: number;
  readonly peakMb: number;
}

const megabytes = (bytes: number): number => rounded(bytes / 1e6);
const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
const SETTLED_MS = 3000;

/** Linux tells what a process holds and held; elsewhere 0. */
function memoryOf(pid: number): { rssMb: number; peakMb: number } {
  const path = `/proc/${pid}/status`;
  const text = existsSync(path) ? readFileSync(path, "utf8") : "";
  const of = (name: string): number => megabytes(1024 * Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(text)?.[1] ?? 0));
  return { rssMb: of("VmRSS"), peakMb: of("VmHWM") };
}

/** Starts the gateway, lets `meanwhile` happen, and ends it. */
async function startOnce(settings: string, meanwhile: () => Promise<void>): Promise<Start> {
  const began = performance.now();
  const host = await startHost([gatewayProgram, settings]);
  const [ms, cpuMs] = [Math.round(performance.now() - began), host.cpuMs()];
  try {
    await meanwhile();
    return { ms, cpuMs, ...memoryOf(host.pid) };
  } finally {
    await host.stop();
  }
}

function writeSettings(folder: string, keys: BenchKeys): string {
  const settings = join(folder, "settings.json");
  const secrets = { schoolSecret: toHex(keys.schoolSecret), gatewaySeed: toHex(keys.gatewaySeed), statusPassword: toHex(randomBytes(12)) };
  const plain = { dataDir: folder, house: HOUSE, school: SCHOOL_NUMBER, epoch: 1, logLevel: "warn", mqttPort: 0, httpPort: 0 };
  writeFileSync(settings, JSON.stringify({ ...plain, ...secrets }), { mode: 0o600 });
  return settings;
}

/** Lives the years, then starts the gateway's own program on them. */
export async function measureJournal(events: number, accounts: number): Promise<JournalBench> {
  const folder = mkdtempSync(join(tmpdir(), "trapeza-years-"));
  try {
    const keys: BenchKeys = { schoolSecret: randomBytes(32), gatewaySeed: randomBytes(32) };
    const size = liveYears(folder, keys, accounts, events);
    const settings = writeSettings(folder, keys);
    const found = (end: string): string[] => readdirSync(folder).filter((name) => name.startsWith("snapshot-") && name.endsWith(end));
    let recheckSeconds = 0;
    const first = await startOnce(settings, async () => {
      const began = performance.now();
      while (found(".note").length === 0) await pause(200);
      recheckSeconds = rounded((performance.now() - began) / 1000);
    });
    const starts: Start[] = [];
    for (let i = 0; i < 3; i++) starts.push(await startOnce(settings, () => pause(SETTLED_MS)));
    const cpu = starts.map(({ cpuMs }) => cpuMs ?? 0).sort((a, b) => a - b);
    starts.sort((a, b) => a.ms - b.ms);
    const bytesOf = (name: string): number => statSync(join(folder, name)).size;
    return {
      ...{ events: size, accounts, startMs: starts[1]?.ms ?? 0, startCpuMs: cpu[1] || null, startWithoutSnapshotMs: first.ms },
      ...{ rssMb: Math.max(...starts.map(({ rssMb }) => rssMb)), peakMb: Math.max(...starts.map(({ peakMb }) => peakMb)) },
      ...{ fileMb: megabytes(bytesOf("journal.sqlite")), snapshotMb: megabytes(bytesOf(found(".body")[0] ?? "")), recheckSeconds },
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** `npm run bench -- journal [--json] [--events N] [--accounts N]`. */
export async function benchJournal(json: boolean, events: number, accounts: number): Promise<number> {
  console.log(`${events} events of ${accounts} accounts are written; then the gateway starts on them, without a snapshot and with one.`);
  const result = await measureJournal(events, accounts);
  const { startMs, startCpuMs, startWithoutSnapshotMs, rssMb, peakMb, fileMb, snapshotMb, recheckSeconds } = result;
  console.log(
    `started in ${startMs} ms (${startCpuMs ?? "unknown"} of the processor) with a snapshot of ${snapshotMb} MB, ` +
      `in ${startWithoutSnapshotMs} ms without, on a file of ${fileMb} MB`,
  );
  console.log(
    `${rssMb} MB of memory (never more than ${peakMb}); the check of all of it took ${recheckSeconds} s beside the running gateway`,
  );
  if (json) console.log(JSON.stringify(result));
  return 0;
}
