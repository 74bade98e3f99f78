/** Codes for new gateways and epochs that they open. */
import { equalBytes } from "@trapeza/protocol";
import type { Kysely, Transaction } from "kysely";
import type { GatewayRow, Store } from "./store.js";
import type { Tables } from "./tables.js";

type EnrolmentPart = Pick<Store, "addGateway" | "addEnrolment" | "enrolment" | "takeEnrolment">;

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
