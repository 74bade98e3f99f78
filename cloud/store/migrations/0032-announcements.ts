/** What a school writes to its families: for which children, who has read it, and whom it has yet to be told to. */
import { sql } from "kysely";
import type { Kysely } from "kysely";

const tables = `
  create table announcements (
    id integer generated always as identity primary key,
    school integer not null references schools,
    class integer,
    account integer,
    title text not null,
    text text not null,
    sent_ms bigint not null,
    sent_by text not null,
    withdrawn_ms bigint,
    constraint "an announcement is for a family, a class or the school" check (class is null or account is null)
  );
  create index announcements_by_school on announcements (school, id);
  create table announcement_children (
    announcement integer not null references announcements,
    school integer not null references schools,
    account integer not null,
    primary key (announcement, account)
  );
  create index announcement_children_by_account on announcement_children (school, account);
  create table announcement_readings (
    announcement integer not null references announcements,
    school integer not null references schools,
    phone text not null references guardians on delete cascade,
    read_ms bigint not null,
    primary key (announcement, phone)
  );
  create index announcement_readings_by_guardian on announcement_readings (phone);
  create table announcement_posts (
    announcement integer not null references announcements,
    school integer not null references schools,
    phone text not null references guardians on delete cascade,
    channel text not null,
    due_ms bigint not null,
    primary key (announcement, phone, channel),
    constraint "an announcement goes by mail or by push" check (channel in ('mail', 'push'))
  );
  create index announcement_posts_by_day on announcement_posts (due_ms);
  create index announcement_posts_by_guardian on announcement_posts (phone);
  update notice_wishes set mail = array_append(mail, 'announcement'), push = array_append(push, 'announcement');`;

export const announcements = {
  async up(database: Kysely<unknown>): Promise<void> {
    await sql.raw(tables).execute(database);
  },
};
