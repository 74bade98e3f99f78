/** People as the office knows them beside a school's state, and the lists that they came from. */
import { sql } from "kysely";
import type { Kysely } from "kysely";

const tables = `
  create table office_pupils (
    school integer not null references schools,
    account integer not null,
    born integer,
    left_on integer,
    erased_ms bigint,
    primary key (school, account),
    constraint "nobody is erased before they have left" check (erased_ms is null or left_on is not null)
  );
  create table office_guardians (
    school integer not null references schools,
    account integer not null,
    phone text not null,
    name text not null,
    primary key (school, account, phone),
    constraint "a guardian's phone is written as 10 to 15 digits" check (phone ~ '^[0-9]{10,15}$')
  );
  create index office_guardians_by_phone on office_guardians (phone);
  create table office_imports (
    id integer generated always as identity primary key,
    school integer not null references schools,
    at_ms bigint not null,
    login text not null,
    file text not null,
    state text not null,
    constraint "an import is previewed, done or undone" check (state in ('previewed', 'done', 'undone'))
  );
  create table office_import_rows (
    import integer not null references office_imports,
    line integer not null,
    kind text not null,
    planned jsonb not null,
    done jsonb,
    primary key (import, line),
    constraint "a row is new, a change, the same, a mismatch or left out" check (kind in ('new', 'change', 'same', 'mismatch', 'skipped'))
  );`;

export const officePeople = {
  async up(database: Kysely<unknown>): Promise<void> {
    await sql.raw(tables).execute(database);
  },
};
