/** Receipts that went to payers: whoever left an address gets one, for as long as it is news. */
import { sql } from "kysely";
import type { Kysely } from "kysely";

const tables = `
  create table payment_receipts (
    "order" bigint primary key references payment_orders,
    sent_ms bigint not null
  );
  create index payment_orders_with_address on payment_orders (created_ms) where email is not null;`;

export const receipts = {
  async up(database: Kysely<unknown>): Promise<void> {
    await sql.raw(tables).execute(database);
  },
};
