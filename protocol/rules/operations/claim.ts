/** Rule 14: a payment went to the wrong account. That one gives back what it still has, never into debt; the right one gets all of it. */
import type { DirectiveOf } from "../../journal/directive.js";
import { refusalOf } from "../check.js";
import { applied, refused } from "../outcome.js";
import type { Outcome } from "../outcome.js";
import { accountOf, payeeChecks } from "../presented.js";
import { changeOf, credit, draftOf, takePositive } from "../purse.js";
import type { School } from "../school.js";

export function claim(school: School, directive: DirectiveOf<"Claim">): Outcome {
  const wrong = accountOf(school, directive.wrong);
  const right = accountOf(school, directive.right);
  const reason = refusalOf("Claim", {
    amount_invalid: () => directive.amount === 0 || directive.wrong === directive.right,
    ...payeeChecks(right),
    unknown_account: () => right === null || wrong === null,
  });
  if (reason !== null || wrong === null || right === null) return refused(reason ?? "unknown_account");
  const giver = draftOf(wrong);
  const given = takePositive(giver, directive.purse, directive.amount);
  const receiver = draftOf(right);
  credit(receiver, directive.purse, directive.amount);
  const changes = given > 0 ? [changeOf(giver), changeOf(receiver)] : [changeOf(receiver)];
  return applied({ changes, outside: given - directive.amount });
}
