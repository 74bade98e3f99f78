/**
 * Cards of the staff, duplicates, and who pays for a card that does not work. What a bundle enclosed stays written down when an application is returned and
 * sent again with another; cards handed in wait until the operator has them.
 */
import { sql } from "kysely";
import type { Kysely } from "kysely";

const tables = `
  alter table office_applications
    alter column account drop not null,
    add column staff integer,
    add column card text,
    add column replaces text,
    add column finding text,
    add column payer text,
    drop constraint "a card is issued first or again",
    add constraint "a card is issued first, again or beside another" check (kind in ('first', 'again', 'duplicate')),
    add constraint "an application is for a pupil or one of the staff" check (num_nonnulls(account, staff) = 1),
    add constraint "a card of the staff has its number from the start" check ((staff is null) = (card is null)),
    add constraint "only the staff have duplicates" check (kind <> 'duplicate' or staff is not null),
    add constraint "only a card that does not work is examined" check (finding is null or cause = 'defect'),
    add constraint "what a third person has broken, that person pays" check ((finding = 'third') is not true or payer is not null);
  -- Until now a card that did not work was taken for one that was badly made.
  update office_applications set finding = 'manufacture' where cause = 'defect';
  create table office_enclosures (
    bundle integer not null references office_bundles,
    application integer not null references office_applications,
    primary key (bundle, application)
  );
  insert into office_enclosures select bundle, id from office_applications where bundle is not null;
  create table office_handed_in (
    id integer generated always as identity primary key,
    school integer not null references schools,
    uid text not null,
    card text not null,
    account integer,
    staff integer,
    handed_on integer not null,
    handed_to text not null,
    taken_on integer,
    taken_by text,
    constraint "whoever has taken a card has a day" check ((taken_on is null) = (taken_by is null))
  );
  create index office_handed_in_waiting on office_handed_in (school) where taken_on is null;`;

export const staffCards = {
  async up(database: Kysely<unknown>): Promise<void> {
    await sql.raw(tables).execute(database);
  },
};
