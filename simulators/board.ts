/**
 * A simulated Espruino board. It boots `.bootcde` from its flash in a realm with the chip's language and gives it the chip's library; devices hang
 * on its ports as twins. Everything happens on the clock it was given, so under a virtual clock two runs are the same.
 */
import vm from "node:vm";
import type { Clock } from "./clock.js";
import { byteString, strictBytes } from "./board-bytes.js";
import { cryptoModule } from "./board-crypto.js";
import { createEval } from "./board-eval.js";
import type { Flash } from "./board-flash.js";
import { createRealm } from "./board-language.js";
import { flashModule, processObject, storageModule, systemObject } from "./board-module.js";
import type { Network } from "./board-network.js";
import { createPinBank, type PinBank } from "./board-pin.js";
import { chipObject, createRadio, radioModules, type Radio } from "./board-radio.js";
import { createScreen, type Screen } from "./board-screen.js";
import { createSerialLine, type SerialDevice, type SerialLine, type Traffic } from "./board-serial.js";
import { createEmitter, createSession, type Emitter, type Handler, type Session } from "./board-session.js";
import { createSocketModule, type SocketModule, type WireTraffic } from "./board-socket.js";

/** What the interpreter does between reset and the first line of the program. */
const BOOT_MS = 300;
/** Espruino's shortest timer is 0.1 ms; a turn of its loop is about a millisecond. */
const SHORTEST_TIMER_MS = 1;

export interface BoardOptions {
  /** Stands in stack traces and logs. */
  readonly name: string;
  readonly chip: "ESP32S3" | "ESP32_CYD";
  readonly clock: Clock;
  readonly flash: Flash;
  /** `null`: no cable at all. */
  readonly network: Network | null;
  /** Each line that the interpreter prints. */
  readonly log?: (line: string) => void;
  /** Every byte on the serial ports. */
  readonly serialTraffic?: Traffic;
  readonly wireTraffic?: WireTraffic;
}

/** The interpreter's own line to a technician, under its line editor (repl.ts). */
export interface BoardConsole {
  /** Closed by the program (`E.setConsole(null)`): nothing comes in or out until the next start. */
  readonly open: boolean;
  /** Runs a line in the living program and tells its value; what it throws is printed. `false`: the board is just starting, ask again. */
  run(line: string, told: (value: unknown) => void): boolean;
  /** Hears each printed line from now on. */
  listen(listener: (line: string) => void): void;
}

export interface Board {
  readonly name: string;
  readonly screen: Screen;
  readonly pins: PinBank;
  readonly flash: Flash;
  readonly powered: boolean;
  /** How often the board has booted. */
  readonly boots: number;
  readonly radio: Radio;
  /** `null`: reached another way. */
  readonly console: BoardConsole | null;
  attachSerial(port: 1 | 2 | 3, device: SerialDevice): void;
  powerOn(): void;
  /** Everything volatile is gone at once; the flash stays. */
  powerOff(): void;
  /** The interpreter is busy for so long: nothing is heard until then. `undefined`: this board cannot be held up. */
  standStill?(ms: number): void;
}

interface Life {
  readonly session: Session;
  readonly sockets: SocketModule;
  readonly events: Emitter;
}

/** A board without power; hang its devices on it, then {@link Board.powerOn}. */
export function createBoard(given: BoardOptions): Board {
  const { clock, flash } = given;
  const hearers: Hearers = [];
  const log = (line: string): void => {
    given.log?.(line);
    if (switches.console) for (const hear of hearers) hear(line);
  };
  const options = { ...given, log };
  const switches = { console: true };
  const screen = createScreen();
  const pins = createPinBank();
  const radio = createRadio();
  const lines = [1, 2, 3].map((n) => createSerialLine("Serial" + n, clock, options.serialTraffic ?? (() => {})));
  const devices: SerialDevice[] = [];
  let life: Life | null = null;
  let boots = 0;

  function end(): void {
    if (!life) return;
    life.session.alive = false;
    life.sockets.vanish();
    life = null;
  }

  /** `bare`: without its program, as after `reset()`. */
  function boot(bare: boolean): void {
    boots++;
    switches.console = true;
    const parts = { options, screen, pins, lines, switches, radio };
    const begun = begin(parts, bare, (bareNext) => {
      begun.events.emit("kill", []);
      end();
      clock.after(BOOT_MS, () => board.powered && !life && boot(bareNext));
    });
    life = begun;
  }

  let powered = false;
  const board: Board = {
    ...{ name: options.name, screen, pins, flash, radio },
    get powered() {
      return powered;
    },
    get boots() {
      return boots;
    },
    console: createConsole(switches, () => (powered ? (life?.session ?? null) : null), hearers),
    attachSerial(port, device) {
      devices.push(device);
      lines[port - 1].attach(device);
    },
    powerOn() {
      if (powered) return;
      powered = true;
      for (const device of devices) device.power?.(true);
      boot(false);
    },
    powerOff() {
      if (!powered) return;
      powered = false;
      end();
      for (const device of devices) device.power?.(false);
      screen.blank();
    },
    standStill: (ms) => void (life && clock.after(ms, life.session.block())),
  };
  flash.onCut = () => board.powerOff();
  return board;
}

type Hearers = ((line: string) => void)[];

function createConsole(switches: { readonly console: boolean }, session: () => Session | null, hearers: Hearers): BoardConsole {
  return {
    get open() {
      return switches.console;
    },
    run(line, told) {
      const now = session();
      now?.call(() => told(new vm.Script(line, { filename: "REPL" }).runInContext(now.realm)), []);
      return now !== null;
    },
    listen: (listener) => void hearers.push(listener),
  };
}

