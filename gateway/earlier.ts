/**
 * Operations that somebody else has decided: a gateway before this one, whose journal the cloud had, or whose tail the cloud has sent down as a directive.
 * Whoever asks for one again hears what came of it, and nothing happens twice.
 */
import { decode, decideDirective, equalBytes, reasonName, resultSchema, salvagedEvents } from "@trapeza/protocol";
import type { Directive, EventBody, Operation, Proof, Result } from "@trapeza/protocol";
import { SILENCE, storedAnswer } from "./desk.js";
import type { Desk, Speech } from "./desk.js";
import { contextOf, draft } from "./drafting.js";
import type { Decision } from "./journal/journal.js";
import type { OperationKey } from "./journal/store.js";
import { resultFor } from "./replies.js";

/** What a former gateway made of this very request; `null` when it never came to it, or to another under that number. */
export function inheritedAnswer(desk: Desk, message: { readonly kind: string }, key: OperationKey): Result | null {
  const { terminal, incarnation, n, digest } = key;
  const inherited = desk.inheritance?.operation(terminal, incarnation, n);
  if (!inherited?.digest || !equalBytes(inherited.digest, digest)) return null;
  const refused = inherited.events.find(({ body }) => body.kind === "SaleRefused");
  if (refused?.body.kind === "SaleRefused") return { kind: "Refused", reason: refused.body.reason };
  const { events, places } = inherited;
  return resultOf(desk, message as Operation, { bodies: events.map(({ body }) => body), places, atMs: events[0].atMs, terminal });
}

/** Decided by a former gateway, and not a word of it in its journal: it was refused, and refused it stays. */
export function isInheritedRefusal(desk: Desk, { terminal, incarnation, n }: OperationKey): boolean {
  const { inheritance } = desk;
  return !!inheritance && n <= inheritance.upTo(terminal, incarnation) && inheritance.operation(terminal, incarnation, n) === null;
}

interface Done {
  readonly bodies: readonly EventBody[];
  readonly places: readonly Proof[];
  readonly atMs: number;
  readonly terminal: number;
}

function resultOf({ school }: Desk, message: Operation, done: Done): Result {
  const refused = done.bodies.flatMap((body) => {
    const reason = body.kind === "MealRefused" ? reasonName(body.reason) : null;
    return body.kind === "MealRefused" && reason ? [{ account: body.account, reason }] : [];
  });
  return resultFor(school, message, { ...done, refused });
}

/** An operation from the tail of a closed epoch: recorded under its own name and answered from then on, or known here already. */
export function decideSalvaged(desk: Desk, directive: Extract<Directive, { kind: "Salvaged" }>): Decision<Speech> {
  const event = salvagedEvents(directive)?.[0];
  const { operation } = event ?? {};
  const key = operation && { ...operation, digest: event?.digest ?? new Uint8Array(8) };
  const context = contextOf(desk, 0, key && isKnown(desk, key) ? ["exists"] : []);
  const [applied, ...bodies] = decideDirective(desk.school, desk.school.directives + 1, directive, context);
  const first = draft(desk, [applied], context);
  if (!key || bodies.length === 0) return { events: first, conclude: () => SILENCE };
  desk.fresh.push(key);
  const events = [...first, ...draft(desk, bodies, context, key)];
  const conclude = (places: readonly Proof[]): Speech => {
    const done = { bodies, places: places.slice(1), atMs: context.atMs, terminal: key.terminal };
    return { ...SILENCE, stored: resultOf(desk, { kind: operationBehind(bodies) } as Operation, done) };
  };
  return { events, conclude, operation: { key, answerIn: storedAnswer } };
}

/** What must have been asked for events like these to follow. */
function operationBehind(bodies: readonly EventBody[]): Operation["kind"] {
  switch (bodies[0].kind) {
    case "TopUpCredited":
    case "TopUpHeld":
    case "ForeignTopUp":
      return "NoteStacked";
    case "BuffetSold":
    case "CashSold":
      return "Sale";
    case "MealServed":
    case "MealRefused":
      return "MealConfirm";
    case "CashCollected":
      return "Collection";
    default:
      return "Receipt";
  }
}

/** A refusal is no deed: what a former gateway did under that name is news all the same. */
export function isKnown(desk: Desk, key: OperationKey): boolean {
  const { terminal, incarnation, n } = key;
  const isSame = (other: OperationKey): boolean => other.terminal === terminal && other.incarnation === incarnation && other.n === n;
  if (desk.fresh.some(isSame)) return true;
  const answers = desk.journal.answers(terminal, incarnation, n).map(({ answer }) => decode(resultSchema, answer));
  if (answers.some((result) => !result.ok || result.value.kind !== "Refused")) return true;
  if (!desk.inheritance || n > desk.inheritance.upTo(terminal, incarnation)) return false;
  return !desk.inheritance.operation(terminal, incarnation, n)?.events.every(({ body }) => body.kind === "SaleRefused");
}
