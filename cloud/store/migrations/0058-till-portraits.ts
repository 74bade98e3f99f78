/** The photograph as a till shows it, drawn once; gone with the photograph, and drawn again when that is another one. */
import { sql } from "kysely";
import type { Kysely } from "kysely";

export const tillPortraits = {
  async up(database: Kysely<unknown>): Promise<void> {
    await sql.raw("alter table office_photographs add column grey bytea, add column grey_hash bytea").execute(database);
  },
};
