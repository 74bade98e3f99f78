/** Rule 13: the cash box is taken away; what was expected in it is the sum of the notes, what was in it is counted later. */
import type { EventBody, EventOf } from "../../journal/event.js";
import type { CardHolder, DirectiveOf } from "../../journal/directive.js";
import { kopecks } from "../../wire/units.js";
import type { CardUid, TerminalId } from "../../wire/units.js";
import { refusalOf } from "../check.js";
import { applied, refused } from "../outcome.js";
import type { Outcome } from "../outcome.js";
import { cardChecks, cardOf, staffOf } from "../presented.js";
import type { Context, Fact } from "../request.js";
import type { School } from "../school.js";

export type CollectionFact = Extract<Fact, { readonly kind: "Collection" }>;

/**
 * Always a Fact: the cassette is out of the machine, whoever's card was shown and whether the gateway was there or not. A terminal's operations come in
 * order, so what is expected is exact even when this one was queued. What was wrong with the people is flagged.
 */
export function recordCollection(school: School, fact: CollectionFact, context: Context): EventBody[] {
  const body = collected(school, fact, context);
  const missing = [
    ...(body.collector === null ? ["the card " + fact.uid + " is no collector's"] : []),
    ...(body.witness === null && (school.policy.twoPersons || fact.witness !== null) ? ["there is no witness"] : []),
  ];
  if (missing.length === 0) return [body];
  const text = "collection " + body.collection + " of terminal " + context.terminal + ": " + missing.join(", ");
  return [body, { kind: "FactFlagged", account: null, flag: "collection_unproven", amount: body.expected, text }];
}

/** What the event of this collection says; `fact` may be the event itself, when it is audited. */
export function collected(
  school: School,
  fact: { readonly uid: CardUid; readonly witness: CardUid | null; readonly seal: string },
  context: Context,
): EventOf<"CashCollected"> {
  const notes = (school.terminals.get(context.terminal)?.notes ?? []).slice();
  const expected = kopecks(notes.reduce((sum, pile) => sum + pile.note * pile.count, 0));
  const collector = employeeWith(school, fact.uid, context, "collector");
  const second = fact.witness === null ? null : employeeWith(school, fact.witness, context, null);
  return {
    kind: "CashCollected",
    terminal: context.terminal,
    collector,
    uid: fact.uid,
    // Two cards of one person are one person.
    witness: second === collector ? null : second,
    witnessUid: fact.witness,
    seal: fact.seal,
    collection: school.nextCollection,
    expected,
    notes,
  };
}

/** The employee behind a card that is good today; `holder`: the kind of card that is wanted, null for any. */
function employeeWith(school: School, uid: CardUid, context: Context, holder: CardHolder | null): number | null {
  const card = cardOf(school, uid);
  const staff = staffOf(school, card);
  const checks = cardChecks(card, context, (shown) => staff !== null && (holder === null || shown.holder === holder));
  return Object.values(checks).some((fails) => fails()) ? null : (staff?.id ?? null);
}

export function applyCashCollected(school: School, body: EventOf<"CashCollected">): void {
  const terminal = school.terminals.get(body.terminal);
  if (terminal) terminal.notes = [];
  school.collections.set(body.collection, { terminal: body.terminal, collection: body.collection, expected: body.expected });
  school.nextCollection = Math.max(school.nextCollection, body.collection + 1);
}

/** Counted − expected is the variance; it stands in the event as `outside`. */
export function countCollection(school: School, directive: DirectiveOf<"CountCollection">): Outcome {
  const box = school.collections.get(directive.collection);
  const terminal: TerminalId = directive.terminal;
  const reason = refusalOf("CountCollection", { nothing_to_void: () => box === undefined || box.terminal !== terminal });
  if (reason !== null || box === undefined) return refused(reason ?? "nothing_to_void");
  const variance = directive.counted - box.expected;
  return applied({ outside: variance, flags: variance === 0 ? [] : ["variance"] });
}
