/**
 * A provider's day beside our orders: what of it is not the same, and what that means. Pure. A registry is a reason to ask, like a callback: what a question
 * changes in an order comes from the provider's answer, or from a person.
 */
import { isPaid } from "../payments/advance.js";
import { undoneBy } from "../payments/order.js";
import type { Order } from "../payments/order.js";
import type { RegistryRow } from "./registry-file.js";

export const QUESTIONS = [
  "not_a_row",
  "short_file",
  "unknown_order",
  "not_paid_here",
  "sum_differs",
  "refund_unheard",
  "chargeback_unheard",
  "twice",
  "again",
  "missing_there",
  "unknown_account",
  "differs",
] as const;
export type QuestionKind = (typeof QUESTIONS)[number];

export interface Question {
  /** Of the file; null when the file as a whole is meant, or an order that is not in it. */
  readonly line: number | null;
  readonly kind: QuestionKind;
  readonly order: number | null;
  /** Kopecks as they stand with us and with the provider. */
  readonly here: number | null;
  readonly there: number | null;
}

/** What registries before this row have said of the same order. */
export interface SaidBefore {
  readonly paid: boolean;
  readonly refunded: number;
  readonly chargedBack: number;
}

export const NOTHING_SAID: SaidBefore = { paid: false, refunded: 0, chargedBack: 0 };

/** What is to be asked about a row; null when it is as it is here. */
export function questionOf(row: RegistryRow, order: Order | null, before: SaidBefore): Question | null {
  const ask = (kind: QuestionKind, here: number | null, there = row.sum): Question => ({
    ...{ line: row.line, kind, order: order?.number ?? null },
    ...{ here, there },
  });
  if (row.name === "" || row.sum === null) return ask("not_a_row", null);
  if (order === null) return ask("unknown_order", null);
  if (row.operation === "payment") {
    if (before.paid) return ask("twice", order.total);
    if (row.sum !== order.total) return ask("sum_differs", order.total);
    return isPaid(order) ? null : ask("not_paid_here", 0);
  }
  const said = after(before, row);
  if (row.operation === "refund") return said.refunded > order.refunded ? ask("refund_unheard", order.refunded, said.refunded) : null;
  return said.chargedBack > order.chargedBack ? ask("chargeback_unheard", order.chargedBack, said.chargedBack) : null;
}

export function after(before: SaidBefore, { operation, sum }: RegistryRow): SaidBefore {
  return {
    paid: before.paid || operation === "payment",
    refunded: before.refunded + (operation === "refund" ? (sum ?? 0) : 0),
    chargedBack: before.chargedBack + (operation === "chargeback" ? (sum ?? 0) : 0),
  };
}

/**
 * Whether a return that an earlier file has told word for word is another one: only if as much went back as both say. Otherwise the provider has sent its day
 * again, mended, and what was booked once is not booked twice.
 */
export function isAnother(row: RegistryRow, order: Order, before: SaidBefore): boolean {
  const said = after(before, row);
  return row.operation === "refund" ? said.refunded <= order.refunded : said.chargedBack <= order.chargedBack;
}

/** Whether the order has become by now what the registry says of it. Other questions wait for a person. */
export function isAnswered({ kind, there }: Question, order: Order): boolean {
  switch (kind) {
    case "not_paid_here":
      return order.settled;
    case "missing_there":
      return order.settled || order.state === "failed";
    case "refund_unheard":
      return order.refunded >= (there ?? 0);
    case "chargeback_unheard":
      return order.chargedBack >= (there ?? 0);
    default:
      return false;
  }
}

/** What of the order's lines and fee the provider keeps back for one return, after the returns that it kept back before. */
export function keptBack(order: Order, before: SaidBefore, row: RegistryRow): { readonly lines: number[]; readonly fee: number } {
  const gone = Math.min(before.refunded + before.chargedBack, order.total);
  const [earlier, later] = [undoneBy(order, gone), undoneBy(order, Math.min(gone + (row.sum ?? 0), order.total))];
  return { lines: later.lines.map((sum, i) => sum - earlier.lines[i]), fee: later.fee - earlier.fee };
}
