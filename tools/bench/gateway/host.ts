import { spawn, type ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";

export interface Host {
  readonly pid: number;
  readonly port: number;
  /** Of its page, where it has one. */
  readonly httpPort: number;
  /** Processor time that it has used so far, `null` where there is no /proc. */
  readonly cpuMs: () => number | null;
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
      done({ pid: child.pid ?? 0, port: mqttPort, httpPort, cpuMs: () => cpuMsOf(child.pid), stop: () => stop(child) });
    });
  });
}

/** utime and stime of proc(5), the 14th and 15th field of /proc/…/stat, in hundredths of a second. */
function cpuMsOf(pid: number | undefined): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return (Number(fields[11]) + Number(fields[12])) * 10;
  } catch {
    return null;
  }
}

function stop(child: ChildProcess): Promise<void> {
  return new Promise((done) => {
    if (child.exitCode !== null || child.signalCode !== null) return done();
    child.once("exit", () => done());
    child.kill("SIGTERM");
  });
}
