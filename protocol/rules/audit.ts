/**
 * The second opinion: what the rules would have written in the same state, against what an event says. The cloud asks before it folds each event of a
 * school's journal, so a gateway that calculates otherwise, or was made to, is found at its first figure.
 */
import type { Event, EventBody, EventOf } from "../journal/event.js";
import { eventBodySchema } from "../journal/event.js";
import { equalBytes } from "../wire/bytes.js";
import { REASONS, reasonName } from "../wire/reason.js";
import { decode, encode } from "../wire/schema.js";
import { kopecks } from "../wire/units.js";
import type { TerminalId } from "../wire/units.js";
import { decide } from "./decide.js";
import { decideDirective } from "./decide-directive.js";
import { activationPrice } from "./operations/card.js";
import { recordCash } from "./operations/cash.js";
import { collected } from "./operations/collection.js";
import { servePupil } from "./operations/meal.js";
import { movedIn, movedOut } from "./operations/move.js";
import { recordNote } from "./operations/note.js";
import { orderPupil } from "./operations/pre-order.js";
import { recordSale } from "./operations/sale.js";
import { shiftClosed } from "./operations/shift.js";
import { undone, undoPupil } from "./operations/undo.js";
import type { Context, Request } from "./request.js";
import { mealKey } from "./school.js";
import type { School } from "./school.js";
import { RULES_VERSION } from "./version.js";

/** Differences in words, for the operator; none when the event is what the rules give. `school` is the state before the event. */
export function audit(school: School, event: Event): string[] {
  const body = event.body;
  const found = envelope(school, event);
  const context: Context = { terminal: terminalIn(event), date: event.date, atMs: event.atMs, clock: event.clock };
  const answers = expected(school, body, context);
  if (answers === null) return found;
  const said = encode(eventBodySchema, body);
  if (answers.some((answer) => typeof answer !== "string" && equalBytes(encode(eventBodySchema, answer), said))) return found;
  return found.concat(differences(body, answers[0]));
}

function terminalIn(event: Event): TerminalId {
  if ("terminal" in event.body && typeof event.body.terminal === "number") return event.body.terminal;
  return event.operation?.terminal ?? (0 as TerminalId);
}

function envelope(school: School, event: Event): string[] {
  const body = event.body;
  const found: string[] = [];
  if (body.kind === "GatewayStarted") {
    if (event.seq !== 0) found.push("GatewayStarted is event " + event.seq + " of its epoch, it must be the first");
    if (body.epoch <= school.epoch) found.push("epoch " + body.epoch + " does not follow epoch " + school.epoch);
    if (body.rulesVersion !== RULES_VERSION) found.push("decided by rules " + body.rulesVersion + ", audited by rules " + RULES_VERSION);
  } else if (event.seq !== school.events) found.push("event " + event.seq + " stands where event " + school.events + " belongs");
  if (body.kind === "DayOpened") {
    if (body.date <= school.date) found.push("day " + body.date + " opened after day " + school.date);
    if (event.date !== body.date) found.push("the day opened is " + body.date + ", the event's own date " + event.date);
  } else if (event.date !== school.date) found.push("dated " + event.date + " on business date " + school.date);
  return found;
}

/** What the rules would have written; several when more than one way leads to such an event, `null` when there is nothing to compare with. */
function expected(school: School, body: EventBody, context: Context): (EventBody | string)[] | null {
  switch (body.kind) {
    case "TopUpCredited":
    case "TopUpHeld":
    case "ForeignTopUp": {
      const kind = body.kind === "TopUpHeld" && body.why === "not_proven" ? "NoteUnresolved" : "NoteStacked";
      return recordNote(school, { ...body, kind }, context);
    }
    case "MealServed":
      return bodiesOf(servePupil(school, body, body.account, body.basis, context));
    case "MealRefused":
      return (["request", "paper"] as const).flatMap((basis) => bodiesOf(servePupil(school, body, body.account, basis, context)));
    case "MealUndone":
      return expectedUndo(school, body, context);
    case "PreOrdered":
    case "PreOrderCancelled": {
      const ask = { ...body, class: school.accounts.get(body.account)?.class ?? 0 };
      return bodiesOf(orderPupil(school, ask, body.account, body.kind === "PreOrderCancelled", context));
    }
    case "ShiftClosed": {
      const shift = school.terminals.get(body.terminal)?.shift;
      return shift ? [shiftClosed(context, shift, body.cashDeclared)] : ["no shift is open there"];
    }
    case "CashCollected":
      return [collected(school, { ...body, witness: body.witnessUid }, context)];
    case "DirectiveApplied": {
      // Whether a salvaged operation was known already is the gateway's to say; that nothing is posted twice, the ledger sees to.
      const found = body.directive.kind === "Salvaged" && body.reason === REASONS.exists ? (["exists"] as const) : [];
      return orNothing(
        decideDirective(school, body.number, body.directive, { ...context, found }).slice(0, 1),
        "directive " + (school.directives + 1) + " is next",
      );
    }
    case "AccountMovedOut":
    case "AccountMovedIn":
      return expectedMove(school, body);
    default:
      return expectedRequest(school, body, context);
  }
}

