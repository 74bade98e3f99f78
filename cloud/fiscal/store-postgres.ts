/** The fiscal receipts' SQL. Rows are made by the database itself, with the postings that want them. */
import { sql } from "kysely";
import type { ColumnType, Generated, Kysely, QueryExecutorProvider, RawBuilder } from "kysely";
import { OPERATIONS } from "./receipt.js";
import type { FiscalDocument, FiscalReceipt, FiscalStore, Operation } from "./receipt.js";

export interface FiscalTables {
  fiscalKinds: { kind: string; operation: Operation };
  fiscalReceipts: {
    school: number;
    transaction: number;
    operation: Operation;
    sum: number;
    state: Generated<FiscalReceipt["state"]>;
    providerId: string | null;
    document: ColumnType<FiscalDocument | null, string | null, string | null>;
    why: Generated<string>;
    tries: Generated<number>;
    remedy: Generated<FiscalReceipt["remedy"]>;
    renewals: Generated<number>;
    restUntilMs: Generated<number>;
  };
}

/** After so many tries a person should know. */
const MANY_TRIES = 8;

export function fiscalPart(database: Kysely<FiscalTables>): FiscalStore {
  const found = async (where: RawBuilder<unknown>): Promise<FiscalReceipt[]> => {
    const { rows } = await sql<FiscalReceipt>`
      select r.school, r.transaction, r.operation, r.sum, r.state, r.provider_id, r.document, r.why, r.tries, r.remedy, r.renewals, t.at_ms,
        (select o.email from payment_orders o
          where o.number = case when t.reference ~ '^order/[0-9]+/' then split_part(t.reference, '/', 2)::bigint end) as payer
      from fiscal_receipts r join ledger_transactions t on t.school = r.school and t.id = r.transaction ${where}`.execute(database);
    return rows;
  };
  return {
    setOperations: (operations) =>
      database.transaction().execute(async (transaction) => {
        await transaction.deleteFrom("fiscalKinds").execute();
        const rows = operations.flatMap((operation) => OPERATIONS[operation].map((kind) => ({ kind, operation })));
        if (rows.length > 0) await transaction.insertInto("fiscalKinds").values(rows).execute();
      }),
    due: (nowMs, limit) =>
      found(
        sql`where r.state in ('waiting', 'asked') and r.rest_until_ms <= ${nowMs} order by r.rest_until_ms, r.transaction limit ${limit}`,
      ),
    async put({ school, transaction, state, providerId, document, why, tries, remedy }, restUntilMs) {
      const changed = { state, providerId, why, tries, remedy, restUntilMs, document: document && JSON.stringify(document) };
      const row = database.updateTable("fiscalReceipts").set(changed).where("state", "<>", "done");
      await row.where("school", "=", school).where("transaction", "=", transaction).execute();
    },
    troubled: (school, limit) =>
      found(sql`where r.school = ${school} and (r.state = 'refused' or r.state <> 'done' and r.tries >= ${MANY_TRIES})
        order by r.transaction limit ${limit}`),
    ofOrder: (order, schools) =>
      found(sql`where r.school = any(${[...schools]}) and t.reference like ${"order/" + order + "/%"} order by r.transaction`),
  };
}

/**
 * Has a refused one asked for again: under another name only where the provider has refused the old one for good, because what it may have taken under the
 * old one it would make twice. `false`: it was not refused, or is made already, for another sum.
 */
export async function askAgain(database: QueryExecutorProvider, school: number, transaction: number): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update fiscal_receipts set state = 'waiting', tries = 0, rest_until_ms = 0, why = '', provider_id = null,
      renewals = renewals + (remedy = 'anew')::int, remedy = 'same'
    where school = ${school} and transaction = ${transaction} and state = 'refused' and remedy <> 'none'`.execute(database);
  return numAffectedRows === 1n;
}
