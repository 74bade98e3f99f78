/** Which families get a statement by mail every month, and up to which day they have theirs. */
import type { BusinessDate } from "@trapeza/protocol";
import type { ChildLink } from "../people/child.js";

export interface MonthlyStatement extends ChildLink {
  readonly phone: string;
  /** The last day of the last statement, or of the month before it was asked for. */
  readonly toldThrough: BusinessDate;
}

export interface StatementStore {
  isMonthly(phone: string, child: ChildLink): Promise<boolean>;
  /** From the day after on; asked for again, it changes nothing. */
  beginMonthly(phone: string, child: ChildLink, toldThrough: BusinessDate): Promise<void>;
  endMonthly(phone: string, child: ChildLink): Promise<void>;
  /** Those that have been told through a day before this one, and do not rest. */
  monthlyDue(before: BusinessDate, nowMs: number, limit: number): Promise<MonthlyStatement[]>;
  /** It is not due until then. */
  monthlyRests(phone: string, child: ChildLink, untilMs: number): Promise<void>;
  /** Never back. */
  monthlyTold(phone: string, child: ChildLink, through: BusinessDate): Promise<void>;
}
