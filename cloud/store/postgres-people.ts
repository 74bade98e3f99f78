/** The people's half of the PostgreSQL store: guardians, their children, their sessions. */
import type { Kysely } from "kysely";
import type { Store } from "./store.js";
import type { Tables } from "./tables.js";

type PeoplePart = Pick<Store, "putGuardian" | "guardian" | "children" | "putSession" | "session" | "dropSession">;

export function peoplePart(database: Kysely<Tables>): PeoplePart {
  return {
    putGuardian: ({ phone, name, password }, children) =>
      database.transaction().execute(async (transaction) => {
        await transaction
          .insertInto("guardians")
          .values({ phone, name, password })
          .onConflict((conflict) => conflict.column("phone").doUpdateSet({ name, password }))
          .execute();
        if (children.length === 0) return;
        await transaction
          .insertInto("children")
          .values(children.map(({ school, account }) => ({ phone, school, account })))
          .onConflict((conflict) => conflict.doNothing())
          .execute();
      }),
    async guardian(phone) {
      const row = await database.selectFrom("guardians").selectAll().where("phone", "=", phone).executeTakeFirst();
      return row ?? null;
    },
    children: (phone) =>
      database
        .selectFrom("children")
        .select(["school", "account"])
        .where("phone", "=", phone)
        .orderBy("school")
        .orderBy("account")
        .execute(),
    async putSession(tokenHash, { phone, expiresMs }) {
      await database.insertInto("portalSessions").values({ tokenHash, phone, expiresMs }).execute();
    },
    async session(tokenHash) {
      const row = await database
        .selectFrom("portalSessions")
        .select(["phone", "expiresMs"])
        .where("tokenHash", "=", tokenHash)
        .executeTakeFirst();
      return row ?? null;
    },
    async dropSession(tokenHash) {
      await database.deleteFrom("portalSessions").where("tokenHash", "=", tokenHash).execute();
    },
  };
}
