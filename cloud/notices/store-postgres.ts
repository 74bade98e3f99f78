/** The same in PostgreSQL. */
import { sql } from "kysely";
import type { Generated, Kysely, RawBuilder } from "kysely";
import { VISIBLE } from "../people/store-postgres.js";
import type { Channel, NoticeKind } from "./notice.js";
import { USUAL_WISHES } from "./store.js";
import type { NoticeStore, ToTell } from "./store.js";

export interface NoticeTables {
  noticeWishes: { phone: string; mail: NoticeKind[]; push: NoticeKind[]; lowKopecks: number; quietNights: boolean };
  pushAddresses: { endpoint: string; phone: string; p256dh: string; auth: string };
  notices: { id: Generated<number>; phone: string; channel: Channel; school: number; account: number; epoch: number; index: number };
  noticeRests: { phone: string; channel: Channel; untilMs: number };
}

/** Part of the upload's own statement, after its `moved`: an event and what is to be told of it are stored both, or neither. Only for whom we can reach. */
export function noticesToWrite(school: number, epoch: number, rows: readonly ToTell[]): RawBuilder<unknown> {
  if (rows.length === 0) return sql`select`;
  return sql`
    insert into notices (phone, channel, school, account, epoch, index)
    select g.phone, c.channel, ${school}, w.account, ${epoch}, w.index
    from moved cross join unnest(${rows.map(({ account }) => account)}::int[], ${rows.map(({ index }) => index)}::bigint[]) as w (account, index)
      join ${VISIBLE} as v on v.school = ${school} and v.account = w.account
      join guardians g on g.phone = v.phone
      join (values ('mail'), ('push')) as c (channel) on
        (c.channel = 'mail' and g.is_confirmed) or
        (c.channel = 'push' and exists (select from push_addresses a where a.phone = g.phone))
    order by w.index`;
}

export function noticePart(database: Kysely<NoticeTables>): NoticeStore {
  return { ...wishPart(database), ...addressPart(database), ...waitingPart(database) };
}

function wishPart(database: Kysely<NoticeTables>): Pick<NoticeStore, "wishes" | "setWishes"> {
  return {
    async wishes(phone) {
      const wanted = database.selectFrom("noticeWishes").select(["mail", "push", "lowKopecks", "quietNights"]).where("phone", "=", phone);
      return (await wanted.executeTakeFirst()) ?? USUAL_WISHES;
    },
    async setWishes(phone, { mail, push, lowKopecks, quietNights }) {
      const row = { mail: [...mail], push: [...push], lowKopecks, quietNights };
      await database
        .insertInto("noticeWishes")
        .values({ phone, ...row })
        .onConflict((conflict) => conflict.column("phone").doUpdateSet(row))
        .execute();
    },
  };
}

function addressPart(database: Kysely<NoticeTables>): Pick<NoticeStore, "addresses" | "addAddress" | "dropAddress" | "dropAddresses"> {
  return {
    addresses: (phone) =>
      database.selectFrom("pushAddresses").select(["endpoint", "p256dh", "auth"]).where("phone", "=", phone).orderBy("endpoint").execute(),
    async addAddress(phone, { endpoint, p256dh, auth }) {
      await database
        .insertInto("pushAddresses")
        .values({ endpoint, phone, p256dh, auth })
        .onConflict((conflict) => conflict.column("endpoint").doUpdateSet({ phone, p256dh, auth }))
        .execute();
    },
    async dropAddress(endpoint) {
      await database.deleteFrom("pushAddresses").where("endpoint", "=", endpoint).execute();
    },
    async dropAddresses(phone) {
      await database.deleteFrom("pushAddresses").where("phone", "=", phone).execute();
    },
  };
}

function waitingPart(database: Kysely<NoticeTables>): Pick<NoticeStore, "due" | "waiting" | "told"> {
  return {
    due: (nowMs, limit) =>
      database
        .selectFrom("notices as n")
        .leftJoin("noticeRests as r", (join) => join.onRef("r.phone", "=", "n.phone").onRef("r.channel", "=", "n.channel"))
        .select(["n.phone", "n.channel"])
        .where((e) => e.or([e("r.untilMs", "is", null), e("r.untilMs", "<=", nowMs)]))
        .groupBy(["n.phone", "n.channel"])
        .orderBy((e) => e.fn.min("n.id"))
        .limit(limit)
        .execute(),
    waiting: (phone, channel, limit) =>
      database
        .selectFrom("notices")
        .select(["id", "school", "epoch", "account", "index"])
        .where("phone", "=", phone)
        .where("channel", "=", channel)
        .orderBy("id")
        .limit(limit)
        .execute(),
    told: (phone, channel, ids, untilMs) =>
      database.transaction().execute(async (transaction) => {
        if (ids.length > 0) await transaction.deleteFrom("notices").where("id", "in", ids).execute();
        await transaction
          .insertInto("noticeRests")
          .values({ phone, channel, untilMs })
          .onConflict((conflict) => conflict.columns(["phone", "channel"]).doUpdateSet({ untilMs }))
          .execute();
      }),
  };
}
