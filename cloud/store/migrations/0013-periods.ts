/**
 * Closed periods, and balances as they stood when one was closed. Nothing is posted into a closed period any more; what a school tells later is posted on the
 * first open day. Posting holds a school's lock shared, closing holds it alone, so there is no moment between the sum and the closing.
 */
import { sql } from "kysely";
import type { Kysely } from "kysely";

const tables = `
  create table ledger_periods (
    school integer not null references schools,
    last integer not null,
    upto bigint not null,
    login text not null,
    at_ms bigint not null,
    primary key (school, last)
  );
  create table ledger_balances (
    school integer not null,
    last integer not null,
    account text not null,
    total bigint not null,
    dated bigint not null,
    primary key (school, last, account),
    foreign key (school, last) references ledger_periods
  );
  create function refuse_closed() returns trigger language plpgsql as $$
  declare one record;
  begin
    for one in select distinct school from fresh order by school loop
      perform pg_advisory_xact_lock_shared(8727393, one.school);
    end loop;
    select f.business_date <= p.last as dated into one from fresh f
      join (select school, max(last) as last, max(upto) as upto from ledger_periods where school in (select school from fresh) group by school) p
      on p.school = f.school and (f.business_date <= p.last or f.id <= p.upto) limit 1;
    if not found then return null; end if;
    raise exception '%', case when one.dated then 'nothing is posted into a closed period'
      else 'a period was closed at this moment: post again' end using errcode = 'check_violation';
  end $$;
  create trigger "nothing is posted into a closed period" after insert on ledger_transactions
    referencing new table as fresh for each statement execute function refuse_closed();
  create function refuse_earlier_period() returns trigger language plpgsql as $$
  begin
    if exists (select from ledger_periods p where p.school = new.school and p.last >= new.last) then
      raise exception 'periods are closed in their order' using errcode = 'check_violation'; end if;
    return new;
  end $$;
  create trigger "periods are closed in their order" before insert on ledger_periods for each row execute function refuse_earlier_period();
${["ledger_periods", "ledger_balances"]
  .map(
    (table) => `
  create trigger "${table} is append-only" before update or delete or truncate on ${table} for each statement execute function refuse_change();`,
  )
  .join("")}`;

export const periods = {
  async up(database: Kysely<unknown>): Promise<void> {
    await sql.raw(tables).execute(database);
  },
};
