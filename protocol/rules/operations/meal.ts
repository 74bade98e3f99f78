/**
 * Rules 3 and 4: an organised meal, once for (account, meal, service date), whatever the terminal, the order or the retry.
 *
 * Asked for, it may be refused. Eaten, it is recorded: an admitted pupil, a paper list or a queue from an offline hour only ever gains flags.
 */
import type { Basis, EventBody, EventOf, Flag, Parts } from "../../journal/event.js";
import { REASONS } from "../../wire/reason.js";
import type { Reason } from "../../wire/reason.js";
import { kopecks } from "../../wire/units.js";
import type { BusinessDate } from "../../wire/units.js";
import { refusalOf } from "../check.js";
import { applyChange } from "../fold.js";
import { mealIsClosed, RETENTION_DAYS, tariffOn } from "../moment.js";
import { about, accountOf, eaterChecks } from "../presented.js";
import { changeOf, debit, draftOf, partsFor } from "../purse.js";
import type { Context } from "../request.js";
import { mealDebtLimitOf, mealKey } from "../school.js";
import type { Account, School, Tariff } from "../school.js";

/** One class's meal; `staff` is whoever confirms, `null` when nobody knows any more. */
export interface MealAsk {
  readonly class: number;
  readonly meal: number;
  readonly date: BusinessDate;
  readonly staff: number | null;
}
export interface PupilOutcome {
  readonly reason: Reason | null;
  readonly bodies: EventBody[];
}

const ABOUT_MONEY: readonly (Reason | null)[] = ["account_blocked", "debt_limit"];

/** Why this pupil would not be served on request; `null` for yes. Mercy (rule 4) is not considered here. */
export function mealRefusal(school: School, ask: Omit<MealAsk, "staff">, account: Account | null, context: Context): Reason | null {
  return refusalOf("ServedPupil", pupilChecks(school, ask, account, context));
}

/** Whether the school's fund steps in: the policy is on and money is the only thing in the way. */
export function mercyCovers(school: School, reason: Reason | null): boolean {
  return school.policy.mercyMeals && ABOUT_MONEY.includes(reason);
}

export function servePupil(school: School, ask: MealAsk, id: number, basis: Basis, context: Context): PupilOutcome {
  const account = accountOf(school, id);
  if (basis !== "request") return recordEaten(school, ask, account, id, basis, context);
  const reason = mealRefusal(school, ask, account, context);
  const tariff = account && tariffOn(school, ask.meal, account.category, ask.date);
  const mercy = mercyCovers(school, reason);
  if (account === null || !tariff || (reason !== null && !mercy)) return refused(school, ask, id, reason ?? "unknown_dish");
  return { reason: null, bodies: [served(school, ask, account, tariff, { basis, flags: [], mercy })] };
}

function pupilChecks(school: School, ask: Omit<MealAsk, "staff">, account: Account | null, context: Context) {
  const meal = school.meals.get(ask.meal) ?? null;
  const tariff = account && tariffOn(school, ask.meal, account.category, ask.date);
  const limit = account ? mealDebtLimitOf(school, account) : 0;
  return {
    ...eaterChecks(account),
    not_in_class: about(account, (one) => one.class !== ask.class),
    already_served: about(account, (one) => school.served.has(mealKey(one.id, ask.meal, ask.date))),
    meal_closed: () => meal !== null && mealIsClosed(school, meal, ask.date, context),
    unknown_dish: () => meal === null || !tariff,
    // Rule 3: where the parent owes nothing for the meal, no debt and no block can refuse it.
    account_blocked: about(account, (one) => !!tariff && tariff.share > 0 && one.main < 0 && one.main <= -limit),
    debt_limit: about(account, (one) => !!tariff && debtAfter(one, tariff) > limit),
  };
}

/** What would be owed after this meal, in kopecks; 0 when the meal itself leaves no debt. */
function debtAfter(account: Account, tariff: Tariff): number {
  const debt = partsFor(account, tariff.share, tariff.subsidy).debt;
  return debt > 0 ? Math.max(-account.main, 0) + debt : 0;
}

