/** The payments' SQL. An order's row is the lock of its life: whoever comes second finds another version and stores nothing. */
import type { Kopecks } from "@trapeza/protocol";
import { sql } from "kysely";
import type { Kysely, Selectable, Transaction } from "kysely";
import { writeOffice } from "../store/postgres-office.js";
import type { Tables } from "../store/tables.js";
import type { NewOrder, Order, OrderLine, OrderState } from "./order.js";
import type { BindingStore, PaymentStore } from "./store.js";
import type { Step } from "./advance.js";

/** The money is here, and has not gone back whole. */
export const PAID: readonly OrderState[] = ["authorised", "credited"];

type Row = Selectable<Tables["paymentOrders"]>;

export function createPaymentStore(database: Kysely<Tables>): PaymentStore {
  const orders = database.selectFrom("paymentOrders as o").selectAll("o");
  const one = async (query: typeof orders) => (await withLines(database, await query.limit(1).execute())).at(0) ?? null;
  const has = (school: number, account?: number) => {
    const line = database.selectFrom("paymentLines as l").select("l.order").where("l.school", "=", school);
    return account === undefined ? line : line.where("l.account", "=", account);
  };
  return {
    addOrder: (draft, expiresMs) => database.transaction().execute((transaction) => addOrder(transaction, draft, expiresMs)),
    order: (number) => one(orders.where("o.number", "=", number)),
    orderByKey: (key) => one(orders.where("o.key", "=", key)),
    ordersOf: async (payer, limit) =>
      withLines(database, await orders.where("o.payer", "=", payer).orderBy("o.number", "desc").limit(limit).execute()),
    ordersFor: async (school, account, limit) =>
      withLines(
        database,
        await orders
          .where((e) => e("o.number", "in", has(school, account)))
          .orderBy("o.number", "desc")
          .limit(limit)
          .execute(),
      ),
    pendingIn: async (school) =>
      withLines(
        database,
        await orders
          .where("o.state", "=", "authorised")
          .where((e) => e("o.number", "in", has(school)))
          .orderBy("o.number")
          .execute(),
      ),
    paidIn: async (school, limit) =>
      withLines(
        database,
        await orders
          .where((e) => e.or([e("o.state", "not in", ["created", "registered", "failed", "expired"]), e("o.refunded", ">", 0 as Kopecks)]))
          .where((e) => e("o.number", "in", has(school)))
          .orderBy("o.number", "desc")
          .limit(limit)
          .execute(),
      ),
    unsettled: async (way, fromMs, toMs) => {
      const paid = database.selectFrom("paymentHistory as h").select("h.order").where("h.state", "=", "authorised");
      const begun = paid.groupBy("h.order").having((e) => e.between(e.fn.min("h.atMs"), fromMs, toMs - 1));
      const found = orders.where("o.way", "=", way).where("o.settled", "=", false);
      return withLines(
        database,
        await found
          .where((e) => e("o.number", "in", begun))
          .orderBy("o.number")
          .execute(),
      );
    },
    open: async (limit) =>
      withLines(
        database,
        await orders.where("o.state", "in", ["created", "registered", "authorised"]).orderBy("o.number").limit(limit).execute(),
      ),
    ...receiptPart(database),
    forgetPayer: async (payer) => void (await sql`select forget_payer(${payer})`.execute(database)),
    ...bindingPart(database),
    history: (number) =>
      database.selectFrom("paymentHistory").select(["version", "state", "atMs"]).where("order", "=", number).orderBy("version").execute(),
    advance: (number, version, step, atMs) =>
      database.transaction().execute((transaction) => advance(transaction, number, version, step, atMs)),
  };
}

function receiptPart(database: Kysely<Tables>): Pick<PaymentStore, "receiptsDue" | "receiptSent"> {
  return {
    receiptsDue: async (sinceMs, limit) => {
      const sent = database.selectFrom("paymentReceipts as r").select("r.order");
      const due = database
        .selectFrom("paymentOrders as o")
        .selectAll("o")
        .where("o.email", "is not", null)
        .where("o.createdMs", ">=", sinceMs)
        .where("o.state", "in", PAID);
      return withLines(
        database,
        await due
          .where((e) => e("o.number", "not in", sent))
          .orderBy("o.number")
          .limit(limit)
          .execute(),
      );
    },
    async receiptSent(order, sentMs) {
      const row = database.insertInto("paymentReceipts").values({ order, sentMs });
      await row.onConflict((conflict) => conflict.doNothing()).execute();
    },
  };
}

