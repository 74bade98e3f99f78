/**
 * What a provider of receipts has refused it remembers under the name it was asked by, and answers the same for ever: each renewal takes another name. The
 * count never falls, so that no name is used twice.
 */
import { sql } from "kysely";
import type { Kysely } from "kysely";

const change = `
  alter table fiscal_receipts add column renewals integer not null default 0;
  create or replace function keep_receipt() returns trigger language plpgsql as $$
  begin
    if tg_op = 'UPDATE' and old.state <> 'done' and new.renewals >= old.renewals
      and (old.school, old.transaction, old.operation, old.sum) = (new.school, new.transaction, new.operation, new.sum) then return new; end if;
    raise exception 'a fiscal receipt only goes on: % is refused', tg_op using errcode = 'insufficient_privilege';
  end $$;`;

export const receiptsRenewed = {
  async up(database: Kysely<unknown>): Promise<void> {
    await sql.raw(change).execute(database);
  },
};
