/** Working days as Russian labour law counts them (Labour Code, art. 111 and 112); days moved by the government's yearly decree are not known here. */
import { civilFromDate } from "@trapeza/protocol";
import type { BusinessDate } from "@trapeza/protocol";

/** Month and day. */
const HOLIDAYS = new Set(["1/1", "1/2", "1/3", "1/4", "1/5", "1/6", "1/7", "1/8", "2/23", "3/8", "5/1", "5/9", "6/12", "11/4"]);
/** Day 0 of 1970 was a Thursday: 0 is Monday here. */
const weekday = (date: number) => (date + 3) % 7;
const FRIDAY = 4;

export function isWorkingDay(date: BusinessDate): boolean {
  const { month, day } = civilFromDate(date);
  return weekday(date) <= FRIDAY && !HOLIDAYS.has(month + "/" + day);
}

/** The last day of a term of `days` working days: the day of the event itself does not count (Civil Code, art. 191). */
export function afterWorkingDays(from: BusinessDate, days: number): BusinessDate {
  let date: number = from;
  for (let left = days; left > 0;) if (isWorkingDay(++date as BusinessDate)) left--;
  return date as BusinessDate;
}
