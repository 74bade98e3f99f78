/** Rule 2: the buffet sells from the additional purse, whole or not at all; and the till sells for cash. */
import type { Basis, EventBody, EventOf, Flag, Line } from "../../journal/event.js";
import { REASONS } from "../../wire/reason.js";
import type { Reason } from "../../wire/reason.js";
import { kopecks } from "../../wire/units.js";
import type { BusinessDate, CardUid, Kopecks } from "../../wire/units.js";
import { ENVELOPE, refusalOf } from "../check.js";
import { applyChange, countInShift } from "../fold.js";
import { menuOn } from "../menu.js";
import { LARGEST_FIGURE } from "../plausible.js";
import { about, accountOf, accountOfPayer, cardChecks, cardOf, shiftOf, spenderChecks, terminalChecks } from "../presented.js";
import { changeOf, debit, draftOf, NO_ORIGIN } from "../purse.js";
import type { Context, Decision, Fact, Request, WantedLine } from "../request.js";
import { isBlocked, spentOn, versionOn } from "../school.js";
import type { Account, Sale, School, Shift } from "../school.js";

type SaleRequest = Extract<Request, { kind: "Sale" }>;
type CashRequest = Extract<Request, { kind: "CashSale" }>;
type Approved = Extract<Fact, { kind: "SaleApproved" }>;

export function decideSale(school: School, request: SaleRequest, context: Context): Decision {
  const payer = request.payer;
  const uid = payer.by === "card" ? payer.uid : null;
  const card = cardOf(school, uid);
  const account = accountOf(school, accountOfPayer(school, payer));
  const lines = pricedLines(school, request.lines, context.date);
  const checks = {
    ...basketChecks(school, request, lines, context),
    ...spenderChecks(account),
    banned_dish: about(account, (one) => request.override === null && hasBanned(school, one, request.lines, context.date)),
    ...purseChecks(school, account, request.total, context),
  };
  const reason =
    payer.by === "card"
      ? refusalOf("SaleByCard", { ...checks, ...cardChecks(card, context, (shown) => shown.account !== null) }, context.found)
      : refusalOf("SaleByList", checks, context.found);
  if (reason !== null || account === null || lines === null) {
    return {
      kind: "refused",
      reason: reason ?? "unknown_dish",
      bodies: saleRefused(request, account, uid, reason ?? "unknown_dish", context),
    };
  }
  const asked = { lines, total: request.total, menuVersion: request.menuVersion, uid, override: request.override };
  return { kind: "accepted", bodies: [sold(school, account, asked, "request", [], context)], refused: [] };
}

export function decideCashSale(school: School, request: CashRequest, context: Context): Decision {
  const lines = pricedLines(school, request.lines, context.date);
  const reason = refusalOf("CashSale", basketChecks(school, request, lines, context), context.found);
  if (reason !== null || lines === null) return { kind: "refused", reason: reason ?? "unknown_dish", bodies: [] };
  const till = tillOf(school, context);
  const { total, menuVersion } = request;
  const body: EventBody = { kind: "CashSold", ...till, lines, total, menuVersion, soldOn: context.date, basis: "request", flags: [] };
  return { kind: "accepted", bodies: [body], refused: [] };
}

/**
 * A sale that a gateway approved before it was replaced: the food is eaten, so it is recorded whatever the account says now. What the additional purse
 * cannot give becomes debt of no caterer's (the operator answers for its gateway), flagged.
 */
export function recordSale(school: School, fact: Approved, context: Context): EventBody[] {
  const account = accountOf(school, fact.account);
  const total = fact.lines.reduce((sum, line) => sum + line.price * line.quantity, 0);
  if (account === null) {
    const text = "sale of " + total + " kopecks to account " + fact.account;
    return [{ kind: "FactFlagged", account: null, flag: "unknown_account", amount: kopecks(total), text }];
  }
  const lines = fact.lines.map((line): Line => {
    const dish = versionOn(school.dishes.get(line.dish), context.date);
    return { dish: line.dish, name: dish?.name ?? "", price: line.price, quantity: line.quantity, caterer: dish?.caterer ?? 0 };
  });
  const asked = { lines, total: kopecks(total), menuVersion: school.menuVersion, uid: fact.uid, override: null };
  return [sold(school, account, asked, "offline", flagsFor(school, account, fact.lines, total, context), context)];
}

function flagsFor(school: School, account: Account, lines: readonly WantedLine[], total: number, context: Context): Flag[] {
  const spender = spenderChecks(account);
  const found: readonly (readonly [Flag, boolean])[] = [
    ["shift_closed", shiftOf(school, context) === null],
    ["account_closed", spender.account_closed()],
    ["account_moved", spender.account_moved()],
    ["unknown_dish", lines.some((line) => versionOn(school.dishes.get(line.dish), context.date) === null)],
    ["banned_dish", hasBanned(school, account, lines, context.date)],
    ["on_stop_list", account.stopList],
    ["overdrawn", total > account.additional],
    ["over_daily_limit", isOverDailyLimit(account, total, context)],
  ];
  return found.filter(([, broken]) => broken).map(([flag]) => flag);
}

interface Basket {
  readonly lines: Line[];
  readonly total: Kopecks;
  readonly menuVersion: number;
  readonly uid: CardUid | null;
  readonly override: string | null;
}

