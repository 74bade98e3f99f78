/** A one-time password for the personal account, printed at the till for whoever the cashier has recognised. */
import type { Event, EventBody, EventOf } from "../../journal/event.js";
import type { BusinessDate } from "../../wire/units.js";
import { refusalOf } from "../check.js";
import { accountOf, payeeChecks, shiftOf, terminalChecks } from "../presented.js";
import type { Context, Decision, Request } from "../request.js";
import type { School } from "../school.js";

/** Whoever has a till's key and knows a class could draw one for each of its pupils; a till at its busiest prints a few a day. */
const MOST_A_DAY = 20;
/** Long enough for a parent who comes home on Friday and has time on the next weekend but one. */
const VALID_DAYS = 14;

export function decideIssueCode(school: School, request: Extract<Request, { kind: "IssueCode" }>, context: Context): Decision {
  const account = accountOf(school, request.account);
  const shift = shiftOf(school, context);
  const checks = {
    ...terminalChecks(school, context, "settlement"),
    ...payeeChecks(account),
    shift_closed: () => shift === null,
    daily_limit: () => issuedOn(school, context.terminal, context.date) >= MOST_A_DAY,
  };
  const reason = refusalOf("IssueCode", checks, context.found);
  if (reason !== null || shift === null) return { kind: "refused", reason: reason ?? "shift_closed", bodies: [] };
  const { salt, digest } = request;
  const validThrough = (context.date + VALID_DAYS) as BusinessDate;
  const issued = { account: request.account, salt, digest, validThrough };
  const body: EventBody = { kind: "AccessCodeIssued", terminal: context.terminal, staff: shift.cashier, ...issued };
  return { kind: "accepted", bodies: [body], refused: [] };
}

function issuedOn(school: School, terminal: number, date: BusinessDate): number {
  const codes = school.terminals.get(terminal)?.codes;
  return codes && codes.date === date ? codes.count : 0;
}

export function applyAccessCodeIssued(school: School, body: EventOf<"AccessCodeIssued">, date: Event["date"]): void {
  const terminal = school.terminals.get(body.terminal);
  if (terminal) terminal.codes = { date, count: issuedOn(school, body.terminal, date) + 1 };
}
