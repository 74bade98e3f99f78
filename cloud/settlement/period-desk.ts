/**
 * Periods of the books. The accountant closes one when its work is done; from then on nothing is dated into it, and what stood on its last day stays what it
 * was. A correction is a new entry on an open day.
 */
import type { BusinessDate } from "@trapeza/protocol";
import { sql } from "kysely";
import type { Office } from "../office/office.js";
import type { Who } from "../office/people/import-desk.js";
import { openQuestions } from "./registry-desk.js";

export interface Period {
  /** The day after the period before; 0 for the first one. */
  readonly first: BusinessDate;
  readonly last: BusinessDate;
  readonly login: string;
  readonly atMs: number;
}

/** Newest first. */
export async function periods({ database }: Office, school: number): Promise<Period[]> {
  const { rows } = await sql<Period>`
    select coalesce(lag(last) over (order by last) + 1, 0) as first, last, login, at_ms from ledger_periods
    where school = ${school} order by last desc`.execute(database);
  return rows;
}

/** `"not_over"`: that day has not passed, or is closed already; `"questions"`: the bank's rows are not worked off. */
export async function closePeriod(
  office: Office,
  { login, school }: Who,
  last: BusinessDate,
): Promise<"closed" | "not_over" | "questions"> {
  const closed = (await periods(office, school))[0]?.last ?? -1;
  if (last >= (await office.today(school)) || last <= closed) return "not_over";
  if ((await openQuestions(office, school)).some(({ day }) => day <= last)) return "questions";
  return office.change({ login, school, what: "money.period", subject: "period to " + last }, async (transaction) => {
    // Whoever posts holds this lock shared until he has committed: what is summed here is all that there is up to this row.
    await sql`select pg_advisory_xact_lock(8727393, ${school})`.execute(transaction);
    await sql`
      insert into ledger_periods (school, last, upto, login, at_ms)
      select ${school}, ${last}, coalesce(max(id), 0), ${login}, ${office.now()} from ledger_transactions where school = ${school}`.execute(
      transaction,
    );
    await sql`
      insert into ledger_balances (school, last, account, total, dated)
      select ${school}, ${last}, p.account, sum(p.amount), coalesce(sum(p.amount) filter (where t.business_date <= ${last}), 0)
      from ledger_postings p join ledger_transactions t on t.school = p.school and t.id = p.transaction where p.school = ${school} and t.school = ${school}
      group by p.account`.execute(transaction);
    return { before: { closed }, after: { closed: last }, value: "closed" as const };
  });
}

/** A line of the turnover sheet, debit positive; holders' own accounts are one line together. */
export interface Turnover {
  readonly account: string;
  readonly opening: number;
  readonly debit: number;
  readonly credit: number;
  readonly closing: number;
}

export async function turnovers({ database }: Office, school: number, { first, last }: Period): Promise<Turnover[]> {
  const { rows } = await sql<Turnover>`
    with named as (
      select regexp_replace(p.account, '^(holder|pending|returned)/[0-9]+', '\\1') as account, p.amount, t.business_date as day
      from ledger_postings p join ledger_transactions t on t.school = p.school and t.id = p.transaction
      where p.school = ${school} and t.school = ${school} and t.business_date <= ${last})
    select account, coalesce(sum(amount) filter (where day < ${first}), 0) as opening,
      coalesce(sum(amount) filter (where day >= ${first} and amount > 0), 0) as debit,
      coalesce(-sum(amount) filter (where day >= ${first} and amount < 0), 0) as credit, sum(amount) as closing
    from named group by account order by account`.execute(database);
  return rows;
}
