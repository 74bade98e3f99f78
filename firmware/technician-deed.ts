/** What the technician's menu has done on the board. */
import { unpackUp, xpt2046 } from "@trapeza/protocol/chip";
import { keep, kept, stored, TOUCH, unsent } from "./outbox.js";
import { pair, qr, RULE, text, title } from "./receipt.js";
import type { PaperLine } from "./receipt.js";
import { FIRMWARE, post } from "./runner.js";
import type { Deeds, Runner } from "./runner.js";
import { say } from "./say.js";
import { claimCode, formatMoney } from "./terminal.js";
import type { ServiceDeed } from "./terminal.js";
import { SERVICE } from "./words.js";

/** A paper of so many claims is a metre long; the rest comes when these are sent. */
const MOST_CLAIMS = 40;

/** How things stand, a line each; nothing that would be a secret. */
function facts<S>(runner: Runner<S>): string[] {
  const { common, outbox, link } = runner;
  const lines = [
    FIRMWARE + "  " + common.terminal + "-" + common.incarnation + "  #" + common.bootEpoch + "  " + runner.board.freeMemory(),
    runner.config.host + ": " + (link ? link.phase : ""),
    say(common, SERVICE.unsent) + ": " + unsent(outbox),
    say(common, SERVICE.paper) + ": " + common.paper + "   " + say(common, SERVICE.reader) + ": " + runner.reader,
  ];
  // A till and a wall have none.
  if (common.acceptor !== "none") lines.push(say(common, SERVICE.acceptor) + ": " + common.acceptor);
  return lines;
}

/** Every operation that nobody has answered, under the name that stands on its paper: so the money is found even if this flash is not. */
function claims<S>(runner: Runner<S>): PaperLine[] {
  const { common, outbox } = runner;
  const { answeredUpTo, lastN } = outbox.state;
  const lines: PaperLine[] = [title(say(common, SERVICE.unsent) + ": " + unsent(outbox))];
  for (let n = answeredUpTo + 1; n <= Math.min(lastN, answeredUpTo + MOST_CLAIMS); n++) {
    const operation = stored(outbox, n);
    const message = operation ? unpackUp(operation) : null;
    const up = message && message.ok ? message.value : null;
    lines.push(pair(claimCode(common, n), up && (up.kind === "NoteStacked" || up.kind === "NoteUnresolved") ? formatMoney(up.note) : ""));
  }
  return lines;
}

/** What a printer must be able to say: every letter, its full width, a code. */
function testPaper<S>(runner: Runner<S>): PaperLine[] {
  return [title(say(runner.common, SERVICE.title)), text(say(runner.common, SERVICE.letters)), RULE, qr("TRAPEZA")];
}

/** The calibration in flash, or the one that is typical of the board. */
function calibrationOf<S>(runner: Runner<S>): xpt2046.Calibration {
  const bytes = kept(runner.outbox, TOUCH);
  return (bytes && xpt2046.calibrate(bytes)) || xpt2046.TYPICAL;
}

/** Both crosses were touched: durable, and in force at once. Readings that are no two corners change nothing. */
function calibrate<S>(runner: Runner<S>, crosses: ReadonlyArray<number>): void {
  const bytes = xpt2046.packCrosses(crosses);
  if (!runner.touch || !xpt2046.calibrate(bytes)) return;
  keep(runner.outbox, TOUCH, bytes);
  runner.touch.calibration = calibrationOf(runner);
}

/** Does it, says how the board is then, and answers with what is to be printed, if anything is. */
function serve<S>(runner: Runner<S>, what: ServiceDeed): PaperLine[] | null {
  const { acceptor, driver } = runner;
  if (what === "tone") runner.board.beep(2000, 150);
  else if (what === "touch") runner.raw = true;
  else if (what === "acceptor" && acceptor && driver && acceptor.note === "none") {
    acceptor.cheats = 0;
    acceptor.next = driver.reset;
  }
  post(runner, { kind: "looked", facts: facts(runner) });
  return what === "claims" ? claims(runner) : what === "paper" ? testPaper(runner) : null;
}

export const TECHNICIAN: Deeds = { serve, calibrate, calibrationOf };
