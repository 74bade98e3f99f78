/**
 * A board whose program runs on a real Espruino: an interpreter made by hand from its sources for this machine, named by ESPRUINO_BIN. The image boots from
 * `.bootcde` as on the wall; its serial ports are pseudo-terminals with the twins behind them, its sockets are this machine's, and what a desktop has not
 * got comes from a prelude. Real time only.
 */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import vm from "node:vm";
import { cydWiring, s3Wiring, type Wiring } from "@trapeza/firmware";
import { keypad, xpt2046 } from "@trapeza/protocol";
import { RAW_BYTES, RAW_START, SLOTS_BYTES, SLOTS_START } from "./board-flash.js";
import type { Board, BoardOptions } from "./board.js";
import type { I2cDevice, PinBank, SpiDevice } from "./board-pin.js";
import { createRadio } from "./board-radio.js";
import { createScreen, type Screen } from "./board-screen.js";
import type { SerialDevice } from "./board-serial.js";
import { createSession } from "./board-session.js";
import { createVirtualClock } from "./clock.js";
import type { KeypadTwin } from "./devices/keypad.js";
import { preludeFor } from "./interpreter-prelude.js";
import { openPseudoTerminal } from "./pseudo-terminal.js";

/** "" when a real interpreter can be run, else what is missing, for the title of a test that is skipped. */
export function whyNoInterpreter(): string {
  const path = process.env.ESPRUINO_BIN;
  if (path === undefined || path === "") return "ESPRUINO_BIN names no interpreter";
  if (!existsSync(path)) return `there is no ${path}`;
  return spawnSync("socat", ["-V"]).status === 0 ? "" : "socat is missing (Debian package socat): it makes the pseudo-terminals";
}

/** Variables of the interpreter, those of the stand-ins included; `peak` is the most that was in use since the start. */
export interface MemoryUse {
  /** What the stand-ins took before the image began; a board has no need of them. */
  readonly standIns: number;
  readonly usage: number;
  readonly peak: number;
  readonly total: number;
  readonly errorFlags: string;
}

export interface InterpreterBoard extends Board {
  /** Asks the running interpreter. */
  memory(): Promise<MemoryUse>;
  /** Runs a line in it, as a technician at its console would, and answers with what it printed after the byte 2. */
  evaluate(expression: string): Promise<string>;
  /** Ends the interpreter and forgets its flash. */
  close(): void;
}

const FAKE_FLASH_START = 0x10000000;
const FAKE_PAGE_BYTES = 1024;
/** Of a file in its Storage (src/jsflash.h). */
const FILE_HEADER_BYTES = 32;
/** The first file's bytes up to the first page that is wholly its own. */
const SLOTS_OFFSET = FAKE_PAGE_BYTES - FILE_HEADER_BYTES;
const CHUNK_BYTES = 4096;
const TRIES = 5;
const ANSWER_MS = 2000;
const MARK = "\x02";

function literal(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += `\\x${byte.toString(16).padStart(2, "0")}`;
  return `"${text}"`;
}

/** Puts files into the interpreter's flash a piece at a time: a script is held in variables while it runs. */
function writeFiles(binary: string, folder: string, files: ReadonlyMap<string, Uint8Array>): void {
  const script = join(folder, "install.js");
  for (const [name, data] of files) {
    for (let at = 0; at < data.length; at += CHUNK_BYTES) {
      const piece = literal(data.subarray(at, at + CHUNK_BYTES));
      writeFileSync(script, `require("Storage").write(${JSON.stringify(name)},${piece},${at},${data.length});print("wrote "+${at});`);
      // Standard input must stay a pipe: at its end the interpreter reads noise.
      const { stdout } = spawnSync(binary, [script], { cwd: folder, encoding: "latin1", stdio: ["pipe", "pipe", "inherit"], input: "" });
      if (!stdout.includes(`wrote ${at}`)) throw new Error(`could not write ${name} into the interpreter's flash:\n${stdout}`);
    }
  }
}

/** What the display shows, drawn by the simulated display from what the interpreter says it drew. */
function createPen(screen: Screen, fonts: ReadonlyMap<number, Uint8Array>): (line: string) => void {
  // The display needs a life to draw in; this one has no program.
  const session = createSession(vm.createContext({}), createVirtualClock(), () => undefined);
  const g = screen.open(session) as Record<string, (...args: unknown[]) => unknown>;
  return (line) => {
    const parts = line.slice(1).split(",");
    if (line[0] === "f") {
      const font = Buffer.from(fonts.get(Number(parts[0])) ?? []).toString("latin1");
      g.setFontCustom(font.slice(226), font.charCodeAt(1), font.slice(2, 226), Number(parts[0]));
    } else if (line[0] === "r") {
      g.setColor(Number(parts[4]));
      g.fillRect(...parts.slice(0, 4).map(Number));
    } else {
      g.setColor(Number(parts[2]));
      g.drawString(Buffer.from(parts[3] ?? "", "base64").toString("latin1"), Number(parts[0]), Number(parts[1]));
    }
  };
}

