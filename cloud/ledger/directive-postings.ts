/** Postings of what the office decided: the counterpart of each money directive. A refused or held one carries no changes and posts nothing. */
import type { EventOf } from "@trapeza/protocol";
import * as account from "./accounts.js";
import { credit, debit, totalOf } from "./posting.js";
import type { LedgerAccount, Posting } from "./posting.js";

type Applied = EventOf<"DirectiveApplied">;

/** `moved`: the holders' side of the event's changes. Returns that and its counterpart. */
export function postingsForDirective(body: Applied, moved: Posting[], school: number): Posting[] {
  if (body.outcome !== "applied") return moved;
  const { directive, outside } = body;
  if (directive.kind === "CountCollection") return counted(directive.terminal, directive.counted, outside);
  const lines = [...moved, ...outsidePostings(outside)];
  const counterpart = counterpartOf(body, school);
  return counterpart === null ? lines : [credit(counterpart, totalOf(lines)), ...lines];
}

/** The part that ended outside the purses: owed to a person who has left, or, negative, owed by somebody. */
function outsidePostings(outside: number): Posting[] {
  return outside < 0 ? [debit(account.mispaidReceivable, -outside)] : [credit(account.refundsPayable, outside)];
}

/** Where the money of a directive comes from or goes to; null when it moves between holders' purses only. */
function counterpartOf({ directive }: Applied, school: number): LedgerAccount | null {
  switch (directive.kind) {
    case "TopUp":
      return topUpSource(directive.source, directive.account, school);
    case "OpeningBalance":
      return account.migrationOpening;
    case "ForcedDebit":
      if (directive.cause === "chargeback") return account.acquirer;
      return directive.cause === "failed" ? account.pending(directive.account) : account.correction;
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
