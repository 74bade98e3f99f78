/** Postings of what the office decided: the counterpart of each money directive. A refused one posts nothing; money that is held has to lie somewhere. */
import { REASONS } from "@trapeza/protocol";
import type { DirectiveOf, EventOf } from "@trapeza/protocol";
import * as account from "./accounts.js";
import { credit, debit, totalOf } from "./posting.js";
import type { LedgerAccount, Posting } from "./posting.js";

type Applied = EventOf<"DirectiveApplied">;

/** `moved`: the holders' side of the event's changes. Returns that and its counterpart. */
export function postingsForDirective(body: Applied, moved: Posting[], school: number): Posting[] {
  const { directive, outside } = body;
  if (directive.kind === "TopUp" && body.outcome === "held") return heldTopUp(directive, body.reason, school);
  if (body.outcome !== "applied") return moved;
  if (directive.kind === "CountCollection") return counted(directive.terminal, directive.counted, outside);
  const lines = [...moved, ...outsidePostings(outside)];
  const counterpart = counterpartOf(body, school);
  return counterpart === null ? lines : [credit(counterpart, totalOf(lines)), ...lines];
}

/** The part that ended outside the purses: owed to a person who has left, or, negative, owed by somebody. */
function outsidePostings(outside: number): Posting[] {
  return outside < 0 ? [debit(account.mispaidReceivable, -outside)] : [credit(account.refundsPayable, outside)];
}

/** Money for an account that is closed is owed to the person who has left (rule 11); whose account nobody knows, a person has to find out. */
function heldTopUp({ source, account: holder, main, additional }: DirectiveOf<"TopUp">, reason: number, school: number): Posting[] {
  const to = reason === REASONS.account_closed ? account.refundsPayable : account.claimsSuspense;
  return [debit(topUpSource(source, holder, school), main + additional), credit(to, main + additional)];
}

/** Where the money of a directive comes from or goes to; null when it moves between holders' purses only. */
function counterpartOf({ directive }: Applied, school: number): LedgerAccount | null {
  switch (directive.kind) {
    case "TopUp":
      return topUpSource(directive.source, directive.account, school);
    case "OpeningBalance":
      return account.migrationOpening;
    case "ForcedDebit":
      return directive.cause === "correction" ? account.correction : account.returned(directive.account);
    case "FinishClosing":
      return account.refundCosts;
    case "Fee":
      return account.cardIncome;
    default:
      return null;
  }
}

function topUpSource(source: "payment" | "foreign" | "claim" | "correction", holder: number, school: number): LedgerAccount {
  switch (source) {
    case "payment":
      return account.pending(holder);
    case "foreign":
      return account.clearing(school);
    case "claim":
      return account.claimsSuspense;
    case "correction":
      return account.correction;
  }
}

/** The bag holds `counted`; on the way was that minus the difference, which is the kiosk's variance. */
function counted(terminal: number, amount: number, difference: number): Posting[] {
  return [
    debit(account.bank, amount),
    credit(account.cashInTransit, amount - difference),
    credit(account.kioskVariance(terminal), difference),
  ];
}
