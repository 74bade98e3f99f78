/** Cards as the regulation issues them: applications, the school's consolidated ones in the journal, acts of transfer. */
import { sql } from "kysely";
import type { Kysely } from "kysely";

const tables = `
  create table office_bundles (
    id integer generated always as identity primary key,
    school integer not null references schools,
    sent_on integer not null,
    sheets integer not null,
    registered_on integer,
    journal integer unique,
    registered_by text,
    constraint "a bundle in the journal has its number and day" check (num_nulls(registered_on, journal, registered_by) in (0, 3))
  );
  create table office_acts (
    id integer generated always as identity primary key,
    school integer not null references schools,
    made_on integer not null,
    findings text not null
  );
  create table office_applications (
    id integer generated always as identity primary key,
    school integer not null references schools,
    account integer not null,
    kind text not null,
    cause text,
    applicant text not null,
    is_parent boolean not null,
    phone text not null,
    mail text not null,
    papers jsonb not null,
    state text not null,
    received_on integer not null,
    state_on integer not null,
    reason text,
    paid text,
    uid text,
    bundle integer references office_bundles,
    act integer references office_acts,
    constraint "a card is issued first or again" check (kind in ('first', 'again')),
    constraint "a card is issued again for a cause" check ((kind = 'again') = (cause is not null)),
    constraint "an application is returned with a reason" check (state <> 'returned' or reason is not null)
  );
  create index office_applications_by_account on office_applications (school, account);`;

export const officeCards = {
  async up(database: Kysely<unknown>): Promise<void> {
    await sql.raw(tables).execute(database);
  },
};