/** The parts of one board that change while it lives. */
interface Desk {
  readonly wiring: Wiring;
  readonly binary: string;
  readonly folder: string;
  readonly options: BoardOptions;
  readonly environment: NodeJS.ProcessEnv;
  readonly screen: Screen;
  readonly outputs: Map<number, (duty: number, freqHz: number) => void>;
  /** On I2C1, by address. */
  readonly bus: Map<number, I2cDevice>;
  /** Who waits for an answer. */
  readonly answers: ((text: string) => void)[];
  /** Where orders are taken, and the running interpreter's connection to it. */
  readonly server: Server;
  wire: Socket | null;
  pen: (line: string) => void;
  panel: SpiDevice | null;
  child: ChildProcess | null;
  on: boolean;
  boots: number;
}

function say(desk: Desk, line: string): void {
  desk.wire?.write(`${line}\n`);
}

function heard(desk: Desk, line: string): void {
  const at = line.indexOf(MARK);
  const plain = (at < 0 ? line : line.slice(0, at)).replace(/\x1b\[\??[0-9;]*[A-Za-z]|[\r>]/g, "").trim();
  if (plain !== "" && plain !== "=undefined") desk.options.log?.(plain);
  if (at < 0) return;
  const message = line.slice(at + 1).replace(/\r/g, "");
  if (message[0] === "i")
    desk.bus.get(parseInt(message.slice(1), 10))?.write(Buffer.from(message.slice(message.indexOf(",") + 1), "base64"));
  else if (message[0] === "b") desk.outputs.get(desk.wiring.buzzer)?.(message === "b0" ? 0 : 0.5, Number(message.slice(1)));
  else if (message[0] === "f" || message[0] === "r" || message[0] === "t") desk.pen(message);
  else desk.answers.shift()?.(message.slice(1));
}

function start(desk: Desk): void {
  const { binary, environment, folder, options } = desk;
  desk.boots++;
  const child = spawn(binary, [], { cwd: folder, stdio: ["pipe", "pipe", "ignore"], env: { ...process.env, ...environment } });
  desk.child = child;
  let text = "";
  child.stdout.on("data", (chunk: Buffer) => {
    text += chunk.toString("latin1");
    for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n")) {
      heard(desk, text.slice(0, end));
      text = text.slice(end + 1);
    }
  });
  child.stdin.on("error", () => undefined);
  child.once("exit", () => {
    if (desk.child !== child) return;
    // It rebooted itself; on this machine that is its end.
    options.log?.("the interpreter ended");
    start(desk);
  });
}

/** Room for both slots is the first file, where it fits: its place is known, and a program in it can be read as a string. */
function makeFlash(binary: string, folder: string): { total: number; slotsAt: number } {
  const script = join(folder, "install.js");
  const run = (text: string): void => {
    writeFileSync(script, text);
    spawnSync(binary, [script], { cwd: folder, stdio: ["pipe", "ignore", "inherit"], input: "" });
  };
  // The first write makes the file of the flash, and its size is this build's.
  run(`require("Storage").write("made","1");`);
  const total = statSync(join(folder, "espruino.flash")).size;
  if (total < 2 * (RAW_BYTES + SLOTS_BYTES)) return { total, slotsAt: 0 };
  run(`require("Storage").eraseAll();require("Storage").write("slots","\\xff",0,${SLOTS_OFFSET + SLOTS_BYTES});`);
  return { total, slotsAt: FAKE_FLASH_START + FAKE_PAGE_BYTES };
}

function prepare(desk: Desk): void {
  const { binary, folder, options } = desk;
  const fonts = new Map<number, Uint8Array>();
  for (const [name, data] of options.flash.files) if (name.startsWith("font-")) fonts.set(data[0] ?? 0, data);
  desk.pen = createPen(desk.screen, fonts);
  if (desk.boots > 0) return;
  const { total, slotsAt } = makeFlash(binary, folder);
  const paths = Object.fromEntries([1, 2, 3].map((port) => [`Serial${port}`, join(folder, `uart${port}`)]));
  const prelude = preludeFor({
    paths,
    rawStart: RAW_START,
    // Files are laid one behind the other from the front, and none is written while the terminal works: the end is free.
    rawAt: FAKE_FLASH_START + total - RAW_BYTES,
    slotsStart: SLOTS_START,
    slotsAt,
    slotsOffset: SLOTS_OFFSET,
    pageBytes: FAKE_PAGE_BYTES,
    keypadAt: keypad.ADDRESS,
    ordersAt: (desk.server.address() as AddressInfo).port,
  });
  writeFiles(binary, folder, new Map([...options.flash.files, [".boot0", new Uint8Array(Buffer.from(prelude, "latin1"))]]));
}

