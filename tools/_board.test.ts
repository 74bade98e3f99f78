/** A board on a cable, for the tests of the technician's tools: a REPL twin behind a pseudo-terminal, or a real Espruino behind TCP. */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer, connect, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { wiringFor } from "@trapeza/firmware";
import {
  createBoard,
  createFlash,
  createRealClock,
  createRepl,
  createTcpNetwork,
  createTerminal,
  loadProgram,
  openPseudoTerminal,
} from "@trapeza/simulators";
import type { Board, Flash, Repl, Terminal, TerminalConfig } from "@trapeza/simulators";

export const whyNoPty =
  spawnSync("socat", ["-V"]).status === 0 ? "" : "socat is missing (Debian package socat): it makes the pseudo-terminals";

export interface Bench {
  readonly path: string;
  readonly board: Board;
  readonly flash: Flash;
  readonly repl: Repl;
  close(): Promise<void>;
}

const LOOK_MS = 20;
const PATIENCE_MS = 10_000;

export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error("it did not come to pass");
    await new Promise((done) => setTimeout(done, LOOK_MS));
  }
}

/** A powered board whose console is a serial device of this machine. */
export async function openTwin(chip: "ESP32S3" | "ESP32_CYD", flash = createFlash()): Promise<Bench> {
  const folder = mkdtempSync(join(tmpdir(), "trapeza-tool-"));
  const clock = createRealClock();
  const board = createBoard({ name: "twin", chip, clock, flash, network: null });
  const repl = createRepl(board, clock);
  const path = join(folder, "cable");
  const cable = openPseudoTerminal(path, repl);
  await until(() => existsSync(path));
  board.powerOn();
  return {
    ...{ path, board, flash, repl },
    async close() {
      board.powerOff();
      cable.kill("SIGTERM");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A terminal with all its devices, its console on a serial device of this machine; its network is this machine's. */
export async function openTerminalTwin(config: TerminalConfig): Promise<Bench & { readonly terminal: Terminal }> {
  const folder = mkdtempSync(join(tmpdir(), "trapeza-tool-"));
  const clock = createRealClock();
  const flash = createFlash();
  const terminal = createTerminal({ config, clock, flash, network: createTcpNetwork(), ...loadProgram(config.kind) });
  const { board } = terminal;
  // A technician holds BOOT: the console stays.
  board.pins.drive(wiringFor(config.kind).service, false);
  const repl = createRepl(board, clock);
  const path = join(folder, "cable");
  const cable = openPseudoTerminal(path, repl);
  await until(() => existsSync(path));
  board.powerOn();
  return {
    ...{ path, board, flash, repl, terminal },
    async close() {
      board.powerOff();
      cable.kill("SIGTERM");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export const whyNoEspruino = process.env.ESPRUINO_BIN && existsSync(process.env.ESPRUINO_BIN) ? "" : "ESPRUINO_BIN names no interpreter";

/** A real Espruino that listens, with an empty flash of its own. Its port is fixed in it: one at a time. */
export async function openEspruino(): Promise<{ readonly address: string; close(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), "trapeza-tool-"));
  const child = spawn(process.env.ESPRUINO_BIN as string, ["--telnet"], { cwd: folder, stdio: ["pipe", "ignore", "ignore"] });
  const ended = once(child, "exit");
  await until(
    () =>
      new Promise((done) => {
        const socket = connect(2323, "127.0.0.1");
        socket.once("connect", () => done(true)).once("error", () => done(false));
        socket.once("connect", () => socket.destroy());
      }),
  );
  return {
    address: "127.0.0.1:2323",
    async close() {
      child.kill("SIGKILL");
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A port that nobody listens on. */
export async function deadPort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

/** What a command prints while it works, both streams. */
export async function listened(
  work: () => Promise<number>,
  hear: (line: string) => void = () => undefined,
): Promise<{ readonly code: number; readonly said: string }> {
  const said: string[] = [];
  const { log, error } = console;
  console.log = console.error = (...values: unknown[]) => {
    said.push(values.join(" "));
    hear(values.join(" "));
  };
  try {
    return { code: await work(), said: said.join("\n") };
  } finally {
    Object.assign(console, { log, error });
  }
}
