/** A monthly statement that cannot be sent yet rests, and holds up nobody else's. */
import { sql } from "kysely";
import type { Kysely } from "kysely";

export const restingStatements = {
  async up(database: Kysely<unknown>): Promise<void> {
    await sql.raw("alter table monthly_statements add column rest_until_ms bigint not null default 0").execute(database);
  },
};
