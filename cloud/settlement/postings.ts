/** What the office's desks post: money that a bank has, and money that goes out. One function a row of the table in ../ledger/README.md. Pure. */
import * as account from "../ledger/accounts.js";
import { credit, debit, summed } from "../ledger/posting.js";
import type { LedgerAccount, OfficeKind, Posting } from "../ledger/posting.js";

/** Postings under the name by which the ledger knows what happened. */
export interface Posted {
  readonly kind: OfficeKind;
  readonly postings: readonly Posting[];
}

const moved = (kind: OfficeKind, to: LedgerAccount, from: LedgerAccount, sum: number): Posted => ({
  kind,
  postings: [debit(to, sum), credit(from, sum)],
});

/** What is owed goes out by the bank. */
const paidOut = (kind: OfficeKind, owed: readonly Posting[]): Posted => ({
  kind,
  postings: summed([...owed, credit(account.bank, owed.reduce((sum, { amount }) => sum + amount, 0))]), // prettier-ignore
});

/** A bank's row whose payee nobody can name yet. */
export const bankPayeeUnknown = (sum: number) => moved("BankPayeeUnknown", account.bank, account.claimsSuspense, sum);
/** It went back to whoever had sent it. */
export const bankPayeeReturned = (sum: number) => moved("BankPayeeReturned", account.claimsSuspense, account.bank, sum);
/** It belongs to a child of another school; one of this school's is credited by its journal. */
export const bankPayeeElsewhere = (sum: number, home: number) =>
  moved("BankPayeeElsewhere", account.claimsSuspense, account.clearing(home), sum);

/** It was meant for no purse: a card made again is paid with it. */
export const cardFeePaid = (sum: number) => moved("CardFeePaid", account.claimsSuspense, account.cardIncome, sum);

/** A decade's money that families have paid, to the caterer. */
export const decadeSettled = (caterer: number, { meals, buffet }: { readonly meals: number; readonly buffet: number }) =>
  paidOut("DecadeSettled", [debit(account.catererMeals(caterer), meals), debit(account.catererBuffet(caterer), buffet)]);
export const subsidyReceived = (program: number, sum: number) => moved("SubsidyReceived", account.bank, account.budget(program), sum);
export const subsidyPassedOn = (caterer: number, sum: number) => paidOut("SubsidyPassedOn", [debit(account.catererSubsidy(caterer), sum)]);
/** The school's journal has kept all costs back as the bank's (`FinishClosing`): here the subagent's part of them gets its name. */
export const refundPaid = (sum: number, subagent = 0) =>
  paidOut("RefundPaid", [
    debit(account.refundsPayable, sum),
    debit(account.refundCosts, subagent),
    credit(account.subagentCosts, subagent),
  ]);
/** The bank could not deliver a payment order: what it had paid is owed again. */
export const payoutReturned = (paid: readonly Posting[]): Posted => ({
  kind: "PayoutReturned",
  postings: paid.map((posting) => credit(posting.account, posting.amount)),
});
