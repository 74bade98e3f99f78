/** What a dish of either menu is made of: its energy and its allergens beside its composition, so that families can read them of breakfasts, too. */
import { sql } from "kysely";
import type { Kysely } from "kysely";

const tables = `
  alter table office_compositions
    add column kcal integer,
    add column allergens text[] not null default '{}',
    add constraint "a portion has some energy" check (kcal between 0 and 5000);`;

export const recipes = {
  async up(database: Kysely<unknown>): Promise<void> {
    await sql.raw(tables).execute(database);
  },
};