function bindingPart(database: Kysely<Tables>): BindingStore {
  const rows = database.selectFrom("paymentBindings").select(["id", "way", "payer", "bank", "boundMs"]);
  return {
    // The order's row is held: a payer who is being forgotten is forgotten before, or finds the binding afterwards and ends it.
    async addBinding(order, { id, way, bank, boundMs }) {
      await sql`insert into payment_bindings (id, way, bank, bound_ms, payer, ended_ms)
        select ${id}, ${way}, ${bank}, ${boundMs}, coalesce(o.payer, '—'), case when o.payer is null then ${boundMs}::bigint end
        from payment_orders o where o.number = ${order} for share on conflict do nothing`.execute(database);
    },
    bindings: (payer) => rows.where("payer", "=", payer).where("endedMs", "is", null).orderBy("boundMs").orderBy("id").execute(),
    async endBinding(payer, id, endedMs) {
      const living = database.updateTable("paymentBindings").set({ endedMs }).where("endedMs", "is", null);
      await living.where("payer", "=", payer).where("id", "=", id).execute();
    },
    unreleased: (limit) =>
      rows.where("endedMs", "is not", null).where("isReleased", "=", false).orderBy("endedMs").orderBy("id").limit(limit).execute(),
    async bindingReleased(way, id) {
      const ended = database.updateTable("paymentBindings").set({ isReleased: true }).where("endedMs", "is not", null);
      await ended.where("way", "=", way).where("id", "=", id).execute();
    },
    forgetBindings: async (payer, atMs) => void (await sql`select forget_bindings(array[${payer}], ${atMs})`.execute(database)),
  };
}

/** Two who come with the same key at once: the database lets one in, and the other reads what he wrote. */
async function addOrder(transaction: Transaction<Tables>, { lines, ...draft }: NewOrder, expiresMs: number): Promise<Order> {
  const added = await transaction
    .insertInto("paymentOrders")
    .values({ ...draft, expiresMs })
    .onConflict((conflict) => conflict.column("key").doNothing())
    .returningAll()
    .executeTakeFirst();
  if (!added) {
    const found = await transaction.selectFrom("paymentOrders").selectAll().where("key", "=", draft.key).executeTakeFirstOrThrow();
    return (await withLines(transaction, [found]))[0];
  }
  await transaction
    .insertInto("paymentLines")
    .values(lines.map((line, i) => ({ ...line, order: added.number, line: i })))
    .execute();
  await transaction
    .insertInto("paymentHistory")
    .values({ order: added.number, version: 0, state: "created", atMs: draft.createdMs })
    .execute();
  return { ...added, lines };
}

async function advance(transaction: Transaction<Tables>, number: number, version: number, step: Step, atMs: number): Promise<boolean> {
  const { payAt, ...progress } = step.progress;
  const moved = await transaction
    .updateTable("paymentOrders")
    .set({ ...progress, payAt: payAt && JSON.stringify(payAt), version: version + 1 })
    .where("number", "=", number)
    .where("version", "=", version)
    .executeTakeFirst();
  if (moved.numUpdatedRows !== 1n) return false;
  await transaction
    .insertInto("paymentHistory")
    .values({ order: number, version: version + 1, state: progress.state, atMs })
    .execute();
  await writeOffice(transaction, step);
  return true;
}

async function withLines(database: Kysely<Tables>, rows: readonly Row[]): Promise<Order[]> {
  if (rows.length === 0) return [];
  const numbers = rows.map(({ number }) => number);
  const found = await database
    .selectFrom("paymentLines")
    .selectAll()
    .where("order", "in", numbers)
    .orderBy("order")
    .orderBy("line")
    .execute();
  const lines = new Map<number, OrderLine[]>(numbers.map((number) => [number, []]));
  for (const { order, school, account, purse, sum } of found) lines.get(order)?.push({ school, account, purse, sum });
  return rows.map((row) => ({ ...row, lines: lines.get(row.number) ?? [] }));
}
