/**
 * Drives a receipt printer: asks for its state before and after each receipt and every two seconds between, sends no faster than it prints, and says
 * whether the receipt came out. One that does not answer three times is reported as silent and reset, again and again.
 *
 * Paper is never proof of money: receipts are printed after the money is safe, and a failure is reported.
 */
import { escpos } from "@trapeza/protocol/chip";
import type { Clock, Port } from "../board.js";
import { later } from "../later.js";

/** `open`: there is paper, but a cover or an error keeps it from being printed on. `unseen`: this model never says; what is sent counts as printed. */
export type Paper = "ok" | "low" | "out" | "open" | "silent" | "unseen";

export interface PrinterEvents {
  onPaper(paper: Paper): void;
}

interface Job {
  /** What is being sent, and what comes behind it: nothing when it is empty. */
  bytes: Uint8Array;
  readonly more: (() => Uint8Array) | null;
  readonly done: (printed: boolean) => void;
  at: number;
}

export interface Printer {
  readonly port: Port;
  readonly clock: Clock;
  readonly events: PrinterEvents;
  /** As protocol/devices/escpos.ts has them. */
  readonly traits: number;
  readonly jobs: Job[];
  paper: Paper | "unknown";
  /** Which question is open: 0 none, 2 cause of being offline, 4 paper. */
  asked: 0 | 2 | 4;
  /** What question 2 said, kept until question 4 is answered. */
  troubled: boolean;
  ended: boolean;
  failures: number;
  sending: boolean;
  stopped: boolean;
  /**
   * When the paper will be out, by the lines that were sent. A printer says that all is well while most of a receipt is still in its buffer: believed at
   * once, a receipt that the power tears a second later would count as given.
   */
  busyUntil: number;
  timer: number;
}

const ANSWER_MS = 300;
const IDLE_MS = 2000;
const TRIES = 3;
/** 96 bytes in 60 ms are 1600 a second: under the 1920 of the line at 19 200 baud, and about as fast as the paper. */
const CHUNK = 96;
const CHUNK_MS = 60;
/** A slow mechanism's line, 50 mm a second. */
const LINE_MS = 75;
/** The code and the cut at the end of every receipt. */
const TAIL_MS = 900;
const LINE_FEED = 10;
const XON = 0x11;
const XOFF = 0x13;

export function createPrinter(port: Port, clock: Clock, traits: number, events: PrinterEvents): Printer {
  return {
    port,
    clock,
    events,
    traits,
    jobs: [],
    paper: "unknown",
    asked: 0,
    troubled: false,
    ended: false,
    failures: 0,
    sending: false,
    stopped: false,
    busyUntil: 0,
    timer: 0,
  };
}

function ask(printer: Printer, question: 2 | 4): void {
  printer.asked = question;
  printer.port.write(printer.traits & escpos.ANSWERS_IN_TURN ? escpos.askInTurn() : escpos.askStatus(question));
  later(printer, ANSWER_MS, unanswered);
}

function askBoth(printer: Printer): void {
  if (printer.traits & escpos.ANSWERS_AT_ONCE) ask(printer, 2);
  else if (printer.traits & escpos.ANSWERS_IN_TURN) ask(printer, 4);
  else conclude(printer, "unseen");
}

function unanswered(printer: Printer): void {
  printer.failures++;
  if (printer.failures < TRIES) return askBoth(printer);
  // What is left of a receipt in there is not to come out later: it counts as not printed.
  printer.port.write(escpos.recover());
  conclude(printer, "silent");
}

function finish(printer: Printer, printed: boolean): void {
  const job = printer.jobs.shift();
  printer.sending = false;
  if (job) job.done(printed);
}

/** Both answers are in, or none will come. */
function conclude(printer: Printer, paper: Paper): void {
  printer.asked = 0;
  printer.failures = 0;
  const usable = paper === "ok" || paper === "low" || paper === "unseen";
  if (printer.paper !== paper) {
    printer.paper = paper;
    printer.events.onPaper(paper);
  }
  const job = printer.jobs.length > 0 ? printer.jobs[0] : null;
  if (!job) later(printer, IDLE_MS, askBoth);
  else if (!usable || printer.sending) {
    finish(printer, usable);
    later(printer, printer.jobs.length > 0 ? 0 : IDLE_MS, askBoth);
  } else {
    printer.sending = true;
    later(printer, 0, sendChunk);
  }
}

function sendChunk(printer: Printer): void {
  const job = printer.jobs.length > 0 ? printer.jobs[0] : null;
  if (!job) {
    later(printer, IDLE_MS, askBoth);
    return;
  }
  if (printer.stopped) {
    // XOFF: its buffer is full. A printer that never says XON again is found out by the question after a while.
    printer.stopped = false;
    later(printer, IDLE_MS, sendChunk);
    return;
  }
  if (job.at >= job.bytes.length && job.more) {
    job.bytes = job.more();
    job.at = 0;
  }
  if (job.at >= job.bytes.length) {
    printer.busyUntil += TAIL_MS;
    later(printer, Math.max(printer.busyUntil - printer.clock.now(), 0), askBoth);
    return;
  }
  const chunk = job.bytes.subarray(job.at, Math.min(job.at + CHUNK, job.bytes.length));
  let lines = 0;
  for (let i = 0; i < chunk.length; i++) if (chunk[i] === LINE_FEED) lines++;
  printer.busyUntil = Math.max(printer.busyUntil, printer.clock.now()) + lines * LINE_MS;
  printer.port.write(chunk);
  job.at += CHUNK;
  later(printer, CHUNK_MS, sendChunk);
}

function answered(printer: Printer, byte: number): void {
  if (printer.asked === 2) {
    const cause = escpos.decodeOfflineCause(byte);
    printer.troubled = cause.coverOpen || cause.error;
    printer.ended = cause.paperEnd;
    ask(printer, 4);
  } else if (printer.asked === 4) {
    const paper = printer.traits & escpos.ANSWERS_IN_TURN ? escpos.decodePaperInTurn(byte) : escpos.decodePaper(byte);
    conclude(printer, paper.end || printer.ended ? "out" : printer.troubled ? "open" : paper.nearEnd ? "low" : "ok");
  }
}

function received(printer: Printer, bytes: Uint8Array): void {
  for (let i = 0; i < bytes.length; i++) {
    if (bytes[i] === XOFF) printer.stopped = true;
    else if (bytes[i] === XON) {
      if (printer.stopped && printer.sending && printer.asked === 0) later(printer, CHUNK_MS, sendChunk);
      printer.stopped = false;
    } else if (printer.traits & escpos.ANSWERS_IN_TURN ? escpos.isPaperByte(bytes[i]) : escpos.isStatusByte(bytes[i]))
      answered(printer, bytes[i]);
  }
}

/** Begins to watch the printer; never ends. */
export function startPrinter(printer: Printer): void {
  printer.port.onData(function (bytes) {
    received(printer, bytes);
  });
  askBoth(printer);
}

/** `done` is told once whether the whole receipt is on paper. `more`, when given, is asked for the piece behind `bytes`, and so on until one is empty. */
export function printReceipt(printer: Printer, bytes: Uint8Array, done: (printed: boolean) => void, more?: () => Uint8Array): void {
  printer.jobs.push({ bytes, more: more || null, done, at: 0 });
  if (printer.jobs.length === 1 && printer.asked === 0) later(printer, 0, askBoth);
}
