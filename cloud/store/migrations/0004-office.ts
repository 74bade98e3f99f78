/** The office: who works in it, what each of them changed, and what is still to be told to a school. */
import { sql } from "kysely";
import type { Kysely } from "kysely";

const tables = `
  create table office_staff (
    login text primary key,
    name text not null,
    role text not null,
    school integer references schools,
    class integer,
    password text not null,
    totp_secret bytea not null,
    totp_proven boolean not null default false,
    totp_step bigint not null default -1,
    active boolean not null default true,
    constraint "a login is 2 to 40 small letters, digits, dots and hyphens" check (login ~ '^[a-z0-9][a-z0-9.-]{1,39}$'),
    constraint "a staff password is kept as a salted scrypt hash" check (password like 'scrypt$%'),
    constraint "a class belongs to a school" check (class is null or school is not null)
  );
  create table office_sessions (
    token_hash text primary key,
    login text not null references office_staff,
    expires_ms bigint not null,
    proven boolean not null,
    failures integer not null default 0,
    constraint "an office session is kept by the SHA-256 of its token" check (token_hash ~ '^[0-9a-f]{64}$')
  );
  create table office_trail (
    id bigint generated always as identity primary key,
    at_ms bigint not null,
    login text not null,
    school integer,
    what text not null,
    subject text not null,
    before jsonb,
    after jsonb,
    constraint "a change says what it is" check (what <> '')
  );
  create index office_trail_by_subject on office_trail (school, subject);
  create trigger "office_trail is append-only" before update or delete or truncate on office_trail
    for each statement execute function refuse_change();
  create table office_outbox (
    id bigint generated always as identity primary key,
    school integer not null references schools,
    directive bytea not null,
    since bigint
  );`;

export const office = {
  async up(database: Kysely<unknown>): Promise<void> {
    await sql.raw(tables).execute(database);
  },
};
