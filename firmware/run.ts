/**
 * Ties a terminal's pure step to its board: devices and wire become inputs, effects become deeds.
 *
 * Inputs wait in a line and are worked off from the idle loop: no driver ever calls into a step from its own depth, because the chip has a stack for
 * some ten calls. What must be durable before a driver goes on (a note that is stacked) is written in the driver's callback itself.
 */
import { packUp, xpt2046 } from "@trapeza/protocol/chip";
import type { Down, Kopecks, Operation, Result, Up, Welcome } from "@trapeza/protocol/chip";
import type { Acceptor, Driver } from "./acceptor.js";
import type { Board, Config } from "./board.js";
import { createPrinter, printReceipt, startPrinter } from "./devices/escpos.js";
import type { Printer } from "./devices/escpos.js";
import { createReader, startReader } from "./devices/pn532.js";
import { createTouch, startTouch } from "./devices/xpt2046.js";
import { readInterrupted, reopenSale } from "./interrupted.js";
import { ask, createLink, hurry, startLink } from "./link.js";
import type { Link } from "./link.js";
import { closeIntent, hasRoom, nextN, openIntent, openOutbox, store, unsent } from "./outbox.js";
import type { Intent, Outbox } from "./outbox.js";
import { encodeReceipt } from "./receipt.js";
import { draw, keyAt } from "./screen.js";
import type { Drawn } from "./screen.js";
import { change } from "./terminal.js";
import type { Common, Effect, Input, InterruptedNote, OperationDraft, Terminal, Tone } from "./terminal.js";
import { sharedWords } from "./words.js";

export const FIRMWARE = "0.1.0";

interface Runner<S> {
  readonly board: Board;
  readonly config: Config;
  readonly terminal: Terminal<S>;
  /** Of the bill validator, where there is one. */
  readonly driver: Driver | null;
  readonly outbox: Outbox;
  readonly inputs: Input[];
  common: Common;
  state: S;
  drawn: Drawn | null;
  link: Link | null;
  printer: Printer | null;
  acceptor: Acceptor | null;
  reader: "ok" | "silent";
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
}

/** A person who has just touched the machine will touch it again. */
const QUIET_MS = 3000;
const CLOCK_MS = 10000;
const STATUS_MS = 60000;
const TONES: { readonly [tone in Tone]: readonly [hertz: number, ms: number] } = {
  key: [3000, 20],
  good: [2000, 150],
  refused: [400, 400],
};

function post<S>(runner: Runner<S>, input: Input): void {
  if (input.kind === "key" || input.kind === "card") runner.touchedAt = runner.board.clock.now();
  runner.inputs.push(input);
  if (runner.draining) return;
  runner.draining = true;
  runner.board.clock.after(0, function () {
    drain(runner);
  });
}

function drain<S>(runner: Runner<S>): void {
  for (;;) {
    const input = runner.inputs.shift();
    if (!input) break;
    const step = runner.terminal.step(runner.state, input);
    runner.state = step.state;
    for (let i = 0; i < step.effects.length; i++) perform(runner, step.effects[i]);
  }
  runner.draining = false;
  runner.drawn = draw(runner.board.canvas, runner.drawn, runner.terminal.view(runner.state));
}

function perform<S>(runner: Runner<S>, effect: Effect): void {
  switch (effect.kind) {
    case "ask":
      if (runner.link) ask(runner.link, effect.tag, effect.message);
      return;
    case "submit":
      return submit(runner, effect.tag, effect.operation);
    case "print":
      return printLines(runner, effect.tag, encodeReceipt(effect.lines));
    case "beep":
      return runner.board.beep(TONES[effect.tone][0], TONES[effect.tone][1]);
    case "accept":
      if (runner.acceptor) runner.acceptor.wanted = effect.on;
      return;
    case "take":
      // A note that has gone meanwhile leaves nothing to intend: an intent without a note would stay open for ever.
      if (!runner.driver || !runner.acceptor || runner.acceptor.note !== "offered") return;
      // Durable before STACK: from here on a power cut knows of the note.
      openIntent(runner.outbox, { payee: effect.payee, purse: effect.purse, note: effect.valueKopecks, visit: effect.visit });
      return runner.driver.stack(runner.acceptor);
    case "giveBack":
      if (runner.driver && runner.acceptor) runner.driver.giveBack(runner.acceptor);
      return;
    case "timer":
      return setTimer(runner, effect.ms);
  }
}

function setTimer<S>(runner: Runner<S>, ms: number): void {
  if (runner.timer) runner.board.clock.cancel(runner.timer);
  runner.timer = 0;
  if (ms === 0) return;
  const own = runner.board.clock.after(ms, function () {
    if (runner.timer !== own) return;
    runner.timer = 0;
    post(runner, { kind: "timer" });
  });
  runner.timer = own;
}

function printLines<S>(runner: Runner<S>, tag: string, bytes: Uint8Array): void {
  if (!runner.printer) return;
  printReceipt(runner.printer, bytes, function (ok) {
    post(runner, { kind: "printed", tag, ok });
  });
}

