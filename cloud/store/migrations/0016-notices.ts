/** What guardians want to hear, where, and what waits to be told to them. All of it goes with the guardian. */
import { sql } from "kysely";
import type { Kysely } from "kysely";

const tables = `
  create table notice_wishes (
    phone text primary key references guardians on delete cascade,
    mail text[] not null,
    push text[] not null,
    low_kopecks integer not null,
    quiet_nights boolean not null
  );
  create table push_addresses (
    endpoint text primary key,
    phone text not null references guardians on delete cascade,
    p256dh text not null,
    auth text not null
  );
  create index push_addresses_by_phone on push_addresses (phone);
  create table notices (
    id bigint generated always as identity primary key,
    phone text not null references guardians on delete cascade,
    channel text not null,
    school integer not null references schools,
    account integer not null,
    epoch integer not null,
    index bigint not null,
    constraint "a notice goes by mail or by push" check (channel in ('mail', 'push')),
    constraint "an event is told once a guardian and channel" unique (school, epoch, index, account, phone, channel)
  );
  create index notices_by_guardian on notices (phone, channel, id);
  create table notice_rests (
    phone text not null references guardians on delete cascade,
    channel text not null,
    until_ms bigint not null,
    primary key (phone, channel)
  );`;

export const notices = {
  async up(database: Kysely<unknown>): Promise<void> {
    await sql.raw(tables).execute(database);
  },
};
