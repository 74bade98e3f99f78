/** What a teacher sees: the class, each pupil's mark for one meal, and why somebody could not be served. */
import type { Reason } from "../wire/reason.js";
import type { BusinessDate } from "../wire/units.js";
import { minuteOf } from "./moment.js";
import { mealRefusal, mercyCovers } from "./operations/meal.js";
import type { Context } from "./request.js";
import { mealKey } from "./school.js";
import type { Account, School } from "./school.js";

/** `reason` is set for `not_admitted` only. Whoever is plain or ordered is admitted: confirming them later is a Fact. */
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
  const reason = mealRefusal(school, { class: classId, meal, date }, account, context);
  // The parent and the office learn of a mercy meal, the child and the class do not: the mark is the same as everybody's.
  if (reason !== null && !mercyCovers(school, reason)) return { ...pupil, mark: "not_admitted", reason };
  return { ...pupil, mark: school.orders.has(key) ? "ordered" : "plain", reason: null };
}

/** The meal that a class list is for now: the one being served, or the next one of the day; `null` when all are over. */
export function mealNow(school: School, context: Context): number | null {
  const minute = minuteOf(school, context);
  const meals = [...school.meals.values()].sort((a, b) => a.servedFrom - b.servedFrom || a.id - b.id);
  const found = meals.find((meal) => minute === null || minute < meal.closes);
  return found ? found.id : null;
}
