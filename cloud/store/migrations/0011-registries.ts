/**
 * What providers and banks say of a day, row by row as it came, and what in it is not as it is here. Files and rows stay as they are; a question only goes
 * from open to answered.
 */
import { sql } from "kysely";
import type { Kysely } from "kysely";

const tables = `
  create table registry_files (
    id integer generated always as identity primary key,
    way text not null,
    school integer references schools,
    day integer not null,
    name text not null,
    digest text not null,
    login text not null,
    at_ms bigint not null,
    followed boolean not null default false,
    constraint "a file is taken once" unique (digest),
    constraint "a bank's registry is a school's, a provider's is nobody's" check ((way = 'registry') = (school is not null))
  );
  create table registry_rows (
    file integer not null references registry_files,
    line integer not null,
    operation text not null,
    name text not null,
    account text not null,
    sum bigint,
    commission bigint not null,
    text text not null,
    primary key (file, line),
    constraint "a row pays, or gives back" check (operation in ('payment', 'refund', 'chargeback')),
    constraint "a row moves something or cannot be read" check (sum > 0)
  );
  create index registry_rows_by_name on registry_rows (name);
  create table registry_questions (
    id integer generated always as identity primary key,
    file integer not null references registry_files,
    line integer,
    kind text not null,
    "order" bigint references payment_orders,
    here bigint,
    there bigint,
    state text not null default 'open',
    note text not null default '',
    login text,
    closed_ms bigint,
    constraint "a question is open, mended by itself or closed by somebody" check (
      case state when 'open' then num_nulls(login, closed_ms) = 2 when 'mended' then login is null when 'closed' then login is not null else false end),
    constraint "whoever closes a question says why" check (state <> 'closed' or note <> '')
  );
  create index registry_questions_open on registry_questions (file, id) where state = 'open';
  create function keep_registry() returns trigger language plpgsql as $$
  begin
    if tg_table_name = 'registry_files' and tg_op = 'UPDATE' and (to_jsonb(new) - 'followed') = (to_jsonb(old) - 'followed') then return new; end if;
    if tg_table_name = 'registry_questions' and tg_op = 'UPDATE' and to_jsonb(old) ->> 'state' = 'open'
      and (to_jsonb(new) - '{state,note,login,closed_ms}'::text[]) = (to_jsonb(old) - '{state,note,login,closed_ms}'::text[]) then return new; end if;
    raise exception '% keeps what it was told: % is refused', tg_table_name, tg_op using errcode = 'insufficient_privilege';
  end $$;
  create trigger "registry_files keeps what it was told" before update or delete on registry_files for each row execute function keep_registry();
  create trigger "registry_questions keeps what it was told" before update or delete on registry_questions for each row execute function keep_registry();
  create trigger "registry_rows is append-only" before update or delete or truncate on registry_rows
    for each statement execute function refuse_change();`;

export const registries = {
  async up(database: Kysely<unknown>): Promise<void> {
    await sql.raw(tables).execute(database);
  },
};
