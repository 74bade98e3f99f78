/** Rule 8: main → additional on application, only money that is there. Never the other way. */
import type { DirectiveOf } from "../../journal/directive.js";
import { refusalOf } from "../check.js";
import { applied, refused } from "../outcome.js";
import type { Outcome } from "../outcome.js";
import { accountOf, spenderChecks } from "../presented.js";
import { changeOf, draftOf } from "../purse.js";
import type { School } from "../school.js";

export function transfer(school: School, directive: DirectiveOf<"Transfer">): Outcome {
  const account = accountOf(school, directive.account);
  const reason = refusalOf("Transfer", {
    amount_invalid: () => directive.amount === 0,
    ...spenderChecks(account),
    insufficient_funds: () => account !== null && directive.amount > account.main,
  });
  if (reason !== null || account === null) return refused(reason ?? "unknown_account");
  const draft = draftOf(account);
  draft.main -= directive.amount;
  draft.additional += directive.amount;
  return applied({ changes: [changeOf(draft)] });
}
