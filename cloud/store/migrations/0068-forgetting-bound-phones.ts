/** Accounts bound by somebody who erased their own account before this say no longer whose they were, as 0062 did for orders. */
import { sql } from "kysely";
import type { Kysely } from "kysely";

const phones = `
  select forget_bindings(
    array(select distinct payer from payment_bindings b where not exists (select from guardians g where g.phone = b.payer)),
    (extract(epoch from now()) * 1000)::bigint);`;

export const forgettingBoundPhones = {
  async up(database: Kysely<unknown>): Promise<void> {
    await sql.raw(phones).execute(database);
  },
};
