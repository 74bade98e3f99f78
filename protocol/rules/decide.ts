/** Asked, the rules answer; told, they write down. Both are pure: the state is read and never touched. */
import type { EventBody } from "../journal/event.js";
import type { Reason } from "../wire/reason.js";
import { kopecks } from "../wire/units.js";
import { refusalOf } from "./check.js";
import { decideIssueCode } from "./operations/access-code.js";
import { decideActivateCard } from "./operations/card.js";
import { recordCollection } from "./operations/collection.js";
import { decideOpenDay } from "./operations/day.js";
import { decidePaidService } from "./operations/fee.js";
import { servePupil } from "./operations/meal.js";
import type { MealAsk, PupilOutcome } from "./operations/meal.js";
import { recordNote } from "./operations/note.js";
import { orderPupil } from "./operations/pre-order.js";
import { recordCash } from "./operations/cash.js";
import { decideCashSale, decideSale, recordSale } from "./operations/sale.js";
import { decideShiftClose, decideShiftOpen } from "./operations/shift.js";
import { undoPupil } from "./operations/undo.js";
import { decideVoid } from "./operations/void.js";
import { cardChecks, cardOf, staffOf, terminalChecks, terminalOf } from "./presented.js";
import type { Context, Decision, Fact, RefusedPupil, Request } from "./request.js";
import type { School, Staff } from "./school.js";

type ClassRequest = Extract<Request, { kind: "MealConfirm" | "MealUndo" | "PreOrder" }>;

/** Most pupils of one class operation; a message holds no more. */
const MOST_PUPILS = 64;

/** Accepts or refuses. A refusal has events only where somebody should be able to read about it later. */
export function decide(school: School, request: Request, context: Context): Decision {
  switch (request.kind) {
    case "Sale":
      return decideSale(school, request, context);
    case "CashSale":
      return decideCashSale(school, request, context);
    case "Void":
      return decideVoid(school, request, context);
    case "MealConfirm":
    case "MealUndo":
    case "PreOrder":
      return decideClass(school, request, context);
    case "ShiftOpen":
      return decideShiftOpen(school, request, context);
    case "ShiftClose":
      return decideShiftClose(school, request, context);
    case "ActivateCard":
      return decideActivateCard(school, request, context);
    case "PaidService":
      return decidePaidService(school, request, context);
    case "IssueCode":
      return decideIssueCode(school, request, context);
    case "OpenDay":
      return decideOpenDay(school, request, context);
  }
}

/** One pupil's refusal stops nobody else: each is judged alone, and the class operation as a whole only by its terminal and its card. */
function decideClass(school: School, request: ClassRequest, context: Context): Decision {
  const card = cardOf(school, request.uid);
  const staff = staffOf(school, card);
  const checks = {
    ...terminalChecks(school, context, "information"),
    amount_invalid: () => request.ids.length === 0 || request.ids.length > MOST_PUPILS,
    ...cardChecks(card, context, (shown) => {
      if (staff === null) return false;
      return shown.holder === "supervisor" || (shown.holder === "teacher" && staff.class === request.class);
    }),
  };
  const reason = refusalOf(request.kind, checks, context.found);
  if (reason !== null || staff === null) return decideEaten(school, request, staff, reason ?? "wrong_holder", context);

  const ask: MealAsk = { class: request.class, meal: request.meal, date: request.date, staff: staff.id };
  const bodies: EventBody[] = [];
  const refused: RefusedPupil[] = [];
  // A pupil ticked twice eats once; every decision is made against the state before the operation, so a double would be paid twice.
  for (const id of new Set(request.ids)) {
    const outcome = pupilOutcome(school, request, ask, id, context);
    bodies.push(...outcome.bodies);
    if (outcome.reason !== null) refused.push({ account: id, reason: outcome.reason });
  }
  return { kind: "accepted", bodies, refused };
}

/** What has to do with who asks: it says nothing about whether the children have eaten. */
const ABOUT_THE_ASKER: readonly Reason[] = [
  "out_of_service",
  "unknown_card",
  "card_not_active",
  "card_lost",
  "card_blocked",
  "card_expired",
  "card_suspect",
  "wrong_holder",
];

