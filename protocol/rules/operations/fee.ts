/**
 * Rule 15: a fee is its own paid order, in cash at the till or elsewhere; a purse pays it only when the payer said so, and only with money that is there.
 */
import type { DirectiveOf } from "../../journal/directive.js";
import type { EventOf } from "../../journal/event.js";
import { kopecks } from "../../wire/units.js";
import type { Kopecks } from "../../wire/units.js";
import type { Service } from "../../wire/up.js";
import { refusalOf } from "../check.js";
import { countInShift } from "../fold.js";
import { APPLIED, applied, refused } from "../outcome.js";
import type { Outcome } from "../outcome.js";
import { accountOf, payeeChecks, shiftOf, spenderChecks, terminalChecks } from "../presented.js";
import { changeOf, draftOf } from "../purse.js";
import type { Context, Decision, Request } from "../request.js";
import type { School, Shift } from "../school.js";

type PaidRequest = Extract<Request, { kind: "PaidService" }>;

/** What a till asks for a service today, in kopecks. */
export function priceOf(school: School, service: Service): Kopecks {
  return service === "reissue" ? school.reissueFee : school.activationFee;
}

/** Cash for a service, counted into the shift. Nothing may be taken for what costs nothing. */
export function decidePaidService(school: School, request: PaidRequest, context: Context): Decision {
  const account = accountOf(school, request.account);
  const shift = shiftOf(school, context);
  const reason = refusalOf(
    "PaidService",
    {
      ...terminalChecks(school, context, "settlement"),
      amount_invalid: () => request.amount === 0,
      shift_closed: () => shift === null,
      ...payeeChecks(account),
      price_changed: () => request.amount !== priceOf(school, request.service),
    },
    context.found,
  );
  if (reason !== null || shift === null) return { kind: "refused", reason: reason ?? "shift_closed", bodies: [] };
  return { kind: "accepted", bodies: [feePaid(context, shift, request)], refused: [] };
}

export function feePaid(context: Context, shift: Shift, paid: Omit<PaidRequest, "kind">): EventOf<"FeePaid"> {
  const { account, service, amount } = paid;
  return { kind: "FeePaid", terminal: context.terminal, shift: shift.number, cashier: shift.cashier, account, service, amount };
}

export function applyFeePaid(school: School, body: EventOf<"FeePaid">): void {
  countInShift(school, body.terminal, (shift) => ({ ...shift, fees: kopecks(shift.fees + body.amount) }));
}

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
