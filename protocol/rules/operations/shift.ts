/** A cashier's shift at a till: opened and closed with a card, with the cash declared at both ends. */
import type { EventBody, EventOf } from "../../journal/event.js";
import { kopecks } from "../../wire/units.js";
import type { Kopecks } from "../../wire/units.js";
import { refusalOf } from "../check.js";
import { LARGEST_FIGURE } from "../plausible.js";
import { cardChecks, cardOf, shiftOf, staffOf, terminalChecks } from "../presented.js";
import type { Context, Decision, Request } from "../request.js";
import type { Card, School, Shift } from "../school.js";

type OpenRequest = Extract<Request, { kind: "ShiftOpen" }>;
type CloseRequest = Extract<Request, { kind: "ShiftClose" }>;

export function decideShiftOpen(school: School, request: OpenRequest, context: Context): Decision {
  const card = cardOf(school, request.uid);
  const staff = staffOf(school, card);
  const open = shiftOf(school, context);
  const resumes = card !== null && open !== null && ownsShift(card, open);
  const reason = refusalOf(
    "ShiftOpen",
    {
      ...terminalChecks(school, context, "settlement"),
      amount_invalid: () => !(request.declared >= 0 && request.declared <= LARGEST_FIGURE),
      ...cardChecks(card, context, (shown) => staff !== null && (shown.holder === "cashier" || shown.holder === "supervisor")),
      // One shift at a time: the cash of two people in one drawer could be told apart by nobody.
      shift_closed: () => open !== null && !resumes,
    },
    context.found,
  );
  if (reason !== null || staff === null) return { kind: "refused", reason: reason ?? "wrong_holder", bodies: [] };
  // A till that lost its power has forgotten whose shift it is; nothing new has happened.
  if (resumes) return { kind: "accepted", bodies: [], refused: [] };
  const shift = { terminal: context.terminal, shift: school.nextShift, cashier: staff.id };
  const body: EventBody = { kind: "ShiftOpened", ...shift, uid: request.uid, float: request.declared };
  return { kind: "accepted", bodies: [body], refused: [] };
}

export function decideShiftClose(school: School, request: CloseRequest, context: Context): Decision {
  const card = cardOf(school, request.uid);
  const shift = shiftOf(school, context);
  const checks = cardChecks(card, context, (shown) => shown.holder === "supervisor" || (shift !== null && ownsShift(shown, shift)));
  const reason = refusalOf(
    "ShiftClose",
    {
      ...terminalChecks(school, context, "settlement"),
      amount_invalid: () => !(request.declared >= 0 && request.declared <= LARGEST_FIGURE),
      ...checks,
      // A card that expires during its shift still closes it: otherwise the drawer would stay open until somebody else came.
      card_expired: () => checks.card_expired() && !(card !== null && shift !== null && ownsShift(card, shift)),
      wrong_holder: () => shift !== null && checks.wrong_holder(),
      shift_closed: () => shift === null,
    },
    context.found,
  );
  if (reason !== null || shift === null) return { kind: "refused", reason: reason ?? "shift_closed", bodies: [] };
  return { kind: "accepted", bodies: [shiftClosed(context, shift, request.declared)], refused: [] };
}

function ownsShift(card: Card, shift: Shift): boolean {
  return card.staff === shift.cashier;
}

export function shiftClosed(context: Pick<Context, "terminal">, shift: Shift, declared: Kopecks): EventOf<"ShiftClosed"> {
  return {
    kind: "ShiftClosed",
    terminal: context.terminal,
    shift: shift.number,
    cashier: shift.cashier,
    sales: shift.sales,
    salesTotal: shift.salesTotal,
    cashTotal: shift.cashTotal,
    voids: shift.voids,
    voidsTotal: shift.voidsTotal,
    fees: shift.fees,
    float: shift.float,
    cashExpected: cashExpected(shift),
    cashDeclared: declared,
    firstReceipt: shift.firstReceipt,
    lastReceipt: shift.lastReceipt,
  };
}

/** What the drawer should hold, in kopecks. */
export function cashExpected(shift: Shift): Kopecks {
  return kopecks(shift.float + shift.cashTotal + shift.fees - shift.cashVoids);
}

export function applyShiftOpened(school: School, body: EventOf<"ShiftOpened">): void {
  const none = kopecks(0);
  const sums = { salesTotal: none, cashTotal: none, voidsTotal: none, cashVoids: none, fees: none };
  const counters = { sales: 0, voids: 0, firstReceipt: 0, lastReceipt: 0, ...sums };
  const terminal = school.terminals.get(body.terminal);
  if (terminal) terminal.shift = { number: body.shift, cashier: body.cashier, uid: body.uid, float: body.float, ...counters };
  school.nextShift = Math.max(school.nextShift, body.shift + 1);
}

export function applyShiftClosed(school: School, body: EventOf<"ShiftClosed">): void {
  const terminal = school.terminals.get(body.terminal);
  if (terminal) terminal.shift = null;
}
