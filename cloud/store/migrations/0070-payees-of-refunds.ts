/**
 * To whom a refund was paid stands in its payment order as long as accounts have to be kept, longer than the child is known by name; then it is forgotten
 * there, too. Both functions are those of 0033 and 0055 without the payee of an order.
 */
import { sql } from "kysely";
import type { Kysely } from "kysely";

const payees = `
  create or replace function forget_payer(of_school integer, of_account integer, of_number text) returns void
    language plpgsql security definer set search_path from current as $$
  begin
    perform set_config('trapeza.forgetting', 'on', true);
    update refunds set applicant = '—', payee = payee || '{"name": "—", "inn": "", "account": ""}' where school = of_school and account = of_account;
    update registry_rows r set text = '' from registry_files f where f.id = r.file and f.school = of_school and r.account = of_number and r.text <> '';
    update payment_orders o set payer = null, email = null, return_url = null
      where exists (select from payment_lines l where l."order" = o.number and l.school = of_school and l.account = of_account)
        and not exists (select from payment_lines l where l."order" = o.number and (l.school, l.account) <> (of_school, of_account));
    perform set_config('trapeza.forgetting', 'off', true);
  end $$;
  create or replace function forget_words(of_school integer, of_subject text, own text[], shared text[]) returns void
    language plpgsql security definer set search_path from current as $$
  declare place record; is_there boolean; longest_first text[] := array(select word from unnest(own || shared) as word order by length(word) desc);
  begin
    perform set_config('trapeza.forgetting', 'on', true);
    update office_trail set before = without_words(before, longest_first), after = without_words(after, longest_first)
      where school = of_school and subject = of_subject;
    for place in
      select c.relname as table, a.attname as column
        from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped join pg_type t on t.oid = a.atttypid
        where c.relkind = 'r' and c.relnamespace = (select relnamespace from pg_class where oid = 'office_trail'::regclass)
          and t.typname in ('text', 'jsonb') and a.attname not in ('phone', 'given_by', 'login')
          and (c.relname, a.attname) not in (('office_trail', 'what'), ('office_trail', 'subject'), ('payouts', 'payee'))
          and c.relname !~ '^(ledger_|entries$|checkpoints$|directives$|directive_outbox$|findings$|notices$|gateways$|office_staff$)'
          and exists (select from pg_attribute s where s.attrelid = c.oid and s.attname = 'school' and not s.attisdropped)
    loop
      execute format('select exists (select from %1$I where school = $1 and without_words(%2$I, $2) <> %2$I)', place.table, place.column)
        into is_there using of_school, own;
      if is_there then
        execute format('update %1$I set %2$I = without_words(%2$I, $2) where school = $1 and without_words(%2$I, $2) <> %2$I', place.table, place.column)
          using of_school, own;
      end if;
    end loop;
    update registry_rows r set text = without_words(r.text, own) from registry_files f
      where f.id = r.file and f.school = of_school and without_words(r.text, own) <> r.text;
    update registry_questions q set note = without_words(q.note, own) from registry_files f
      where f.id = q.file and f.school = of_school and without_words(q.note, own) <> q.note;
    perform set_config('trapeza.forgetting', 'off', true);
  end $$;
  create function forget_payees(of_school integer, before integer) returns integer language plpgsql security definer set search_path from current as $$
  declare forgotten integer;
  begin
    perform set_config('trapeza.forgetting', 'on', true);
    update payouts set payee = payee || '{"name": "—", "inn": "", "account": ""}'
      where school = of_school and made_on < before and reference like 'refund/%' and payee ->> 'name' <> '—';
    get diagnostics forgotten = row_count;
    perform set_config('trapeza.forgetting', 'off', true);
    return forgotten;
  end $$;`;

export const payeesOfRefunds = {
  async up(database: Kysely<unknown>): Promise<void> {
    await sql.raw(payees).execute(database);
  },
};
