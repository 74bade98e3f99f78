/**
 * What was posted for an order is found by how its reference begins, "order/100001/…", on every look at a payment's page. Events have no reference, so an
 * upload does not pay for this.
 */
import { sql } from "kysely";
import type { Kysely } from "kysely";

export const referencesByOrder = {
  async up(database: Kysely<unknown>): Promise<void> {
    const index =
      "create index ledger_transactions_by_order on ledger_transactions (school, reference text_pattern_ops) where reference is not null";
    await sql.raw(index).execute(database);
  },
};