function recordEaten(school: School, ask: MealAsk, account: Account | null, id: number, basis: Basis, context: Context): PupilOutcome {
  const checks = pupilChecks(school, ask, account, context);
  if (account === null) return strange(null, "unknown_account", "unknown_account", ask, id);
  if (checks.already_served()) return refused(school, ask, id, "already_served");
  // Older meals are forgotten, so nobody can tell whether this one was charged already.
  if (ask.date < context.date - RETENTION_DAYS) return strange(account, "out_of_time", "meal_closed", ask, id);
  const tariff = tariffOn(school, ask.meal, account.category, ask.date);
  if (!tariff || checks.unknown_dish()) return strange(account, "unknown_tariff", "unknown_dish", ask, id);
  const overLimit = checks.account_blocked() || checks.debt_limit();
  const mercy = overLimit && school.policy.mercyMeals;
  const found: readonly (readonly [Flag, boolean])[] = [
    ["account_closed", checks.account_closed()],
    ["account_moved", checks.account_moved()],
    ["not_in_class", checks.not_in_class()],
    ["out_of_time", ask.date > context.date],
    ["over_debt_limit", overLimit && !mercy],
  ];
  const flags = found.filter(([, broken]) => broken).map(([flag]) => flag);
  return { reason: null, bodies: [served(school, ask, account, tariff, { basis, flags, mercy })] };
}

interface Ground {
  readonly basis: Basis;
  readonly flags: Flag[];
  readonly mercy: boolean;
}

function served(school: School, ask: MealAsk, account: Account, tariff: Tariff, ground: Ground): EventOf<"MealServed"> {
  const draft = draftOf(account);
  // Rule 4: the whole parent share from the fund; the purses stay as they are and nothing is charged later.
  const none = kopecks(0);
  const parts: Parts = ground.mercy
    ? { main: none, additional: none, debt: none, subsidy: tariff.subsidy, fund: tariff.share }
    : partsFor(account, tariff.share, tariff.subsidy);
  if (!ground.mercy) debit(draft, "main", tariff.share, { caterer: tariff.caterer, meal: ask.meal, date: ask.date });
  return {
    kind: "MealServed",
    ...named(school, ask, account.id),
    category: account.category,
    caterer: tariff.caterer,
    program: tariff.program,
    parts,
    basis: ground.basis,
    staff: ask.staff,
    ordered: school.orders.has(mealKey(account.id, ask.meal, ask.date)),
    flags: ground.flags,
    change: changeOf(draft),
  };
}

function named(school: School, ask: MealAsk, account: number) {
  return { account, class: ask.class, meal: ask.meal, mealName: school.meals.get(ask.meal)?.name ?? "", date: ask.date };
}

function refused(school: School, ask: MealAsk, id: number, reason: Reason): PupilOutcome {
  const account = accountOf(school, id);
  const share = (account && tariffOn(school, ask.meal, account.category, ask.date)?.share) ?? kopecks(0);
  return { reason, bodies: [{ kind: "MealRefused", ...named(school, ask, id), share, reason: REASONS[reason], staff: ask.staff }] };
}

/** A fact that cannot be charged: a person looks at it, and whoever confirmed it is told that it was not recorded as a meal. */
function strange(account: Account | null, flag: Flag, reason: Reason, ask: MealAsk, id: number): PupilOutcome {
  const text = "meal " + ask.meal + " of class " + ask.class + " on day " + ask.date + " for account " + id;
  return { reason, bodies: [{ kind: "FactFlagged", account: account?.id ?? null, flag, amount: kopecks(0), text }] };
}

export function applyMealServed(school: School, body: EventOf<"MealServed">): void {
  const origin = { caterer: body.caterer, meal: body.meal, date: body.date };
  applyChange(school, body.change, { origin, explained: body.flags.includes("over_debt_limit") });
  school.fundSpent = kopecks(school.fundSpent + body.parts.fund);
  const { account, meal, date, mealName, caterer, program, parts } = body;
  school.served.set(mealKey(account, meal, date), { account, meal, date, class: body.class, mealName, caterer, program, parts });
}
