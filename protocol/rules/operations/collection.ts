/** Rule 13: the cash box is taken away; what was expected in it is the sum of the notes, what was in it is counted later. */
import type { EventOf } from "../../journal/event.js";
import type { DirectiveOf } from "../../journal/directive.js";
import { kopecks } from "../../wire/units.js";
import type { TerminalId } from "../../wire/units.js";
import { refusalOf } from "../check.js";
import { applied, refused } from "../outcome.js";
import type { Outcome } from "../outcome.js";
import { cardChecks, cardOf, staffOf, terminalChecks, terminalOf } from "../presented.js";
import type { Context, Decision, Request } from "../request.js";
import type { School, Terminal } from "../school.js";

type CollectionRequest = Extract<Request, { kind: "Collection" }>;

export function decideCollection(school: School, request: CollectionRequest, context: Context): Decision {
  const terminal = terminalOf(school, context);
  const card = cardOf(school, request.uid);
  const staff = staffOf(school, card);
  const cards = cardChecks(card, context, (shown) => staff !== null && shown.holder === "collector");
  // A kiosk that is closed to the public can still be emptied.
  const place = {
    ...terminalChecks(school, context, null),
    out_of_service: () => terminal !== null && terminal.terminalKind !== "payment",
  };
  const reason = refusalOf("Collection", { ...place, ...cards }, context.found);
  if (reason !== null || staff === null || terminal === null) return { kind: "refused", reason: reason ?? "wrong_holder", bodies: [] };
  return { kind: "accepted", bodies: [collected(school, terminal, staff.id, request.seal)], refused: [] };
}

export function collected(school: School, terminal: Terminal, collector: number, seal: string): EventOf<"CashCollected"> {
  const notes = terminal.notes.slice();
  const expected = kopecks(notes.reduce((sum, pile) => sum + pile.note * pile.count, 0));
  return { kind: "CashCollected", terminal: terminal.id, collector, seal, collection: school.nextCollection, expected, notes };
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
