/** Whoever erases their account is no order's payer any more, be it for another family's child; payers of accounts erased before are forgotten now. */
import { sql } from "kysely";
import type { Kysely } from "kysely";

const payers = `
  create function forget_payer(phone text) returns void language plpgsql security definer set search_path from current as $$
  begin
    perform set_config('trapeza.forgetting', 'on', true);
    update payment_orders set payer = null, email = null, return_url = null where payer = phone;
    perform set_config('trapeza.forgetting', 'off', true);
  end $$;
  select forget_payer(gone.payer) from (
    select distinct payer from payment_orders o where payer is not null and not exists (select from guardians g where g.phone = o.payer)) as gone;`;

export const forgettingPayers = {
  async up(database: Kysely<unknown>): Promise<void> {
    await sql.raw(payers).execute(database);
  },
};
