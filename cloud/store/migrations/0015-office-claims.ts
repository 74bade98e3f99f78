/** Claims: what somebody says of a payment, what was decided on it, and by whom. */
import { sql } from "kysely";
import type { Kysely } from "kysely";

const tables = `
  create table office_claims (
    id integer generated always as identity primary key,
    school integer not null references schools,
    epoch integer not null,
    index bigint not null,
    said text not null,
    received_on integer not null,
    login text not null,
    state text not null,
    verdict jsonb,
    reason text not null,
    proposed_by text,
    decided_by text,
    constraint "a claim is open, proposed, done or refused" check (state in ('open', 'proposed', 'done', 'refused')),
    constraint "whoever decides a claim says why" check (state = 'open' or reason <> ''),
    constraint "a decided claim names who decided" check ((state in ('done', 'refused')) = (decided_by is not null))
  );
  create unique index "a payment is decided once" on office_claims (school, epoch, index) where state <> 'refused';`;

export const officeClaims = {
  async up(database: Kysely<unknown>): Promise<void> {
    await sql.raw(tables).execute(database);
  },
};
