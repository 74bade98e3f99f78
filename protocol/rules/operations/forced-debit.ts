/** Rule 10: money that was credited and turned out not to be there. It may pass the debt limit, so a person is told. */
import type { DirectiveOf } from "../../journal/directive.js";
import type { Flag } from "../../journal/event.js";
import { refusalOf } from "../check.js";
import { applied, held, refused } from "../outcome.js";
import type { Outcome } from "../outcome.js";
import { accountOf, payeeChecks } from "../presented.js";
import { changeOf, debit, draftOf, NO_ORIGIN } from "../purse.js";
import { debtLimitOf } from "../school.js";
import type { School } from "../school.js";

export function forcedDebit(school: School, directive: DirectiveOf<"ForcedDebit">): Outcome {
  const account = accountOf(school, directive.account);
  const reason = refusalOf("ForcedDebit", { amount_invalid: () => directive.amount === 0, ...payeeChecks(account) });
  if (reason === "amount_invalid" || reason === "unknown_account") return refused(reason);
  // Who has left cannot be debited any more: the operator has a receivable (rule 11).
  if (reason !== null || account === null) return held(reason ?? "account_closed", -directive.amount, ["forced_debit"]);
  const draft = draftOf(account);
  debit(draft, directive.purse, directive.amount, NO_ORIGIN);
  const flags: Flag[] = draft.main < -debtLimitOf(school, account) ? ["forced_debit", "over_debt_limit"] : ["forced_debit"];
  return applied({ changes: [changeOf(draft)], flags });
}
