/** Rule 11: leaving. Closing takes credits and spends nothing; it ends without debt, without pending payments and with every card in hand or blocked. */
import type { DirectiveOf } from "../../journal/directive.js";
import { refusalOf } from "../check.js";
import { APPLIED, applied, refused } from "../outcome.js";
import type { Outcome } from "../outcome.js";
import { accountOf, payeeChecks } from "../presented.js";
import { changeOf, draftOf } from "../purse.js";
import type { Account, School } from "../school.js";

export function close(school: School, directive: DirectiveOf<"Close">): Outcome {
  const reason = refusalOf("Close", payeeChecks(accountOf(school, directive.account)));
  return reason === null ? APPLIED : refused(reason);
}

export function finishClosing(school: School, directive: DirectiveOf<"FinishClosing">): Outcome {
  const account = accountOf(school, directive.account);
  const reason = refusalOf("FinishClosing", {
    operation_conflict: () => account !== null && (isBusy(school, account) || account.status === "open" || account.status === "arriving"),
    ...payeeChecks(account),
    debt_limit: () => account !== null && account.main < 0,
  });
  if (reason !== null || account === null) return refused(reason ?? "unknown_account");
  const refund = account.main + account.additional - directive.costs;
  // Less than a kopeck: nothing is paid and nothing is charged either; what lies there stays a liability.
  if (refund < 1) return APPLIED;
  const draft = draftOf(account);
  draft.main = 0;
  draft.additional = 0;
  return applied({ changes: [changeOf(draft)], outside: refund });
}

function isBusy(school: School, account: Account): boolean {
  if (account.admissions.length > 0) return true;
  for (const card of school.cards.values()) {
    if (card.account === account.id && card.state !== "returned" && card.state !== "lost" && card.blockedBy.length === 0) return true;
  }
  return false;
}

export function applyClose(school: School, directive: DirectiveOf<"Close">): void {
  const account = school.accounts.get(directive.account);
  if (account) account.status = "closing";
}

export function applyFinishClosing(school: School, directive: DirectiveOf<"FinishClosing">): void {
  const account = school.accounts.get(directive.account);
  if (account) account.status = "closed";
}
