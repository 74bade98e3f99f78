/** The part of `apply` that every event with money shares. It believes the event's figures: judging them is the auditor's work. */
import type { Change } from "../journal/event.js";
import { kopecks } from "../wire/units.js";
import type { Kopecks } from "../wire/units.js";
import { NO_ORIGIN, owedBy, withoutOldest } from "./purse.js";
import type { Origin } from "./purse.js";
import { debtLimitOf, mealDebtLimitOf } from "./school.js";
import type { Account, School, Shift } from "./school.js";

/**
 * `origin`: whose meal a debt that this change leaves is. `struck`: an undone meal's own debt, taken out before anything is repaid. `explained`: the
 * event says why the main purse may be below its limit.
 */
export interface Meaning {
  readonly origin?: Origin;
  readonly struck?: Origin;
  readonly explained?: boolean;
}

/** Sets the balances after, keeps the list of debts in step. A change of an unknown account is left alone: `audit` names it. */
export function applyChange(school: School, change: Change, meaning: Meaning): void {
  const account = school.accounts.get(change.account);
  if (!account) return;
  account.seq = change.accountSeq;
  account.main = change.main;
  account.additional = change.additional;
  const struck = meaning.struck;
  if (struck) account.owed = account.owed.filter((owed) => !sameOrigin(owed, struck));
  account.owed = withoutOldest(
    account.owed,
    change.repaid.reduce((sum, debt) => sum + debt.amount, 0),
  );
  const left = Math.max(-account.main, 0) - owedBy(account.owed);
  if (left > 0) account.owed = account.owed.concat({ ...(meaning.origin ?? NO_ORIGIN), amount: kopecks(left) });
  if (account.main >= -debtLimitOf(school, account)) account.explained = 0 as Kopecks;
  else if (meaning.explained || account.main >= -mealDebtLimitOf(school, account)) explain(school, account);
}

/** Notes that the main purse is where it is for a known reason: a flag, an admission, a limit that has been lowered since. */
export function explain(school: School, account: Account): void {
  if (account.main < -debtLimitOf(school, account)) account.explained = kopecks(Math.min(account.explained, account.main));
}

function sameOrigin(a: Origin, b: Origin): boolean {
  return a.caterer === b.caterer && a.meal === b.meal && a.date === b.date;
}

/** Adds to the shift that is open at a terminal; without one there is nothing to add to (a fact of a closed till). */
export function countInShift(school: School, terminal: number, counted: (shift: Shift) => Shift): void {
  const place = school.terminals.get(terminal);
  if (place && place.shift) place.shift = counted(place.shift);
}
