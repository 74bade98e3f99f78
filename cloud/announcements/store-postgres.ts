/** The same in PostgreSQL. */
import { sql } from "kysely";
import type { Generated, Kysely } from "kysely";
import type { Channel } from "../notices/notice.js";
import { VISIBLE } from "../people/store-postgres.js";
import type { AnnouncementStore, Received } from "./announcement.js";

export interface AnnouncementTables {
  announcements: {
    id: Generated<number>;
    school: number;
    class: number | null;
    account: number | null;
    title: string;
    text: string;
    sentMs: number;
    sentBy: string;
    withdrawnMs: Generated<number | null>;
  };
  announcementChildren: { announcement: number; school: number; account: number };
  announcementReadings: { announcement: number; school: number; phone: string; readMs: number };
  announcementPosts: { announcement: number; school: number; phone: string; channel: Channel; dueMs: number };
}

export function announcementPart(database: Kysely<AnnouncementTables>): AnnouncementStore {
  return {
    async received(phone) {
      const { rows } = await sql<Received>`
        select a.id, a.school, a.title, a.text, a.sent_ms, r.read_ms, array_agg(distinct c.account) as accounts
        from announcements a
          join announcement_children c on c.announcement = a.id
          join ${VISIBLE} as v on v.school = c.school and v.account = c.account and v.phone = ${phone}
          left join announcement_readings r on r.announcement = a.id and r.phone = ${phone}
        where a.withdrawn_ms is null
        group by a.id, r.read_ms order by a.id desc`.execute(database);
      return rows;
    },
    async read(id, phone, nowMs) {
      await sql`
        insert into announcement_readings (announcement, school, phone, read_ms)
        select id, school, ${phone}, ${nowMs} from announcements where id = ${id} on conflict do nothing`.execute(database);
    },
    posts: (nowMs, limit) =>
      database
        .selectFrom("announcementPosts")
        .innerJoin("announcements", "announcements.id", "announcementPosts.announcement")
        .select(["announcement", "phone", "channel", "sentMs"])
        .where("dueMs", "<=", nowMs)
        .orderBy("dueMs")
        .orderBy("announcement")
        .orderBy("phone")
        .limit(limit)
        .execute(),
    async told({ announcement, phone, channel }) {
      const told = database.deleteFrom("announcementPosts").where("announcement", "=", announcement);
      await told.where("phone", "=", phone).where("channel", "=", channel).execute();
    },
    async later({ announcement, phone, channel }, dueMs) {
      const moved = database.updateTable("announcementPosts").set({ dueMs }).where("announcement", "=", announcement);
      await moved.where("phone", "=", phone).where("channel", "=", channel).execute();
    },
  };
}
