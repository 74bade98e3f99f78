/**
 * A posting moves kopecks into or out of one account; a transaction is the postings of one journal entry and sums to zero.
 *
 * Debits are positive, credits negative. A holder's purse is a liability, so what a family owns is minus the sum of its account.
 */
import type { BusinessDate, Kopecks, OperationId } from "@trapeza/protocol";

declare const ledger: unique symbol;
/** An account's path, as `holder/17/main`: made by accounts.ts only. */
export type LedgerAccount = string & { readonly [ledger]: true };

export interface Posting {
  readonly account: LedgerAccount;
  /** Kopecks, debit positive, credit negative, never zero. */
  readonly amount: Kopecks;
}

/** Postings of journal entry (`epoch`, `index`) of a school. */
export interface LedgerTransaction {
  readonly epoch: number;
  readonly index: number;
  readonly date: BusinessDate;
  readonly atMs: number;
  readonly kind: string;
  readonly operation: OperationId | null;
  readonly postings: readonly Posting[];
}

/** What happens outside the schools; each has its row in README.md. */
export type OfficeKind =
  | ("PaymentAuthorised" | "PaymentSettled" | "PaymentReturned" | "PaymentKeptBack")
  | ("BankPayeeUnknown" | "BankPayeeReturned" | "BankPayeeElsewhere" | "CardFeePaid" | "ClaimFound")
  | ("DecadeSettled" | "SubsidyReceived" | "SubsidyPassedOn" | "RefundPaid" | "PayoutReturned");

/** Postings of what happened outside the schools: a payment, a settlement. `reference` is unique in the school's ledger. */
export interface OfficeTransaction {
  readonly reference: string;
  readonly date: BusinessDate;
  readonly atMs: number;
  readonly kind: OfficeKind;
  readonly postings: readonly Posting[];
}

export function debit(account: LedgerAccount, amount: number): Posting {
  return { account, amount: amount as Kopecks };
}

export function credit(account: LedgerAccount, amount: number): Posting {
  return { account, amount: -amount as Kopecks };
}

/** One posting an account, in order of first mention, without zeroes. */
export function summed(postings: readonly Posting[]): Posting[] {
  const sums = new Map<LedgerAccount, number>();
  for (const { account, amount } of postings) sums.set(account, (sums.get(account) ?? 0) + amount);
  return [...sums].filter(([, amount]) => amount !== 0).map(([account, amount]) => ({ account, amount: amount as Kopecks }));
}

/** Sum in kopecks, debit positive; zero for every transaction. */
export function totalOf(postings: readonly Posting[]): number {
  return postings.reduce((total, { amount }) => total + amount, 0);
}
