/**
 * An upload on its way into the tables: one statement for all that every upload has, because a school that sells a bun a second sends one bun at a time, and
 * each word with the database costs more than the rows. What only few uploads have follows in the same transaction.
 */
import { sql } from "kysely";
import type { Kysely, RawBuilder } from "kysely";
import type { LedgerTransaction } from "../ledger/posting.js";
import { noticesToWrite } from "../notices/store-postgres.js";
import { firstOpenDay } from "./postgres-ledger.js";
import { writeDirectives } from "./postgres-office.js";
import { inSlices } from "./slices.js";
import type { Batch } from "./store.js";
import type { Tables } from "./tables.js";

/** Runs a statement under a name, so that each connection plans it once: planning took a third of what one sale costs the database. */
export type RunNamed = (name: string, text: string, values: unknown[]) => Promise<{ readonly rows: readonly unknown[] }>;

/** A plan that is kept expects few rows, and would look through hundreds of transactions for each posting; more than these are planned for what they are. */
const FEW = 20;

/** All of it, or nothing and `false` when the journal of this epoch does not end where the batch begins. */
export async function append(database: Kysely<Tables>, runNamed: RunNamed, batch: Batch): Promise<boolean> {
  const { school, epoch, findings, directives, transactions, notices } = batch;
  const work = usualPart(batch);
  if (findings.length === 0 && directives.length === 0) {
    if (batch.entries.length > FEW) return isWritten(await work.execute(database));
    const { sql: text, parameters } = work.compile(database);
    const shape = "upload" + (transactions.length > 0 ? " with postings" : "") + (notices.length > 0 ? " with notices" : "");
    return isWritten((await runNamed(shape, text, [...parameters])) as { readonly rows: readonly Written[] });
  }
  return database.transaction().execute(async (transaction) => {
    if (!isWritten(await work.execute(transaction))) return false;
    await inSlices(findings, (rows) =>
      transaction.insertInto("findings").values(rows.map(({ index, what }) => ({ school, epoch, index, what }))),
    );
    await writeDirectives(transaction, directives);
    return true;
  });
}

interface Written {
  readonly written: number;
}

const isWritten = ({ rows }: { readonly rows: readonly Written[] }) => rows[0].written === 1;

/**
 * The row of the epoch is the lock of its journal: whoever comes second finds another size, `moved` is empty, and each insert below takes its rows times none.
 * The laws are asked at the end of the statement, when all its rows are there.
 */
function usualPart({ school, epoch, from, root, checkpoint, entries, accountEntries, transactions, notices }: Batch): RawBuilder<Written> {
  const size = from + entries.length;
  return sql<Written>`
    with moved as (
      update gateways set size = ${size} where school = ${school} and epoch = ${epoch} and size = ${from}
        and not exists (select from gateways l where l.school = ${school} and l.epoch > ${epoch})
      returning size),
    the_entries as (
      insert into entries (school, epoch, index, bytes, leaf)
      select ${school}, ${epoch}, w.* from moved, unnest(${entries.map(({ index }) => index)}::bigint[],
        ${entries.map(({ bytes }) => Buffer.from(bytes))}::bytea[], ${entries.map(({ leaf }) => Buffer.from(leaf))}::bytea[]) as w),
    -- An upload without entries repeats the checkpoint that is there.
    the_checkpoint as (
      insert into checkpoints (school, epoch, size, root, note)
      select ${school}, ${epoch}, size, ${Buffer.from(root)}::bytea, ${checkpoint}::text from moved on conflict do nothing),
    the_accounts as (
      insert into account_entries (school, account, epoch, index, business_date)
      select ${school}, w.account, ${epoch}, w.index, greatest(w.date, ${firstOpenDay(school)})
      from moved, unnest(${accountEntries.map(({ account }) => account)}::int[],
        ${accountEntries.map(({ index }) => index)}::bigint[], ${accountEntries.map(({ date }) => date)}::int[]) as w (account, index, date)),
    ${transactionsToWrite(school, transactions)}
    the_notices as (${noticesToWrite(school, epoch, notices)})
    select count(*) as written from moved`;
}

/** Transactions by their entries, and postings by the numbers that the database has given to those. */
function transactionsToWrite(school: number, transactions: readonly LedgerTransaction[]): RawBuilder<unknown> {
  if (transactions.length === 0) return sql``;
  const column = <T>(of: (one: LedgerTransaction) => T): T[] => transactions.map(of);
  const postings = transactions.flatMap(({ index, postings: lines }) => lines.map((posting, line) => ({ ...posting, index, line })));
  return sql`
    the_transactions as (
      insert into ledger_transactions (school, epoch, index, kind, business_date, at_ms, terminal, incarnation, n, part)
      select ${school}, w.epoch, w.index, w.kind, greatest(w.date, ${firstOpenDay(school)}), w.at_ms, w.terminal, w.incarnation, w.n, w.part
      from moved, unnest(${column(({ epoch }) => epoch)}::int[], ${column(({ index }) => index)}::bigint[],
        ${column(({ kind }) => kind)}::text[], ${column(({ date }) => date)}::int[], ${column(({ atMs }) => atMs)}::bigint[],
        ${column(({ operation }) => operation?.terminal ?? null)}::int[], ${column(({ operation }) => operation?.incarnation ?? null)}::bigint[],
        ${column(({ operation }) => operation?.n ?? null)}::bigint[], ${column(({ operation }) => operation?.part ?? null)}::int[])
        as w (epoch, index, kind, date, at_ms, terminal, incarnation, n, part)
      returning id, index),
    the_postings as (
      insert into ledger_postings (transaction, line, school, account, amount)
      select t.id, w.line, ${school}, w.account, w.amount
      from unnest(${postings.map(({ index }) => index)}::bigint[], ${postings.map(({ line }) => line)}::int[],
        ${postings.map(({ account }) => account)}::text[], ${postings.map(({ amount }) => amount)}::bigint[]) as w (index, line, account, amount)
        join the_transactions t on t.index = w.index),`;
}
