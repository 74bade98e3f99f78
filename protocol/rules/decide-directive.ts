/** What the gateway makes of a line from the cloud. Applied, refused or held, it is answered, so that the office sees what became of it. */
import type { Directive } from "../journal/directive.js";
import type { EventBody } from "../journal/event.js";
import { REASONS } from "../wire/reason.js";
import { kopecks } from "../wire/units.js";
import { admit, endAdmit } from "./operations/admit.js";
import { setCard } from "./operations/card.js";
import { claim } from "./operations/claim.js";
import { close, finishClosing } from "./operations/closing.js";
import { countCollection } from "./operations/collection.js";
import { correctMeal, orderMeal } from "./operations/correction.js";
import { openingBalance, topUp } from "./operations/credit.js";
import { fee } from "./operations/fee.js";
import { forcedDebit } from "./operations/forced-debit.js";
import { moveIn, moveOut } from "./operations/move.js";
import { salvaged } from "./operations/salvage.js";
import { setAccount, setLimits } from "./operations/setting.js";
import { transfer } from "./operations/transfer.js";
import { APPLIED, refused } from "./outcome.js";
import type { Outcome } from "./outcome.js";
import { isBearable, isPlausible } from "./plausible.js";
import type { Context } from "./request.js";
import type { School } from "./school.js";

/**
 * The events of directive `number`, counted from 1; DirectiveApplied first. None when it is not the next one: an older one has been answered already,
 * a later one waits for those before it.
 */
export function decideDirective(school: School, number: number, directive: Directive, context: Context): EventBody[] {
  if (number !== school.directives + 1) return [];
  const { outcome, reason, changes, outside, flags, also } = plausibleOutcome(school, directive, context);
  const answer = { outcome, reason: reason === null ? 0 : REASONS[reason], changes, outside: kopecks(outside), flags };
  return [{ kind: "DirectiveApplied", number, directive, ...answer }, ...also];
}

/** A line that no school can mean is refused like any other: a gateway that stumbled over it would stumble again at every start. */
function plausibleOutcome(school: School, directive: Directive, context: Context): Outcome {
  if (!isPlausible(directive)) return refused("amount_invalid");
  const found = outcomeOf(school, directive, context);
  const changes = found.also.flatMap((body) => ("change" in body && body.change ? [body.change] : [])).concat(found.changes);
  return changes.every(isBearable) ? found : refused("amount_invalid");
}

function outcomeOf(school: School, directive: Directive, context: Context): Outcome {
  switch (directive.kind) {
    case "SetAccount":
      return setAccount(school, directive);
    case "SetCard":
      return setCard(school, directive);
    case "SetLimits":
      return setLimits(school, directive);
    case "TopUp":
      return topUp(school, directive);
    case "OpeningBalance":
      return openingBalance(school, directive);
    case "ForcedDebit":
      return forcedDebit(school, directive);
    case "Transfer":
      return transfer(school, directive);
    case "Admit":
      return admit(school, directive);
    case "EndAdmit":
      return endAdmit(school, directive);
    case "Close":
      return close(school, directive);
    case "FinishClosing":
      return finishClosing(school, directive);
    case "Claim":
      return claim(school, directive);
    case "MoveOut":
      return moveOut(school, directive);
    case "MoveIn":
      return moveIn(school, directive);
    case "Fee":
      return fee(school, directive);
    case "OrderMeal":
      return orderMeal(school, directive, context);
    case "CorrectMeal":
      return correctMeal(school, directive);
    case "CountCollection":
      return countCollection(school, directive);
    case "Salvaged":
      return salvaged(school, directive, context);
    default:
      return APPLIED;
  }
}
