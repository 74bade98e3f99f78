/** What one person thinks of a large payment in suspense, until another one says yes or no. */
import { sql } from "kysely";
import type { Kysely } from "kysely";

const tables = `
  create table office_suspense_proposals (
    question integer primary key references registry_questions,
    school integer not null references schools,
    kind text not null,
    text text not null,
    login text not null,
    constraint "money in suspense is somebody's or was returned" check (kind in ('is', 'returned'))
  );`;

export const suspenseProposals = {
  async up(database: Kysely<unknown>): Promise<void> {
    await sql.raw(tables).execute(database);
  },
};
