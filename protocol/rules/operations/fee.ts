/** Rule 15: a fee is its own paid order; a purse pays it only when the payer said so, and only with money that is there. */
import type { DirectiveOf } from "../../journal/directive.js";
import { refusalOf } from "../check.js";
import { APPLIED, applied, refused } from "../outcome.js";
import type { Outcome } from "../outcome.js";
import { accountOf, spenderChecks } from "../presented.js";
import { changeOf, draftOf } from "../purse.js";
import type { School } from "../school.js";

export function fee(school: School, directive: DirectiveOf<"Fee">): Outcome {
  const account = accountOf(school, directive.account);
  const purse = directive.purse;
  const reason = refusalOf("Fee", {
    amount_invalid: () => directive.amount === 0,
    ...spenderChecks(account),
    insufficient_funds: () => account !== null && purse !== null && directive.amount > account[purse],
  });
  if (reason !== null || account === null) return refused(reason ?? "unknown_account");
  if (purse === null) return APPLIED;
  const draft = draftOf(account);
  draft[purse] -= directive.amount;
  return applied({ changes: [changeOf(draft)] });
}
