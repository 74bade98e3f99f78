/** What the kiosk shows. */
import { viewCollection } from "./collection-view.js";
import { LARGE, NORMAL } from "./board.js";
import { sumOf, whyNoCash } from "./payment-state.js";
import type { PaymentState, Visit } from "./payment-state.js";
import { say } from "./say.js";
import {
  ACCENT,
  BACK,
  bigLine,
  CARD_ICON,
  CENTRE,
  FAINT,
  headLine,
  KEY,
  keypad,
  line,
  MAIN,
  NOTE_ICON,
  PAPER_ICON,
  RED,
  rowKey,
  TROUBLE_ICON,
  WAIT_ICON,
  WIDTH,
} from "./screen.js";
import type { Screen } from "./screen.js";
import { claimCode, dotOf, formatMoney } from "./terminal.js";
import { PAYMENT, SHARED } from "./words.js";

function idle(state: PaymentState, screen: Screen, notice: string): void {
  const { common } = state;
  const why = whyNoCash(state);
  if (why !== "") {
    line(screen, 1, say(common, PAYMENT.cashStopped), CENTRE + RED);
    line(screen, 2, why, CENTRE);
    bigLine(screen, 130, TROUBLE_ICON, RED);
    // Somebody has taken the box without a word, or the power went: it can still be said who it was.
    if (common.acceptor === "removed") rowKey(screen, 0, 32, "collect", say(common, PAYMENT.collect), KEY);
    return;
  }
  if (notice !== "") line(screen, 1, notice, CENTRE + RED);
  else {
    const deaf = common.reader === "silent";
    line(screen, 1, say(common, deaf ? SHARED.noCards : PAYMENT.tapCard), CENTRE + (deaf ? RED : 0));
    line(screen, 2, say(common, deaf ? PAYMENT.onlyType : PAYMENT.orType), CENTRE);
    if (!deaf) bigLine(screen, 130, CARD_ICON, ACCENT);
  }
  const both = common.policy !== null && common.policy.language === "both";
  rowKey(screen, 0, both ? 25 : 32, "number", say(common, PAYMENT.typeNumber), MAIN);
  if (both) rowKey(screen, 25, 7, "language", say(common, PAYMENT.english), KEY);
}

function number(state: PaymentState, screen: Screen, digits: string, notice: string): void {
  const { common } = state;
  const shown = notice !== "" ? notice : digits !== "" ? digits : say(common, PAYMENT.onlyType);
  screen.item(8, 38, WIDTH - 16, 40, shown, NORMAL + CENTRE + (notice === "" ? 0 : RED), "");
  keypad(screen);
  rowKey(screen, 0, 11, "cancel", say(common, SHARED.cancel), KEY);
  rowKey(screen, 11, 10, "back", BACK, KEY);
  rowKey(screen, 21, 11, "next", say(common, PAYMENT.next), MAIN);
}

function purse(state: PaymentState, screen: Screen, visit: Visit): void {
  const { common } = state;
  line(screen, 0, say(common, visit.elsewhere ? PAYMENT.elsewhere : PAYMENT.choosePurse), CENTRE);
  screen.item(2, 78, WIDTH - 4, 48, say(common, SHARED.main), NORMAL + MAIN, "main");
  screen.item(2, 130, WIDTH - 4, 48, say(common, SHARED.additional), NORMAL + MAIN, "additional");
  rowKey(screen, 0, 32, "cancel", say(common, SHARED.cancel), KEY);
}

function notes(state: PaymentState, screen: Screen): void {
  const { at, common } = state;
  if (at.kind !== "notes") return;
  const why = whyNoCash(state);
  const hint = why !== "" ? why : at.notice !== "" ? at.notice : say(common, PAYMENT.insert);
  line(screen, 0, hint, CENTRE + (why === "" ? FAINT : RED));
  line(screen, 1, say(common, PAYMENT.inserted), CENTRE);
  bigLine(screen, 112, formatMoney(sumOf(at.visit)), ACCENT);
  if (why === "") screen.item(8, 112, 50, 50, NOTE_ICON, LARGE + FAINT, "");
  rowKey(screen, 0, 11, "main", say(common, SHARED.main), at.purse === "main" ? MAIN : KEY);
  rowKey(screen, 11, 10, "additional", say(common, SHARED.additionalShort), at.purse === "additional" ? MAIN : KEY);
  rowKey(screen, 21, 11, "done", say(common, SHARED.done), KEY);
}

function done(state: PaymentState, screen: Screen, visit: Visit, printed: boolean): void {
  const { common } = state;
  if (printed) line(screen, 0, say(common, SHARED.thanks), CENTRE);
  else line(screen, 0, say(common, SHARED.notPrinted) + ". " + say(common, PAYMENT.writeDown), CENTRE + RED);
  bigLine(screen, 70, formatMoney(sumOf(visit)), ACCENT);
  if (printed) {
    line(screen, 3, say(common, PAYMENT.takeReceipt), CENTRE);
    return bigLine(screen, 170, PAPER_ICON, ACCENT);
  }
  // No paper: the code is all that the person takes home, so it stays on the screen for a minute.
  bigLine(screen, 128, claimCode(common, visit.notes[visit.notes.length - 1].n), 0);
  rowKey(screen, 0, 32, "done", say(common, SHARED.done), MAIN);
}

export function viewPayment(state: PaymentState, screen: Screen): void {
  const { at, common } = state;
  const name = at.kind === "purse" || at.kind === "notes" ? at.visit.name : "";
  const title = at.kind === "collecting" ? PAYMENT.collect : PAYMENT.title;
  headLine(screen, name !== "" ? name : say(common, title), String(common.terminal), dotOf(common));
  switch (at.kind) {
    case "idle":
      return idle(state, screen, at.notice);
    case "number":
      return number(state, screen, at.digits, at.notice);
    case "purse":
      return purse(state, screen, at.visit);
    case "notes":
      return notes(state, screen);
    case "collecting":
      return viewCollection(screen, common, at.collection);
    case "done":
      return done(state, screen, at.visit, at.printed);
    default:
      line(screen, 1, say(common, SHARED.wait), CENTRE);
      bigLine(screen, 110, WAIT_ICON, FAINT);
  }
}
