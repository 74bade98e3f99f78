/** Rule 1 by directive: a payment that reached the cloud, and the balance that an older system left. */
import type { DirectiveOf } from "../../journal/directive.js";
import { refusalOf } from "../check.js";
import { applied, held, refused } from "../outcome.js";
import type { Outcome } from "../outcome.js";
import { accountOf, payeeChecks } from "../presented.js";
import { changeOf, credit, debit, draftOf, NO_ORIGIN } from "../purse.js";
import { debtLimitOf } from "../school.js";
import type { School } from "../school.js";

/** Two amounts, one for each purse. Money that came is never refused: for an account that is gone it is held. */
export function topUp(school: School, directive: DirectiveOf<"TopUp">): Outcome {
  const account = accountOf(school, directive.account);
  const amount = directive.main + directive.additional;
  const reason = refusalOf("TopUp", { amount_invalid: () => amount === 0, ...payeeChecks(account) });
  if (reason === "amount_invalid") return refused(reason);
  if (reason !== null || account === null) return held(reason ?? "unknown_account", amount);
  const draft = draftOf(account);
  credit(draft, "main", directive.main);
  credit(draft, "additional", directive.additional);
  return applied({ changes: [changeOf(draft)] });
}

/** «Установка начального баланса»: once, before anything else has moved the account. Old debt is nobody's meal here. */
export function openingBalance(school: School, directive: DirectiveOf<"OpeningBalance">): Outcome {
  const account = accountOf(school, directive.account);
  const reason = refusalOf("OpeningBalance", { operation_conflict: () => account !== null && account.seq > 0, ...payeeChecks(account) });
  if (reason !== null || account === null) return refused(reason ?? "unknown_account");
  const draft = draftOf(account);
  credit(draft, "additional", directive.additional);
  if (directive.main >= 0) credit(draft, "main", directive.main);
  else debit(draft, "main", -directive.main, NO_ORIGIN);
  return applied({ changes: [changeOf(draft)], flags: draft.main < -debtLimitOf(school, account) ? ["over_debt_limit"] : [] });
}
