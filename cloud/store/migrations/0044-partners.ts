/**
 * Partners who are told what is posted in a school. A transaction gets its number in the outbox in its own database transaction, under the lock of its school's
 * row, so numbers have no gaps and are seen in their order. Schools that nobody watches have no row, and cost a look.
 */
import { sql } from "kysely";
import type { Kysely } from "kysely";

const tables = `
  create table partners (
    id text primary key,
    school integer not null references schools,
    url text not null,
    delivered bigint not null,
    failures integer not null default 0,
    rest_until_ms bigint not null default 0,
    constraint "a partner has a name" check (id ~ '^[a-z0-9-]{1,40}$')
  );
  create table partner_schools (
    school integer primary key references schools,
    last bigint not null default 0
  );
  create table partner_outbox (
    school integer not null references schools,
    number bigint not null,
    transaction bigint not null,
    primary key (school, number),
    foreign key (school, transaction) references ledger_transactions
  );
  create function number_for_partners() returns trigger language plpgsql as $$
  declare watched record;
  begin
    for watched in select f.school, count(*) as n from fresh f join partner_schools s on s.school = f.school group by f.school order by f.school loop
      update partner_schools set last = last + watched.n where school = watched.school;
      insert into partner_outbox (school, number, transaction)
        select s.school, s.last - watched.n + row_number() over (order by f.id), f.id
        from fresh f join partner_schools s on s.school = f.school where f.school = watched.school;
    end loop;
    return null;
  end $$;
  create trigger "partners are told of a transaction" after insert on ledger_transactions
    referencing new table as fresh for each statement execute function number_for_partners();
  create trigger "partner_outbox is append-only" before update or delete or truncate on partner_outbox
    for each statement execute function refuse_change();`;

export const partners = {
  async up(database: Kysely<unknown>): Promise<void> {
    await sql.raw(tables).execute(database);
  },
};
