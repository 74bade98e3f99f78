/**
 * From an event to its postings: the double-entry table of the money rules, one function a row. Pure.
 *
 * Holders' purses move by the event's own deltas and nothing else, so the ledger's sum over a purse is the purse. The other side comes from the event's
 * parts, lines and totals. Should the two sides of a faulty event differ, the difference stands on `suspense/audit` for a person to see.
 */
import { isHeldInBox } from "@trapeza/protocol";
import type { AccountNumber, Change, Event, EventBody, EventOf } from "@trapeza/protocol";
import * as account from "./accounts.js";
import { postingsForDirective } from "./directive-postings.js";
import { credit, debit, summed, totalOf } from "./posting.js";
import type { LedgerAccount, Posting } from "./posting.js";

/** What the table needs to know beyond the event. */
export interface Books {
  readonly school: number;
  /** The school where this account number is at home; null when no school knows it. */
  readonly homeOf: (number: AccountNumber) => number | null;
  /** Cash that a till took since its shift began, by caterer. */
  readonly tillCash: (terminal: number) => ReadonlyMap<number, number>;
}

/** Postings of one event, in whole kopecks; empty when it moves no money. They always sum to zero. */
export function postingsFor(event: Event, books: Books): Posting[] {
  const postings = postingsOf(event.body, books);
  const open = totalOf(postings);
  return summed(open === 0 ? postings : [...postings, credit(account.auditSuspense, open)]);
}

/** What the event's figures leave unexplained, in kopecks; 0 for a sound one. */
export function unexplained(postings: readonly Posting[]): number {
  return postings.find((posting) => posting.account === account.auditSuspense)?.amount ?? 0;
}

function postingsOf(body: EventBody, books: Books): Posting[] {
  switch (body.kind) {
    case "TopUpCredited":
      return [debit(account.kioskCash(body.terminal), body.note), ...moved(body.change)];
    case "TopUpHeld":
      // What nobody saw reach the cassette, or cannot be believed, is a memo in the journal, and money only once a person has confirmed it.
      return isHeldInBox(body.why) ? transfer(account.kioskCash(body.terminal), account.claimsSuspense, body.note) : [];
    case "ForeignTopUp":
      return foreignTopUp(body, books);
    case "CashCollected":
      return transfer(account.cashInTransit, account.kioskCash(body.terminal), body.expected);
    case "BuffetSold":
      return [...moved(body.change), ...body.lines.map((line) => credit(account.catererBuffet(line.caterer), line.price * line.quantity))];
    case "CashSold":
      return [
        debit(account.tillCash(body.terminal), body.total),
        ...body.lines.map((line) => credit(account.catererBuffet(line.caterer), line.price * line.quantity)),
      ];
    case "SaleVoided":
      return [
        ...body.lines.map((line) => debit(account.catererBuffet(line.caterer), line.price * line.quantity)),
        credit(account.tillCash(body.terminal), body.cash),
        credit(account.refundsPayable, body.payable),
        ...moved(body.change),
      ];
    case "FeePaid":
      return transfer(account.tillCash(body.terminal), account.cardIncome, body.amount);
    case "ShiftClosed":
      return shiftClosed(body, books);
    case "MealServed":
      return mealServed(body, books);
    case "MealUndone":
      return mealUndone(body, books);
    case "AccountMovedOut":
      return against(account.clearing(body.toSchool), moved(body.change));
    case "AccountMovedIn":
      return against(account.clearing(books.school), moved(body.change));
    case "DirectiveApplied":
      return postingsForDirective(body, body.changes.flatMap(moved), books.school);
    default:
      return [];
  }
}

/**
 * The holder's side of a change, and what it repaid: the repaid part of a debt becomes money that the caterer may be sent. A debt without a caterer
 * (a chargeback, an opening balance) has no such second half.
 */
function moved(change: Change | null): Posting[] {
  if (!change) return [];
  return [
    credit(account.holderMain(change.account), change.mainDelta),
    credit(account.holderAdditional(change.account), change.additionalDelta),
    ...change.repaid.flatMap(({ caterer, amount }) =>
      caterer === null ? [] : transfer(account.catererUnfunded(caterer), account.catererMeals(caterer), amount),
    ),
  ];
}

function transfer(to: LedgerAccount, from: LedgerAccount, amount: number): Posting[] {
  return [debit(to, amount), credit(from, amount)];
}

/** Puts whatever the postings leave open on one account. */
function against(counterpart: LedgerAccount, postings: Posting[]): Posting[] {
  return [credit(counterpart, totalOf(postings)), ...postings];
}

function foreignTopUp(body: EventOf<"ForeignTopUp">, books: Books): Posting[] {
  const home = books.homeOf(body.number);
  return transfer(account.kioskCash(body.terminal), home === null ? account.claimsSuspense : account.clearing(home), body.note);
}

function mealServed(body: EventOf<"MealServed">, books: Books): Posting[] {
  const { parts, caterer, program } = body;
  return [
    ...moved(body.change),
    debit(account.budget(program), parts.subsidy),
    debit(account.schoolFund(books.school), parts.fund),
    credit(account.catererMeals(caterer), parts.main + parts.additional + parts.fund),
    credit(account.catererUnfunded(caterer), parts.debt),
    credit(account.catererSubsidy(caterer), parts.subsidy),
  ];
}

/** The debt part goes back from where it stands now: what was repaid since is the caterer's funded money, the rest never was money. */
function mealUndone(body: EventOf<"MealUndone">, books: Books): Posting[] {
  const { parts, caterer, program, unfunded } = body;
  return [
    debit(account.catererMeals(caterer), parts.main + parts.additional + parts.fund + (parts.debt - unfunded)),
    debit(account.catererUnfunded(caterer), unfunded),
    debit(account.catererSubsidy(caterer), parts.subsidy),
    credit(account.budget(program), parts.subsidy),
    credit(account.schoolFund(books.school), parts.fund),
    credit(account.refundsPayable, body.payable),
    ...moved(body.change),
  ];
}

/**
 * The cash that was declared stays with whose dishes it paid, and their claim ends by that much. What is missing of the expected, or too much, stands on the
 * till's variance; of several caterers it is counted against the one with most of the cash. What was paid for services is the operator's and on its way to the
 * bank.
 */
function shiftClosed(body: EventOf<"ShiftClosed">, books: Books): Posting[] {
  const till = account.tillCash(body.terminal);
  const taken = [...books.tillCash(body.terminal)].sort(([a, most], [b, more]) => more - most || a - b);
  const variance = body.cashDeclared - body.cashExpected;
  const counterpart = taken.length > 0 ? account.catererBuffet(taken[0][0]) : till;
  return [
    ...taken.flatMap(([caterer, amount]) => transfer(account.catererBuffet(caterer), till, amount)),
    ...transfer(account.cashInTransit, till, body.fees),
    ...transfer(counterpart, account.tillVariance(body.terminal), variance),
  ];
}
