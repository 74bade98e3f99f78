/**
 * How long it is known to whom a refund was paid. A payment order is a primary document: it is kept five years after the year it belongs to (402-FZ, art. 29),
 * and says nothing of anybody then.
 */
import { dateFromCivil, formatDate } from "@trapeza/protocol";
import type { BusinessDate } from "@trapeza/protocol";
import { sql } from "kysely";
import type { Office } from "../office/office.js";

export const YEARS_KEPT = 5;

/** Orders made before this day are forgotten on `today`. */
export function keptSince(today: BusinessDate): BusinessDate {
  return dateFromCivil(Number(formatDate(today).slice(0, 4)) - YEARS_KEPT, 1, 1);
}

/** Returns how many were forgotten. Whoever was paid is a name, a tax number and an account; bank, day and sum stay. */
export async function forgetOldPayees(office: Office, school: number): Promise<number> {
  const before = keptSince(await office.today(school));
  return office.change({ login: "retention", school, what: "money.forget", subject: "payees of refunds" }, async (transaction) => {
    const { rows } = await sql<{ forgotten: number }>`select forget_payees(${school}, ${before}) as forgotten`.execute(transaction);
    const { forgotten } = rows[0];
    // The trail says how many and not who.
    return { before: forgotten > 0 ? { known: forgotten } : null, after: forgotten > 0 ? { known: 0 } : null, value: forgotten };
  });
}

/** Whether a payment order still says to whom this account's refund was paid. */
export async function isPayeeKnown({ database }: Office, school: number, account: number): Promise<boolean> {
  const { rows } = await sql`
    select from refunds r join payouts p on p.school = r.school and p.id = r.payout
    where r.school = ${school} and r.account = ${account} and p.payee ->> 'name' <> '—' limit 1`.execute(database);
  return rows.length > 0;
}
