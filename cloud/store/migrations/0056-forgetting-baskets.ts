/** One basket for two children: its payer is forgotten with the last child, or when the telephone is nobody's any more. 0033 let such an order be. */
import { sql } from "kysely";
import type { Kysely } from "kysely";

const baskets = `
  create function forget_orders(of_school integer, of_account integer, phones text[]) returns void
    language plpgsql security definer set search_path from current as $$
  begin
    perform set_config('trapeza.forgetting', 'on', true);
    update payment_orders set payer = null, email = null, return_url = null where payer = any (phones);
    update payment_orders o set payer = null, email = null, return_url = null
      where exists (select from payment_lines l where l."order" = o.number and l.school = of_school and l.account = of_account)
        and not exists (select from payment_lines l where l."order" = o.number and not exists (
          select from office_pupils p where p.school = l.school and p.account = l.account and p.erased_ms is not null));
    perform set_config('trapeza.forgetting', 'off', true);
  end $$;`;

export const forgettingBaskets = {
  async up(database: Kysely<unknown>): Promise<void> {
    await sql.raw(baskets).execute(database);
  },
};
