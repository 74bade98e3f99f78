/**
 * The ledger's laws look up what a row refers to row by row, through its key. As joins they were planned once a connection, for the first upload that it
 * saw, and every later sale then read the whole of `entries`, twice. The laws are the same, and so are their sentences.
 *
 * `offset 0`, and a question in parentheses, keep the planner from making a join of them again.
 */
import { sql } from "kysely";
import type { Kysely } from "kysely";

const laws = `
  create or replace function refuse_unbalanced() returns trigger language plpgsql as $$
  declare wrong record;
  begin
    select g.*, t.id is null as stray, t.written_by into wrong
      from (select school, transaction, sum(amount) as total, count(*) as lines from fresh group by school, transaction) g
      left join lateral (select id, written_by from ledger_transactions where school = g.school and id = g.transaction offset 0) t on true
      where g.total <> 0 or g.lines < 2 or t.id is null or t.written_by <> pg_current_xact_id()
      limit 1;
    if not found then return null; end if;
    raise exception '%', case
      when wrong.stray then 'a posting belongs to a transaction of its school'
      when wrong.total <> 0 then 'postings of a transaction sum to zero, not to ' || wrong.total
      when wrong.lines < 2 then 'a transaction has at least two postings'
      else 'a transaction is written whole, once' end using errcode = 'check_violation';
  end $$;
  create or replace function refuse_strays() returns trigger language plpgsql as $$
  begin
    if exists (select from fresh f where f.index is not null and
        (select index from entries e where e.school = f.school and e.epoch = f.epoch and e.index = f.index) is null) then
      raise exception 'a row of % comes from an entry that is stored', tg_table_name using errcode = 'foreign_key_violation'; end if;
    if exists (select from (select distinct school from fresh) f where (select id from schools s where s.id = f.school) is null) then
      raise exception 'a row of % belongs to a school', tg_table_name using errcode = 'foreign_key_violation'; end if;
    return null;
  end $$;
  create or replace function refuse_strange_epochs() returns trigger language plpgsql as $$
  begin
    if exists (select from (select distinct school, epoch from fresh) f
        where (select id from gateways g where g.school = f.school and g.epoch = f.epoch) is null) then
      raise exception 'an entry belongs to a gateway''s epoch' using errcode = 'foreign_key_violation'; end if;
    return null;
  end $$;
  create or replace function refuse_closed() returns trigger language plpgsql as $$
  declare one record;
  begin
    for one in select distinct school from fresh order by school loop
      perform pg_advisory_xact_lock_shared(8727393, one.school);
    end loop;
    select f.date <= p.last as dated into one
      from (select school, min(business_date) as date, min(id) as id from fresh group by school) f
      cross join lateral (select max(last) as last, max(upto) as upto from ledger_periods where school = f.school offset 0) p
      where f.date <= p.last or f.id <= p.upto limit 1;
    if not found then return null; end if;
    raise exception '%', case when one.dated then 'nothing is posted into a closed period'
      else 'a period was closed at this moment: post again' end using errcode = 'check_violation';
  end $$;`;

export const lawsByRow = {
  async up(database: Kysely<unknown>): Promise<void> {
    await sql.raw(laws).execute(database);
  },
};
