/**
 * What a replaced gateway had done and could not tell the cloud before it died: facts by now, one operation at a time. Money and meals are recorded by the
 * rules for facts, in the state as it is today; what cannot be done again in another gateway's time (a void, a shift, a fee) is flagged with its sum, so that
 * a person settles it.
 */
import type { DirectiveOf } from "../../journal/directive.js";
import { eventSchema } from "../../journal/event.js";
import type { Event, EventBody, Flag } from "../../journal/event.js";
import { decodeWhole } from "../../wire/schema.js";
import { kopecks } from "../../wire/units.js";
import type { TerminalId } from "../../wire/units.js";
import { applied, refused } from "../outcome.js";
import type { Outcome } from "../outcome.js";
import type { Context } from "../request.js";
import type { School } from "../school.js";
import { recordCash } from "./cash.js";
import { recordCollection } from "./collection.js";
import { servePupil } from "./meal.js";
import { recordNote } from "./note.js";
import { recordSale } from "./sale.js";

/** `exists` among what the gateway found: the operation is in these books already. */
export function salvaged(school: School, directive: DirectiveOf<"Salvaged">, context: Context): Outcome {
  const events = salvagedEvents(directive);
  const operation = events?.[0]?.operation;
  if (!events || !operation) return refused("malformed");
  if ((context.found ?? []).includes("exists")) return refused("exists");
  const there = { ...context, terminal: operation.terminal };
  return applied({ also: events.flatMap(({ body }) => recordAgain(school, body, there)) });
}

/** The events of one operation as the replaced gateway wrote them; `null` when they are not that. */
export function salvagedEvents({ events }: DirectiveOf<"Salvaged">): Event[] | null {
  const decoded = events.map((bytes) => decodeWhole(eventSchema, bytes));
  const found = decoded.flatMap((one) => (one.ok ? [one.value] : []));
  const name = ({ operation }: Event): string => (operation ? [operation.terminal, operation.incarnation, operation.n].join() : "");
  const isOne = found.length === events.length && found.every((event) => name(event) !== "" && name(event) === name(found[0]));
  return isOne ? found : null;
}

function recordAgain(school: School, body: EventBody, context: Context): EventBody[] {
  switch (body.kind) {
    case "TopUpCredited":
    case "TopUpHeld":
    case "ForeignTopUp": {
      const kind = body.kind === "TopUpHeld" && body.why === "not_proven" ? "NoteUnresolved" : "NoteStacked";
      return recordNote(school, { ...body, kind }, context);
    }
    case "BuffetSold":
      return recordSale(school, { kind: "SaleApproved", account: body.account, uid: body.uid, lines: body.lines }, context);
    case "CashSold":
      return recordCash(school, { ...body, kind: "CashTaken" }, context);
    case "MealServed":
      return servePupil(school, body, body.account, "offline", context).bodies;
    case "CashCollected":
      return recordCollection(school, { ...body, kind: "Collection", witness: body.witnessUid }, context);
    case "ReceiptPrinted":
    case "ReceiptFailed":
    case "TerminalFault":
    case "FactFlagged":
      return [body];
    case "SaleRefused":
    case "MealRefused":
      return [];
    default:
      return [leftover(body, context.terminal)];
  }
}

/** For a person: what it was, where, whose and how much. */
function leftover(body: EventBody, terminal: TerminalId): EventBody {
  const account = "account" in body && typeof body.account === "number" ? body.account : null;
  const amount = "amount" in body && typeof body.amount === "number" ? body.amount : 0;
  const flag: Flag = body.kind === "ShiftOpened" || body.kind === "ShiftClosed" ? "shift_closed" : "operation_conflict";
  const receipt = "receipt" in body && typeof body.receipt === "number" ? ", receipt " + body.receipt : "";
  const text = body.kind + " at terminal " + terminal + receipt + ", by a gateway that has been replaced";
  return { kind: "FactFlagged", account, flag, amount: kopecks(amount), text };
}
