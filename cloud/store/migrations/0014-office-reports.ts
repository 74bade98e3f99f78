/** Reports: a period's transactions without reading the others, and whose figures a caterer or a cashier may see. */
import { sql } from "kysely";
import type { Kysely } from "kysely";

export const officeReports = {
  async up(database: Kysely<unknown>): Promise<void> {
    await sql.raw("create index ledger_transactions_by_date on ledger_transactions (school, business_date)").execute(database);
    await sql.raw("alter table office_staff add column own integer").execute(database);
  },
};
