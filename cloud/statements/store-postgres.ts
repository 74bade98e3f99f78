/** The same in PostgreSQL. */
import type { Generated, Kysely } from "kysely";
import type { ChildLink } from "../people/child.js";
import type { MonthlyStatement, StatementStore } from "./store.js";

export interface StatementTables {
  monthlyStatements: MonthlyStatement & { restUntilMs: Generated<number> };
}

export function statementPart(database: Kysely<StatementTables>): StatementStore {
  const of = (phone: string, { school, account }: ChildLink) => ({ phone, school, account });
  return {
    async isMonthly(phone, child) {
      const { school, account } = child;
      const found = database.selectFrom("monthlyStatements").select("phone").where("school", "=", school).where("account", "=", account);
      return (await found.where("phone", "=", phone).executeTakeFirst()) !== undefined;
    },
    async beginMonthly(phone, child, toldThrough) {
      const row = database.insertInto("monthlyStatements").values({ ...of(phone, child), toldThrough });
      await row.onConflict((conflict) => conflict.doNothing()).execute();
    },
    async endMonthly(phone, { school, account }) {
      const row = database.deleteFrom("monthlyStatements").where("school", "=", school).where("account", "=", account);
      await row.where("phone", "=", phone).execute();
    },
    monthlyDue: (before, nowMs, limit) =>
      database
        .selectFrom("monthlyStatements")
        .select(["phone", "school", "account", "toldThrough"])
        .where("toldThrough", "<", before)
        .where("restUntilMs", "<=", nowMs)
        .orderBy("toldThrough")
        .orderBy("phone")
        .orderBy("school")
        .orderBy("account")
        .limit(limit)
        .execute(),
    async monthlyRests(phone, { school, account }, restUntilMs) {
      const row = database
        .updateTable("monthlyStatements")
        .set({ restUntilMs })
        .where("school", "=", school)
        .where("account", "=", account);
      await row.where("phone", "=", phone).execute();
    },
    async monthlyTold(phone, { school, account }, toldThrough) {
      const row = database
        .updateTable("monthlyStatements")
        .set({ toldThrough })
        .where("school", "=", school)
        .where("account", "=", account);
      await row.where("phone", "=", phone).where("toldThrough", "<", toldThrough).execute();
    },
  };
}
