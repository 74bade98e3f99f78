/**
 * Two purses and a debt, worked on before anything is committed. Rule 1 lives here: whatever comes in repays debt first, oldest meal first, and as long
 * as anything is owed the additional purse is empty. Both follow from one step, `settle`, which every movement ends with.
 */
import type { Debt, Purse } from "../journal/directive.js";
import type { Change, Parts } from "../journal/event.js";
import { kopecks } from "../wire/units.js";
import type { BusinessDate, Kopecks } from "../wire/units.js";
import type { Account, Owed } from "./school.js";

/** Whose meal a debt comes from; nobody's for a chargeback. */
export type Origin = Omit<Owed, "amount">;
export const NO_ORIGIN: Origin = { caterer: null, meal: 0, date: 0 as BusinessDate };

/** A copy of an account's money to calculate on. */
export interface Draft {
  readonly account: Account;
  main: number;
  additional: number;
  owed: Owed[];
  repaid: Debt[];
}

export function draftOf(account: Account): Draft {
  return { account, main: account.main, additional: account.additional, owed: account.owed.slice(), repaid: [] };
}

/** Rule 1. `amount` ≥ 0 kopecks to a purse; an employee has the additional purse only (R1.4). */
export function credit(draft: Draft, purse: Purse, amount: number): void {
  if (purse === "main" && draft.account.holder !== "staff") draft.main += amount;
  else draft.additional += amount;
  settle(draft, NO_ORIGIN);
}

/** Rule 10, and the way a meal is paid: the purse to 0, then the other one's positive part, the rest as debt of that origin. */
export function debit(draft: Draft, purse: Purse, amount: number, origin: Origin): void {
  if (purse === "main") draft.main -= amount;
  else draft.additional -= amount;
  settle(draft, origin);
}

/** Takes what is there and never makes debt: the purse first, then the other. Returns the kopecks taken. */
export function takePositive(draft: Draft, purse: Purse, amount: number): number {
  const fromFirst = Math.min(amount, Math.max(purse === "main" ? draft.main : draft.additional, 0));
  const fromOther = Math.min(amount - fromFirst, Math.max(purse === "main" ? draft.additional : draft.main, 0));
  draft.main -= purse === "main" ? fromFirst : fromOther;
  draft.additional -= purse === "main" ? fromOther : fromFirst;
  return fromFirst + fromOther;
}

/** What a meal of this parent share would take from each place (rule 3); nothing is changed. */
export function partsFor(account: Account, share: number, subsidy: number): Parts {
  const main = Math.min(Math.max(account.main, 0), share);
  const additional = Math.min(account.additional, share - main);
  return {
    main: kopecks(main),
    additional: kopecks(additional),
    debt: kopecks(share - main - additional),
    subsidy: kopecks(subsidy),
    fund: kopecks(0),
  };
}

/** Takes an undone meal's own debt out of the list, as far as nobody has repaid it yet; the main purse rises by as much. Returns the kopecks. */
export function strike(draft: Draft, origin: Origin): Kopecks {
  let struck = 0;
  draft.owed = draft.owed.filter((owed) => {
    const same = owed.caterer === origin.caterer && owed.meal === origin.meal && owed.date === origin.date;
    if (same) struck += owed.amount;
    return !same;
  });
  draft.main += struck;
  return kopecks(struck);
}

/** Debts brought from another school: older than any here, so they are repaid first. */
export function bring(draft: Draft, debts: readonly Debt[]): void {
  draft.owed = debts.map((debt): Owed => ({ ...NO_ORIGIN, caterer: debt.caterer, amount: debt.amount })).concat(draft.owed);
}

/**
 * Restores both laws: nothing lies in the additional purse while the main one is negative, and what is owed adds up to the negative main purse. An
 * additional purse below zero is made good by the main one.
 */
export function settle(draft: Draft, origin: Origin): void {
  const moved = Math.min(Math.max(-draft.main, 0), draft.additional);
  draft.main += moved;
  draft.additional -= moved;
  const difference = Math.max(-draft.main, 0) - owedBy(draft.owed);
  if (difference > 0) draft.owed.push({ ...origin, amount: kopecks(difference) });
  if (difference < 0) repay(draft, -difference);
}

function repay(draft: Draft, amount: number): void {
  draft.repaid = addressed(draft.repaid, draft.owed, amount);
  draft.owed = withoutOldest(draft.owed, amount);
}

/** The list less `amount` kopecks from its front. */
export function withoutOldest(owed: readonly Owed[], amount: number): Owed[] {
  const left: Owed[] = [];
  let rest = amount;
  for (const one of owed) {
    const gone = Math.min(one.amount, rest);
    rest -= gone;
    if (one.amount > gone) left.push({ ...one, amount: kopecks(one.amount - gone) });
  }
  return left;
}

/** The first `amount` kopecks of the list by caterer, neighbours of one caterer as one. */
export function addressed(before: readonly Debt[], owed: readonly Owed[], amount: number): Debt[] {
  const out = before.slice();
  let rest = amount;
  for (const one of owed) {
    const part = Math.min(one.amount, rest);
    if (part === 0) continue;
    rest -= part;
    const last = out.at(-1);
    if (last && last.caterer === one.caterer) out[out.length - 1] = { caterer: last.caterer, amount: kopecks(last.amount + part) };
    else out.push({ caterer: one.caterer, amount: kopecks(part) });
  }
  return out;
}

export function owedBy(owed: readonly Owed[]): number {
  return owed.reduce((sum, one) => sum + one.amount, 0);
}

/** The draft as the figures of an event: the account's next change. */
export function changeOf(draft: Draft): Change {
  return {
    account: draft.account.id,
    accountSeq: draft.account.seq + 1,
    mainDelta: kopecks(draft.main - draft.account.main),
    additionalDelta: kopecks(draft.additional - draft.account.additional),
    main: kopecks(draft.main),
    additional: kopecks(draft.additional),
    repaid: draft.repaid,
  };
}
