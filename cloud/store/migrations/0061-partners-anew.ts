/**
 * A partner reads what was posted since its own first day, and a name that is given again gets another key. Whoever was here before keeps the key, and reads on
 * from what was taken: when it came is not known.
 */
import { sql } from "kysely";
import type { Kysely } from "kysely";

const columns = `
  alter table partners add column since bigint, add column salt text not null default '';
  update partners set since = delivered;
  alter table partners alter column since set not null,
    add constraint "a partner is told what came after its first day" check (delivered >= since);`;

export const partnersAnew = {
  async up(database: Kysely<unknown>): Promise<void> {
    await sql.raw(columns).execute(database);
  },
};
