/**
 * Receipts of an online cash register (54-FZ) that a provider makes for us. Whatever kind of transaction wants one leaves a row in its own database
 * transaction; while no kind is named, postings cost one look more.
 */
import { sql } from "kysely";
import type { Kysely } from "kysely";

const tables = `
  create table fiscal_kinds (
    kind text primary key,
    operation text not null
  );
  create table fiscal_receipts (
    school integer not null references schools,
    transaction bigint not null,
    operation text not null,
    sum bigint not null,
    state text not null default 'waiting',
    provider_id text,
    document jsonb,
    why text not null default '',
    tries integer not null default 0,
    rest_until_ms bigint not null default 0,
    primary key (school, transaction),
    foreign key (school, transaction) references ledger_transactions,
    constraint "a receipt is of some money" check (sum <> 0),
    constraint "a receipt is in one of its states" check (state in ('waiting', 'asked', 'done', 'refused')),
    constraint "a receipt that is asked for has the provider's name" check (state <> 'asked' or provider_id is not null),
    constraint "a receipt that is done has its document" check ((state = 'done') = (document is not null))
  );
  create index fiscal_receipts_due on fiscal_receipts (rest_until_ms) where state in ('waiting', 'asked');
  create function keep_receipt() returns trigger language plpgsql as $$
  begin
    if tg_op = 'UPDATE' and old.state <> 'done'
      and (old.school, old.transaction, old.operation, old.sum) = (new.school, new.transaction, new.operation, new.sum) then return new; end if;
    raise exception 'a fiscal receipt only goes on: % is refused', tg_op using errcode = 'insufficient_privilege';
  end $$;
  create trigger "a fiscal receipt only goes on" before update or delete on fiscal_receipts for each row execute function keep_receipt();
  create function ask_for_receipts() returns trigger language plpgsql as $$
  begin
    if not exists (select from fiscal_kinds) then return null; end if;
    insert into fiscal_receipts (school, transaction, operation, sum)
      select g.school, g.transaction, k.operation, g.sum
      from (select school, transaction, sum(amount) as sum from fresh
          where account in ('acquirer/card', 'acquirer/sbp') or account like 'cash/kiosk/%' or account like 'cash/till/%'
          group by school, transaction having sum(amount) <> 0) g
        cross join lateral (select kind from ledger_transactions where school = g.school and id = g.transaction offset 0) t
        join fiscal_kinds k on k.kind = t.kind;
    return null;
  end $$;
  create trigger "a receipt is asked for what was taken" after insert on ledger_postings
    referencing new table as fresh for each statement execute function ask_for_receipts();`;

export const fiscalReceipts = {
  async up(database: Kysely<unknown>): Promise<void> {
    await sql.raw(tables).execute(database);
  },
};
