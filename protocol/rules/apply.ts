/** The fold: one event, one step of the state. It uses what the event says and refuses nothing; whether the figures are right is for `audit`. */
import type { Directive } from "../journal/directive.js";
import type { Event, EventBody, EventOf } from "../journal/event.js";
import { applyChange } from "./fold.js";
import { applyAccessCodeIssued } from "./operations/access-code.js";
import { applyAdmit, applyEndAdmit } from "./operations/admit.js";
import { applyCardActivated, applyCardSuspected, applySetCard } from "./operations/card.js";
import { applyClose, applyFinishClosing } from "./operations/closing.js";
import { applyCashCollected } from "./operations/collection.js";
import { applyOrderMeal } from "./operations/correction.js";
import { applyDayOpened } from "./operations/day.js";
import { applyFeePaid } from "./operations/fee.js";
import { applyMealServed } from "./operations/meal.js";
import { applyMovedIn, applyMovedOut } from "./operations/move.js";
import { applyForeignTopUp, applyTopUpCredited, applyTopUpHeld } from "./operations/note.js";
import { applyPreOrderCancelled, applyPreOrdered } from "./operations/pre-order.js";
import { applyBuffetSold, applyCashSold } from "./operations/sale.js";
import * as setting from "./operations/setting.js";
import { applyShiftClosed, applyShiftOpened } from "./operations/shift.js";
import { applyMealUndone } from "./operations/undo.js";
import { applySaleVoided } from "./operations/void.js";
import type { School } from "./school.js";

export function apply(school: School, event: Event): void {
  school.events = event.seq + 1;
  applyBody(school, event.body, event);
  noteFlags(school, event);
}

function applyBody(school: School, body: EventBody, event: Event): void {
  switch (body.kind) {
    case "GatewayStarted":
      school.epoch = body.epoch;
      school.rulesVersion = body.rulesVersion;
      return;
    case "DayOpened":
      return applyDayOpened(school, body);
    case "TopUpCredited":
      return applyTopUpCredited(school, body);
    case "TopUpHeld":
      return applyTopUpHeld(school, body);
    case "ForeignTopUp":
      return applyForeignTopUp(school, body);
    case "BuffetSold":
      return applyBuffetSold(school, body, event.date);
    case "CashSold":
      return applyCashSold(school, body, event.date);
    case "SaleVoided":
      return applySaleVoided(school, body, event.date);
    case "MealServed":
      return applyMealServed(school, body);
    case "MealUndone":
      return applyMealUndone(school, body);
    case "PreOrdered":
      return applyPreOrdered(school, body);
    case "PreOrderCancelled":
      return applyPreOrderCancelled(school, body);
    case "FeePaid":
      return applyFeePaid(school, body);
    case "CardActivated":
      return applyCardActivated(school, body);
    case "AccessCodeIssued":
      return applyAccessCodeIssued(school, body, event.date);
    case "CardSuspected":
      return applyCardSuspected(school, body);
    case "DirectiveApplied":
      return applyDirectiveApplied(school, body);
    case "ShiftOpened":
      return applyShiftOpened(school, body);
    case "ShiftClosed":
      return applyShiftClosed(school, body);
    case "CashCollected":
      return applyCashCollected(school, body);
    case "TerminalEnrolled": {
      const terminal = school.terminals.get(body.terminal);
      if (terminal) terminal.incarnation = body.incarnation;
      return;
    }
    case "AccountMovedOut":
      return applyMovedOut(school, body);
    case "AccountMovedIn":
      return applyMovedIn(school, body);
    default:
      // Refusals, printed receipts, faults and clocks are history without consequence for the state.
      return;
  }
}

function applyDirectiveApplied(school: School, body: EventOf<"DirectiveApplied">): void {
  school.directives = body.number;
  if (body.outcome !== "applied") return;
  for (const change of body.changes) applyChange(school, change, { explained: body.flags.length > 0 });
  applyDirective(school, body.directive);
}

function applyDirective(school: School, directive: Directive): void {
  switch (directive.kind) {
    case "SetSchool":
      return setting.applySetSchool(school, directive);
    case "SetFees":
      school.policyVersion++;
      school.activationFee = directive.activation;
      school.reissueFee = directive.reissue;
      return;
    case "SetCaterer":
      school.policyVersion++;
      school.caterers.set(directive.id, { id: directive.id, name: directive.name });
      return;
    case "SetCategory":
      school.categories.set(directive.id, { id: directive.id, name: directive.name });
      return;
    case "SetClass":
      school.classes.set(directive.id, { id: directive.id, name: directive.name });
      return;
    case "SetGroup":
      school.menuVersion++;
      school.groups.set(directive.id, { id: directive.id, name: directive.name });
      return;
    case "SetStaff":
      school.staff.set(directive.id, { id: directive.id, name: directive.name, role: directive.role, class: directive.class });
      return;
    case "SetAccount":
      return setting.applySetAccount(school, directive);
    case "SetCard":
      return applySetCard(school, directive);
    case "SetLimits":
      return setting.applySetLimits(school, directive);
    case "SetDish":
      return setting.applySetDish(school, directive);
    case "SetMealMenu":
      return setting.applySetMealMenu(school, directive);
    case "SetMeal":
      return setting.applySetMeal(school, directive);
    case "SetTariff":
      return setting.applySetTariff(school, directive);
    case "SetTerminal":
      return setting.applySetTerminal(school, directive);
    case "TopUp":
      // The payment that the dispatcher had seen is here: rule 5 ends with it.
      return applyEndAdmit(school, directive.account, directive.reference);
    case "Admit":
      return applyAdmit(school, directive);
    case "EndAdmit":
      return applyEndAdmit(school, directive.account, directive.reference);
    case "Close":
      return applyClose(school, directive);
    case "FinishClosing":
      return applyFinishClosing(school, directive);
    case "OrderMeal":
      return applyOrderMeal(school, directive);
    case "CountCollection":
      school.collections.delete(directive.collection);
      return;
    default:
      // Money directives have done their work with their changes, or have an event of their own.
      return;
  }
}

function noteFlags(school: School, event: Event): void {
  const body = event.body;
  const at = event.date;
  if (body.kind === "FactFlagged") school.flagged.push({ account: body.account, flag: body.flag, date: at });
  if (body.kind === "BuffetSold" || body.kind === "MealServed" || body.kind === "CashSold") {
    const account = "account" in body ? body.account : null;
    for (const flag of body.flags) school.flagged.push({ account, flag, date: at });
  }
  if (body.kind === "DirectiveApplied") {
    const account = "account" in body.directive ? body.directive.account : null;
    for (const flag of body.flags) school.flagged.push({ account, flag, date: at });
  }
}
