/**
 * The law of orders as 0043 has it, once more: migrations are taken up by name, and a database that had 0043 before 0033 came was left with the law of 0033,
 * which knows nothing of bound accounts. Where the newer one stands already this changes nothing. What only forgets has passed by it since 0050.
 */
import { sql } from "kysely";
import type { Kysely } from "kysely";

const law = `
  create or replace function keep_order() returns trigger language plpgsql as $$
  begin
    if tg_op = 'UPDATE'
      and (old.number, old.key, old.way, old.fee, old.total, old.created_ms, old.remember)
        = (new.number, new.key, new.way, new.fee, new.total, new.created_ms, new.remember)
      and old.binding is not distinct from new.binding
      and new.version = old.version + 1 and new.refunded >= old.refunded and new.charged_back >= old.charged_back
      and new.sent >= old.sent and new.settled >= old.settled then return new; end if;
    raise exception 'an order only goes on: % is refused', tg_op using errcode = 'insufficient_privilege';
  end $$;`;

export const lawOfOrders = {
  async up(database: Kysely<unknown>): Promise<void> {
    await sql.raw(law).execute(database);
  },
};
