/**
 * Ties a terminal's pure step to its board: devices and wire become inputs, effects become deeds.
 *
 * Inputs wait in a line and are worked off from the idle loop: no driver ever calls into a step from its own depth, because the chip has a stack for
 * some ten calls. What must be durable before a driver goes on (a note that is stacked) is written in the driver's callback itself.
 */
import { xpt2046 } from "@trapeza/protocol/chip";
import type { Driver } from "./acceptor.js";
import type { Board, Config } from "./board.js";
import { openReader, overheard } from "./card-reader.js";
import { createPrinter, startPrinter } from "./devices/escpos.js";
import { createTouch, startTouch } from "./devices/xpt2046.js";
import type { Recalled } from "./interrupted.js";
import { createLink, send, startLink } from "./link.js";
import type { Link } from "./link.js";
import { openAcceptor } from "./notes.js";
import { perform } from "./perform.js";
import { FIRMWARE, post } from "./runner.js";
import type { Deeds, Runner } from "./runner.js";
import { createPainter, keyAt, paint } from "./screen.js";
import { commonAtStart, heard, keepTime, log, refresh, sendStatus, tell, welcomed } from "./surroundings.js";
import type { Input, Result, Terminal } from "./terminal.js";
import { startUpdate } from "./update.js";

/** A person who has just touched the machine will touch it again. */
const QUIET_MS = 3000;

/** Apart from {@link drain}: a paper's lines are forgotten before the picture is drawn. */
function take<S>(runner: Runner<S>, input: Input): void {
  const step = runner.terminal.step(runner.state, input);
  runner.state = step.state;
  for (let i = 0; i < step.effects.length; i++) perform(runner, step.effects[i]);
}

function drain<S>(runner: Runner<S>): void {
  for (;;) {
    const input = runner.inputs.shift();
    if (!input) break;
    take(runner, input);
  }
  runner.draining = false;
  paint(runner.painter, runner.terminal, runner.state);
  if (!runner.terminal.beside) return;
  const aside = runner.terminal.beside(runner.state) ? "ok" : "silent";
  if (aside === runner.common.aside) return;
  tell(runner, { aside });
  log(runner, "pupil's display: " + aside);
}

function openPrinter<S>(runner: Runner<S>): void {
  runner.printer = createPrinter(runner.board.printer, runner.board.clock, runner.config.printer.traits, {
    onPaper: function (paper) {
      tell(runner, { paper });
      sendStatus(runner);
    },
  });
  startPrinter(runner.printer);
}

function openTouch<S>(runner: Runner<S>): void {
  const calibration = runner.deeds ? runner.deeds.calibrationOf(runner) : xpt2046.TYPICAL;
  const touch = createTouch(runner.board.panel, runner.board.clock, calibration, function (x, y, rawX, rawY) {
    if (runner.raw) {
      runner.raw = false;
      post(runner, { kind: "touched", x: rawX, y: rawY });
      return;
    }
    // What is on the screen is what the state looks like: both change in drain only.
    const key = keyAt(runner.terminal, runner.state, x, y);
    if (key !== "") post(runner, { kind: "key", key });
  });
  runner.touch = touch;
  startTouch(touch);
}

function openLink<S>(runner: Runner<S>): Link {
  const { board, config, outbox } = runner;
  const parts = {
    config,
    crypto: board.crypto,
    network: board.network,
    clock: board.clock,
    outbox,
    firmware: (board.boot && board.boot.version) || FIRMWARE,
  };
  const link = createLink(parts, {
    onUp: function (welcome, service) {
      welcomed(runner, welcome, service);
    },
    onDown: function () {
      tell(runner, { up: false });
    },
    onMessage: function (message) {
      heard(runner, message);
    },
    onAnswer: function (tag, result) {
      if (!overheard(runner, tag, result)) post(runner, { kind: "answer", tag, result });
    },
    onOutcome: function (n: number, result: Result) {
      post(runner, { kind: "outcome", n, result });
      refresh(runner);
    },
    mayConnect: function () {
      // A machine that stands still under somebody's finger looks broken; a note in it would be given back by itself.
      return isQuiet(runner, QUIET_MS);
    },
  });
  runner.link = link;
  startLink(link);
  return link;
}

/** For so long nobody has touched the machine, and nothing goes on in it. */
function isQuiet<S>(runner: Runner<S>, ms: number): boolean {
  const busy = (runner.acceptor && runner.acceptor.note !== "none") || (runner.printer && runner.printer.jobs.length > 0);
  return !busy && runner.board.clock.now() - runner.touchedAt > ms && runner.terminal.rests(runner.state);
}

/** A release is fetched behind everything else: no question and no operation waits for it. */
function openUpdate<S>(runner: Runner<S>, link: Link): void {
  const { board } = runner;
  if (!board.boot) return;
  const rests = function (ms: number): boolean {
    return link.phase === "open" && link.waiting.length === 0 && isQuiet(runner, ms);
  };
  runner.update = startUpdate(board, board.boot, rests, function (message) {
    send(link, message);
  });
}

/** Starts a terminal on a board; it runs until the power goes. `driver`: of its bill validator, `null` where there is none. */
export function startTerminal<S>(
  board: Board,
  config: Config,
  { outbox, notes, lastNote, meals }: Recalled,
  terminal: Terminal<S>,
  driver: Driver | null,
  deeds: Deeds | null = null,
): Runner<S> {
  const common = commonAtStart(board, config, outbox);
  const runner: Runner<S> = {
    deeds,
    board,
    config,
    terminal,
    driver,
    outbox,
    inputs: [],
    common,
    state: terminal.begin(common),
    painter: createPainter(board.canvas),
    link: null,
    printer: null,
    acceptor: null,
    touch: null,
    raw: false,
    reader: "silent",
    cardReader: null,
    tapped: "",
    sun: null,
    ticket: null,
    toldAt: -1,
    toldMs: 0,
    zoneMinutes: 0,
    date: 0,
    lastNote,
    timer: 0,
    touchedAt: -QUIET_MS,
    update: null,
    draining: false,
    drain,
  };
  openPrinter(runner);
  openReader(runner);
  openAcceptor(runner);
  openTouch(runner);
  openUpdate(runner, openLink(runner));
  keepTime(runner, 0);
  post(runner, { kind: "interrupted", notes, meals });
  return runner;
}
