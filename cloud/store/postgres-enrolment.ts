/** Codes for new gateways, epochs that they open, and what is salvaged of closed ones. */
import { equalBytes } from "@trapeza/protocol";
import type { Kysely, Transaction } from "kysely";
import { inSlices } from "./slices.js";
import type { GatewayRow, Store } from "./store.js";
import type { Tables } from "./tables.js";

type EnrolmentPart = Pick<Store, "addGateway" | "addEnrolment" | "enrolment" | "takeEnrolment" | "addSalvage" | "salvage">;

export function enrolmentPart(database: Kysely<Tables>): EnrolmentPart {
  return {
    addGateway: (gateway) => database.transaction().execute((transaction) => nextEpoch(transaction, gateway)),
    async addEnrolment({ codeHash, school, expiresMs }) {
      await database.insertInto("enrolments").values({ codeHash, school, expiresMs, epoch: null }).execute();
    },
    async enrolment(codeHash) {
      const row = await database
        .selectFrom("enrolments")
        .select(["codeHash", "school", "expiresMs"])
        .where("codeHash", "=", codeHash)
        .executeTakeFirst();
      return row ?? null;
    },
    takeEnrolment: (codeHash, gateway, nowMs) =>
      database.transaction().execute((transaction) => takeEnrolment(transaction, codeHash, gateway, nowMs)),
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
  };
}

async function nextEpoch(
  transaction: Transaction<Tables>,
  { id, school, key }: { id: string; school: number; key: Uint8Array },
): Promise<GatewayRow> {
  // Locks the school's row, so that two gateways registered at once get two epochs.
  await transaction.selectFrom("schools").select("id").where("id", "=", school).forUpdate().executeTakeFirstOrThrow();
  const { last } = await transaction
    .selectFrom("gateways")
    .select((e) => e.fn.coalesce(e.fn.max("epoch"), e.lit(0)).as("last"))
    .where("school", "=", school)
    .executeTakeFirstOrThrow();
  return transaction
    .insertInto("gateways")
    .values({ school, epoch: last + 1, id, key })
    .returningAll()
    .executeTakeFirstOrThrow();
}

async function takeEnrolment(
  transaction: Transaction<Tables>,
  codeHash: string,
  { id, key }: { id: string; key: Uint8Array },
  nowMs: number,
): Promise<GatewayRow | "used" | "expired"> {
  const code = await transaction
    .selectFrom("enrolments")
    .selectAll()
    .where("codeHash", "=", codeHash)
    .forUpdate()
    .executeTakeFirstOrThrow();
  const { school, epoch } = code;
  if (epoch !== null) {
    const row = await transaction
      .selectFrom("gateways")
      .selectAll()
      .where("school", "=", school)
      .where("epoch", "=", epoch)
      .executeTakeFirstOrThrow();
    return row.id === id && equalBytes(row.key, key) ? row : "used";
  }
  if (nowMs >= code.expiresMs) return "expired";
  const row = await nextEpoch(transaction, { id, school, key });
  await transaction.updateTable("enrolments").set({ epoch: row.epoch }).where("codeHash", "=", codeHash).execute();
  return row;
}
