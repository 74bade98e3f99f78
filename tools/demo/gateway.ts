/** The school's gateway in a process of its own, which may be killed at any moment and is then started again. */
import { fork, type ChildProcess } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gatewayProgram } from "@trapeza/gateway";

export interface GatewaySettings {
  readonly dataDir: string;
  readonly house: string;
  readonly school: number;
  readonly schoolSecret: string;
  readonly gatewaySeed: string;
  readonly httpPort: number;
  readonly cloud: { readonly url: string; readonly gateway: string; readonly key: string };
}

export interface DemoGateway {
  readonly mqttPort: number;
  readonly httpPort: number;
  readonly pid: () => number;
  readonly stop: () => Promise<void>;
}

interface Started {
  readonly mqttPort: number;
  readonly httpPort: number;
}

const AGAIN_MS = 1000;

/** Starts it and keeps it running; rejects with the gateway's own words when it does not come up the first time. */
export async function openGateway(settings: GatewaySettings, onGone: () => void): Promise<DemoGateway> {
  mkdirSync(settings.dataDir, { recursive: true });
  const file = join(settings.dataDir, "settings.json");
  let stopping = false;
  let child: ChildProcess;
  let mqttPort = 0;
  let httpPort = settings.httpPort;

  async function start(): Promise<void> {
    const written = { ...settings, epoch: 1, mqttHost: "127.0.0.1", httpHost: "127.0.0.1", mqttPort, httpPort, logLevel: "warn" };
    writeFileSync(file, JSON.stringify(written, null, 2), { mode: 0o600 });
    child = fork(gatewayProgram, [file], { stdio: ["ignore", "pipe", "pipe", "ipc"] });
    const ports = await firstWords(child);
    // Terminals remember where their gateway is: after a restart it must be found at the same place.
    ({ mqttPort, httpPort } = ports);
    child.once("exit", () => {
      if (stopping) return;
      onGone();
      setTimeout(() => void (stopping || start().catch(onGone)), AGAIN_MS);
    });
  }

  await start();
  return {
    mqttPort,
    httpPort,
    pid: () => child.pid ?? 0,
    async stop() {
      stopping = true;
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = new Promise((done) => child.once("exit", done));
      child.kill("SIGTERM");
      await gone;
    },
  };
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