interface Hardware {
  readonly options: BoardOptions;
  readonly screen: Screen;
  readonly pins: PinBank;
  readonly lines: readonly SerialLine[];
  readonly radio: Radio;
  /** What the program may switch off until the next start. */
  readonly switches: { console: boolean };
}

type Restart = (bare: boolean) => void;

/** A realm, a library around it, and the program in a moment. */
function begin(hardware: Hardware, bare: boolean, restart: Restart): Life {
  const { clock, flash, log, name, network, wireTraffic } = hardware.options;
  const time = { offsetMs: -clock.now() };
  const realm = createRealm(name, () => clock.now() + time.offsetMs);
  const session = createSession(realm, clock, log ?? (() => {}));
  const sockets = createSocketModule(session, network, wireTraffic ?? (() => {}));
  const events = createEmitter(session);
  Object.assign(realm, chipGlobals({ ...hardware, session, sockets, events, time, restart }));
  session.after(BOOT_MS, () => {
    if (!bare) session.call(() => runProgram(session, flash, name), []);
    events.emit("init", []);
  });
  return { session, sockets, events };
}

/** Functions and variables of the program become globals, and it may be told by a stack trace. */
function runProgram(session: Session, flash: Flash, name: string): void {
  const program = flash.files.get(".bootcde");
  if (!program) {
    session.print("No boot code");
    return;
  }
  new vm.Script(byteString(program), { filename: name + "/.bootcde" }).runInContext(session.realm);
}

interface Parts extends Hardware {
  readonly session: Session;
  readonly sockets: SocketModule;
  readonly events: Emitter;
  /** What `setTime` moves. */
  readonly time: { offsetMs: number };
  readonly restart: Restart;
}

function chipGlobals(parts: Parts): Record<string, unknown> {
  const { options, session, time } = parts;
  const print = session.api((...values: unknown[]) => options.log?.(values.map(printed).join(" ")));
  const modules: Record<string, unknown> = {
    net: parts.sockets.module,
    crypto: cryptoModule(session),
    Storage: storageModule(session, options.flash),
    Flash: flashModule(session, options.flash),
    ...radioModules(session, parts.radio),
  };
  const evaluate = createEval(session.realm, options.name + "/eval");
  const globals: Record<string, unknown> = {
    ...parts.pins.open(session),
    ...timerGlobals(session),
    print,
    atob: session.api((text: unknown) => Buffer.from(String(text), "base64").toString("latin1")),
    btoa: session.api((text: unknown) => Buffer.from(strictBytes(String(text), "btoa")).toString("base64")),
    console: { log: print, debug: print, info: print, warn: print, error: print },
    getTime: session.api(() => (options.clock.now() + time.offsetMs) / 1000),
    setTime: session.api((seconds: unknown) => void (time.offsetMs = Number(seconds) * 1000 - options.clock.now())),
    require: session.api((name: unknown) => {
      const module = modules[String(name)];
      if (!module) throw new Error(`Module ${String(name)} not found`);
      return module;
    }),
    load: session.api(() => parts.restart(false)),
    reset: session.api(() => parts.restart(true)),
    g: parts.screen.open(session),
    E: systemObject(session, parts.events, { ...parts, flash: options.flash }),
    // A call of it by another name than the language's own runs at the top level, and so do the programs that are started this way.
    eval: session.api((text: unknown): unknown => evaluate(String(text))),
    ESP32: chipObject(session, parts.radio, options.flash, parts.restart),
    process: processObject(session, options.chip, options.name),
  };
  parts.lines.forEach((line, i) => (globals["Serial" + (i + 1)] = line.open(session)));
  return globals;
}

function printed(value: unknown): string {
  return typeof value === "object" && value !== null ? JSON.stringify(value) : String(value);
}

function timerGlobals(session: Session): Record<string, unknown> {
  const running = new Map<number, { cancel: () => void; handler: Handler; args: unknown[]; everyMs: number }>();
  let nextId = 1;

  function start(id: number, handler: Handler, everyMs: number, repeat: boolean, args: unknown[]): void {
    const timer = session.after(everyMs, () => {
      if (repeat) start(id, handler, everyMs, true, args);
      else running.delete(id);
      session.call(handler, args);
    });
    running.set(id, { cancel: timer.cancel, handler, args, everyMs });
  }
  const begin = (repeat: boolean) =>
    session.api((handler: unknown, delayMs: unknown, ...args: unknown[]) => {
      if (typeof handler !== "function") throw new Error("Function or String not supplied!");
      start(nextId, handler as Handler, Math.max(SHORTEST_TIMER_MS, Number(delayMs) || 0), repeat, args);
      return nextId++;
    });
  const clear = session.api((...ids: unknown[]) => {
    if (ids.length === 0) for (const id of [...running.keys()]) stop(id);
    else if (ids[0] === undefined) throw new Error("clearTimeout/Interval(undefined) not allowed. Use clearTimeout/Interval() instead");
    else stop(Number(ids[0]));
  });
  function stop(id: number): void {
    running.get(id)?.cancel();
    running.delete(id);
  }
  return {
    setTimeout: begin(false),
    setInterval: begin(true),
    clearTimeout: clear,
    clearInterval: clear,
    changeInterval: session.api((id: unknown, delayMs: unknown) => {
      const timer = running.get(Number(id));
      if (!timer) throw new Error("changeInterval: unknown timer");
      timer.cancel();
      start(Number(id), timer.handler, Math.max(SHORTEST_TIMER_MS, Number(delayMs)), true, timer.args);
    }),
  };
}
