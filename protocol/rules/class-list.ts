/** What a teacher sees: the class, each pupil's mark for one meal, and why somebody could not be served. */
import type { Reason } from "../wire/reason.js";
import { kopecks } from "../wire/units.js";
import type { BusinessDate, Kopecks } from "../wire/units.js";
import { isPastCutOff, minuteOf, tariffOn } from "./moment.js";
import { mealRefusal, mercyCovers } from "./operations/meal.js";
import { orderRefusal } from "./operations/pre-order.js";
import type { Context } from "./request.js";
import { mealKey } from "./school.js";
import type { Account, Meal, School } from "./school.js";

/** `reason` is set for `not_admitted` only. Whoever is plain or ordered on today's list is admitted: confirming them later is a Fact. */
export interface ListedPupil {
  readonly account: number;
  readonly name: string;
  readonly mark: "plain" | "ordered" | "served" | "not_admitted";
  readonly reason: Reason | null;
}

export interface ClassList {
  readonly class: number;
  readonly className: string;
  readonly meal: number;
  readonly mealName: string;
  readonly date: BusinessDate;
  /** By name. */
  readonly pupils: readonly ListedPupil[];
}

/** `null` when there is no such class or meal. */
export function classList(school: School, classId: number, meal: number, date: BusinessDate, context: Context): ClassList | null {
  const named = school.classes.get(classId);
  const served = school.meals.get(meal);
  if (!named || !served) return null;
  const pupils: ListedPupil[] = [];
  for (const account of school.accounts.values()) {
    // Who has left is not called any more; who is leaving is, with the reason beside the name.
    if (account.class !== classId || account.holder !== "pupil" || account.status === "closed" || account.status === "moved") continue;
    pupils.push(listed(school, account, classId, meal, date, context));
  }
  pupils.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.account - b.account));
  return { class: classId, className: named.name, meal, mealName: served.name, date, pupils };
}

function listed(school: School, account: Account, classId: number, meal: number, date: BusinessDate, context: Context): ListedPupil {
  const pupil = { account: account.id, name: account.name };
  const key = mealKey(account.id, meal, date);
  if (school.served.has(key)) return { ...pupil, mark: "served", reason: null };
  const ask = { class: classId, meal, date };
  // Ahead of its day a meal is ordered, not eaten: money has no say, and that it is too late holds for the whole list.
  const reason = date > context.date ? orderRefusal(school, ask, account, context) : mealRefusal(school, ask, account, context);
  // The parent and the office learn of a mercy meal, the child and the class do not: the mark is the same as everybody's.
  if (reason !== null && !mercyCovers(school, reason)) return { ...pupil, mark: "not_admitted", reason };
  return { ...pupil, mark: school.orders.has(key) ? "ordered" : "plain", reason: null };
}

/** The meal that a class list is for now: the one being served, or the next one of the day; the last one when all are over, `null` without any meal. */
export function mealNow(school: School, context: Context): number | null {
  const meals = mealsInOrder(school);
  return (meals.find((meal) => isOpen(school, meal, context)) ?? meals.at(-1))?.id ?? null;
}

/** Meals of a service date that a class can be listed for: today those that are not over, later all of them. In the order of the day. */
export function mealsOn(school: School, date: BusinessDate, context: Context): Meal[] {
  return mealsInOrder(school).filter((meal) => date !== context.date || isOpen(school, meal, context));
}

function mealsInOrder(school: School): Meal[] {
  return [...school.meals.values()].sort((a, b) => a.servedFrom - b.servedFrom || a.id - b.id);
}

function isOpen(school: School, meal: Meal, context: Context): boolean {
  const minute = minuteOf(school, context);
  return minute === null || minute < meal.closes;
}

/** Until when a meal of a service date can be ordered and cancelled: a date, and a minute of that day. */
export interface OrderWindow {
  readonly open: boolean;
  readonly date: BusinessDate;
  readonly minute: number;
}

export function orderWindow(school: School, meal: Meal, date: BusinessDate, context: Context): OrderWindow {
  return {
    open: !isPastCutOff(school, meal, date, context),
    date: (date - meal.cutOffDays) as BusinessDate,
    minute: meal.cutOffMinute,
  };
}

/** A meal as one pupil sees it. `share`: the parent's part of the price, as charged when it was served. */
export interface PupilMeal {
  readonly meal: number;
  readonly name: string;
  readonly date: BusinessDate;
  readonly share: Kopecks;
  readonly mark: "none" | "ordered" | "served";
  /** Can be ordered, or its order cancelled, still. */
  readonly open: boolean;
}

/** All of today's meals that have a price for this pupil, and what is ordered for the `days` after today; by date and hour. */
export function pupilMeals(school: School, account: Account, days: number, context: Context): PupilMeal[] {
  const found: PupilMeal[] = [];
  for (let day = 0; day <= days; day++) {
    const date = (context.date + day) as BusinessDate;
    for (const meal of mealsInOrder(school)) {
      const key = mealKey(account.id, meal.id, date);
      const [served, order] = [school.served.get(key), school.orders.get(key)];
      const tariff = tariffOn(school, meal.id, account.category, date);
      if (!served && !order && (day > 0 || !tariff)) continue;
      const paid = served && served.parts.main + served.parts.additional + served.parts.debt + served.parts.fund;
      const share = kopecks(paid ?? tariff?.share ?? order?.share ?? 0);
      const mark = served ? "served" : order ? "ordered" : "none";
      found.push({ meal: meal.id, name: meal.name, date, share, mark, open: !served && orderWindow(school, meal, date, context).open });
    }
  }
  return found;
}
