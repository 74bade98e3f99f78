/** Whose money a caterer has been sent, transfer by transfer: it has no table of its own, the ledger knows it. */
import { sql } from "kysely";
import type { Kysely, RawBuilder } from "kysely";
import type { Store, Transfer } from "./store.js";
import type { Tables } from "./tables.js";

/**
 * A transfer pays what was posted before it, of days up to its decade's last, and was not in the one before: a bun that a school tells of late is in the next.
 */
interface Place {
  readonly id: number;
  readonly last: number;
}

export function transfersPart(database: Kysely<Tables>): Pick<Store, "transfers" | "fundedBy"> {
  return {
    async transfers(school) {
      const { rows } = await sql<Omit<Transfer, "before">>`
        select t.id, t.business_date as date, a.account, a.amount, d.caterer, d.first, d.last
        from decades d join payouts o on o.school = d.school and o.id = d.payout
          join ledger_transactions t on t.school = d.school and t.reference = 'decade/' || d.caterer || '/' || d.first
          cross join lateral (values ('caterer/' || d.caterer || '/meals', d.meals), ('caterer/' || d.caterer || '/buffet', d.buffet)) a (account, amount)
        where d.school = ${school} and o.school = ${school} and t.school = ${school} and o.returned_on is null and a.amount > 0
        order by t.id, a.account desc`.execute(database);
      const before = new Map<string, Place>();
      return rows.map((row) => {
        const earlier = before.get(row.account) ?? null;
        before.set(row.account, row);
        return { ...row, before: earlier };
      });
    },
    async fundedBy(school, { id, last, account, before }, holder) {
      const { rows } = await sql<{ holder: number | null; amount: number }>`
        select h.holder, -sum(p.amount) as amount
        from ledger_postings p join ledger_transactions t on t.school = p.school and t.id = p.transaction
        left join lateral (
          select split_part(x.account, '/', 2)::int as holder, sum(x.amount) as moved from ledger_postings x
          where x.school = p.school and x.transaction = p.transaction and x.account like 'holder/%' group by 1) h on true
        where p.school = ${school} and t.school = ${school} and p.account = ${account} and ${within({ id, last }, before)}
          and t.kind not in ('DecadeSettled', 'PayoutReturned') ${ofHolder(school, holder)}
          and not exists (select from ledger_postings x where x.school = p.school and x.transaction = p.transaction and x.account like 'cash/till/%')
          and (h.holder is null or t.kind <> 'DirectiveApplied' or h.moved < 0)
        group by h.holder having sum(p.amount) <> 0 order by h.holder`.execute(database);
      return rows;
    },
  };
}

function within(to: Place, from: Place | null): RawBuilder<boolean> {
  const after = from === null ? sql`true` : sql`(t.id > ${from.id} or t.business_date > ${from.last})`;
  return sql<boolean>`t.id < ${to.id} and t.business_date <= ${to.last} and ${after}`;
}

/** By the family's own postings, which are few. */
function ofHolder(school: number, holder: number | null): RawBuilder<unknown> {
  if (holder === null) return sql``;
  const own = ["holder/" + holder + "/main", "holder/" + holder + "/additional"];
  return sql`and h.holder = ${holder} and p.transaction in (
    select o.transaction from ledger_postings o where o.school = ${school} and o.account = any(${own}))`;
}
