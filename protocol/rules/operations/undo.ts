/**
 * Rule 7: a meal is taken back by its stored parts. Its own debt, as far as nobody has repaid it, is struck out; the rest of what went through the main
 * purse comes back to the main purse, then what went through the additional one, each as a credit by rule 1.
 */
import type { EventBody, EventOf } from "../../journal/event.js";
import { kopecks } from "../../wire/units.js";
import { refusalOf } from "../check.js";
import { applyChange } from "../fold.js";
import { mealIsClosed } from "../moment.js";
import { accountOf } from "../presented.js";
import { changeOf, credit, draftOf, strike } from "../purse.js";
import type { Context } from "../request.js";
import { mealKey } from "../school.js";
import type { Account, School, Served } from "../school.js";
import type { MealAsk, PupilOutcome } from "./meal.js";

export function undoPupil(school: School, ask: MealAsk, id: number, context: Context): PupilOutcome {
  const account = accountOf(school, id);
  const served = school.served.get(mealKey(id, ask.meal, ask.date)) ?? null;
  const meal = school.meals.get(ask.meal) ?? null;
  const reason = refusalOf("UndonePupil", {
    unknown_account: () => account === null,
    not_in_class: () => (served ?? account)!.class !== ask.class,
    meal_closed: () => meal !== null && mealIsClosed(school, meal, ask.date, context),
    nothing_to_void: () => served === null,
  });
  if (reason !== null || account === null || served === null) return { reason: reason ?? "nothing_to_void", bodies: [] };
  return { reason: null, bodies: [undone(account, served, ask.staff, "")] };
}

/** The event of an undo, or of a correction when `reason` is not empty. */
export function undone(account: Account, served: Served, staff: number | null, reason: string): EventOf<"MealUndone"> {
  const { parts, caterer, program } = served;
  const draft = draftOf(account);
  const unfunded = strike(draft, { caterer, meal: served.meal, date: served.date });
  const toMain = parts.main + parts.debt - unfunded;
  const left = account.status === "closed";
  if (!left) {
    credit(draft, "main", toMain);
    credit(draft, "additional", parts.additional);
  }
  return {
    kind: "MealUndone",
    account: account.id,
    class: served.class,
    meal: served.meal,
    mealName: served.mealName,
    date: served.date,
    caterer,
    program,
    parts,
    unfunded,
    payable: kopecks(left ? toMain + parts.additional : 0),
    staff,
    reason,
    change: left && unfunded === 0 ? null : changeOf(draft),
  };
}

export function applyMealUndone(school: School, body: EventBody & { kind: "MealUndone" }): void {
  const struck = { caterer: body.caterer, meal: body.meal, date: body.date };
  if (body.change) applyChange(school, body.change, { struck });
  school.fundSpent = kopecks(school.fundSpent - body.parts.fund);
  school.served.delete(mealKey(body.account, body.meal, body.date));
}
