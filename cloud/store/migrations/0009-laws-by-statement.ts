/**
 * The ledger's laws, asked once a statement instead of once a row: an upload writes hundreds of rows, and the same questions over all of them are one join.
 * The laws are the same, and so are their sentences. What a row refers to can never be deleted (append-only), so it is enough to look when it is written.
 */
import { sql } from "kysely";
import type { Kysely } from "kysely";

const gone = `
  drop trigger "a transaction is balanced" on ledger_transactions;
  drop trigger "a posting keeps its transaction balanced" on ledger_postings;
  drop function refuse_unbalanced;
  alter table ledger_postings drop constraint ledger_postings_transaction_fkey, drop constraint ledger_postings_school_fkey;
  alter table ledger_transactions drop constraint ledger_transactions_school_epoch_index_fkey;
  alter table account_entries drop constraint account_entries_school_epoch_index_fkey;
  alter table entries drop constraint entries_school_epoch_fkey;`;

const balance = `
  create function refuse_unbalanced() returns trigger language plpgsql as $$
  declare wrong record;
  begin
    select g.*, t.school as home, t.written_by into wrong
      from (select transaction, sum(amount) as total, count(*) as lines, min(school) as low, max(school) as high from fresh group by transaction) g
      left join ledger_transactions t on t.id = g.transaction
      where g.total <> 0 or g.lines < 2 or t.id is null or t.written_by <> pg_current_xact_id() or (g.low, g.high) <> (t.school, t.school)
      limit 1;
    if not found then return null; end if;
    raise exception '%', case
      when wrong.home is null then 'a posting belongs to a transaction'
      when wrong.total <> 0 then 'postings of a transaction sum to zero, not to ' || wrong.total
      when wrong.lines < 2 then 'a transaction has at least two postings'
      when wrong.written_by <> pg_current_xact_id() then 'a transaction is written whole, once'
      else 'a posting belongs to its transaction''s school' end using errcode = 'check_violation';
  end $$;
  create trigger "a transaction is balanced" after insert on ledger_postings
    referencing new table as fresh for each statement execute function refuse_unbalanced();
  create function refuse_empty() returns trigger language plpgsql as $$
  begin
    if not exists (select from ledger_postings p where p.transaction = new.id) then
      raise exception 'a transaction has at least two postings' using errcode = 'check_violation'; end if;
    return null;
  end $$;
  create constraint trigger "a transaction has postings" after insert on ledger_transactions
    deferrable initially deferred for each row execute function refuse_empty();`;

const descent = `
  create function refuse_strays() returns trigger language plpgsql as $$
  begin
    if exists (select from fresh f left join entries e on (e.school, e.epoch, e.index) = (f.school, f.epoch, f.index)
        where f.index is not null and e.index is null) then
      raise exception 'a row of % comes from an entry that is stored', tg_table_name using errcode = 'foreign_key_violation'; end if;
    if exists (select from fresh f left join schools s on s.id = f.school where s.id is null) then
      raise exception 'a row of % belongs to a school', tg_table_name using errcode = 'foreign_key_violation'; end if;
    return null;
  end $$;
  create trigger "a transaction comes from an entry" after insert on ledger_transactions
    referencing new table as fresh for each statement execute function refuse_strays();
  create trigger "an account's entry is stored" after insert on account_entries
    referencing new table as fresh for each statement execute function refuse_strays();
  create function refuse_strange_epochs() returns trigger language plpgsql as $$
  begin
    if exists (select from (select distinct school, epoch from fresh) f left join gateways g on (g.school, g.epoch) = (f.school, f.epoch)
        where g.epoch is null) then
      raise exception 'an entry belongs to a gateway''s epoch' using errcode = 'foreign_key_violation'; end if;
    return null;
  end $$;
  create trigger "an entry belongs to an epoch" after insert on entries
    referencing new table as fresh for each statement execute function refuse_strange_epochs();`;

/** What others point at stays; numbers given out and orders that went on are changed row by row, never thrown away whole. */
const staying = ["gateways", "schools", "payment_orders", "directive_outbox"]
  .map(
    (table) => `
  create trigger "${table} stay" before delete or truncate on ${table} for each statement execute function refuse_change();`,
  )
  .join("");

export const lawsByStatement = {
  async up(database: Kysely<unknown>): Promise<void> {
    for (const part of [gone, balance, descent, staying]) await sql.raw(part).execute(database);
  },
};
