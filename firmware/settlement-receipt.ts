/** The till's papers: a sale from a purse, a sale for cash, a void, a shift. */
import type { Kopecks } from "@trapeza/protocol/chip";
import { formatPaperCode, rowAt } from "@trapeza/protocol/chip";
import { big, boldPair, pair, qr, RULE, text, title } from "./receipt.js";
import type { PaperLine } from "./receipt.js";
import type { Holder, Order, SettlementState } from "./settlement-state.js";
import { claimCode, formatDate, formatMoney, formatTime, receiptNumber } from "./terminal.js";
import { say } from "./say.js";
import { SETTLEMENT, SHARED } from "./words.js";
import type { Word } from "./words.js";
import type { Result } from "./terminal.js";

type Sold = Extract<Result, { readonly kind: "Sold" }>;
type CashSold = Extract<Result, { readonly kind: "CashSold" }>;
type Voided = Extract<Result, { readonly kind: "Voided" }>;
type Service = Extract<Result, { readonly kind: "Activated" | "FeeTaken" | "AccessCode" }>;
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

function dishes(state: SettlementState, order: Order, sum: Kopecks): PaperLine[] {
  const lines: PaperLine[] = [RULE];
  // The first dish put on the tray comes first on paper.
  for (let i = order.length - 1; i >= 0; i--) {
    const one = order[i];
    const many = one.quantity > 1 ? one.quantity + " x " + formatMoney(one.priceKopecks) + " = " : "";
    lines.push(pair(one.name, many + formatMoney(one.priceKopecks * one.quantity)));
  }
  lines.push(RULE, total(state, sum));
  return lines;
}

function total(state: SettlementState, sum: number): PaperLine {
  const left = say(state.common, SHARED.total) + ", " + say(state.common, SHARED.roubles);
  return boldPair(left, formatMoney(sum));
}

function proofLine(state: SettlementState, receipt: number, proof: Sold["proof"]): PaperLine {
  return qr(formatPaperCode(receiptNumber(state.common, receipt), proof));
}

export function saleReceipt(state: SettlementState, sold: Sold): PaperLine[] {
  return saleLines(state, state.holder, state.order, sold);
}

/** For an order that was forgotten in a power cut: the sum and the purses, and whatever the number leads to. */
export function lateReceipt(state: SettlementState, sold: Sold): PaperLine[] {
  return saleLines(state, null, [], sold);
}

function saleLines(state: SettlementState, holder: Holder | null, order: Order, sold: Sold): PaperLine[] {
  const { common } = state;
  const lines: PaperLine[] = [title(say(common, SETTLEMENT.receipt) + " \u2116" + receiptNumber(common, sold.receipt))].concat(head(state));
  if (holder) {
    // Who was found by list has no card to name, and the parent is told so.
    lines.push(holder.cardNumber === "" ? text(say(common, SETTLEMENT.noCard)) : pair(say(common, SHARED.card), holder.cardNumber));
    lines.push(text(holder.name + ", " + holder.className));
  }
  return lines.concat(dishes(state, order, sold.total), [
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

/** Of a receipt that was forgotten in a power cut only the sum is known, and the operation's name. */
export function voidReceipt(state: SettlementState, n: number, voided: Voided): PaperLine[] {
  const { common, take } = state;
  const sale = state.at.kind === "voiding" && state.at.n === n ? state.sale : null;
  const number = sale ? " \u2116" + receiptNumber(common, sale.receipt) : "";
  const lines: PaperLine[] = [title(say(common, SETTLEMENT.voidReceipt) + number)].concat(head(state), [RULE]);
  for (let i = 0; sale && i < take.length; i++) {
    if (take[i] === 0) continue;
    const { name, price } = rowAt(sale.lines, i);
    lines.push(pair(name, take[i] + " x " + formatMoney(price)));
  }
  lines.push(total(state, voided.amount));
  if (!sale) lines.push(pair(say(common, SHARED.claimCode), claimCode(common, n)));
  if (voided.cash) return lines.concat([text(say(common, SETTLEMENT.cash))]);
  return lines.concat([
    pair(say(common, SHARED.main), formatMoney(voided.main)),
    pair(say(common, SHARED.additional), formatMoney(voided.additional)),
  ]);
}

/** What was sold, and what the drawer should hold: the Z report, or, while the shift is open, the X report. */
export function shiftReceipt(state: SettlementState, done: ShiftDone): PaperLine[] {
  const { common } = state;
  const sum = function (word: Word, amount: number, count: number): PaperLine {
    return pair(say(common, word) + (count < 0 ? "" : " (" + count + ")"), formatMoney(amount));
  };
  const lines: PaperLine[] = [title(say(common, SETTLEMENT.shiftOpen) + " " + done.shift + (done.open ? ": X" : ": Z"))].concat(
    head(state),
    [
      RULE,
      sum(SETTLEMENT.sales, done.salesTotal, done.sales),
      sum(SETTLEMENT.cashSales, done.cashTotal, -1),
      sum(SETTLEMENT.voids, done.voidsTotal, done.voids),
      sum(SETTLEMENT.services, done.fees, -1),
      RULE,
      sum(SETTLEMENT.float, done.float, -1),
      sum(SETTLEMENT.expected, done.cashExpected, -1),
    ],
  );
  if (!done.open) {
    lines.push(sum(SETTLEMENT.declared, done.cashDeclared, -1), sum(SETTLEMENT.variance, done.cashDeclared - done.cashExpected, -1));
  }
  if (done.firstReceipt === 0) return lines;
  return lines.concat([
    text(
      say(common, SETTLEMENT.receipts) + ": " + receiptNumber(common, done.firstReceipt) + " - " + receiptNumber(common, done.lastReceipt),
    ),
  ]);
}

/** A paid service or a password; nothing for what was free. */
export function serviceReceipt(state: SettlementState, n: number, done: Service): PaperLine[] {
  const { common } = state;
  const word = done.kind === "Activated" ? SETTLEMENT.activation : done.kind === "FeeTaken" ? SETTLEMENT.reissue : SETTLEMENT.password;
  const lines: PaperLine[] = [title(say(common, word))].concat(head(state), [RULE]);
  if (done.kind === "AccessCode") {
    return lines.concat([
      pair(say(common, SHARED.account), done.account),
      big(done.code),
      text(say(common, SETTLEMENT.passwordHint)),
      text(say(common, SETTLEMENT.validThrough) + " " + formatDate(done.validThrough)),
    ]);
  }
  const amount = done.kind === "Activated" ? done.paid : done.amount;
  if (amount === 0) return [];
  return lines.concat([
    text(done.name),
    total(state, amount),
    text(say(common, SETTLEMENT.cashReceipt)),
    pair(say(common, SHARED.claimCode), claimCode(common, n)),
  ]);
}
