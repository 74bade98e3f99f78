/** What a teacher sees: the class, each pupil's mark for one meal, and why somebody could not be served. */
import type { Reason } from "../wire/reason.js";
import type { BusinessDate } from "../wire/units.js";

/** `reason` is set for `not_admitted` only. */
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