/**
 * A class operation by a card or a terminal that is not good any more. Whoever was admitted on the list that was handed to this very card has eaten by
 * now: that is recorded, and flagged once for a person. Everybody else is refused, and where nobody was admitted the whole operation is.
 */
function decideEaten(school: School, request: ClassRequest, staff: Staff | null, reason: Reason, context: Context): Decision {
  // A list is handed to a wall: what another machine says of it is somebody's who has its key.
  const isWall = terminalOf(school, context)?.terminalKind === "information";
  const admitted = isWall && request.kind === "MealConfirm" && ABOUT_THE_ASKER.includes(reason) ? request.admitted : [];
  const ids = [...new Set(request.ids)];
  if (!ids.some((id) => admitted.includes(id))) return { kind: "refused", reason, bodies: [] };
  const { uid, class: classId, meal, date } = request;
  const ask: MealAsk = { class: classId, meal, date, staff: staff?.id ?? null };
  const text = "meal " + meal + " of class " + classId + " on day " + date + " confirmed by card " + uid + ": " + reason;
  const bodies: EventBody[] = [{ kind: "FactFlagged", account: null, flag: "card_not_valid", amount: kopecks(0), text }];
  const refused: RefusedPupil[] = [];
  for (const id of ids) {
    if (!admitted.includes(id)) {
      refused.push({ account: id, reason });
      continue;
    }
    const outcome = servePupil(school, ask, id, "admitted", context);
    bodies.push(...outcome.bodies);
    if (outcome.reason !== null) refused.push({ account: id, reason: outcome.reason });
  }
  return { kind: "accepted", bodies, refused };
}

function pupilOutcome(school: School, request: ClassRequest, ask: MealAsk, id: number, context: Context): PupilOutcome {
  if (request.kind === "MealUndo") return undoPupil(school, ask, id, context);
  if (request.kind === "PreOrder") return orderPupil(school, ask, id, request.cancel, context);
  return servePupil(school, ask, id, request.admitted.includes(id) ? "admitted" : "request", context);
}

/** What has happened is written down; what it breaks is flagged for a person. Never refuses. */
export function recordFact(school: School, fact: Fact, context: Context): EventBody[] {
  const terminal = context.terminal;
  switch (fact.kind) {
    case "NoteStacked":
    case "NoteUnresolved":
      return recordNote(school, fact, context);
    case "MealEaten": {
      const staff = staffOf(school, cardOf(school, fact.uid))?.id ?? null;
      const ask: MealAsk = { class: fact.class, meal: fact.meal, date: fact.date, staff };
      return [...new Set(fact.ids)].flatMap((id) => servePupil(school, ask, id, fact.basis, context).bodies);
    }
    case "Collection":
      return recordCollection(school, fact, context);
    case "SaleApproved":
      return recordSale(school, fact, context);
    case "CashTaken":
      return recordCash(school, fact, context);
    case "Receipt":
      return [{ kind: fact.outcome === "printed" ? "ReceiptPrinted" : "ReceiptFailed", terminal, of: fact.of }];
    case "CardSuspected": {
      const { uid, otherTerminal, otherAtMs } = fact;
      return [{ kind: "CardSuspected", uid, terminal, atMs: context.atMs, otherTerminal, otherAtMs }];
    }
    case "TerminalEnrolled": {
      const { terminalKind, enrolment, incarnation } = fact;
      return [{ kind: "TerminalEnrolled", terminal, terminalKind, enrolment, incarnation }];
    }
    case "TerminalFault":
      return [{ kind: "TerminalFault", terminal, what: fact.what }];
    case "ClockChanged":
      return [{ kind: "ClockChanged", fromMs: fact.fromMs, toMs: fact.toMs, clock: fact.clock }];
    case "OperationConflict":
      return [{ kind: "FactFlagged", account: null, flag: "operation_conflict", amount: kopecks(0), text: fact.text }];
  }
}
