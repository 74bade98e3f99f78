/** The partners' SQL. */
import { sql } from "kysely";
import type { Generated, Kysely } from "kysely";
import type { PartnerStore, Told } from "./store.js";

export interface PartnerTables {
  partners: {
    id: string;
    school: number;
    url: string;
    salt: string;
    since: number;
    delivered: number;
    failures: Generated<number>;
    restUntilMs: Generated<number>;
  };
  partnerSchools: { school: number; last: Generated<number> };
  partnerOutbox: { school: number; number: number; transaction: number };
}

export function partnerPart(database: Kysely<PartnerTables>): PartnerStore {
  return {
    addPartner: ({ id, school, url, salt }) =>
      database.transaction().execute(async (transaction) => {
        await transaction
          .insertInto("partnerSchools")
          .values({ school })
          .onConflict((conflict) => conflict.doNothing())
          .execute();
        // The lock of the school's row: whatever is posted meanwhile comes before, or after and is told.
        const { last } = await transaction
          .selectFrom("partnerSchools")
          .select("last")
          .where("school", "=", school)
          .forUpdate()
          .executeTakeFirstOrThrow();
        await transaction.insertInto("partners").values({ id, school, url, salt, since: last, delivered: last }).execute();
      }),
    partners: () => database.selectFrom("partners").selectAll().orderBy("id").execute(),
    async removePartner(id) {
      const { numDeletedRows } = await database.deleteFrom("partners").where("id", "=", id).executeTakeFirst();
      return numDeletedRows === 1n;
    },
    async toldIn(school, after, limit) {
      const { rows } = await sql<Told>`
        select o.school, o.number, coalesce(t.reference, t.epoch || '/' || t.index) as transaction, t.kind, t.business_date, t.at_ms,
          (select json_agg(json_build_object('account', p.account, 'amount', p.amount) order by p.line)
            from ledger_postings p where p.school = o.school and p.transaction = o.transaction) as postings
        from partner_outbox o join ledger_transactions t on t.school = o.school and t.id = o.transaction
        where o.school = ${school} and o.number > ${after} order by o.number limit ${limit}`.execute(database);
      return rows;
    },
    async partnerTook(id, number) {
      const took = database.updateTable("partners").set({ delivered: number, failures: 0, restUntilMs: 0 });
      await took.where("id", "=", id).where("delivered", "<", number).execute();
    },
    async partnerRefused(id, restUntilMs) {
      await database
        .updateTable("partners")
        .set((e) => ({ failures: e("failures", "+", 1), restUntilMs }))
        .where("id", "=", id)
        .execute();
    },
  };
}
