/** A cycle of two school weeks laid over a calendar: ten plates for each meal, Monday to Friday twice; nothing on weekends and holidays. */
import { menuKey } from "@trapeza/protocol";
import type { BusinessDate, Directive, School } from "@trapeza/protocol";

export const CYCLE_DAYS = 10;
const WEEK = 7;
const SCHOOL_DAYS = 5;
/** Day 4 of 1970 was a Monday. */
const FIRST_MONDAY = 4;

/** Plates by meal and day of the cycle, 0 = the first Monday. */
export type Cycle = ReadonlyMap<number, readonly (readonly string[])[]>;

export function mondayOf(date: BusinessDate): BusinessDate {
  return (date - ((((date - FIRST_MONDAY) % WEEK) + WEEK) % WEEK)) as BusinessDate;
}

export interface Laying {
  /** Any day of the week in which the cycle begins. */
  readonly from: BusinessDate;
  readonly weeks: number;
  readonly holidays: ReadonlySet<BusinessDate>;
}

/** What the school is to be told: only what differs from what it knows. A holiday's plates are taken back. */
export function layCycle(cycle: Cycle, { from, weeks, holidays }: Laying, school: School): Directive[] {
  const monday = mondayOf(from);
  return [...cycle].flatMap(([meal, plates]) =>
    Array.from({ length: weeks * SCHOOL_DAYS }, (_, index): Directive[] => {
      const date = (monday + Math.floor(index / SCHOOL_DAYS) * WEEK + (index % SCHOOL_DAYS)) as BusinessDate;
      // Yesterday's plates have been eaten: the past stays as it was told.
      if (date < from) return [];
      const dishes = holidays.has(date) ? [] : (plates[index % CYCLE_DAYS] ?? []);
      const known = school.mealMenus.get(menuKey(meal, date))?.dishes ?? [];
      const isSame = known.length === dishes.length && known.every((dish, at) => dish === dishes[at]);
      return isSame ? [] : [{ kind: "SetMealMenu", meal, date, dishes: [...dishes] }];
    }).flat(),
  );
}
