/** The till's papers: a sale from a purse, a sale for cash, a void, a shift. */
import type { Kopecks, Result } from "@trapeza/protocol/chip";
import { formatPaperCode } from "@trapeza/protocol/chip";
import { pair, RULE, text, title } from "./receipt.js";
import type { PaperLine } from "./receipt.js";
import type { Holder, Order, SettlementState } from "./settlement-state.js";
import { claimCode, formatMoney, formatTime, receiptNumber } from "./terminal.js";
import { say } from "./say.js";
import { SETTLEMENT, SHARED } from "./words.js";

type Sold = Extract<Result, { readonly kind: "Sold" }>;
type CashSold = Extract<Result, { readonly kind: "CashSold" }>;
type Voided = Extract<Result, { readonly kind: "Voided" }>;
type ShiftDone = Extract<Result, { readonly kind: "ShiftDone" }>;

function head(state: SettlementState): PaperLine[] {
  const { common } = state;
  const lines: PaperLine[] = [];
  if (common.policy) {
    lines.push(title(common.policy.school), pair(say(common, SHARED.school), String(common.policy.schoolNumber)));
    lines.push(text(say(common, SETTLEMENT.caterer) + ": " + common.policy.caterer));
  }
  lines.push(
    pair(say(common, SHARED.terminal), String(common.terminal)),
    text(formatTime(common.localMs, say(common, SHARED.timeUnknown))),
  );
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
  const sum = say(state.common, SHARED.total) + ", " + say(state.common, SHARED.roubles);
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
  const { common } = state;
  const lines: PaperLine[] = [title(say(common, SETTLEMENT.receipt) + " \u2116" + receiptNumber(common, sold.receipt))].concat(head(state));
  lines.push(pair(say(common, SHARED.card), holder.cardNumber), text(holder.name + ", " + holder.className));
  return lines.concat(dishes(state, state.order, sold.total), [
    pair(say(common, SHARED.main), formatMoney(sold.main)),
    pair(say(common, SHARED.additional), formatMoney(sold.additional)),
    proofLine(state, sold.receipt, sold.proof),
  ]);
}

/** For an order that was forgotten in a power cut: the sum and the purses, and whatever the number leads to. */
export function lateReceipt(state: SettlementState, sold: Sold): PaperLine[] {
  const { common } = state;
  const lines: PaperLine[] = [title(say(common, SETTLEMENT.receipt) + " \u2116" + receiptNumber(common, sold.receipt))].concat(head(state));
  return lines.concat(dishes(state, [], sold.total), [
    pair(say(common, SHARED.main), formatMoney(sold.main)),
    pair(say(common, SHARED.additional), formatMoney(sold.additional)),
    proofLine(state, sold.receipt, sold.proof),
  ]);
}

/** `sold` null: the gateway has not answered; the paper carries the operation's name instead of a number. */
export function cashReceipt(state: SettlementState, n: number, sold: CashSold | null, total: Kopecks): PaperLine[] {
  const { common } = state;
  const name = sold
    ? say(common, SETTLEMENT.receipt) + " \u2116" + receiptNumber(common, sold.receipt)
    : say(common, SETTLEMENT.receipt) + " " + claimCode(common, n);
  const lines: PaperLine[] = [title(name)].concat(head(state), dishes(state, state.order, total), [
    text(say(common, SETTLEMENT.cashReceipt)),
  ]);
  return sold ? lines.concat([proofLine(state, sold.receipt, sold.proof)]) : lines.concat([text(say(common, SETTLEMENT.saved))]);
}

export function voidReceipt(state: SettlementState, receipt: number, voided: Voided): PaperLine[] {
  const { common } = state;
  const lines: PaperLine[] = [title(say(common, SETTLEMENT.voidReceipt) + " \u2116" + receiptNumber(common, receipt))].concat(head(state), [
    RULE,
  ]);
  const sum = say(common, SHARED.total) + ", " + say(common, SHARED.roubles);
  lines.push({ kind: "pair", left: sum, right: formatMoney(voided.amount), bold: true });
  if (voided.cash) return lines.concat([text(say(common, SETTLEMENT.cash))]);
  return lines.concat([
    pair(say(common, SHARED.main), formatMoney(voided.main)),
    pair(say(common, SHARED.additional), formatMoney(voided.additional)),
  ]);
}

/** What the drawer should hold at the end of a shift, and what was sold. */
export function shiftReceipt(state: SettlementState, done: ShiftDone): PaperLine[] {
  const { common } = state;
  return [title(say(common, SETTLEMENT.shiftOpen) + " " + done.shift)].concat(head(state), [
    RULE,
    pair(say(common, SETTLEMENT.sales) + " (" + done.sales + ")", formatMoney(done.salesTotal)),
    pair(say(common, SETTLEMENT.voids), formatMoney(done.voidsTotal)),
    pair(say(common, SETTLEMENT.cash), formatMoney(done.cashExpected)),
  ]);
}
