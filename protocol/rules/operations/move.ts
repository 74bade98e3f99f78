/**
 * Rule 12: an account changes its home. The old one packs everything and stands at 0/0; the new one has already opened at 0/0 and unpacks once.
 * Debt travels with the names of the caterers whose meals it was, and counts as older than any debt made since.
 */
import type { Debt, DirectiveOf, Luggage } from "../../journal/directive.js";
import type { EventOf } from "../../journal/event.js";
import { kopecks } from "../../wire/units.js";
import { refusalOf } from "../check.js";
import { applyChange } from "../fold.js";
import { applied, refused } from "../outcome.js";
import type { Outcome } from "../outcome.js";
import { accountOf, payeeChecks } from "../presented.js";
import { addressed, bring, changeOf, draftOf, NO_ORIGIN, owedBy, settle } from "../purse.js";
import { mealKey, spentOn } from "../school.js";
import type { Account, School } from "../school.js";

/** Also for an account that has moved: late facts of the old home follow in a second packing. */
export function moveOut(school: School, directive: DirectiveOf<"MoveOut">): Outcome {
  const account = accountOf(school, directive.account);
  const checks = payeeChecks(account);
  const reason = refusalOf("MoveOut", { unknown_account: checks.unknown_account, account_closed: checks.account_closed });
  if (reason !== null || account === null) return refused(reason ?? "unknown_account");
  return applied({ also: [movedOut(school, account, directive.toSchool, directive.epoch)] });
}

export function movedOut(school: School, account: Account, toSchool: number, epoch: number): EventOf<"AccountMovedOut"> {
  const draft = draftOf(account);
  draft.main = 0;
  draft.additional = 0;
  return { kind: "AccountMovedOut", account: account.id, toSchool, epoch, luggage: luggageOf(school, account), change: changeOf(draft) };
}

function luggageOf(school: School, account: Account): Luggage {
  const served: { meal: number; date: typeof school.date }[] = [];
  for (const meal of school.served.valuesOn(school.date)) {
    if (meal.account === account.id) served.push({ meal: meal.meal, date: meal.date });
  }
  return {
    main: account.main,
    additional: account.additional,
    debts: addressed([], account.owed, owedBy(account.owed)),
    served: served.sort((a, b) => a.meal - b.meal),
    spentDate: school.date,
    spent: spentOn(account, school.date),
  };
}

export function moveIn(school: School, directive: DirectiveOf<"MoveIn">): Outcome {
  const account = accountOf(school, directive.account);
  const reason = refusalOf("MoveIn", payeeChecks(account));
  if (reason !== null || account === null) return refused(reason ?? "unknown_account");
  return applied({ also: [movedIn(account, directive.fromSchool, directive.epoch, directive.luggage)] });
}

export function movedIn(account: Account, fromSchool: number, epoch: number, luggage: Luggage): EventOf<"AccountMovedIn"> {
  const draft = draftOf(account);
  bring(draft, debtsOf(luggage));
  draft.main += luggage.main;
  draft.additional += luggage.additional;
  settle(draft, NO_ORIGIN);
  return { kind: "AccountMovedIn", account: account.id, fromSchool, epoch, luggage, change: changeOf(draft) };
}

/** Luggage whose debts do not add up to its negative balance is taken at its balance: the difference is nobody's meal. */
function debtsOf(luggage: Luggage): readonly Debt[] {
  const sum = luggage.debts.reduce((total, debt) => total + debt.amount, 0);
  return sum <= Math.max(-luggage.main, 0) ? luggage.debts : [];
}

export function applyMovedOut(school: School, body: EventOf<"AccountMovedOut">): void {
  const account = school.accounts.get(body.account);
  if (!account) return;
  account.owed = [];
  account.admissions = [];
  applyChange(school, body.change, {});
  account.status = "moved";
}

export function applyMovedIn(school: School, body: EventOf<"AccountMovedIn">): void {
  const account = school.accounts.get(body.account);
  if (!account) return;
  account.owed = debtsOf(body.luggage)
    .map((debt) => ({ ...NO_ORIGIN, ...debt }))
    .concat(account.owed);
  applyChange(school, body.change, { explained: true });
  account.status = account.status === "arriving" ? "open" : account.status;
  if (body.luggage.spentDate === school.date) {
    account.spent = kopecks(spentOn(account, school.date) + body.luggage.spent);
    account.spentDate = school.date;
  }
  const none = kopecks(0);
  const parts = { main: none, additional: none, debt: none, subsidy: none, fund: none };
  for (const mark of body.luggage.served) {
    const key = mealKey(account.id, mark.meal, mark.date);
    const place = { account: account.id, meal: mark.meal, date: mark.date, class: account.class ?? 0 };
    if (!school.served.has(key)) school.served.set(key, { ...place, mealName: "", caterer: 0, program: 0, parts });
  }
}
