/** Whom a school no longer takes for a child's guardian, whatever they prove: by telephone, so that an account made anew changes nothing about it. */
import { sql } from "kysely";
import type { Kysely } from "kysely";

const tables = `
  create table office_ended_links (
    school integer not null references schools,
    account integer not null,
    phone text not null,
    reason text not null,
    ended_ms bigint not null,
    ended_by text not null,
    primary key (school, account, phone)
  );`;

export const endedLinks = {
  async up(database: Kysely<unknown>): Promise<void> {
    await sql.raw(tables).execute(database);
  },
};
