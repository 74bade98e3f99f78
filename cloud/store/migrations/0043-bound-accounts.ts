/** Accounts that payers have bound, and the orders that bind one or are paid from one. What has ended stays, so that it cannot be bound by old news. */
import { sql } from "kysely";
import type { Kysely } from "kysely";

const tables = `
  create table payment_bindings (
    way text not null,
    id text not null,
    payer text not null,
    bank text not null,
    bound_ms bigint not null,
    ended_ms bigint,
    is_released boolean not null default false,
    primary key (way, id),
    constraint "only what has ended is released" check (ended_ms is not null or not is_released)
  );
  create index payment_bindings_by_payer on payment_bindings (payer) where ended_ms is null;
  create index payment_bindings_unreleased on payment_bindings (ended_ms) where ended_ms is not null and not is_released;
  create function keep_binding() returns trigger language plpgsql as $$
  begin
    if tg_op = 'UPDATE' and (old.way, old.id, old.payer, old.bank, old.bound_ms) = (new.way, new.id, new.payer, new.bank, new.bound_ms)
      and (old.ended_ms is null or old.ended_ms = new.ended_ms) and new.is_released >= old.is_released then return new; end if;
    raise exception 'a binding only ends: % is refused', tg_op using errcode = 'insufficient_privilege';
  end $$;
  create trigger "a binding only ends" before update or delete on payment_bindings for each row execute function keep_binding();
  alter table payment_orders
    add column remember boolean not null default false,
    add column binding text,
    add constraint "what a bound account pays binds none" check (not (remember and binding is not null));
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

export const boundAccounts = {
  async up(database: Kysely<unknown>): Promise<void> {
    await sql.raw(tables).execute(database);
  },
};
