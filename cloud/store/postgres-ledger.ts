/** The ledger's half of the PostgreSQL store: inserts and sums, nothing else. */
import type { BusinessDate, Kopecks } from "@trapeza/protocol";
import { sql } from "kysely";
import type { Kysely, Transaction } from "kysely";
import type { LedgerAccount, LedgerTransaction } from "../ledger/posting.js";
import { inSlices } from "./slices.js";
import { operationKey } from "./store.js";
import type { Store } from "./store.js";
import type { Tables } from "./tables.js";

/** Inserts within the caller's transaction; the balance is checked by the database when that one commits. */
export async function writeTransactions(
  transaction: Transaction<Tables>,
  school: number,
  transactions: readonly LedgerTransaction[],
): Promise<void> {
  const ids = new Map<number, number>();
  await inSlices(transactions, (slice) => ({
    async execute() {
      const rows = slice.map(({ epoch, index, kind, date, atMs, operation }) => ({
        ...{ school, epoch, index, kind, businessDate: date, atMs },
        ...(operation ?? { terminal: null, incarnation: null, n: null, part: null }),
      }));
      const written = await transaction.insertInto("ledgerTransactions").values(rows).returning(["id", "index"]).execute();
      for (const { id, index } of written) ids.set(index as number, id);
    },
  }));
  const postings = transactions.flatMap(({ index, postings: lines }) =>
    lines.map(({ account, amount }, line) => ({ transaction: ids.get(index)!, line, school, account, amount })),
  );
  await inSlices(postings, (slice) => transaction.insertInto("ledgerPostings").values(slice));
}

export function ledgerPart(database: Kysely<Tables>): Pick<Store, "postedOperations" | "balances" | "postings"> {
  return {
    async postedOperations(school, operations) {
      if (operations.length === 0) return [];
      const { rows } = await sql<{ terminal: number; incarnation: number; n: number; part: number }>`
        select t.terminal, t.incarnation, t.n, t.part from ledger_transactions t
        join unnest(${operations.map((o) => o.terminal)}::int[], ${operations.map((o) => o.incarnation)}::bigint[],
          ${operations.map((o) => o.n)}::bigint[], ${operations.map((o) => o.part)}::int[]) as w (terminal, incarnation, n, part)
          on (t.terminal, t.incarnation, t.n, t.part) = (w.terminal, w.incarnation, w.n, w.part)
        where t.school = ${school}`.execute(database);
      const posted = new Set(rows.map(operationKey));
      return operations.filter((operation) => posted.has(operationKey(operation)));
    },
    async balances(school, accounts, before) {
      let query = database
        .selectFrom("ledgerPostings as p")
        .select((e) => ["p.account", e.fn.sum<number>("p.amount").as("total")])
        .where("p.school", "=", school)
        .groupBy("p.account");
      if (accounts) query = query.where("p.account", "in", [...accounts]);
      if (before !== undefined) {
        query = query.innerJoin("ledgerTransactions as t", "t.id", "p.transaction").where("t.businessDate", "<", before) as typeof query;
      }
      const rows = accounts?.length === 0 ? [] : await query.execute();
      return new Map(rows.map(({ account, total }) => [account as LedgerAccount, total]));
    },
    async postings(school, account) {
      const rows = await database
        .selectFrom("ledgerPostings as p")
        .innerJoin("ledgerTransactions as t", "t.id", "p.transaction")
        .select(["t.epoch", "t.index", "t.reference", "t.businessDate", "p.amount"])
        .where("p.school", "=", school)
        .where("p.account", "=", account)
        .orderBy("t.id")
        .execute();
      return rows.map(({ epoch, index, reference, businessDate, amount }) => ({
        ...{ transaction: reference ?? epoch + "/" + index, account },
        date: businessDate as BusinessDate,
        amount: amount as Kopecks,
      }));
    },
  };
}
