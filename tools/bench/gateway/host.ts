import { spawn, type ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";

export interface Host {
  readonly port: number;
  /** Of its page, where it has one. */
  readonly httpPort: number;
  readonly stop: () => Promise<void>;
}

/** Starts a program that says `{"started":true,"mqttPort":…}`; rejects with what it complained of when it ends before that. */
export function startHost(args: readonly string[]): Promise<Host> {
  return new Promise((done, failed) => {
    const child = spawn(process.execPath, [...args], { stdio: ["ignore", "pipe", "pipe"] });
    let complaint = "";
    child.stderr.on("data", (chunk) => (complaint += String(chunk)));
    child.once("exit", (code) => failed(new Error(`${args[0] ?? ""} ended with ${code}: ${complaint}`)));
    createInterface({ input: child.stdout }).on("line", (line) => {
      if (!line.startsWith('{"started"')) return;
      const { mqttPort, httpPort = 0 } = JSON.parse(line) as { mqttPort: number; httpPort?: number };
      done({ port: mqttPort, httpPort, stop: () => stop(child) });
    });
  });
}

function stop(child: ChildProcess): Promise<void> {
  return new Promise((done) => {
    if (child.exitCode !== null || child.signalCode !== null) return done();
    child.once("exit", () => done());
    child.kill("SIGTERM");
  });
}
