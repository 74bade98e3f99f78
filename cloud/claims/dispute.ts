/**
 * A payment that somebody disputes, as the journal knows it, and what a verdict on it comes to: postings of the operator's books and directives to schools.
 * Pure; the desk carries it out.
 */
import { REASONS, isHeldInBox } from "@trapeza/protocol";
import type { BusinessDate, Directive, Event, Held, Purse } from "@trapeza/protocol";
import { codeOf } from "../held-book.js";
import { claimsSuspense, clearing, kioskVariance } from "../ledger/accounts.js";
import { credit, debit } from "../ledger/posting.js";
import type { Posting } from "../ledger/posting.js";

/**
 * `purse`: credited. `suspense`: here, and nobody knows whose. `unproven`: nobody saw it reach the cassette, so it is no money yet. `elsewhere`: on its way to
 * the books of another school, or owed to a person who has left; nothing to decide here.
 */
export type Where = "purse" | "suspense" | "unproven" | "elsewhere";

export interface Dispute {
  readonly epoch: number;
  readonly index: number;
  readonly date: BusinessDate;
  readonly atMs: number;
  /** The claim code on the paper; `null` for what was paid elsewhere than at a kiosk. */
  readonly code: string | null;
  readonly terminal: number | null;
  /** The order's number of a payment from outside. */
  readonly reference: string | null;
  /** Whom it was meant for, as far as anybody knows. */
  readonly account: number | null;
  /** What the payer typed, when no account here has it. */
  readonly number: string | null;
  readonly main: number;
  readonly additional: number;
  readonly where: Where;
  readonly why: Held | null;
}

export const sumOf = ({ main, additional }: Dispute): number => main + additional;

/** `inSuspense`: whether the ledger put this entry's money there. `null` when the event brought no money. */
export function disputeIn(event: Event, epoch: number, inSuspense: boolean): Dispute | null {
  const { body, seq: index, date, atMs } = event;
  const place = { epoch, index, date, atMs, code: codeOf(event) };
  const none = { reference: null, number: null, why: null };
  switch (body.kind) {
    case "TopUpCredited":
      return { ...place, ...none, ...byPurse(body.purse, body.note), terminal: body.terminal, account: body.account, where: "purse" };
    case "TopUpHeld": {
      const where = isHeldInBox(body.why) ? "suspense" : "unproven";
      const number = body.payee.kind === "number" ? body.payee.number : null;
      const { terminal, account, why } = body;
      return { ...place, ...none, ...byPurse(body.purse, body.note), terminal, account, number, why, where };
    }
    case "ForeignTopUp": {
      const where = inSuspense ? "suspense" : "elsewhere";
      const { terminal, number } = body;
      return { ...place, ...none, ...byPurse(body.purse, body.note), terminal, account: null, number, where };
    }
    case "DirectiveApplied": {
      if (body.directive.kind !== "TopUp" || body.outcome === "refused") return null;
      const { account, main, additional, reference } = body.directive;
      const isOwed = body.reason === REASONS.account_closed;
      const where = body.outcome === "applied" ? "purse" : isOwed ? "elsewhere" : "suspense";
      return { ...place, ...none, terminal: null, reference, account, main, additional, where };
    }
    default:
      return null;
  }
}

function byPurse(purse: Purse, amount: number): Pick<Dispute, "main" | "additional"> {
  return purse === "main" ? { main: amount, additional: 0 } : { main: 0, additional: amount };
}

export type Verdict =
  { readonly kind: "credit"; readonly school: number; readonly account: number; readonly purse: Purse } | { readonly kind: "refuse" };

/** What is done at once, in the books of the school where the money came in; and what `school` is told. */
export interface Work {
  readonly postings: readonly Posting[];
  readonly directives: readonly Directive[];
  readonly school: number;
}

/**
 * `null`: this verdict cannot be carried out (it is there already, or it lies where nothing can be decided). Money that was credited is moved by rule 14 and
 * within one school only; money in suspense goes wherever its owner is.
 */
export function workOf(dispute: Dispute, school: number, verdict: Verdict, reference: string): Work | null {
  if (verdict.kind === "refuse") return { postings: [], directives: [], school };
  const { account, purse } = verdict;
  const sum = sumOf(dispute);
  if (dispute.where === "elsewhere") return null;
  if (dispute.where === "purse") {
    if (dispute.account === null || verdict.school !== school || account === dispute.account) return null;
    return { postings: [], directives: moves(dispute, dispute.account, account, reference), school };
  }
  const isHere = verdict.school === school;
  // An unproven note turns out to lie in the cassette: that is what the kiosk's variance has waited for.
  const from = dispute.where === "unproven" && dispute.terminal !== null ? kioskVariance(dispute.terminal) : claimsSuspense;
  const to = isHere ? claimsSuspense : clearing(verdict.school);
  const amounts = byPurse(purse, sum) as { main: never; additional: never };
  return {
    // At home the school's own books take it out of suspense when they hear of it; elsewhere it goes by the clearing of the two schools.
    postings: from === to ? [] : [debit(from, sum), credit(to, sum)],
    directives: [{ kind: "TopUp", account, ...amounts, source: isHere ? "claim" : "foreign", reference }],
    school: verdict.school,
  };
}

/** Rule 14, a directive for each purse that had been credited. */
function moves({ main, additional }: Dispute, wrong: number, right: number, reference: string): Directive[] {
  const of = (purse: Purse, amount: number) =>
    amount === 0 ? [] : [{ kind: "Claim", wrong, right, purse, amount, reference } as unknown as Directive];
  return [...of("main", main), ...of("additional", additional)];
}