function expectedUndo(school: School, body: EventOf<"MealUndone">, context: Context): (EventBody | string)[] {
  if (body.reason === "") return bodiesOf(undoPupil(school, body, body.account, context));
  const account = school.accounts.get(body.account);
  const served = school.served.get(mealKey(body.account, body.meal, body.date));
  return account && served ? [undone(account, served, null, body.reason)] : ["there is no such meal to correct"];
}

function expectedMove(school: School, body: EventOf<"AccountMovedOut"> | EventOf<"AccountMovedIn">): (EventBody | string)[] {
  const account = school.accounts.get(body.account);
  if (!account) return ["no account " + body.account];
  if (body.kind === "AccountMovedOut") return [movedOut(school, account, body.toSchool, body.epoch)];
  return [movedIn(account, body.fromSchool, body.epoch, body.luggage)];
}

/** Events that answer a request: the request is rebuilt from them and asked again. */
function expectedRequest(school: School, body: EventBody, context: Context): (EventBody | string)[] | null {
  if (body.kind === "BuffetSold" && body.basis !== "request") {
    return recordSale(school, { kind: "SaleApproved", account: body.account, uid: body.uid, lines: body.lines }, context);
  }
  if (body.kind === "CashSold" && body.basis !== "request") return recordCash(school, { ...body, kind: "CashTaken" }, context);
  const request = requestBehind(school, body);
  if (request === null) return null;
  const decision = decide(school, request, context);
  if (body.kind === "SaleRefused" || decision.kind === "accepted") return orNothing(decision.bodies, "nothing");
  return ["refuse: " + decision.reason];
}

function requestBehind(school: School, body: EventBody): Request | null {
  switch (body.kind) {
    case "BuffetSold":
    case "SaleRefused": {
      const payer = body.uid !== null ? ({ by: "card", uid: body.uid } as const) : ({ by: "list", account: body.account ?? 0 } as const);
      const menuVersion = body.kind === "BuffetSold" ? body.menuVersion : 0;
      return { kind: "Sale", payer, lines: body.lines, total: body.total, menuVersion, override: body.override };
    }
    case "CashSold":
      return { kind: "CashSale", lines: body.lines, total: body.total, menuVersion: body.menuVersion };
    case "SaleVoided":
      return { kind: "Void", receipt: body.receipt, lines: body.lines, reason: body.reason, supervisor: body.supervisor };
    case "ShiftOpened":
      return { kind: "ShiftOpen", uid: body.uid, declared: body.float };
    case "CardActivated": {
      const card = school.cards.get(body.uid);
      return { kind: "ActivateCard", uid: body.uid, paid: card ? activationPrice(school, card) : kopecks(0) };
    }
    case "FeePaid":
      return { kind: "PaidService", account: body.account, service: body.service, amount: body.amount };
    case "AccessCodeIssued":
      return { kind: "IssueCode", account: body.account, salt: body.salt, digest: body.digest };
    default:
      return null;
  }
}

function bodiesOf(outcome: { readonly reason: string | null; readonly bodies: EventBody[] }): (EventBody | string)[] {
  return orNothing(outcome.bodies, outcome.reason === null ? "nothing" : "refuse: " + outcome.reason);
}

function orNothing(bodies: EventBody[], otherwise: string): (EventBody | string)[] {
  return bodies.length > 0 ? bodies : [otherwise];
}

/** A body with its fields in the schema's order, whoever built it. */
function normal(body: EventBody): { readonly [field: string]: unknown } {
  const decoded = decode(eventBodySchema, encode(eventBodySchema, body));
  return decoded.ok ? { ...decoded.value } : { malformed: decoded.malformed };
}

function differences(body: EventBody, answer: EventBody | string): string[] {
  if (typeof answer === "string") return [body.kind + ": the rules say: " + answer];
  if (answer.kind !== body.kind) return [body.kind + ": the rules give " + answer.kind + reasonIn(answer)];
  const said = normal(body);
  const given = normal(answer);
  const fields = [...new Set([...Object.keys(said), ...Object.keys(given)])];
  return fields
    .filter((field) => JSON.stringify(said[field]) !== JSON.stringify(given[field]))
    .map(
      (field) =>
        body.kind + "." + field + ": the event says " + JSON.stringify(said[field]) + ", the rules give " + JSON.stringify(given[field]),
    );
}

function reasonIn(body: EventBody): string {
  return "reason" in body && typeof body.reason === "number" ? " (" + reasonName(body.reason) + ")" : "";
}
