/** Ledger equality: a purse by the rules and the sum of its postings are one number. */
import type { School } from "@trapeza/protocol";
import { auditSuspense, holderAdditional, holderMain } from "./accounts.js";
import type { LedgerAccount } from "./posting.js";

/**
 * Compares every purse with the ledger's balances (debit positive, hence the minus) and looks for money that belongs to nobody. Returns one sentence for
 * each difference.
 */
export function differences(state: School, balances: ReadonlyMap<LedgerAccount, number>): string[] {
  const found: string[] = [];
  const rest = new Map([...balances].filter(([account]) => account.startsWith("holder/")));
  const compare = (account: LedgerAccount, purse: number) => {
    const posted = -(rest.get(account) ?? 0);
    rest.delete(account);
    if (posted !== purse) found.push(account + ": the ledger has " + posted + ", the rules have " + purse);
  };
  for (const { id, main, additional } of state.accounts.values()) {
    compare(holderMain(id), main);
    compare(holderAdditional(id), additional);
  }
  for (const [account, amount] of rest)
    if (amount !== 0) found.push(account + ": the ledger has " + -amount + ", the rules know no such account");
  const total = [...balances.values()].reduce((sum, amount) => sum + amount, 0);
  if (total !== 0) found.push("all accounts together have " + total + " instead of nothing");
  const open = balances.get(auditSuspense) ?? 0;
  if (open !== 0) found.push(auditSuspense + ": " + open + " that no event explains");
  return found;
}
