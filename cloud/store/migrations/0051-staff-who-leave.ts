/** Employees who have left, and since when a login of the office is closed: both are known by name for one year more. */
import { sql } from "kysely";
import type { Kysely } from "kysely";

const tables = `
  create table office_employees (
    school integer not null references schools,
    staff integer not null,
    left_on integer not null,
    erased_ms bigint,
    primary key (school, staff)
  );
  alter table office_staff add column closed_ms bigint;
  update office_staff set closed_ms = (extract(epoch from now()) * 1000)::bigint where not active;
  create function forget_login(of_login text, words text[]) returns void language plpgsql security definer set search_path from current as $$
  begin
    perform set_config('trapeza.forgetting', 'on', true);
    update office_trail set before = without_words(before::text, words)::jsonb, after = without_words(after::text, words)::jsonb
      where school is null and subject = 'staff ' || of_login;
    update office_staff set name = '—' where login = of_login;
    perform set_config('trapeza.forgetting', 'off', true);
  end $$;`;

export const staffWhoLeave = {
  async up(database: Kysely<unknown>): Promise<void> {
    await sql.raw(tables).execute(database);
  },
};
