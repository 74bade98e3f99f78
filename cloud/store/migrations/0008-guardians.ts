/** Guardians as people: an address, children they do not want to see, sessions that can be told apart, and what has yet to be proved. */
import { sql } from "kysely";
import type { Kysely } from "kysely";

const tables = `
  alter table guardians
    add column email text,
    add column is_confirmed boolean not null default false,
    add column language text not null default 'ru',
    add constraint "a page is Russian or English" check (language in ('ru', 'en'));
  create index guardians_by_email on guardians (lower(email));
  alter table children
    add column hidden boolean not null default false,
    drop constraint children_phone_fkey,
    add constraint children_phone_fkey foreign key (phone) references guardians on delete cascade;
  create index children_by_account on children (school, account);
  alter table portal_sessions
    add column created_ms bigint not null default 0,
    add column agent text not null default '',
    drop constraint portal_sessions_phone_fkey,
    add constraint portal_sessions_phone_fkey foreign key (phone) references guardians on delete cascade;
  create table challenges (
    token_hash text primary key,
    kind text not null,
    expires_ms bigint not null,
    code_hash text not null,
    payload text not null,
    tries integer not null,
    constraint "a challenge is kept by the SHA-256 of its token" check (token_hash ~ '^[0-9a-f]{64}$'),
    constraint "tries do not fall below none" check (tries >= 0)
  );
  create table used_codes (digest text primary key, at_ms bigint not null);`;

export const guardians = {
  async up(database: Kysely<unknown>): Promise<void> {
    await sql.raw(tables).execute(database);
  },
};
