/**
 * Turns effects into deeds: what a step asks for is stored, sent, printed or sounded here.
 */
import { packUp } from "@trapeza/protocol/chip";
import type { Operation } from "@trapeza/protocol/chip";
import type { Board } from "./board.js";
import { vouched } from "./card-reader.js";
import { printReceipt } from "./devices/escpos.js";
import { ask, hurry } from "./link.js";
import { nextN, openIntent, store } from "./outbox.js";
import { paperOf, receiptPiece } from "./receipt.js";
import { post } from "./runner.js";
import type { Runner } from "./runner.js";
import { PHOTO_WIDTH, PHOTO_X, PHOTO_Y } from "./screen.js";
import { refresh, tell } from "./surroundings.js";
import type { Effect, OperationDraft } from "./terminal.js";
import { patternOf } from "./tone.js";
import type { Pattern } from "./tone.js";

/** The first tone of a pattern now, the rest behind it. */
function beep(board: Board, pattern: Pattern, at: number): void {
  board.beep(pattern[at], pattern[at + 1]);
  if (at + 3 < pattern.length)
    board.clock.after(pattern[at + 1] + pattern[at + 2], function () {
      beep(board, pattern, at + 3);
    });
}

/** Does one thing that a step asked for. */
export function perform<S>(runner: Runner<S>, effect: Effect): void {
  switch (effect.kind) {
    case "ask":
      if (runner.link) ask(runner.link, effect.tag, vouched(runner, effect.message));
      return;
    case "submit":
      return submit(runner, effect.tag, effect.operation);
    case "print":
      return printPaper(runner, effect.tag, effect.paper);
    case "beep":
      return beep(runner.board, patternOf(effect.tone), 0);
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
    case "photo":
      return runner.board.canvas.grey(PHOTO_X, PHOTO_Y + effect.row, Math.min(effect.width, PHOTO_WIDTH), effect.rows);
    case "service": {
      const paper = runner.deeds ? runner.deeds.serve(runner, effect.what) : null;
      if (paper) printPaper(runner, "service", paperOf(paper));
      return;
    }
    case "calibrate":
      if (runner.deeds) runner.deeds.calibrate(runner, effect.crosses);
      return;
    case "language":
      return tell(runner, { language: effect.language });
    case "keep":
      runner.outbox.unpapered = effect.n;
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

function printPaper<S>(runner: Runner<S>, tag: string, paper: string): void {
  if (!runner.printer) return;
  const { printer: profile } = runner.config;
  const feed = { paper, at: -1 };
  const done = function (ok: boolean): void {
    post(runner, { kind: "printed", tag, ok });
  };
  printReceipt(runner.printer, receiptPiece(feed, profile), done, function () {
    return receiptPiece(feed, profile);
  });
}

/** Puts an operation into the outbox, durably, and returns its number; 0 = nothing is stored. `closes`: the intent that it ends, or 0. */
export function storeOperation<S>(runner: Runner<S>, draft: OperationDraft, closes: number): number {
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
