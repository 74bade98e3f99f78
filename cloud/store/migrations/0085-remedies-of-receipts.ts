/**
 * What helps a receipt that was refused: to ask under the same name again, under a new one, or neither. A name that the provider may have taken is never
 * left for another, because both would be made; a receipt that exists with another sum is put right by a correction, not by a second one.
 */
import { sql } from "kysely";
import type { Kysely } from "kysely";

const change = `
  alter table fiscal_receipts add column remedy text not null default 'same',
    add constraint "a refused receipt has one of the remedies" check (remedy in ('same', 'anew', 'none'));
  update fiscal_receipts set remedy = case when provider_id is null then 'same' when why like 'made for %' then 'none' else 'anew' end
    where state = 'refused';
  create or replace function keep_receipt() returns trigger language plpgsql as $$
  begin
    if tg_op = 'UPDATE' and old.state <> 'done' and (old.state <> 'refused' or old.remedy <> 'none')
      and (new.renewals = old.renewals or new.renewals = old.renewals + 1 and old.state = 'refused' and old.remedy = 'anew')
      and (old.school, old.transaction, old.operation, old.sum) = (new.school, new.transaction, new.operation, new.sum) then return new; end if;
    raise exception 'a fiscal receipt only goes on: % is refused', tg_op using errcode = 'insufficient_privilege';
  end $$;`;

export const remediesOfReceipts = {
  async up(database: Kysely<unknown>): Promise<void> {
    await sql.raw(change).execute(database);
  },
};
