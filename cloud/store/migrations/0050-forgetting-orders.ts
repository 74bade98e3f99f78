/**
 * Forgetting who has paid is asked beside the law of orders and not within it: that law has been written anew since, and will be again. Only an update that
 * forgets and does nothing else passes it by.
 */
import { sql } from "kysely";
import type { Kysely } from "kysely";

const triggers = `
  drop trigger "an order only goes on" on payment_orders;
  create trigger "an order only goes on" before update on payment_orders for each row
    when (not only_forgets(to_jsonb(old), to_jsonb(new), 'payment_orders'::regclass)) execute function keep_order();
  create trigger "an order stays" before delete on payment_orders for each row execute function keep_order();`;

export const forgettingOrders = {
  async up(database: Kysely<unknown>): Promise<void> {
    await sql.raw(triggers).execute(database);
  },
};
