/** The ledger from within the office's transactions: they are one database, so rows, trail and postings stand or fall together. */
import type { Transaction } from "kysely";
import type { OfficeTransaction as LedgerTransaction } from "../ledger/posting.js";
import type { OfficeTransaction } from "../office/store/open.js";
import { writeOffice } from "../store/postgres-office.js";
import type { Tables } from "../store/tables.js";

/** Throws a law's name when a reference is used again or postings do not balance. */
export function post(transaction: OfficeTransaction, school: number, posting: LedgerTransaction): Promise<void> {
  const transactions = [{ school, transaction: posting }];
  return writeOffice(transaction as unknown as Transaction<Tables>, { transactions, directives: [] });
}
