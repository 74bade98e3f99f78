/** Whose money a caterer has been sent, transfer by transfer: it has no table of its own, the ledger knows it. */
import { sql } from "kysely";
import type { Kysely, RawBuilder } from "kysely";
import type { Span, Store, Transfer } from "./store.js";
import type { Tables } from "./tables.js";

/** `returned`: the transaction by which the bank sent it back. */
type Sent = Omit<Transfer, "spans"> & { readonly returned: number | null };

export function transfersPart(database: Kysely<Tables>): Pick<Store, "transfers" | "fundedBy"> {
  return {
    async transfers(school) {
      const { rows } = await sql<Sent>`
        select t.id, t.business_date as date, a.account, a.amount, d.caterer, d.first, d.last, r.id as returned
        from decades d join payouts o on o.school = d.school and o.id = d.payout
          join ledger_transactions t on t.school = d.school and t.reference = 'decade/' || d.caterer || '/' || d.first
          left join ledger_transactions r on r.school = ${school} and r.reference = t.reference || '/returned'
          cross join lateral (values ('caterer/' || d.caterer || '/meals', d.meals), ('caterer/' || d.caterer || '/buffet', d.buffet)) a (account, amount)
        where d.school = ${school} and o.school = ${school} and t.school = ${school} and a.amount > 0
        order by t.id, a.account desc`.execute(database);
      return kept(rows);
    },
    async fundedBy(school, { account, spans }, holder) {
      const { rows } = await sql<{ holder: number | null; amount: number }>`
        select h.holder, -sum(p.amount) as amount
        from ledger_postings p join ledger_transactions t on t.school = p.school and t.id = p.transaction
        left join lateral (
          select split_part(x.account, '/', 2)::int as holder, sum(x.amount) as moved from ledger_postings x
          where x.school = p.school and x.transaction = p.transaction and x.account like 'holder/%' group by 1) h on true
        where p.school = ${school} and t.school = ${school} and p.account = ${account} and (${sql.join(spans.map(within), sql` or `)})
          and t.kind not in ('DecadeSettled', 'PayoutReturned') ${ofHolder(school, holder)}
          and not exists (select from ledger_postings x where x.school = p.school and x.transaction = p.transaction and x.account like 'cash/till/%')
          and (h.holder is null or t.kind <> 'DirectiveApplied' or h.moved < 0)
        group by h.holder having sum(p.amount) <> 0 order by h.holder`.execute(database);
      return rows;
    },
  };
}

/**
 * Those that stayed sent, oldest first. A transfer pays what was posted before it, of days up to its decade's last, and was not in the one before: a bun that
 * a school tells of late is in the next. One that the bank sent back was a transfer until then, and has ended its span for the one after it: what it was to
 * pay goes out with the first that was made after its return.
 */
function kept(all: readonly Sent[]): Transfer[] {
  const latest = new Map<string, Sent>();
  const owed: { readonly account: string; readonly since: number; readonly spans: readonly Span[] }[] = [];
  return all.flatMap(({ returned, ...sent }) => {
    const spans: Span[] = [{ to: sent, from: latest.get(sent.account) ?? null }];
    latest.set(sent.account, { ...sent, returned });
    for (let i = owed.length - 1; i >= 0; i--)
      if (owed[i].account === sent.account && owed[i].since < sent.id) spans.push(...owed.splice(i, 1)[0].spans);
    if (returned === null) return [{ ...sent, spans }];
    owed.push({ account: sent.account, since: returned, spans });
    return [];
  });
}

function within({ to, from }: Span): RawBuilder<boolean> {
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
