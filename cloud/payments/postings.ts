/**
 * An order in double entry, in the books of each school that it concerns. The service fee, and what the provider keeps, stand in the books of the first
 * line's school. Pure.
 */
import * as account from "../ledger/accounts.js";
import { credit, debit, summed, totalOf } from "../ledger/posting.js";
import type { LedgerAccount, Posting } from "../ledger/posting.js";
import type { Order } from "./order.js";

export type SchoolPostings = ReadonlyMap<number, Posting[]>;

/** The provider owes the whole; the lines are pending, the fee is earned. */
export function authorisedPostings(order: Order): SchoolPostings {
  const lines = order.lines.map(({ school, account: id, sum }) => ({ school, posting: credit(account.pending(id), sum) }));
  return closed(order, account.acquirer(order.way), [...lines, ofFirst(order, credit(account.feeIncome, order.fee))]);
}

/** The provider took it back: from what is pending, or from the family once its school was told; there it stands until the purse has given it. */
export function returnedPostings(order: Order, undone: { readonly lines: readonly number[]; readonly fee: number }): SchoolPostings {
  const source = order.sent ? account.returned : account.pending;
  const lines = order.lines.map(({ school, account: id }, i) => ({ school, posting: debit(source(id), undone.lines[i]) }));
  return closed(order, account.acquirer(order.way), [...lines, ofFirst(order, debit(account.feeIncome, undone.fee))]);
}

/** Paid out to the bank, less what the provider keeps. */
export function settledPostings(order: Order, commission: number): SchoolPostings {
  const lines = order.lines.map(({ school, sum }) => ({ school, posting: debit(account.bank, sum) }));
  const fee = [debit(account.bank, order.fee - commission), debit(account.acquiringCosts, commission)];
  return closed(order, account.acquirer(order.way), [...lines, ...fee.map((posting) => ofFirst(order, posting))]);
}

/** A return that the provider keeps out of what it pays to the bank, and `costs` that it takes for it: a dispute is not free. */
export function keptBackPostings(
  order: Order,
  undone: { readonly lines: readonly number[]; readonly fee: number },
  costs: number,
): SchoolPostings {
  const lines = order.lines.map(({ school }, i) => ({ school, posting: credit(account.bank, undone.lines[i]) }));
  const first = [credit(account.bank, undone.fee + costs), debit(account.acquiringCosts, costs)];
  return closed(order, account.acquirer(order.way), [...lines, ...first.map((posting) => ofFirst(order, posting))]);
}

interface Placed {
  readonly school: number;
  readonly posting: Posting;
}

function ofFirst(order: Order, posting: Posting): Placed {
  return { school: order.lines[0].school, posting };
}

/** By school, each with what it leaves open put on the counterpart. */
function closed(order: Order, counterpart: LedgerAccount, placed: readonly Placed[]): SchoolPostings {
  const schools = [...new Set(order.lines.map(({ school }) => school))];
  return new Map(
    schools.map((school) => {
      const postings = placed.filter((one) => one.school === school).map(({ posting }) => posting);
      return [school, summed([credit(counterpart, totalOf(postings)), ...postings])];
    }),
  );
}
