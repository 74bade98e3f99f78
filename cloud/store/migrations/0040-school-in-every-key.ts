/**
 * What a school's journal brings carries the school in every key, so that the tables can be cut by schools over several servers, and no law has to look
 * beyond the school that it is about. The sentences of the laws stay.
 */
import { sql } from "kysely";
import type { Kysely } from "kysely";

const keys = `
  alter table ledger_transactions drop constraint ledger_transactions_pkey, add primary key (school, id);
  alter table ledger_postings drop constraint ledger_postings_pkey, add primary key (school, transaction, line);
  alter table findings drop constraint findings_pkey, add primary key (school, id);
  alter table notices drop constraint notices_pkey, add primary key (school, id);`;

const laws = `
  create or replace function refuse_unbalanced() returns trigger language plpgsql as $$
  declare wrong record;
  begin
    select g.*, t.id is null as stray, t.written_by into wrong
      from (select school, transaction, sum(amount) as total, count(*) as lines from fresh group by school, transaction) g
      left join ledger_transactions t on t.school = g.school and t.id = g.transaction
      where g.total <> 0 or g.lines < 2 or t.id is null or t.written_by <> pg_current_xact_id()
      limit 1;
    if not found then return null; end if;
    raise exception '%', case
      when wrong.stray then 'a posting belongs to a transaction of its school'
      when wrong.total <> 0 then 'postings of a transaction sum to zero, not to ' || wrong.total
      when wrong.lines < 2 then 'a transaction has at least two postings'
      else 'a transaction is written whole, once' end using errcode = 'check_violation';
  end $$;
  create or replace function refuse_empty() returns trigger language plpgsql as $$
  begin
    if not exists (select from ledger_postings p where p.school = new.school and p.transaction = new.id) then
      raise exception 'a transaction has at least two postings' using errcode = 'check_violation'; end if;
    return null;
  end $$;`;

export const schoolInEveryKey = {
  async up(database: Kysely<unknown>): Promise<void> {
    for (const part of [keys, laws]) await sql.raw(part).execute(database);
  },
};
