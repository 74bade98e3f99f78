/** When something is, by the school's own day. */
import { versionOn } from "./school.js";
import type { Meal, School, Tariff } from "./school.js";
import { tariffKey } from "./school.js";
import type { Context } from "./request.js";
import type { BusinessDate } from "../wire/units.js";

/** Days for which receipts and meals are remembered, so that a late retry is still recognised. A fact about an older day goes to a person. */
export const RETENTION_DAYS = 62;

const DAY = 1440;

/**
 * Minutes since the business date's local midnight; above 1440 when the night has passed and nobody has opened the next day. `null` when the clock is
 * unknown: then nothing is refused for being late, because nobody can say that it is.
 */
export function minuteOf(school: School, context: Context): number | null {
  if (context.clock === "unknown") return null;
  const local = Math.floor(context.atMs / 60000) + school.policy.zoneMinutes;
  const since = local - context.date * DAY;
  // A clock that is days off must not close every meal: its time of day is still the best guess.
  return since >= 0 && since < 2 * DAY ? since : ((local % DAY) + DAY) % DAY;
}

/** Whether this meal of that service date can no longer (or not yet) be confirmed on request. */
export function mealIsClosed(school: School, meal: Meal, date: BusinessDate, context: Context): boolean {
  if (date !== context.date) return true;
  const minute = minuteOf(school, context);
  return minute !== null && minute >= meal.closes;
}

/** Whether orders for that service date are closed. */
export function isPastCutOff(school: School, meal: Meal, date: BusinessDate, context: Context): boolean {
  const lastDay = date - meal.cutOffDays;
  if (context.date !== lastDay) return context.date > lastDay;
  const minute = minuteOf(school, context);
  return minute !== null && minute >= meal.cutOffMinute;
}

/** The price of a meal for a category on its service date, or `null` when nobody has set one. */
export function tariffOn(school: School, meal: number, category: number, date: BusinessDate): Tariff | null {
  return versionOn(school.tariffs.get(tariffKey(meal, category)), date);
}
