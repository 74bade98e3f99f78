/** Families who get a statement by mail every month. It goes with its guardian. */
import { sql } from "kysely";
import type { Kysely } from "kysely";

const tables = `
  create table monthly_statements (
    school integer not null references schools,
    account integer not null,
    phone text not null references guardians on delete cascade,
    told_through integer not null,
    primary key (school, account, phone)
  );
  create index monthly_statements_due on monthly_statements (told_through);
  create index monthly_statements_by_guardian on monthly_statements (phone);`;

export const monthlyStatements = {
  async up(database: Kysely<unknown>): Promise<void> {
    await sql.raw(tables).execute(database);
  },
};
