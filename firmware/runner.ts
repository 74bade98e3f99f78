/**
 * What runs on one board: the terminal's state, its devices and the line of inputs that wait for its step.
 */
import type { Acceptor, Driver } from "./acceptor.js";
import type { Board, Config } from "./board.js";
import type { Ticket } from "./card.js";
import type { Printer } from "./devices/escpos.js";
import type { Reader } from "./devices/pn532.js";
import type { Link } from "./link.js";
import type { Outbox } from "./outbox.js";
import type { Painter } from "./screen.js";
import type { Update } from "./update.js";
import type { Common, Input, Terminal } from "./terminal.js";

/** One terminal at work. Only `run.ts` makes one; the rooms beside it change what is theirs. */
export interface Runner<S> {
  readonly board: Board;
  readonly config: Config;
  readonly terminal: Terminal<S>;
  /** Of the bill validator, where there is one. */
  readonly driver: Driver | null;
  readonly outbox: Outbox;
  readonly inputs: Input[];
  common: Common;
  state: S;
  readonly painter: Painter;
  link: Link | null;
  printer: Printer | null;
  acceptor: Acceptor | null;
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
  readonly drain: () => void;
  update: Update | null;
}

/** Puts an input in the line; the step sees it from the idle loop, never from the depth of the driver that calls this. */
export function post<S>(runner: Runner<S>, input: Input): void {
  if (input.kind === "key" || input.kind === "card") runner.touchedAt = runner.board.clock.now();
  runner.inputs.push(input);
  if (runner.draining) return;
  runner.draining = true;
  runner.board.clock.after(0, runner.drain);
}
