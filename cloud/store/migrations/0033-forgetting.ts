/**
 * What keeps history may forget who somebody was, and nothing else. Words become a dash in texts of one school; who did what, when, and every sum stay. Only
 * one function does it, as the owner of the tables: the application's own role may not change what is append-only, and may not pretend to be forgetting.
 */
import { sql } from "kysely";
import type { Kysely } from "kysely";

const leave = `
  create function is_forgetting(of_table oid) returns boolean language sql stable as $$
    select coalesce(current_setting('trapeza.forgetting', true), '') = 'on'
      and current_user = (select pg_get_userbyid(c.relowner) from pg_class c where c.oid = of_table) $$;
  create function refuse_all_but_forgetting() returns trigger language plpgsql as $$
  begin
    if tg_op = 'UPDATE' and is_forgetting(tg_relid) then return null; end if;
    raise exception '% is append-only: % is refused', tg_table_name, tg_op using errcode = 'insufficient_privilege';
  end $$;
${["office_trail", "registry_rows"]
  .map(
    (table) => `
  drop trigger "${table} is append-only" on ${table};
  create trigger "${table} is append-only" before update or delete or truncate on ${table}
    for each statement execute function refuse_all_but_forgetting();`,
  )
  .join("")}`;

/** The same laws as in 0003, 0011 and 0012, with the texts that may be forgotten beside what may go on. */
const keepers = `
  create function only_forgets(was jsonb, becomes jsonb, of_table oid) returns boolean language plpgsql stable as $$
  declare texts text[] := '{email,payer,return_url,note,name,applicant,payee,purpose}';
  begin
    return is_forgetting(of_table) and (was - texts) = (becomes - texts);
  end $$;
  create or replace function keep_order() returns trigger language plpgsql as $$
  begin
    if tg_op = 'UPDATE' and only_forgets(to_jsonb(old), to_jsonb(new), tg_relid) then return new; end if;
    if tg_op = 'UPDATE'
      and (old.number, old.key, old.way, old.fee, old.total, old.created_ms) = (new.number, new.key, new.way, new.fee, new.total, new.created_ms)
      and new.version = old.version + 1 and new.refunded >= old.refunded and new.charged_back >= old.charged_back
      and new.sent >= old.sent and new.settled >= old.settled then return new; end if;
    raise exception 'an order only goes on: % is refused', tg_op using errcode = 'insufficient_privilege';
  end $$;
  create or replace function keep_registry() returns trigger language plpgsql as $$
  begin
    if tg_op = 'UPDATE' and only_forgets(to_jsonb(old), to_jsonb(new), tg_relid) then return new; end if;
    if tg_table_name = 'registry_files' and tg_op = 'UPDATE' and (to_jsonb(new) - 'followed') = (to_jsonb(old) - 'followed') then return new; end if;
    if tg_table_name = 'registry_questions' and tg_op = 'UPDATE' and to_jsonb(old) ->> 'state' = 'open'
      and (to_jsonb(new) - '{state,note,login,closed_ms}'::text[]) = (to_jsonb(old) - '{state,note,login,closed_ms}'::text[]) then return new; end if;
    raise exception '% keeps what it was told: % is refused', tg_table_name, tg_op using errcode = 'insufficient_privilege';
  end $$;
  create or replace function keep_payout() returns trigger language plpgsql as $$
  declare what_comes_later text[] := '{returned_on,received_on,payout,ended}';
  begin
    if tg_op = 'UPDATE' and only_forgets(to_jsonb(old), to_jsonb(new), tg_relid) then return new; end if;
    if tg_op = 'UPDATE' and (to_jsonb(new) - what_comes_later) = (to_jsonb(old) - what_comes_later) then return new; end if;
    raise exception '% stays as it was made: % is refused', tg_table_name, tg_op using errcode = 'insufficient_privilege';
  end $$;`;

/**
 * `own`: words that nobody else of the school is known by, forgotten in every text of the school, of tables that come later, too. `shared`: a sister's
 * mother, a namesake; forgotten only where the trail speaks of this subject.
 */
const words = `
  create function without_words(said text, words text[]) returns text language plpgsql immutable as $$
  declare word text;
  begin
    foreach word in array words loop said := replace(said, word, '—'); end loop;
    return said;
  end $$;
  create function forget_words(of_school integer, of_subject text, own text[], shared text[]) returns void
    language plpgsql security definer set search_path from current as $$
  declare place record; is_there boolean;
  begin
    perform set_config('trapeza.forgetting', 'on', true);
    update office_trail set before = without_words(before::text, own || shared)::jsonb, after = without_words(after::text, own || shared)::jsonb
      where school = of_school and subject = of_subject;
    for place in
      select c.relname as table, a.attname as column, t.typname as type
        from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped join pg_type t on t.oid = a.atttypid
        where c.relkind = 'r' and c.relnamespace = (select relnamespace from pg_class where oid = 'office_trail'::regclass)
          and t.typname in ('text', 'jsonb') and a.attname not in ('phone', 'given_by')
          and c.relname !~ '^(ledger_|entries$|checkpoints$|directives$|directive_outbox$|findings$|notices$|gateways$|office_staff$)'
          and exists (select from pg_attribute s where s.attrelid = c.oid and s.attname = 'school' and not s.attisdropped)
    loop
      execute format('select exists (select from %1$I where school = $1 and without_words(%2$I::text, $2) <> %2$I::text)', place.table, place.column)
        into is_there using of_school, own;
      if is_there then
        execute format('update %1$I set %2$I = without_words(%2$I::text, $2)::%3$s where school = $1 and without_words(%2$I::text, $2) <> %2$I::text',
          place.table, place.column, place.type) using of_school, own;
      end if;
    end loop;
    update registry_rows r set text = without_words(r.text, own) from registry_files f
      where f.id = r.file and f.school = of_school and without_words(r.text, own) <> r.text;
    update registry_questions q set note = without_words(q.note, own) from registry_files f
      where f.id = q.file and f.school = of_school and without_words(q.note, own) <> q.note;
    perform set_config('trapeza.forgetting', 'off', true);
  end $$;`;

/** The money's own papers: to whom a refund went, who has paid, what a bank wrote beside this account. */
const account = `
  create function forget_payer(of_school integer, of_account integer, of_number text) returns void
    language plpgsql security definer set search_path from current as $$
  declare nobody jsonb := '{"name": "—", "inn": "", "account": ""}';
  begin
    perform set_config('trapeza.forgetting', 'on', true);
    update payouts p set payee = p.payee || nobody from refunds r
      where r.school = of_school and r.account = of_account and p.school = r.school and p.reference like 'refund/' || r.id || '/%';
    update refunds set applicant = '—', payee = payee || nobody where school = of_school and account = of_account;
    update registry_rows r set text = '' from registry_files f where f.id = r.file and f.school = of_school and r.account = of_number and r.text <> '';
    update payment_orders o set payer = null, email = null, return_url = null
      where exists (select from payment_lines l where l."order" = o.number and l.school = of_school and l.account = of_account)
        and not exists (select from payment_lines l where l."order" = o.number and (l.school, l.account) <> (of_school, of_account));
    perform set_config('trapeza.forgetting', 'off', true);
  end $$;`;

export const forgetting = {
  async up(database: Kysely<unknown>): Promise<void> {
    for (const part of [leave, keepers, words, account]) await sql.raw(part).execute(database);
  },
};
