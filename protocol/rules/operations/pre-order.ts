/** Rule 9: a meal ordered ahead. It reserves no money, so debt never refuses it; the tariff of the service date is charged when it is served. */
import type { EventOf } from "../../journal/event.js";
import type { Reason } from "../../wire/reason.js";
import { kopecks } from "../../wire/units.js";
import { refusalOf } from "../check.js";
import { isPastCutOff, tariffOn } from "../moment.js";
import { accountOf, eaterChecks } from "../presented.js";
import type { Context } from "../request.js";
import { mealKey } from "../school.js";
import type { Account, School } from "../school.js";
import type { MealAsk, PupilOutcome } from "./meal.js";

export function orderPupil(school: School, ask: MealAsk, id: number, cancel: boolean, context: Context): PupilOutcome {
  const account = accountOf(school, id);
  const checks = { ...orderChecks(school, ask, account, context), not_in_class: () => account!.class !== ask.class };
  const reason = cancel ? refusalOf("CancelledPupil", checks) : refusalOf("OrderedPupil", checks);
  if (reason !== null || account === null) return { reason: reason ?? "unknown_account", bodies: [] };
  if (cancel)
    return { reason: null, bodies: [{ kind: "PreOrderCancelled", account: id, meal: ask.meal, date: ask.date, staff: ask.staff }] };
  // Ordering twice is one order: the second wish is already granted and leaves no second event.
  if (school.orders.has(mealKey(id, ask.meal, ask.date))) return { reason: null, bodies: [] };
  const share = tariffOn(school, ask.meal, account.category, ask.date)?.share ?? kopecks(0);
  return { reason: null, bodies: [{ kind: "PreOrdered", account: id, meal: ask.meal, date: ask.date, share, staff: ask.staff }] };
}

/** Why this pupil cannot have the meal ordered, the cut-off left aside; `null` for nothing. */
export function orderRefusal(school: School, ask: Omit<MealAsk, "staff">, account: Account, context: Context): Reason | null {
  const checks = orderChecks(school, ask, account, context);
  return refusalOf("OrderedPupil", { ...checks, not_in_class: () => account.class !== ask.class, past_cut_off: () => false });
}

/** What may refuse an order or its cancellation, asked in class or from the portal. */
export function orderChecks(school: School, ask: Omit<MealAsk, "class" | "staff">, account: Account | null, context: Context) {
  const meal = school.meals.get(ask.meal) ?? null;
  const key = account && mealKey(account.id, ask.meal, ask.date);
  return {
    ...eaterChecks(account),
    already_served: () => key !== null && school.served.has(key),
    past_cut_off: () => meal !== null && isPastCutOff(school, meal, ask.date, context),
    unknown_dish: () => account !== null && (meal === null || tariffOn(school, ask.meal, account.category, ask.date) === null),
    nothing_to_void: () => key !== null && !school.orders.has(key),
  };
}

export function applyPreOrdered(school: School, body: Omit<EventOf<"PreOrdered">, "kind" | "staff">): void {
  const { account, meal, date, share } = body;
  school.orders.set(mealKey(account, meal, date), { account, meal, date, share });
}

export function applyPreOrderCancelled(school: School, body: Pick<EventOf<"PreOrderCancelled">, "account" | "meal" | "date">): void {
  school.orders.delete(mealKey(body.account, body.meal, body.date));
}