function sold(school: School, account: Account, basket: Basket, basis: Basis, flags: Flag[], context: Context): EventOf<"BuffetSold"> {
  const draft = draftOf(account);
  debit(draft, "additional", basket.total, NO_ORIGIN);
  return { kind: "BuffetSold", ...tillOf(school, context), ...basket, account: account.id, basis, flags, change: changeOf(draft) };
}

export function tillOf(school: School, context: Context) {
  const shift = shiftOf(school, context);
  return { terminal: context.terminal, shift: shift?.number ?? 0, cashier: shift?.cashier ?? 0, receipt: school.nextReceipt };
}

/** Checks of what lies on the tray, whoever pays. */
function basketChecks(school: School, request: SaleRequest | CashRequest, lines: Line[] | null, context: Context) {
  const wanted = request.lines;
  return {
    ...terminalChecks(school, context, "settlement"),
    amount_invalid: () =>
      !(request.total > 0 && request.total <= LARGEST_FIGURE) ||
      wanted.length === 0 ||
      wanted.length > 40 ||
      wanted.some((line) => !isQuantity(line.quantity)),
    shift_closed: () => shiftOf(school, context) === null,
    unknown_dish: () => lines === null,
    price_changed: () => lines !== null && totalOf(lines) !== request.total,
  };
}

/** What the account itself may refuse about spending `total`, in kopecks, on the buffet. */
export function purseChecks(school: School, account: Account | null, total: number, context: Context) {
  return {
    stop_list: about(account, (one) => one.stopList),
    account_blocked: about(account, (one) => isBlocked(school, one)),
    insufficient_funds: about(account, (one) => total > one.additional),
    daily_limit: about(account, (one) => isOverDailyLimit(one, total, context)),
  };
}

function isOverDailyLimit(account: Account, total: number, context: Context): boolean {
  return account.dailyLimit !== null && spentOn(account, context.date) + total > account.dailyLimit;
}

function isQuantity(quantity: number): boolean {
  return quantity > 0 && quantity <= 99 && quantity === Math.floor(quantity);
}

export function totalOf(lines: readonly Line[]): number {
  return lines.reduce((sum, line) => sum + line.price * line.quantity, 0);
}

/** The lines with names and prices of that day; `null` when a dish is not on sale. */
export function pricedLines(school: School, wanted: readonly WantedLine[], date: BusinessDate): Line[] | null {
  const lines: Line[] = [];
  for (const line of wanted) {
    const dish = versionOn(school.dishes.get(line.dish), date);
    if (!dish || !dish.offered) return null;
    lines.push({ dish: dish.code, name: dish.name, price: dish.price, quantity: line.quantity, caterer: dish.caterer });
  }
  return lines;
}

/** Codes of the dishes on sale that this account's parents have banned, by themselves or for an allergen. */
export function bannedOn(school: School, account: Account, date: BusinessDate): number[] {
  return menuOn(school, date)
    .map((dish) => dish.code)
    .filter((dish) => hasBanned(school, account, [{ dish, quantity: 1 }], date));
}

function hasBanned(school: School, account: Account, wanted: readonly WantedLine[], date: BusinessDate): boolean {
  return wanted.some((line) => {
    const allergens = versionOn(school.dishes.get(line.dish), date)?.allergens ?? [];
    return account.bannedDishes.includes(line.dish) || allergens.some((allergen) => account.bannedAllergens.includes(allergen));
  });
}

/** Only refusals that say something about the sale leave a trace: a bad frame or an empty tray is nobody's history. */
function saleRefused(request: SaleRequest, account: Account | null, uid: CardUid | null, reason: Reason, context: Context): EventBody[] {
  const silent: readonly Reason[] = [...ENVELOPE, "unknown_terminal", "out_of_service", "amount_invalid"];
  if (silent.includes(reason)) return [];
  const lines = request.lines.map((line) => ({ dish: line.dish, quantity: line.quantity }));
  const asked = { lines, total: request.total, override: request.override };
  return [{ kind: "SaleRefused", terminal: context.terminal, account: account?.id ?? null, uid, ...asked, reason: REASONS[reason] }];
}

export function applyBuffetSold(school: School, body: EventOf<"BuffetSold">, date: BusinessDate): void {
  applyChange(school, body.change, { explained: body.flags.includes("overdrawn") });
  const account = school.accounts.get(body.account);
  if (account) {
    account.spent = kopecks(spentOn(account, date) + body.total);
    account.spentDate = date;
  }
  remember(school, body, body.account, date);
  countInShift(school, body.terminal, (shift) => ({
    ...withReceipt(shift, body.receipt),
    salesTotal: kopecks(shift.salesTotal + body.total),
  }));
}

export function applyCashSold(school: School, body: EventOf<"CashSold">, date: BusinessDate): void {
  remember(school, body, null, date);
  countInShift(school, body.terminal, (shift) => ({
    ...withReceipt(shift, body.receipt),
    cashTotal: kopecks(shift.cashTotal + body.total),
  }));
}

function withReceipt(shift: Shift, receipt: number): Shift {
  return { ...shift, sales: shift.sales + 1, firstReceipt: shift.firstReceipt || receipt, lastReceipt: receipt };
}

function remember(school: School, body: EventOf<"BuffetSold"> | EventOf<"CashSold">, account: number | null, date: BusinessDate): void {
  const lines = body.lines.map((line) => ({ ...line, voided: 0 }));
  const sale: Sale = { receipt: body.receipt, terminal: body.terminal, date, cashier: body.cashier, account, lines };
  school.sales.set(body.receipt, sale);
  school.nextReceipt = Math.max(school.nextReceipt, body.receipt + 1);
}
