/**
 * What runs on one board: the terminal's state, its devices and the line of inputs that wait for its step.
 */
import type { Acceptor, Driver } from "./acceptor.js";
import type { Board, Config } from "./board.js";
import type { Ticket } from "./card.js";
import type { Printer } from "./devices/escpos.js";
import type { Calibration, Touch } from "./devices/xpt2046.js";
import type { Reader } from "./devices/pn532.js";
import type { Link } from "./link.js";
import type { Outbox } from "./outbox.js";
import type { Painter } from "./screen.js";
import type { Update } from "./update.js";
import type { PaperLine } from "./receipt.js";
import type { Common, Input, ServiceDeed, Terminal } from "./terminal.js";

export const FIRMWARE = "0.1.0";

/** What the technician's menu has done; an image without the menu has none of it. */
export interface Deeds {
  serve<S>(runner: Runner<S>, what: ServiceDeed): PaperLine[] | null;
  calibrate<S>(runner: Runner<S>, crosses: ReadonlyArray<number>): void;
  calibrationOf<S>(runner: Runner<S>): Calibration;
}

/** One terminal at work. Only `run.ts` makes one; the rooms beside it change what is theirs. */
export interface Runner<S> {
  readonly board: Board;
  readonly config: Config;
  readonly terminal: Terminal<S>;
  /** Of the bill validator, where there is one. */
  readonly driver: Driver | null;
  readonly outbox: Outbox;
  readonly deeds: Deeds | null;
  readonly inputs: Input[];
  common: Common;
  state: S;
  readonly painter: Painter;
  link: Link | null;
  printer: Printer | null;
  acceptor: Acceptor | null;
  touch: Touch | null;
  /** The next touch is a reading for the calibration, and no key. */
  raw: boolean;
  reader: "ok" | "silent";
  cardReader: Reader | null;
  /** Uid of the card that came last, and its message, if it makes one. */
  tapped: string;
  sun: Uint8Array | null;
  /** Of the card whose holder was told last, until it is read, written and done. */
  ticket: Ticket | null;
  /** When the gateway last told the time, on our clock; −1 for never. */
  toldAt: number;
  toldMs: number;
  zoneMinutes: number;
  date: number;
  /** The last note that became an operation: the validator may repeat it after a restart. */
  lastNote: number;
  timer: number;
  /** When somebody last touched the screen or held up a card. */
  touchedAt: number;
  draining: boolean;
  /** Works off the line of inputs. */
  readonly drain: (runner: Runner<S>) => void;
  update: Update | null;
}

/** Puts an input in the line; the step sees it from the idle loop, never from the depth of the driver that calls this. */
export function post<S>(runner: Runner<S>, input: Input): void {
  if (input.kind === "key" || input.kind === "card") runner.touchedAt = runner.board.clock.now();
  runner.inputs.push(input);
  if (runner.draining) return;
  runner.draining = true;
  runner.board.clock.after(0, runner.drain, runner);
}