/** As soon as there is somewhere to take orders from. */
function begin(desk: Desk): void {
  if (!desk.server.listening) {
    desk.server.on("connection", (wire) => {
      wire.setNoDelay(true);
      wire.on("error", () => undefined);
      desk.wire = wire;
    });
    desk.server.listen(0, "127.0.0.1", () => begin(desk));
    return;
  }
  if (!desk.on || desk.child) return;
  prepare(desk);
  start(desk);
}

function pinsOf(desk: Desk): PinBank {
  const raw = (control: number): number => xpt2046.decodeReading(desk.panel?.transfer(xpt2046.request(control)) ?? new Uint8Array(3)) ?? 0;
  return {
    level: () => true,
    drive(pin, level) {
      if (pin !== desk.wiring.panel.pen || !desk.child) return;
      say(desk, level ? "standIn.lift()" : `standIn.touch(${raw(xpt2046.READ_X)},${raw(xpt2046.READ_Y)})`);
    },
    onOutput: (pin, listener) => void desk.outputs.set(pin, listener),
    attachSpi: (_bus, _select, device) => void (desk.panel = device),
    attachI2c(address, device) {
      desk.bus.set(address, device);
      // What it reads is asked for in the middle of a line of its program: it has to know beforehand.
      if ("closed" in device) (device as KeypadTwin).onChange = () => say(desk, `standIn.pad=${(device as KeypadTwin).closed}`);
    },
    open: () => ({}),
  };
}

/** Asks again after a while: the question may have been garbled on its way. */
async function ask(desk: Desk, line: string): Promise<string> {
  for (let tries = 0; tries < TRIES; tries++) {
    const answer = await new Promise<string | null>((done) => {
      desk.answers.splice(0, desk.answers.length, done);
      say(desk, line);
      setTimeout(() => done(null), ANSWER_MS);
    });
    if (answer !== null) return answer;
  }
  throw new Error(`${desk.options.name}: the interpreter does not answer`);
}

/** A board without power. Files of `options.flash` are written into the interpreter's own flash at the first start. */
export function openInterpreter(binary: string, options: BoardOptions, environment: NodeJS.ProcessEnv = {}): InterpreterBoard {
  const folder = mkdtempSync(join(tmpdir(), "trapeza-espruino-"));
  const screen = createScreen();
  const devices: SerialDevice[] = [];
  const cables: ChildProcess[] = [];
  const rest = {
    outputs: new Map<number, () => void>(),
    bus: new Map<number, I2cDevice>(),
    answers: [],
    server: createServer(),
    wire: null,
    on: false,
    pen: () => undefined,
    panel: null,
    child: null,
    boots: 0,
  };
  const wiring = options.chip === "ESP32S3" ? s3Wiring() : cydWiring();
  const desk: Desk = { wiring, binary, folder, options, environment, screen, ...rest };
  const stop = (): void => {
    const ended = desk.child;
    desk.child = null;
    desk.on = false;
    ended?.kill("SIGKILL");
  };
  return {
    ...{ name: options.name, screen, pins: pinsOf(desk), flash: options.flash, console: null, radio: createRadio() },
    get powered() {
      return desk.on;
    },
    get boots() {
      return desk.boots;
    },
    attachSerial(port, device) {
      devices.push(device);
      const traffic = (direction: "out" | "in", bytes: Uint8Array): void => options.serialTraffic?.(`Serial${port}`, direction, bytes);
      cables.push(openPseudoTerminal(join(folder, `uart${port}`), device, traffic));
    },
    powerOn() {
      if (desk.on) return;
      desk.on = true;
      for (const device of devices) device.power?.(true);
      begin(desk);
    },
    powerOff() {
      if (!desk.on) return;
      stop();
      for (const device of devices) device.power?.(false);
      screen.blank();
    },
    async memory() {
      const [usage, peak, total, standIns, errorFlags] = (await ask(desk, "standIn.memory()")).split(",");
      return { usage: Number(usage), peak: Number(peak), total: Number(total), standIns: Number(standIns), errorFlags: errorFlags ?? "" };
    },
    evaluate: (expression) => ask(desk, `standIn.tell("v"+(${expression}))`),
    close() {
      stop();
      desk.server.close();
      for (const cable of cables) cable.kill("SIGTERM");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