function storeOperation<S>(runner: Runner<S>, draft: OperationDraft, closes: number): number {
  const { outbox, board } = runner;
  // Before the first Welcome of its life a terminal has no name to sign operations with.
  if (outbox.state.incarnation === 0) return 0;
  const sinceMs = runner.toldAt < 0 ? 0 : board.clock.now() - runner.toldAt;
  const head = { n: nextN(outbox), when: { date: runner.date, sinceMs, known: runner.toldAt >= 0 } };
  const packed = packUp(Object.assign(head, draft) as Operation);
  const n = store(outbox, packed.kind, packed.body, closes);
  if (runner.link) hurry(runner.link);
  refresh(runner);
  return n;
}

function submit<S>(runner: Runner<S>, tag: string, draft: OperationDraft): void {
  const n = storeOperation(runner, draft, 0);
  // Something stands between the note and its receipt: it may be a note that is not on it.
  if (draft.kind === "Receipt") runner.outbox.unpapered = draft.of === n - 1 ? 0 : draft.of + 1;
  post(runner, { kind: "stored", tag, n });
}

/** Tells the terminal of its surroundings when they differ from what it was told before. */
function tell<S>(runner: Runner<S>, fields: Partial<Common>): void {
  runner.common = change(runner.common, fields);
  post(runner, { kind: "common", common: runner.common });
}

function refresh<S>(runner: Runner<S>): void {
  const room = hasRoom(runner.outbox);
  if (room !== runner.common.room) tell(runner, { room });
}

function localMs<S>(runner: Runner<S>): number | null {
  if (runner.toldAt < 0) return null;
  return runner.toldMs + (runner.board.clock.now() - runner.toldAt) + runner.zoneMinutes * 60000;
}

function toldTime<S>(runner: Runner<S>, atMs: number, date: number): void {
  runner.toldAt = runner.board.clock.now();
  runner.toldMs = atMs;
  runner.date = date;
}

function sendStatus<S>(runner: Runner<S>): void {
  const { common, link, outbox, board, reader } = runner;
  if (!link || !common.up) return;
  const paper = common.paper === "unknown" ? "silent" : common.paper === "open" ? "out" : common.paper;
  const status: Up = { kind: "Status", paper, reader, acceptor: common.acceptor, unsent: unsent(outbox), freeMemory: board.freeMemory() };
  ask(link, "status", status);
}

/** An intent ends as an operation, in one write; then the person is told. */
function settle<S>(runner: Runner<S>, kind: "NoteStacked" | "NoteUnresolved", intent: Intent): void {
  const { payee, purse, note, visit } = intent;
  const n = storeOperation(runner, { kind, payee, purse, note, visit }, intent.intent);
  runner.lastNote = note;
  if (runner.outbox.unpapered === 0) runner.outbox.unpapered = n;
  const told: InterruptedNote = { n, valueKopecks: note, purse, payee, visit, unresolved: kind === "NoteUnresolved" };
  post(runner, { kind: "taken", note: told });
}

/**
 * The validator says that a note is in the cassette. With an intent open it is that note, at the value it had when it was offered. Without one it is
 * either the echo of the last note, repeated because our acknowledgement was lost in a restart, or money of nobody: that goes to suspense.
 */
function stacked<S>(runner: Runner<S>, valueKopecks: number, ours: boolean, sinceStart: boolean): void {
  const { open } = runner.outbox.state;
  if (open && ours) {
    settle(runner, "NoteStacked", open);
    return;
  }
  const echo = !sinceStart && runner.lastNote > 0 && (valueKopecks === runner.lastNote || valueKopecks === 0);
  log(runner, (echo ? "note repeated " : "note without intent ") + valueKopecks);
  if (echo || valueKopecks === 0) return;
  settle(runner, "NoteStacked", { intent: 0, payee: { kind: "none" }, purse: "main", note: valueKopecks as Kopecks, visit: 0 });
}

/** For the school's technician; lost when the gateway is away. */
function log<S>(runner: Runner<S>, text: string): void {
  if (runner.link) ask(runner.link, "log", { kind: "Log", text: text as Extract<Up, { kind: "Log" }>["text"] });
}

function openAcceptor<S>(runner: Runner<S>): void {
  const { board, driver, outbox } = runner;
  if (!driver || !board.acceptor) return;
  const events = {
    onOffered: function (valueKopecks: number) {
      post(runner, { kind: "offered", valueKopecks: valueKopecks as Kopecks });
    },
    onStacked: function (valueKopecks: number, ours: boolean, sinceStart: boolean) {
      stacked(runner, valueKopecks, ours, sinceStart);
    },
    onReturned: function () {
      closeIntent(outbox);
      post(runner, { kind: "returned" });
    },
    onUnresolved: function () {
      if (outbox.state.open) settle(runner, "NoteUnresolved", outbox.state.open);
    },
    onOddity: function (what: string) {
      log(runner, what);
    },
    onHealth: function (acceptor: Common["acceptor"]) {
      tell(runner, { acceptor });
      sendStatus(runner);
    },
  };
  runner.acceptor = driver.start(board.acceptor, board.clock, events, outbox.state.open !== null);
}

