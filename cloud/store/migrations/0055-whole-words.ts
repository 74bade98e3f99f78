/**
 * Words are forgotten where they stand alone, and in json within its texts only: "Иванова Анна" is nobody who is called "Иванова Анна-Мария", and no name takes
 * the shape of a row apart. What the trail is searched by (who, what, of whom) stays.
 */
import { sql } from "kysely";
import type { Kysely } from "kysely";

/** Letters are said in full, because what a letter is to PostgreSQL depends on how a database was made. */
const words = String.raw`
  create or replace function without_words(said text, words text[]) returns text language plpgsql immutable as $$
  declare word text; letter constant text := '[0-9A-Za-z\u00C0-\u024F\U00000400-\U000004FF_]';
  begin
    foreach word in array words loop
      if position(word in said) > 0 then
        said := regexp_replace(said,
          '(?<!' || letter || '[-''’]?)' || regexp_replace(word, '[].[^$*+?(){}|\\]', '\\\&', 'g') || '(?![-''’]?' || letter || ')', '—', 'g');
      end if;
    end loop;
    return said;
  end $$;
  create function without_words(said jsonb, words text[]) returns jsonb language plpgsql immutable as $$
  begin
    return case jsonb_typeof(said)
      when 'string' then to_jsonb(without_words(said #>> '{}', words))
      when 'array' then coalesce(
        (select jsonb_agg(without_words(value, words) order by at) from jsonb_array_elements(said) with ordinality as parts (value, at)), said)
      when 'object' then coalesce((select jsonb_object_agg(key, without_words(value, words)) from jsonb_each(said)), said)
      else said end;
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
          and (c.relname, a.attname) not in (('office_trail', 'what'), ('office_trail', 'subject'))
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
  create or replace function forget_login(of_login text, words text[]) returns void language plpgsql security definer set search_path from current as $$
  begin
    perform set_config('trapeza.forgetting', 'on', true);
    update office_trail set before = without_words(before, words), after = without_words(after, words)
      where school is null and subject = 'staff ' || of_login;
    update office_staff set name = '—' where login = of_login;
    perform set_config('trapeza.forgetting', 'off', true);
  end $$;`;

export const wholeWords = {
  async up(database: Kysely<unknown>): Promise<void> {
    await sql.raw(words).execute(database);
  },
};
