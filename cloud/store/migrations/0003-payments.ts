/**
 * Orders and what they post. The ledger takes transactions that come from no journal entry; a directive that follows from a posting waits in the outbox of
 * the same transaction. What belongs to a school carries its number in the key.
 */
import { sql } from "kysely";
import type { Kysely } from "kysely";

const ledger = `
  alter table ledger_transactions alter column epoch drop not null, alter column index drop not null, add column reference text;
  alter table ledger_transactions
    add constraint "a transaction comes from an entry or has a reference" check (num_nulls(epoch, index) = case when reference is null then 0 else 2 end),
    add constraint "a reference is posted once" unique (school, reference);`;

const outbox = `
  create table directive_outbox (
    id bigint generated always as identity,
    school integer not null references schools,
    reference text not null,
    bytes bytea not null,
    number bigint,
    primary key (school, id),
    foreign key (school, number) references directives,
    constraint "a school is told once what a reference names" unique (school, reference)
  );
  create index directive_outbox_waiting on directive_outbox (school, id) where number is null;
  create function keep_outbox() returns trigger language plpgsql as $$
  begin
    if tg_op = 'UPDATE' and old.number is null and new.number is not null
      and (old.id, old.school, old.reference, old.bytes) = (new.id, new.school, new.reference, new.bytes) then return new; end if;
    raise exception 'directive_outbox only gives out numbers: % is refused', tg_op using errcode = 'insufficient_privilege';
  end $$;
  create trigger "directive_outbox only gives out numbers" before update or delete on directive_outbox
    for each row execute function keep_outbox();`;

const orders = `
  create table payment_orders (
    number bigint generated always as identity (start with 100001) primary key,
    key text not null,
    way text not null,
    payer text,
    fee bigint not null,
    total bigint not null,
    return_url text,
    email text,
    created_ms bigint not null,
    state text not null default 'created',
    provider_id text,
    pay_at jsonb,
    expires_ms bigint not null,
    sent boolean not null default false,
    settled boolean not null default false,
    refunded bigint not null default 0,
    charged_back bigint not null default 0,
    why text not null default '',
    version integer not null default 0,
    constraint "a key names one order" unique (key),
    constraint "an order costs something" check (total > 0 and fee >= 0 and fee < total),
    constraint "no more goes back than was paid" check (refunded between 0 and total and charged_back between 0 and total),
    constraint "an order is in one of its states" check (
      state in ('created', 'registered', 'authorised', 'credited', 'failed', 'expired', 'refunded', 'charged_back')),
    constraint "what is credited was sent" check (state <> 'credited' or sent)
  );
  create index payment_orders_by_payer on payment_orders (payer, number);
  create index payment_orders_open on payment_orders (number) where state in ('created', 'registered', 'authorised');
  create table payment_lines (
    school integer not null references schools,
    "order" bigint not null references payment_orders,
    line integer not null,
    account integer not null,
    purse text not null,
    sum bigint not null,
    primary key (school, "order", line),
    constraint "a line pays something" check (sum > 0),
    constraint "a line names a purse" check (purse in ('main', 'additional'))
  );
  create index payment_lines_by_account on payment_lines (school, account, "order");
  create index payment_lines_by_order on payment_lines ("order", line);
  create table payment_history (
    "order" bigint not null references payment_orders,
    version integer not null,
    state text not null,
    at_ms bigint not null,
    primary key ("order", version)
  );
  create function keep_order() returns trigger language plpgsql as $$
  begin
    if tg_op = 'UPDATE'
      and (old.number, old.key, old.way, old.fee, old.total, old.created_ms) = (new.number, new.key, new.way, new.fee, new.total, new.created_ms)
      and new.version = old.version + 1 and new.refunded >= old.refunded and new.charged_back >= old.charged_back
      and new.sent >= old.sent and new.settled >= old.settled then return new; end if;
    raise exception 'an order only goes on: % is refused', tg_op using errcode = 'insufficient_privilege';
  end $$;
  create trigger "an order only goes on" before update or delete on payment_orders for each row execute function keep_order();
${["payment_lines", "payment_history"]
  .map(
    (table) => `
  create trigger "${table} is append-only" before update or delete or truncate on ${table}
    for each statement execute function refuse_change();`,
  )
  .join("")}`;

export const payments = {
  async up(database: Kysely<unknown>): Promise<void> {
    for (const part of [ledger, outbox, orders]) await sql.raw(part).execute(database);
  },
};
