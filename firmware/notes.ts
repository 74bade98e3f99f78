/**
 * Notes between the validator and the outbox: what must be durable before a driver goes on is written here, in the driver's own call.
 */
import type { Kopecks } from "@trapeza/protocol/chip";
import { closeIntent } from "./outbox.js";
import type { Intent } from "./outbox-state.js";
import { storeOperation } from "./perform.js";
import { post } from "./runner.js";
import type { Runner } from "./runner.js";
import { log, sendStatus, tell } from "./surroundings.js";
import type { Common, InterruptedNote } from "./terminal.js";

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

/** Starts the bill validator, where there is one. */
export function openAcceptor<S>(runner: Runner<S>): void {
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
