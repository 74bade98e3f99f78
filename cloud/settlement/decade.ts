/** Thirds of a month, by which caterers are paid: 1–10, 11–20, 21–end. */
import { civilFromDate, dateFromCivil } from "@trapeza/protocol";
import type { BusinessDate } from "@trapeza/protocol";

export interface Decade {
  readonly first: BusinessDate;
  /** The last day, included. */
  readonly last: BusinessDate;
}

export function decadeOf(date: BusinessDate): Decade {
  const { year, month, day } = civilFromDate(date);
  const first = day > 20 ? 21 : day > 10 ? 11 : 1;
  const next =
    first < 21 ? dateFromCivil(year, month, first + 10) : month < 12 ? dateFromCivil(year, month + 1, 1) : dateFromCivil(year + 1, 1, 1);
  return { first: dateFromCivil(year, month, first), last: (next - 1) as BusinessDate };
}

/** The last ones that are over, newest first. */
export function endedDecades(today: BusinessDate, count: number): Decade[] {
  const decades: Decade[] = [];
  for (let { first } = decadeOf(today); decades.length < count; { first } = decades[decades.length - 1])
    decades.push(decadeOf((first - 1) as BusinessDate));
  return decades;
}
