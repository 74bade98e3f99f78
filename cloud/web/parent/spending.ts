/** What a child's food has cost lately, week by week, and how long what is left will do. Read from the journal's own events, purse by purse. */
import type { BusinessDate, Event } from "@trapeza/protocol";
import type { Cloud } from "../../cloud.js";
import type { ChildLink } from "../../people/store.js";
import { decodeEvent } from "../../school-book.js";

const WEEK = 7;
const WEEKS = 4;
/** A forecast is made of the last two weeks: five school days in each. */
const LOOK_BACK = 14;
const SCHOOL_DAYS = 10;
/** Fewer days with spending tell nothing about the next ones. */
const FEWEST_DAYS = 3;
/** Who has more than two weeks' money need not be told when it ends. */
const FARTHEST_DAYS = 14;

export interface Sums {
  readonly main: number;
  readonly additional: number;
}

export interface Week extends Sums {
  /** Its Monday. */
  readonly from: BusinessDate;
}

/** Spent by day, kopecks; what was taken back is taken off the day of the taking back. */
export type Days = ReadonlyMap<BusinessDate, Sums>;

export async function spendingOf(cloud: Cloud, { school, account }: ChildLink, today: BusinessDate): Promise<Days> {
  const from = (mondayOf(today) - (WEEKS - 1) * WEEK) as BusinessDate;
  const rows = await cloud.store.entriesOf(school, account, from, today);
  return daysOf(rows.flatMap(({ bytes }) => decodeEvent(bytes) ?? []));
}

export function daysOf(events: readonly Event[]): Days {
  const days = new Map<BusinessDate, Sums>();
  for (const { body, date } of events) {
    const isFood = body.kind === "MealServed" || body.kind === "MealUndone" || body.kind === "BuffetSold" || body.kind === "SaleVoided";
    if (!isFood || !body.change) continue;
    const before = days.get(date) ?? { main: 0, additional: 0 };
    const { mainDelta, additionalDelta } = body.change;
    days.set(date, { main: before.main - mainDelta, additional: before.additional - additionalDelta });
  }
  return days;
}

/** The last four weeks, this one at the end. */
export function weeksOf(days: Days, today: BusinessDate): Week[] {
  return Array.from({ length: WEEKS }, (_, i) => {
    const from = (mondayOf(today) - (WEEKS - 1 - i) * WEEK) as BusinessDate;
    const own = [...days].filter(([date]) => date >= from && date < from + WEEK).map(([, sums]) => sums);
    return { from, main: total(own, "main"), additional: total(own, "additional") };
  });
}

/** The last school day that a purse will do for, if days go on as they did; `null` when nobody can say, or it is far off. */
export function lastsUntil(days: Days, purse: keyof Sums, balance: number, today: BusinessDate): BusinessDate | null {
  const recent = [...days].filter(([date, sums]) => date > today - LOOK_BACK && sums[purse] > 0).map(([, sums]) => sums);
  if (recent.length < FEWEST_DAYS || balance < 0) return null;
  const aDay = Math.ceil(total(recent, purse) / SCHOOL_DAYS);
  let left = balance;
  let last = today;
  for (let date = today + 1; date <= today + FARTHEST_DAYS; date++) {
    if (isWeekend(date)) continue;
    left -= aDay;
    if (left < 0) return last;
    last = date as BusinessDate;
  }
  return null;
}

const total = (sums: readonly Sums[], purse: keyof Sums) => sums.reduce((sum, one) => sum + one[purse], 0);
/** Day 0 is a Thursday. */
const weekdayOf = (date: number) => (date + 3) % WEEK;
const mondayOf = (date: BusinessDate) => (date - weekdayOf(date)) as BusinessDate;
const isWeekend = (date: number) => weekdayOf(date) >= 5;
