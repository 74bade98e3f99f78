/** What is salvaged of closed epochs, and what a person has accepted of it. */
import { sql } from "kysely";
import type { Kysely } from "kysely";
import { inSlices } from "./slices.js";
import type { Store } from "./store.js";
import type { Tables } from "./tables.js";

type TailPart = Pick<Store, "addSalvage" | "salvage" | "acceptTail" | "tails" | "tailTold">;

export function tailPart(database: Kysely<Tables>): TailPart {
  return {
    addSalvage: (school, epoch, rows) =>
      database.transaction().execute(async (transaction) => {
        const { size } = await transaction
          .selectFrom("gateways")
          .select("size")
          .where("school", "=", school)
          .where("epoch", "=", epoch)
          .forUpdate()
          .executeTakeFirstOrThrow();
        const { kept } = await transaction
          .selectFrom("salvage")
          .select((e) => e.fn.countAll<number>().as("kept"))
          .where("school", "=", school)
          .where("epoch", "=", epoch)
          .executeTakeFirstOrThrow();
        if (rows.some(({ index }, i) => index !== size + kept + i)) return false;
        await inSlices(rows, (slice) =>
          transaction.insertInto("salvage").values(slice.map(({ index, bytes, leaf }) => ({ school, epoch, index, bytes, leaf }))),
        );
        return true;
      }),
    salvage: (school, epoch) =>
      database
        .selectFrom("salvage")
        .select(["epoch", "index", "bytes", "leaf"])
        .where("school", "=", school)
        .where("epoch", "=", epoch)
        .orderBy("index")
        .execute(),
    async acceptTail(school, epoch, upTo) {
      await database
        .insertInto("tails")
        .values({ school, epoch, accepted: upTo, told: 0 })
        .onConflict((conflict) =>
          conflict.columns(["school", "epoch"]).doUpdateSet({ accepted: sql<number>`greatest(tails.accepted, excluded.accepted)` }),
        )
        .execute();
    },
    tails: (school) =>
      database.selectFrom("tails").select(["epoch", "accepted", "told"]).where("school", "=", school).orderBy("epoch").execute(),
    async tailTold(school, epoch, upTo) {
      await database
        .updateTable("tails")
        .set({ told: sql<number>`greatest(told, least(accepted, ${upTo}::bigint))` })
        .where("school", "=", school)
        .where("epoch", "=", epoch)
        .execute();
    },
  };
}
