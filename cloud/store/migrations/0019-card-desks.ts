/** Card desks: readers at which the operator's cards are made, each with a key of its own. */
import { sql } from "kysely";
import type { Kysely } from "kysely";

const tables = `
  create table office_desks (
    id integer generated always as identity primary key,
    name text not null,
    key_hash text not null unique,
    active boolean not null default true,
    heard_ms bigint,
    made integer not null default 0,
    refused integer not null default 0
  );`;

export const cardDesks = {
  async up(database: Kysely<unknown>): Promise<void> {
    await sql.raw(tables).execute(database);
  },
};
