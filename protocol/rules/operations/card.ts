/** Cards: issued by directive, activated at the till, blocked and unblocked by whoever did the blocking, convicted when seen in two places. */
import type { DirectiveOf } from "../../journal/directive.js";
import type { EventBody, EventOf } from "../../journal/event.js";
import { isCardUid, kopecks } from "../../wire/units.js";
import type { Kopecks } from "../../wire/units.js";
import { refusalOf } from "../check.js";
import { APPLIED, refused } from "../outcome.js";
import type { Outcome } from "../outcome.js";
import { cardChecks, cardOf, shiftOf, terminalChecks } from "../presented.js";
import type { Context, Decision, Request } from "../request.js";
import type { Card, School } from "../school.js";
import { feePaid, priceOf } from "./fee.js";

type ActivateRequest = Extract<Request, { kind: "ActivateCard" }>;

export function decideActivateCard(school: School, request: ActivateRequest, context: Context): Decision {
  const card = cardOf(school, request.uid);
  const shift = shiftOf(school, context);
  const reason = refusalOf(
    "ActivateCard",
    {
      ...terminalChecks(school, context, "settlement"),
      ...cardChecks(card, context, () => true),
      card_not_active: () => card !== null && card.state === "returned",
      shift_closed: () => shift === null,
      price_changed: () => card !== null && request.paid !== activationPrice(school, card),
    },
    context.found,
  );
  if (reason !== null || card === null || shift === null) return { kind: "refused", reason: reason ?? "unknown_card", bodies: [] };
  if (card.state === "active") return { kind: "accepted", bodies: [], refused: [] };
  const bodies: EventBody[] = [{ kind: "CardActivated", uid: card.uid, staff: shift.cashier }];
  if (request.paid > 0) bodies.push(feePaid(context, shift, { account: card.account ?? 0, service: "activation", amount: request.paid }));
  return { kind: "accepted", bodies, refused: [] };
}

/** Nothing for a card that works already, nor for a staff card without purses: nobody could be billed for it. */
export function activationPrice(school: School, card: Card): Kopecks {
  return card.state === "active" || card.account === null ? kopecks(0) : priceOf(school, "activation");
}

export function setCard(school: School, directive: DirectiveOf<"SetCard">): Outcome {
  const before = cardOf(school, directive.uid);
  const lifts = directive.state === "issued" || directive.state === "active";
  const reason = refusalOf("SetCard", {
    malformed: () => !isCardUid(directive.uid),
    card_blocked: () => lifts && before !== null && before.blockedBy.length > 0 && !before.blockedBy.includes(directive.by),
    unknown_account: () => directive.account !== null && !school.accounts.has(directive.account),
  });
  return reason === null ? APPLIED : refused(reason);
}

/** Blocks add up: a card that both parent and school have blocked works again only when both have let it go. */
export function applySetCard(school: School, directive: DirectiveOf<"SetCard">): void {
  const before = school.cards.get(directive.uid);
  const { uid, number, holder, account, staff, state, by, validThrough } = directive;
  const others = (before?.blockedBy ?? []).filter((blocker) => blocker !== by);
  const card: Card = {
    uid,
    number,
    holder,
    account,
    staff,
    state: state === "blocked" ? (before?.state ?? "active") : state,
    blockedBy: state === "blocked" ? [...others, by].sort() : state === "lost" || state === "returned" ? (before?.blockedBy ?? []) : others,
    // Only the operator, who can look at the card, takes a suspicion back.
    suspect: by === "operator" ? false : (before?.suspect ?? false),
    validThrough,
  };
  school.cards.set(uid, card);
}

export function applyCardActivated(school: School, body: EventOf<"CardActivated">): void {
  const card = school.cards.get(body.uid);
  if (card) card.state = "active";
}

export function applyCardSuspected(school: School, body: EventBody & { kind: "CardSuspected" }): void {
  const card = school.cards.get(body.uid);
  if (card) card.suspect = true;
}
