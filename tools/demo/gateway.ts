/** The school's gateway in a process of its own, which may be killed at any moment and is then started again. */
import { fork, type ChildProcess } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gatewayProgram } from "@trapeza/gateway";
import type { Switch } from "@trapeza/simulators";

export interface GatewaySettings {
  readonly dataDir: string;
  readonly house: string;
  readonly school: number;
  readonly schoolSecret: string;
  readonly gatewaySeed: string;
  readonly httpPort: number;
  readonly statusPassword: string;
  readonly cloud: { readonly url: string; readonly gateway: string; readonly key: string };
}

export interface DemoGateway {
  readonly mqttPort: number;
  readonly httpPort: number;
  readonly pid: () => number;
  /** Its computer's power: gone without a goodbye, and back with a start from the journal. */
  readonly power: Switch;
  readonly stop: () => Promise<void>;
}

interface Started {
  readonly mqttPort: number;
  readonly httpPort: number;
}

const AGAIN_MS = 1000;
const SLOWEST_AGAIN_MS = 30_000;
/** A gateway that does not answer SIGTERM for so long is killed: its journal bears that. */
const PATIENCE_MS = 10_000;

/**
 * Starts it and keeps it running; rejects with the gateway's own words when it does not come up the first time. `onGone` hears of every end that nobody
 * asked for ("") and of every start that failed after that (why); `onComplaint` of what the running gateway writes to its standard error.
 */
export async function openGateway(
  settings: GatewaySettings,
  onGone: (why: string) => void,
  onComplaint: (text: string) => void = () => undefined,
): Promise<DemoGateway> {
  mkdirSync(settings.dataDir, { recursive: true });
  const file = join(settings.dataDir, "settings.json");
  let [stopping, isPowered] = [false, true];
  let child: ChildProcess;
  let waiting: NodeJS.Timeout | undefined;
  let [mqttPort, httpPort] = [0, settings.httpPort];

  function write(): void {
    const written = { ...settings, epoch: 1, mqttHost: "127.0.0.1", httpHost: "127.0.0.1", mqttPort, httpPort, logLevel: "warn" };
    writeFileSync(file, JSON.stringify(written, null, 2), { mode: 0o600 });
  }

  async function start(): Promise<void> {
    write();
    // In a group of its own: Ctrl-C in a terminal reaches every process of ours, and the gateway is to go when we say so. It goes with us in any case.
    child = fork(gatewayProgram, [file], { stdio: ["ignore", "pipe", "pipe", "ipc"], detached: true });
    const ports = await firstWords(child);
    // What it complains of from now on is for whoever watches; before that it was the reason of a failed start.
    child.stderr?.on("data", (chunk: Buffer) => onComplaint(chunk.toString().trimEnd()));
    // Terminals remember where their gateway is: after a restart it must be found at the same place.
    ({ mqttPort, httpPort } = ports);
    // And so must whoever enrols a board.
    write();
    child.once("exit", () => {
      if (stopping || !isPowered) return;
      onGone("");
      again(AGAIN_MS);
    });
  }

  function again(afterMs: number): void {
    const failed = (error: Error): void => {
      if (stopping || !isPowered) return;
      onGone(error.message);
      again(Math.min(afterMs * 2, SLOWEST_AGAIN_MS));
    };
    waiting = setTimeout(() => void start().catch(failed), afterMs);
  }

  function setPower(on: boolean): void {
    if (on === isPowered || stopping) return;
    isPowered = on;
    clearTimeout(waiting);
    if (on) again(0);
    else child.kill("SIGKILL");
  }

  await start();
  return {
    mqttPort,
    httpPort,
    pid: () => child.pid ?? 0,
    power: {
      get on() {
        return isPowered;
      },
      set: setPower,
    },
    async stop() {
      stopping = true;
      clearTimeout(waiting);
      await end(child);
    },
  };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((done) => child.once("exit", done));
  child.kill("SIGTERM");
  const last = setTimeout(() => child.kill("SIGKILL"), PATIENCE_MS);
  await gone;
  clearTimeout(last);
}

/** The line with the ports, or why there is none. */
function firstWords(child: ChildProcess): Promise<Started> {
  return new Promise((done, fail) => {
    let said = "";
    let complained = "";
    child.stderr?.on("data", (chunk: Buffer) => (complained += chunk.toString()));
    child.once("exit", () => fail(new Error(complained.trim() || "the gateway ended before it was ready")));
    child.stdout?.on("data", (chunk: Buffer) => {
      said += chunk.toString();
      const line = said.split("\n").find((one) => one.includes('"started"'));
      if (line) done(JSON.parse(line) as Started);
    });
  });
}
