/** Photographs for cards, each with who has found it right or wrong, and the days on which photographing was agreed. */
import { sql } from "kysely";
import type { Kysely } from "kysely";

const tables = `
  create table office_photographs (
    school integer not null references schools,
    holder text not null,
    number integer not null,
    jpeg bytea not null,
    taken_ms bigint not null,
    taken_by text not null,
    state text not null default 'waiting',
    judged_ms bigint,
    judged_by text,
    remark text,
    primary key (school, holder, number),
    constraint "a photograph shows a pupil or one of the staff" check (holder in ('pupil', 'staff')),
    constraint "a photograph waits, or somebody has judged it" check (
      state in ('waiting', 'right', 'wrong') and (state = 'waiting') = (judged_ms is null) and (state = 'waiting') = (judged_by is null)
    ),
    constraint "a wrong photograph says what is wrong" check ((state = 'wrong') = (remark is not null))
  );
  create table office_photo_days (
    school integer not null references schools,
    agreed_on integer not null,
    agreed_by text not null,
    primary key (school, agreed_on)
  );`;

export const photographs = {
  async up(database: Kysely<unknown>): Promise<void> {
    await sql.raw(tables).execute(database);
  },
};
