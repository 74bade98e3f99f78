/** The ledger's half of the PostgreSQL store: inserts and sums, nothing else. */
import type { BusinessDate, Kopecks } from "@trapeza/protocol";
import { sql } from "kysely";
import type { Kysely, RawBuilder } from "kysely";
import type { LedgerAccount } from "../ledger/posting.js";
import { operationKey } from "./store.js";
import type { Store, StoredTransaction, Turnover } from "./store.js";
import type { Tables } from "./tables.js";

/** A school that was without internet tells of days that are closed by now: they stand in the books, and in a family's history, on this day. */
export function firstOpenDay(school: number): RawBuilder<number> {
  return sql<number>`(select coalesce(max(last) + 1, 0) from ledger_periods where school = ${school})`;
}

export function ledgerPart(
  database: Kysely<Tables>,
): Pick<Store, "balances" | "staleBalances" | "postings" | "turnovers" | "transactions"> {
  return {
    async turnovers(school, from, to) {
      const { rows } = await sql<Turnover>`
        select t.kind, t.reference is null as is_entry, p.account,
          coalesce(sum(p.amount) filter (where p.amount > 0), 0) as debit, coalesce(-sum(p.amount) filter (where p.amount < 0), 0) as credit
        from ledger_transactions t join ledger_postings p on p.school = t.school and p.transaction = t.id
        where t.school = ${school} and t.business_date between ${from} and ${to}
        group by t.kind, is_entry, p.account order by p.account, t.kind, is_entry`.execute(database);
      return rows;
    },
    async transactions(school, after, limit) {
      const { rows } = await sql<StoredTransaction>`
        select t.id, coalesce(t.reference, t.epoch || '/' || t.index) as transaction, t.reference is null as is_entry, t.kind,
          coalesce(json_agg(json_build_object('account', p.account, 'amount', p.amount) order by p.line) filter (where p.line is not null), '[]') as postings
        from (select * from ledger_transactions where school = ${school} and id > ${after} order by id limit ${limit}) t
        left join ledger_postings p on p.school = t.school and p.transaction = t.id
        group by t.id, t.reference, t.epoch, t.index, t.kind order by t.id`.execute(database);
      return rows;
    },
    balances: (school, accounts, before) =>
      before === undefined ? balancesNow(database, school, accounts) : balancesBefore(database, school, before, accounts),
    async staleBalances(school) {
      const { rows } = await sql<{ account: string; last: number }>`
        select coalesce(k.account, d.account) as account, coalesce(k.last, d.last) as last
        from (select last, account, total, dated from ledger_balances where school = ${school}) k
        full join (
          select q.last, p.account, sum(p.amount) as total, coalesce(sum(p.amount) filter (where t.business_date <= q.last), 0) as dated
          from ledger_periods q join ledger_postings p on p.school = q.school and p.transaction <= q.upto
            join ledger_transactions t on t.school = p.school and t.id = p.transaction
          where q.school = ${school} and t.school = ${school} group by q.last, p.account) d
        on d.last = k.last and d.account = k.account
        where (k.total, k.dated) is distinct from (d.total, d.dated) order by 2, 1`.execute(database);
      return rows.map(({ account, last }) => ({ account: account as LedgerAccount, last: last as BusinessDate }));
    },
    async postings(school, account) {
      const rows = await database
        .selectFrom("ledgerPostings as p")
        .innerJoin("ledgerTransactions as t", (join) => join.onRef("t.school", "=", "p.school").onRef("t.id", "=", "p.transaction"))
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

/** What stood when the last period was closed, and all that was posted since: a closed year is not summed again for each parent who looks. */
async function balancesNow(
  database: Kysely<Tables>,
  school: number,
  accounts: readonly LedgerAccount[] | undefined,
): Promise<Map<LedgerAccount, number>> {
  if (accounts?.length === 0) return new Map();
  const named = accounts ? sql`and account = any(${[...accounts]})` : sql``;
  const last = sql`(select max(last) from ledger_periods where school = ${school})`;
  const upto = sql`(select coalesce(max(upto), 0) from ledger_periods where school = ${school})`;
  const { rows } = await sql<{ account: LedgerAccount; total: number }>`
    select account, sum(amount) as total from (
      select account, total as amount from ledger_balances where school = ${school} and last = ${last} ${named}
      union all
      select account, amount from ledger_postings where school = ${school} and transaction > ${upto} ${named}) b
    group by account`.execute(database);
  return new Map(rows.map(({ account, total }) => [account, total]));
}

async function balancesBefore(
  database: Kysely<Tables>,
  school: number,
  before: BusinessDate,
  accounts: readonly LedgerAccount[] | undefined,
): Promise<Map<LedgerAccount, number>> {
  if (accounts?.length === 0) return new Map();
  let query = database
    .selectFrom("ledgerPostings as p")
    .innerJoin("ledgerTransactions as t", (join) => join.onRef("t.school", "=", "p.school").onRef("t.id", "=", "p.transaction"))
    .select((e) => ["p.account", e.fn.sum<number>("p.amount").as("total")])
    .where("p.school", "=", school)
    .where("t.businessDate", "<", before)
    .groupBy("p.account");
  if (accounts) query = query.where("p.account", "in", [...accounts]);
  return new Map((await query.execute()).map(({ account, total }) => [account as LedgerAccount, total]));
}

/** Which operations are in the books, and where. */
export function operationPart(database: Kysely<Tables>): Pick<Store, "postedOperations" | "entryOf"> {
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
    async entryOf(school, { terminal, incarnation, n }) {
      const row = await database
        .selectFrom("ledgerTransactions as t")
        .innerJoin("entries as e", (join) =>
          join.onRef("e.school", "=", "t.school").onRef("e.epoch", "=", "t.epoch").onRef("e.index", "=", "t.index"),
        )
        .select(["e.epoch", "e.index", "e.bytes", "e.leaf"])
        .where("t.school", "=", school)
        .where("t.terminal", "=", terminal)
        .where("t.incarnation", "=", incarnation)
        .where("t.n", "=", n)
        .where("t.part", "=", 0)
        .executeTakeFirst();
      return row ?? null;
    },
  };
}
