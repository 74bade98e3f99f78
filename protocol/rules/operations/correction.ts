/** Meals by directive: an order from the portal (rule 9), and a correction after the meal has closed (rule 7). */
import type { DirectiveOf } from "../../journal/directive.js";
import { refusalOf } from "../check.js";
import { APPLIED, applied, refused } from "../outcome.js";
import type { Outcome } from "../outcome.js";
import { accountOf } from "../presented.js";
import type { Context } from "../request.js";
import { mealKey } from "../school.js";
import type { School } from "../school.js";
import { tariffOn } from "../moment.js";
import { kopecks } from "../../wire/units.js";
import { applyPreOrderCancelled, applyPreOrdered, orderChecks } from "./pre-order.js";
import { undone } from "./undo.js";

export function orderMeal(school: School, directive: DirectiveOf<"OrderMeal">, context: Context): Outcome {
  const checks = orderChecks(school, directive, accountOf(school, directive.account), context);
  const reason = directive.cancel ? refusalOf("CancelMeal", checks) : refusalOf("OrderMeal", checks);
  return reason === null ? APPLIED : refused(reason);
}

export function applyOrderMeal(school: School, directive: DirectiveOf<"OrderMeal">): void {
  if (directive.cancel) return applyPreOrderCancelled(school, directive);
  const account = accountOf(school, directive.account);
  const share = (account && tariffOn(school, directive.meal, account.category, directive.date)?.share) ?? kopecks(0);
  applyPreOrdered(school, { ...directive, share });
}

export function correctMeal(school: School, directive: DirectiveOf<"CorrectMeal">): Outcome {
  const account = accountOf(school, directive.account);
  const served = school.served.get(mealKey(directive.account, directive.meal, directive.date)) ?? null;
  const reason = refusalOf("CorrectMeal", { unknown_account: () => account === null, nothing_to_void: () => served === null });
  if (reason !== null || account === null || served === null) return refused(reason ?? "nothing_to_void");
  return applied({ also: [undone(account, served, null, directive.reason)] });
}
