/** Rule 5: the dispatcher has seen the payment; until it arrives the child's meals may go that much deeper into debt, once. */
import type { DirectiveOf } from "../../journal/directive.js";
import { refusalOf } from "../check.js";
import { APPLIED, refused } from "../outcome.js";
import type { Outcome } from "../outcome.js";
import { accountOf, eaterChecks } from "../presented.js";
import type { School } from "../school.js";

export function admit(school: School, directive: DirectiveOf<"Admit">): Outcome {
  const account = accountOf(school, directive.account);
  const reason = refusalOf("Admit", {
    exists: () => account !== null && account.admissions.some((admission) => admission.reference === directive.reference),
    amount_invalid: () => directive.amount === 0,
    ...eaterChecks(account),
  });
  return reason === null ? APPLIED : refused(reason);
}

export function endAdmit(school: School, directive: DirectiveOf<"EndAdmit">): Outcome {
  const reason = refusalOf("EndAdmit", { unknown_account: () => !school.accounts.has(directive.account) });
  return reason === null ? APPLIED : refused(reason);
}

export function applyAdmit(school: School, directive: DirectiveOf<"Admit">): void {
  const account = school.accounts.get(directive.account);
  if (account) account.admissions = account.admissions.concat({ reference: directive.reference, amount: directive.amount });
}

/** The payment has arrived or failed: the limit falls back. What was eaten on its account was explained when it was eaten, and stays so. */
export function applyEndAdmit(school: School, id: number, reference: string): void {
  const account = school.accounts.get(id);
  if (account) account.admissions = account.admissions.filter((admission) => admission.reference !== reference);
}