function openReader<S>(runner: Runner<S>): void {
  const { board } = runner;
  const reader = createReader(board.reader, board.clock, {
    onCard: function (uid) {
      post(runner, { kind: "card", uid });
    },
    onGone: function () {},
    onStranger: function () {
      post(runner, { kind: "stranger" });
    },
    onHealth: function (health) {
      runner.reader = health;
      sendStatus(runner);
    },
  });
  startReader(reader);
}

function openPrinter<S>(runner: Runner<S>): void {
  runner.printer = createPrinter(runner.board.printer, runner.board.clock, {
    onPaper: function (paper) {
      tell(runner, { paper });
      sendStatus(runner);
    },
  });
  startPrinter(runner.printer);
}

function openTouch<S>(runner: Runner<S>): void {
  const touch = createTouch(runner.board.panel, runner.board.clock, xpt2046.TYPICAL, function (x, y) {
    // What is on the screen is what the state looks like: both change in drain only.
    const key = runner.drawn ? keyAt(runner.terminal.view(runner.state), x, y) : "";
    if (key !== "") post(runner, { kind: "key", key });
  });
  startTouch(touch);
}

function heard<S>(runner: Runner<S>, message: Down): void {
  if (message.kind === "Policy") {
    tell(runner, { policy: message, language: message.language, words: sharedWords(message.language) });
  } else if (message.kind === "Menu") tell(runner, { menu: message });
  else if (message.kind === "Time") {
    toldTime(runner, message.atMs, message.date);
    tell(runner, { localMs: localMs(runner) });
  } else if (message.kind === "Safe") refresh(runner);
}

function welcomed<S>(runner: Runner<S>, welcome: Welcome, service: Welcome["service"]): void {
  runner.zoneMinutes = welcome.zoneMinutes;
  toldTime(runner, welcome.atMs, welcome.date);
  tell(runner, { up: true, service, incarnation: runner.outbox.state.incarnation, localMs: localMs(runner), room: hasRoom(runner.outbox) });
  // The first frame of a session proves to the gateway that we have its keys.
  sendStatus(runner);
}

function openLink<S>(runner: Runner<S>): void {
  const { board, config, outbox } = runner;
  const parts = { config, crypto: board.crypto, network: board.network, clock: board.clock, outbox, firmware: FIRMWARE };
  runner.link = createLink(parts, {
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
      post(runner, { kind: "answer", tag, result });
    },
    onOutcome: function (n: number, result: Result) {
      post(runner, { kind: "outcome", n, result });
      refresh(runner);
    },
    mayConnect: function () {
      // A machine that stands still under somebody's finger looks broken; a note in it would be given back by itself.
      const touchedMs = board.clock.now() - runner.touchedAt;
      const busy = (runner.acceptor && runner.acceptor.note !== "none") || (runner.printer && runner.printer.jobs.length > 0);
      return !busy && touchedMs > QUIET_MS && runner.terminal.rests(runner.state);
    },
  });
  startLink(runner.link);
}

function keepTime<S>(runner: Runner<S>, elapsedMs: number): void {
  if (runner.toldAt >= 0) tell(runner, { localMs: localMs(runner) });
  const since = elapsedMs >= STATUS_MS ? 0 : elapsedMs;
  if (since !== elapsedMs) sendStatus(runner);
  runner.board.clock.after(CLOCK_MS, function () {
    keepTime(runner, since + CLOCK_MS);
  });
}

function commonAtStart(board: Board, config: Config, outbox: Outbox): Common {
  return {
    terminal: config.terminal,
    bootEpoch: outbox.state.bootEpoch,
    incarnation: outbox.state.incarnation,
    up: false,
    service: "starting",
    paper: "unknown",
    acceptor: board.acceptor ? "silent" : "none",
    room: hasRoom(outbox),
    policy: null,
    menu: null,
    language: "ru",
    words: sharedWords("ru"),
    localMs: null,
  };
}

/** Starts a terminal on a board; it runs until the power goes. `driver`: of its bill validator, `null` where there is none. */
export function startTerminal<S>(board: Board, config: Config, terminal: Terminal<S>, driver: Driver | null): void {
  const outbox = openOutbox(board.flash, board.crypto.sha256);
  const common = commonAtStart(board, config, outbox);
  const interrupted = readInterrupted(outbox);
  reopenSale(outbox);
  const runner: Runner<S> = {
    board,
    config,
    terminal,
    driver,
    outbox,
    inputs: [],
    common,
    state: terminal.begin(common),
    drawn: null,
    link: null,
    printer: null,
    acceptor: null,
    reader: "silent",
    toldAt: -1,
    toldMs: 0,
    zoneMinutes: 0,
    date: 0,
    lastNote: interrupted.lastNote,
    timer: 0,
    touchedAt: -QUIET_MS,
    draining: false,
  };
  openPrinter(runner);
  openReader(runner);
  openAcceptor(runner);
  openTouch(runner);
  openLink(runner);
  keepTime(runner, 0);
  post(runner, { kind: "interrupted", notes: interrupted.notes });
}
