/** Second adults: rights that one guardian gives another about a child, and invitations that nobody has taken yet. */
import { sql } from "kysely";
import type { Kysely } from "kysely";

const tables = `
  create table shared_children (
    phone text not null references guardians on delete cascade,
    school integer not null,
    account integer not null,
    given_by text not null references guardians on delete cascade,
    rights text[] not null,
    primary key (phone, school, account),
    constraint "nobody gives rights to themselves" check (phone <> given_by),
    constraint "a right is one of those there are" check (rights <@ array['see', 'pay', 'order', 'limits'] and cardinality(rights) > 0)
  );
  create index shared_children_by_account on shared_children (school, account);
  create table invitations (
    token_hash text primary key,
    school integer not null,
    account integer not null,
    given_by text not null references guardians on delete cascade,
    rights text[] not null,
    expires_ms bigint not null,
    constraint "an invitation is kept by the SHA-256 of its token" check (token_hash ~ '^[0-9a-f]{64}$'),
    constraint "a right is one of those there are" check (rights <@ array['see', 'pay', 'order', 'limits'] and cardinality(rights) > 0)
  );
  create index invitations_by_account on invitations (school, account);`;

export const secondAdults = {
  async up(database: Kysely<unknown>): Promise<void> {
    await sql.raw(tables).execute(database);
  },
};
