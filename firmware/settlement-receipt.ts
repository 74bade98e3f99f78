/** The till's papers: a sale from a purse, a sale for cash, a void, a shift. */
import type { Kopecks, Result } from "@trapeza/protocol/chip";
import { formatPaperCode } from "@trapeza/protocol/chip";
import { pair, RULE, text, title } from "./receipt.js";
import type { PaperLine } from "./receipt.js";
import type { Holder, Order, SettlementState } from "./settlement-state.js";
import { claimCode, formatMoney, formatTime, receiptNumber } from "./terminal.js";

type Sold = Extract<Result, { readonly kind: "Sold" }>;
type CashSold = Extract<Result, { readonly kind: "CashSold" }>;
type Voided = Extract<Result, { readonly kind: "Voided" }>;
type ShiftDone = Extract<Result, { readonly kind: "ShiftDone" }>;

function head(state: SettlementState): PaperLine[] {
  const { common, words } = state;
  const lines: PaperLine[] = [];
  if (common.policy) {
    lines.push(title(common.policy.school), pair(common.words.school, String(common.policy.schoolNumber)));
    lines.push(text(words.caterer + ": " + common.policy.caterer));
  }
  lines.push(pair(common.words.terminal, String(common.terminal)), text(formatTime(common.localMs, common.words.timeUnknown)));
  return lines;
}

function dishes(state: SettlementState, order: Order, total: Kopecks): PaperLine[] {
  const lines: PaperLine[] = [RULE];
  // The first dish put on the tray comes first on paper.
  for (let i = order.length - 1; i >= 0; i--) {
    const one = order[i];
    const many = one.quantity > 1 ? one.quantity + " x " + formatMoney(one.priceKopecks) + " = " : "";
    lines.push(pair(one.name, many + formatMoney(one.priceKopecks * one.quantity)));
  }
  const sum = state.common.words.total + ", " + state.common.words.roubles;
  lines.push(RULE, { kind: "pair", left: sum, right: formatMoney(total), bold: true });
  return lines;
}

function proofLine(state: SettlementState, receipt: number, proof: Sold["proof"]): PaperLine {
  return {
    kind: "qr",
    text: formatPaperCode(receiptNumber(state.common, receipt), proof),
  };
}

export function saleReceipt(state: SettlementState, holder: Holder, sold: Sold): PaperLine[] {
  const { common, words } = state;
  const lines: PaperLine[] = [title(words.receipt + " \u2116" + receiptNumber(common, sold.receipt))].concat(head(state));
  lines.push(pair(common.words.card, holder.cardNumber), text(holder.name + ", " + holder.className));
  return lines.concat(dishes(state, state.order, sold.total), [
    pair(common.words.main, formatMoney(sold.main)),
    pair(common.words.additional, formatMoney(sold.additional)),
    proofLine(state, sold.receipt, sold.proof),
  ]);
}

/** For an order that was forgotten in a power cut: the sum and the purses, and whatever the number leads to. */
export function lateReceipt(state: SettlementState, sold: Sold): PaperLine[] {
  const { common, words } = state;
  const lines: PaperLine[] = [title(words.receipt + " \u2116" + receiptNumber(common, sold.receipt))].concat(head(state));
  return lines.concat(dishes(state, [], sold.total), [
    pair(common.words.main, formatMoney(sold.main)),
    pair(common.words.additional, formatMoney(sold.additional)),
    proofLine(state, sold.receipt, sold.proof),
  ]);
}

/** `sold` null: the gateway has not answered; the paper carries the operation's name instead of a number. */
export function cashReceipt(state: SettlementState, n: number, sold: CashSold | null, total: Kopecks): PaperLine[] {
  const { common, words } = state;
  const name = sold ? words.receipt + " \u2116" + receiptNumber(common, sold.receipt) : words.receipt + " " + claimCode(common, n);
  const lines: PaperLine[] = [title(name)].concat(head(state), dishes(state, state.order, total), [text(words.cashReceipt)]);
  return sold ? lines.concat([proofLine(state, sold.receipt, sold.proof)]) : lines.concat([text(words.saved)]);
}

export function voidReceipt(state: SettlementState, receipt: number, voided: Voided): PaperLine[] {
  const { common, words } = state;
  const lines: PaperLine[] = [title(words.voidReceipt + " \u2116" + receiptNumber(common, receipt))].concat(head(state), [RULE]);
  const sum = common.words.total + ", " + common.words.roubles;
  lines.push({ kind: "pair", left: sum, right: formatMoney(voided.amount), bold: true });
  if (voided.cash) return lines.concat([text(words.cash)]);
  return lines.concat([pair(common.words.main, formatMoney(voided.main)), pair(common.words.additional, formatMoney(voided.additional))]);
}

/** What the drawer should hold at the end of a shift, and what was sold. */
export function shiftReceipt(state: SettlementState, done: ShiftDone): PaperLine[] {
  const { words } = state;
  return [title(words.shiftOpen + " " + done.shift)].concat(head(state), [
    RULE,
    pair(words.sales + " (" + done.sales + ")", formatMoney(done.salesTotal)),
    pair(words.voids, formatMoney(done.voidsTotal)),
    pair(words.cash, formatMoney(done.cashExpected)),
  ]);
}
