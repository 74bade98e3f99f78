/** Accounts on their way from school to school. */
import type { BusinessDate } from "@trapeza/protocol";
import type { Kysely } from "kysely";
import type { MoveRow, Store } from "./store.js";
import type { Tables } from "./tables.js";

export async function writeMove(database: Kysely<Tables>, row: MoveRow): Promise<void> {
  await database.insertInto("accountMoves").values(row).execute();
}

export function movePart(database: Kysely<Tables>): Pick<Store, "addMove" | "lastMove" | "moves"> {
  const all = database.selectFrom("accountMoves").selectAll();
  const read = (row: Omit<MoveRow, "askedOn"> & { askedOn: number }): MoveRow => ({ ...row, askedOn: row.askedOn as BusinessDate });
  return {
    addMove: (row) => writeMove(database, row),
    async lastMove(school, account) {
      const row = await all
        .where("school", "=", school)
        .where("account", "=", account)
        .orderBy("epoch", "desc")
        .limit(1)
        .executeTakeFirst();
      return row ? read(row) : null;
    },
    async moves(school) {
      const own = all.where((e) => e.or([e("school", "=", school), e("toSchool", "=", school)]));
      return (await own.orderBy("askedOn", "desc").orderBy("school").orderBy("account").orderBy("epoch", "desc").execute()).map(read);
    },
  };
}
