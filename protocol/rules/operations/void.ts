/** Rule 6: a sale comes back, wholly or by lines: to the purse it was paid from by rule 1, or as cash if it was cash. */
import type { EventOf } from "../../journal/event.js";
import type { Reason } from "../../wire/reason.js";
import { kopecks } from "../../wire/units.js";
import type { BusinessDate, Kopecks } from "../../wire/units.js";
import { refusalOf } from "../check.js";
import { applyChange, countInShift } from "../fold.js";
import { accountOf, cardChecks, cardOf, shiftOf, terminalChecks } from "../presented.js";
import { changeOf, credit, draftOf } from "../purse.js";
import type { Context, Decision, Request } from "../request.js";
import { spentOn } from "../school.js";
import type { Sale, School } from "../school.js";

type VoidRequest = Extract<Request, { kind: "Void" }>;
type VoidedLine = EventOf<"SaleVoided">["lines"][number];

export function decideVoid(school: School, request: VoidRequest, context: Context): Decision {
  const sale = school.sales.get(request.receipt) ?? null;
  const lines = sale === null ? null : voidedLines(sale, request.lines);
  const shift = shiftOf(school, context);
  const checks = {
    ...terminalChecks(school, context, "settlement"),
    amount_invalid: () => request.lines.some((line) => !(line.quantity > 0) || line.quantity !== Math.floor(line.quantity)),
    shift_closed: () => shift === null,
    nothing_to_void: () => lines === null,
    not_your_receipt: () => sale !== null && isForeign(sale, context),
  };
  const card = cardOf(school, request.supervisor);
  const reason =
    request.supervisor === null
      ? refusalOf("Void", checks, context.found)
      : refusalOf("VoidBySupervisor", { ...checks, ...cardChecks(card, context, (shown) => shown.holder === "supervisor") }, context.found);
  if (reason !== null || sale === null || lines === null || shift === null)
    return { kind: "refused", reason: reason ?? "nothing_to_void", bodies: [] };

  const amount = kopecks(lines.reduce((sum, line) => sum + line.price * line.quantity, 0));
  const body: EventOf<"SaleVoided"> = {
    kind: "SaleVoided",
    terminal: context.terminal,
    shift: shift.number,
    cashier: shift.cashier,
    receipt: sale.receipt,
    account: sale.account,
    lines,
    amount,
    ...wayBack(school, sale, amount),
    reason: request.reason,
    supervisor: request.supervisor,
  };
  return { kind: "accepted", bodies: [body], refused: [] };
}

/** What of a receipt can still be voided, and whether that wants a supervisor's card. */
export interface FoundSale {
  readonly kind: "sale";
  readonly sale: Sale;
  readonly supervisor: boolean;
}

/** Looked up at a till, for a void by number. */
export function findSale(
  school: School,
  receipt: number,
  context: Context,
): FoundSale | { readonly kind: "refused"; readonly reason: Reason } {
  const sale = school.sales.get(receipt) ?? null;
  const reason = refusalOf("FindReceipt", {
    ...terminalChecks(school, context, "settlement"),
    shift_closed: () => shiftOf(school, context) === null,
    nothing_to_void: () => sale === null || voidedLines(sale, []) === null,
  });
  if (reason !== null || sale === null) return { kind: "refused", reason: reason ?? "nothing_to_void" };
  return { kind: "sale", sale, supervisor: isForeign(sale, context) };
}

function isForeign(sale: Sale, context: Context): boolean {
  return sale.terminal !== context.terminal || sale.date !== context.date;
}

/** Where the money goes: the till's drawer, the purse, or, when the account is closed, what is owed to the person who left (rule 11). */
function wayBack(school: School, sale: Sale, amount: Kopecks): Pick<EventOf<"SaleVoided">, "cash" | "payable" | "change"> {
  const none = kopecks(0);
  const account = accountOf(school, sale.account);
  if (account === null) return { cash: amount, payable: none, change: null };
  if (account.status === "closed") return { cash: none, payable: amount, change: null };
  const draft = draftOf(account);
  credit(draft, "additional", amount);
  return { cash: none, payable: none, change: changeOf(draft) };
}

/** The asked lines with their prices, one entry a line; `null` when anything asked for is not there any more. */
function voidedLines(sale: Sale, asked: VoidRequest["lines"]): VoidedLine[] | null {
  const wanted = new Map<number, number>();
  if (asked.length === 0) sale.lines.forEach((line, at) => wanted.set(at, line.quantity - line.voided));
  for (const one of asked) wanted.set(one.line, (wanted.get(one.line) ?? 0) + one.quantity);
  const lines: VoidedLine[] = [];
  for (const [at, quantity] of [...wanted].sort((a, b) => a[0] - b[0])) {
    const line = sale.lines[at];
    if (line === undefined || quantity > line.quantity - line.voided) return null;
    if (quantity > 0) lines.push({ line: at, quantity, price: line.price, caterer: line.caterer });
  }
  return lines.length > 0 ? lines : null;
}

/** Only a sale of the same business date gives back daily limit: yesterday's lunch must not pay for a second one today. */
export function applySaleVoided(school: School, body: EventOf<"SaleVoided">, date: BusinessDate): void {
  const sale = school.sales.get(body.receipt);
  if (sale) {
    const voided = new Map(body.lines.map((line) => [line.line, line.quantity]));
    const lines = sale.lines.map((line, at) => ({ ...line, voided: line.voided + (voided.get(at) ?? 0) }));
    school.sales.set(body.receipt, { ...sale, lines });
  }
  if (body.change) applyChange(school, body.change, {});
  const account = accountOf(school, body.account);
  if (account && sale && sale.date === date) account.spent = kopecks(Math.max(spentOn(account, date) - body.amount, 0));
  countInShift(school, body.terminal, (shift) => ({
    ...shift,
    voids: shift.voids + 1,
    voidsTotal: kopecks(shift.voidsTotal + body.amount),
    cashVoids: kopecks(shift.cashVoids + body.cash),
  }));
}
