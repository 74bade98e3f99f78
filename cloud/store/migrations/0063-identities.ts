/** What another one vouches for: whoever comes with this identity is let into this account. It goes with its guardian. */
import { sql } from "kysely";
import type { Kysely } from "kysely";

const tables = `
  create table identities (
    issuer text not null,
    subject text not null,
    phone text not null unique references guardians on delete cascade,
    bound_ms bigint not null,
    primary key (issuer, subject)
  );`;

export const identities = {
  async up(database: Kysely<unknown>): Promise<void> {
    await sql.raw(tables).execute(database);
  },
};
