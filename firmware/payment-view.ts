/** What the kiosk shows. */
import { sumOf, whyNoCash } from "./payment-state.js";
import type { PaymentState, Visit } from "./payment-state.js";
import { ACCENT, bigLine, button, FAINT, headLine, INK, item, keypad, keyRow, line, RED, WIDTH } from "./screen.js";
import type { Item, Picture } from "./screen.js";
import { claimCode, dotOf, formatMoney } from "./terminal.js";

function idle(state: PaymentState, notice: string): Item[] {
  const { words } = state;
  const why = whyNoCash(state);
  if (why !== "") return [line(1, words.cashStopped, { color: RED, align: "centre" }), line(2, why, { align: "centre" })];
  const told =
    notice === ""
      ? [line(1, words.tapCard, { align: "centre" }), line(2, words.orType, { align: "centre" })]
      : [line(1, notice, { color: RED, align: "centre" })];
  return told.concat(keyRow([{ key: "number", label: words.typeNumber, main: true }]));
}

function number(state: PaymentState, digits: string, notice: string): Item[] {
  const { words, common } = state;
  const entry = item([8, 38, WIDTH - 16, 40], notice === "" ? digits : notice, "normal", {
    color: notice === "" ? INK : RED,
    align: "centre",
  });
  return [entry].concat(
    keypad(),
    keyRow([
      { key: "cancel", label: common.words.cancel },
      { key: "back", label: "<" },
      { key: "next", label: words.next, main: true },
    ]),
  );
}

function notes(state: PaymentState): Item[] {
  const { at, words, common } = state;
  if (at.kind !== "notes") return [];
  const why = whyNoCash(state);
  const hint = why !== "" ? why : at.notice !== "" ? at.notice : words.insert;
  return [
    line(0, hint, { color: why === "" ? FAINT : RED, align: "centre" }),
    line(1, words.inserted, { align: "centre" }),
    bigLine(112, formatMoney(sumOf(at.visit)), ACCENT),
  ].concat(
    keyRow([
      { key: "main", label: common.words.main, main: at.purse === "main" },
      { key: "additional", label: common.words.additionalShort, main: at.purse === "additional" },
      { key: "done", label: common.words.done },
    ]),
  );
}

function done(state: PaymentState, visit: Visit, printed: boolean): Item[] {
  const { words, common } = state;
  const sum = bigLine(70, formatMoney(sumOf(visit)), ACCENT);
  if (printed) return [line(0, common.words.thanks, { align: "centre" }), sum, line(3, words.takeReceipt, { align: "centre" })];
  // No paper: the code is all that the person takes home, so it stays on the screen for a minute.
  const code = claimCode(common, visit.notes[visit.notes.length - 1].n);
  return [line(0, common.words.notPrinted + ". " + words.writeDown, { color: RED, align: "centre" }), sum, bigLine(128, code, INK)].concat(
    keyRow([{ key: "done", label: common.words.done, main: true }]),
  );
}

function body(state: PaymentState): Item[] {
  const { at, words, common } = state;
  switch (at.kind) {
    case "idle":
      return idle(state, at.notice);
    case "number":
      return number(state, at.digits, at.notice);
    case "purse":
      return [line(0, words.choosePurse, { align: "centre" })].concat(
        [
          button([2, 78, WIDTH - 4, 48], { key: "main", label: common.words.main, main: true }, "normal"),
          button([2, 130, WIDTH - 4, 48], { key: "additional", label: common.words.additional, main: true }, "normal"),
        ],
        keyRow([{ key: "cancel", label: common.words.cancel }]),
      );
    case "notes":
      return notes(state);
    case "done":
      return done(state, at.visit, at.printed);
    default:
      return [line(1, common.words.wait, { align: "centre" })];
  }
}

function titleOf(state: PaymentState): string {
  const { at, words } = state;
  if (at.kind === "purse" || at.kind === "notes") return at.visit.name !== "" ? at.visit.name : words.title;
  return words.title;
}

export function viewPayment(state: PaymentState): Picture {
  return headLine(titleOf(state), String(state.common.terminal), dotOf(state.common)).concat(body(state));
}
