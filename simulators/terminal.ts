/**
 * A whole terminal: the board, its flash with configuration and image, and every device on the port where the schematic puts it. One power switch for
 * all of it, as on the wall of a school.
 */
import { wiringFor } from "@trapeza/firmware";
import { hd44780, keypad } from "@trapeza/protocol";
import { createBoard, type Board, type BoardOptions } from "./board.js";
import { install, provision, type Flash, type TerminalConfig } from "./board-flash.js";
import { createCable, type Cable, type Network } from "./board-network.js";
import { createBuzzer, type Buzzer } from "./buzzer.js";
import type { Clock } from "./clock.js";
import { createCcnetTwin, type CcnetOptions, type CcnetTwin } from "./devices/ccnet.js";
import { createEscposTwin, type EscposTwin } from "./devices/escpos.js";
import { createHd44780Twin, type Hd44780Twin } from "./devices/hd44780.js";
import { createId003Twin, type Id003Options, type Id003Twin } from "./devices/id003.js";
import { createKeypadTwin, type KeypadTwin } from "./devices/keypad.js";
import { createPn532Twin, type Pn532Twin } from "./devices/pn532.js";
import { createXpt2046Twin, type Xpt2046Twin } from "./devices/xpt2046.js";
import { healthyWire, throughWire, type WireFault } from "./wire-fault.js";

const TOUCH_BUS = 2;

export interface TerminalOptions {
  readonly config: TerminalConfig;
  readonly clock: Clock;
  readonly flash: Flash;
  readonly network: Network;
  /** The program, ASCII. */
  readonly image: string;
  /** What boots and starts it; the image boots by itself without one. */
  readonly loader?: string;
  /** Files beside it in Storage, such as fonts, by name. */
  readonly files?: Readonly<Record<string, Uint8Array>>;
  /** What its bill validator is like; each line takes of it what it knows. */
  readonly acceptor?: Omit<CcnetOptions, "clock"> & Omit<Id003Options, "clock" | "bills">;
  /** How long its card reader looks into a field that has been empty for a while; as long as real ones do unless told. */
  readonly patienceMs?: number;
  /** The printer that really stands there, by its model; the one that `config` names unless told. */
  readonly printer?: string;
  /** Another board than the simulated one. */
  readonly openBoard?: (options: BoardOptions) => Board;
}

/** A terminal's lines as somebody with a logic analyser sees them. `out` is what the board says. */
export interface Traffic {
  readonly line: "pn532" | "ccnet" | "id003" | "escpos" | "network" | "console";
  readonly direction: "out" | "in" | "open" | "close";
  readonly bytes: Uint8Array;
}

export interface Terminal {
  readonly config: TerminalConfig;
  readonly board: Board;
  readonly cable: Cable;
  readonly reader: Pn532Twin;
  readonly printer: EscposTwin;
  readonly touch: Xpt2046Twin;
  readonly buzzer: Buzzer;
  /** Beside the screen of a till or a kiosk whose file names one. */
  readonly keypad: KeypadTwin;
  /** What faces the queue at a till; nobody looks at it elsewhere. */
  readonly display: Hd44780Twin;
  /** Only the payment terminal takes notes. */
  readonly acceptor: CcnetTwin | Id003Twin | null;
  /** The cables between the board and its devices. */
  readonly acceptorWire: WireFault;
  readonly readerWire: WireFault;
  readonly printerWire: WireFault;
  /** Hears every byte from now on; the returned function ends that. */
  listen(listener: (traffic: Traffic) => void): () => void;
}

function createAcceptor({ config, clock, acceptor }: TerminalOptions): CcnetTwin | Id003Twin {
  if (config.line !== "id003") return createCcnetTwin({ ...acceptor, clock });
  return createId003Twin({ ...acceptor, bills: undefined, clock });
}

/** Wires a terminal and writes its flash; {@link Board.powerOn} starts it. */
export function createTerminal(options: TerminalOptions): Terminal {
  const { clock, config, flash } = options;
  const isPayment = config.kind === "payment";
  const wiring = wiringFor(config.kind);
  const lineOf = new Map<string, Traffic["line"]>([
    [`Serial${wiring.reader.port}`, "pn532"],
    [`Serial${wiring.printer.port}`, "escpos"],
    [`Serial${wiring.acceptor?.port ?? 0}`, config.line ?? "ccnet"],
  ]);
  const listeners = new Set<(traffic: Traffic) => void>();
  const tell = (line: Traffic["line"], direction: Traffic["direction"], bytes: Uint8Array): void => {
    for (const listener of listeners) listener({ line, direction, bytes });
  };
  const cable = createCable(options.network, clock);
  provision(flash, config);
  install(flash, options.image, options.files, options.loader);
  const board = (options.openBoard ?? createBoard)({
    name: `${config.kind}-${config.terminal}`,
    chip: isPayment ? "ESP32S3" : "ESP32_CYD",
    clock,
    flash,
    network: cable,
    log: (line) => tell("console", "out", new Uint8Array(Buffer.from(line, "latin1"))),
    serialTraffic: (port, direction, bytes) => tell(lineOf.get(port) ?? "console", direction, bytes),
    wireTraffic: (direction, bytes) => tell("network", direction, bytes),
  });
  const reader = createPn532Twin(clock, options.patienceMs);
  const printer = createEscposTwin(clock, options.printer ?? config.printer?.name);
  const acceptor = isPayment ? createAcceptor(options) : null;
  const [readerWire, printerWire, acceptorWire] = [healthyWire(), healthyWire(), healthyWire()];
  board.attachSerial(wiring.reader.port, throughWire(reader, readerWire, clock));
  board.attachSerial(wiring.printer.port, throughWire(printer, printerWire, clock));
  if (acceptor && wiring.acceptor) board.attachSerial(wiring.acceptor.port, throughWire(acceptor, acceptorWire, clock));
  const touch = createXpt2046Twin(board.pins, wiring.panel.pen);
  board.pins.attachSpi(TOUCH_BUS, wiring.panel.select, touch);
  const display = createHd44780Twin();
  if (config.kind === "settlement") board.pins.attachI2c(hd44780.ADDRESS, display);
  const pad = createKeypadTwin(clock);
  if (config.keypad !== undefined) board.pins.attachI2c(keypad.ADDRESS, pad);
  const buzzer = createBuzzer(board.pins, wiring.buzzer, clock);
  function listen(listener: (traffic: Traffic) => void): () => void {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }
  const wires = { acceptorWire, readerWire, printerWire };
  return { config, board, cable, reader, printer, touch, keypad: pad, display, buzzer, acceptor, ...wires, listen };
}
