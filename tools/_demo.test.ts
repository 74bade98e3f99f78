/** The demonstration as its user starts it: a process of its own, on free ports, with a folder of its own. */
import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("./main.js", import.meta.url));
const START_MS = 90_000;
const STOP_MS = 30_000;
const LOOK_MS = 50;

export interface Demo {
  readonly child: ChildProcess;
  readonly bench: string;
  readonly parent: string;
  readonly status: string;
  readonly phone: string;
  readonly password: string;
  /** Everything printed so far, both streams. */
  said(): string;
  /** Sends a signal to the demonstration alone and waits for its end. */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

export interface Ended {
  readonly code: number | null;
  readonly said: string;
}

export type Environment = Readonly<Record<string, string>>;

function spawnDemo(folder: string, args: readonly string[], environment: Environment): { child: ChildProcess; said: () => string } {
  const child = spawn(process.execPath, [MAIN, "demo", "--data", folder, ...args], {
    env: {
      PATH: process.env.PATH,
      LANG: "ru_RU.UTF-8",
      TRAPEZA_CLOUD_PORT: "0",
      TRAPEZA_BENCH_PORT: "0",
      TRAPEZA_STATUS_PORT: "0",
      ...environment,
    },
    stdio: ["ignore", "pipe", "pipe"],
    // As in a terminal of its own: what is sent to its group reaches it and its children, and not this test.
    detached: true,
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk: Buffer) => (said += chunk.toString()));
  return { child, said: () => said };
}

export async function until(holds: () => boolean | Promise<boolean>, what: () => string, withinMs: number): Promise<void> {
  const end = Date.now() + withinMs;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`${withinMs} ms were not enough for ${what()}`);
    await new Promise((done) => setTimeout(done, LOOK_MS));
  }
}

/** Starts it and waits for what it prints when everything runs. */
export async function startDemo(folder: string, ...args: string[]): Promise<Demo> {
  const { child, said } = spawnDemo(folder, args, {});
  const ended = new Promise<number | null>((done) => child.once("exit", done));
  const isOver = (): boolean => child.exitCode !== null || child.signalCode !== null;
  await until(
    () => isOver() || said().includes("Ctrl-C"),
    () => `the start: ${said()}`,
    START_MS,
  );
  const printed = (pattern: RegExp): string => {
    const found = pattern.exec(said());
    if (!found) throw new Error(`${pattern.source} is not in: ${said()}`);
    return found[1];
  };
  return {
    ...{ child, said },
    bench: printed(/Стенд техника +(http:\S+)/),
    parent: printed(/Страница родителя +(http:\S+)/),
    status: printed(/Шлюз школы +(http:\S+)/),
    phone: printed(/телефон (\+7 900 [0-9-]+)/),
    password: printed(/пароль (trapeza-[0-9]+)/),
    async end(signal) {
      child.kill(signal);
      const late = new Promise<never>((_, fail) =>
        setTimeout(() => fail(new Error(`${signal} was not obeyed: ${said()}`)), STOP_MS).unref(),
      );
      return Promise.race([ended, late]);
    },
  };
}

/** Starts what is expected to end by itself, or is ended before everything runs. */
export function runDemo(folder: string, environment: Environment = {}): { readonly pid: number; readonly ended: Promise<Ended> } {
  const { child, said } = spawnDemo(folder, [], environment);
  const ended = new Promise<Ended>((done) => child.once("close", (code) => done({ code, said: said() })));
  return { pid: child.pid as number, ended };
}

/** Runs and does something: what has ended and only waits for somebody to ask how does not count. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

/** The postmaster's process id, 0 when none has left its file. */
export function postmasterOf(folder: string): number {
  const file = join(folder, "cloud", "postgres", "cluster", "postmaster.pid");
  return existsSync(file) ? Number(readFileSync(file, "utf8").split("\n")[0]) : 0;
}

/** The gateway that a demonstration keeps: its only child that runs for long. */
export function gatewayOf(demo: Demo): number {
  const pid = String(demo.child.pid);
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").filter(Boolean).map(Number);
  const found = children.find((one) => readFileSync(`/proc/${one}/cmdline`, "utf8").includes("gateway"));
  if (found === undefined) throw new Error("there is no gateway among " + children.join(", "));
  return found;
}

export interface Temporary {
  readonly folder: string;
  /** Ends whatever still runs on the folder, then removes it. */
  clear(): Promise<void>;
}

export function temporaryFolder(): Temporary {
  const folder = mkdtempSync(join(tmpdir(), "trapeza-demo-"));
  return {
    folder,
    async clear() {
      const left = postmasterOf(folder);
      if (left > 0 && isAlive(left)) {
        process.kill(left, "SIGINT");
        await until(
          () => !isAlive(left),
          () => "the database's end",
          STOP_MS,
        );
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
