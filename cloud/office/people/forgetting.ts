/**
 * Forgetting who somebody was, wherever it is written: in rows of their own, in free texts that name them, and in the trail, which keeps who did what and
 * when. By the school only: what its signed journal has said stays in it.
 */
import type { Account } from "@trapeza/protocol";
import { sql } from "kysely";
import { VISIBLE } from "../../people/store-postgres.js";
import { forgetPhotograph } from "../cards/photographs.js";
import type { Office } from "../office.js";
import type { OfficeTransaction } from "../store/open.js";
import { forgetRows } from "./import-desk.js";

/** Shorter words stand within others. */
export const SHORTEST_WORD = 5;

export interface Words {
  /** Names, phones and addresses that nobody else of the school has. */
  readonly own: readonly string[];
  /** Those of a sister's mother, of a namesake. */
  readonly shared: readonly string[];
  /** Guardians with an account in the portal. */
  readonly phones: readonly string[];
}

/** What this pupil and the family have been called, now and before, as far as the office has written it down. */
export async function wordsOf(office: Office, school: number, { id, name }: Account): Promise<Words> {
  const { rows } = await sql<{ word: string | null; kept: boolean }>`
    with adults as (
      select v.school, v.account, g.phone, g.name, g.email from ${VISIBLE} as v join guardians g on g.phone = v.phone where v.school = ${school}
    ), told as (
      select jsonb_path_query(before, 'strict $.**') as value from office_trail where school = ${school} and subject = ${"account " + id}
      union all
      select jsonb_path_query(after, 'strict $.**') from office_trail where school = ${school} and subject = ${"account " + id}
    ), said as (
      select account, unnest(array[phone, name]) as word from office_guardians where school = ${school}
      union all select account, unnest(array[phone, name, email]) from adults
      union all select account, unnest(array[applicant, phone, mail]) from office_applications where school = ${school} and account is not null
      union all select account, unnest(array[applicant, payee ->> 'name']) from refunds where school = ${school}
      union all select ${id}::int, value ->> key from told, unnest(array['name', 'phone', 'applicant', 'mail']) as key where jsonb_typeof(value) = 'object'
    )
    select word, bool_or(account <> ${id}) as kept from said group by word having bool_or(account = ${id})`.execute(office.database);
  const others = new Set([...(await office.told(school)).school.accounts.values()].flatMap((one) => (one.id === id ? [] : [one.name])));
  const kept = new Map([[name, false], ...rows.map((row): [string, boolean] => [row.word ?? "", row.kept])]);
  const words = [...kept.keys()].filter((word) => word.length >= SHORTEST_WORD).sort((a, b) => b.length - a.length);
  const isShared = (word: string) => kept.get(word) === true || others.has(word);
  const adults = await sql<{ phone: string }>`
    select distinct g.phone from ${VISIBLE} as v join guardians g on g.phone = v.phone where v.school = ${school} and v.account = ${id}`.execute(
    office.database,
  );
  return {
    own: words.filter((word) => !isShared(word)),
    shared: words.filter(isShared),
    phones: adults.rows.map(({ phone }) => phone),
  };
}

/** Within a change. A guardian's own account goes with the last child that it shows. */
export async function forgetPupil(
  transaction: OfficeTransaction,
  school: number,
  { id, number }: Account,
  { own, shared, phones }: Words,
  nowMs: number,
): Promise<void> {
  const lonely = sql`guardians g where g.phone = any(${[...phones]}) and not exists (select from ${VISIBLE} as v where v.phone = g.phone)`;
  await forgetPhotograph(transaction, school, { holder: "pupil", number: id });
  await forgetRows(transaction, school, id, own);
  for (const statement of [
    sql`delete from office_guardians where school = ${school} and account = ${id}`,
    sql`update office_pupils set born = null, erased_ms = ${nowMs} where school = ${school} and account = ${id}`,
    sql`update office_applications set applicant = '', phone = '', mail = '' where school = ${school} and account = ${id}`,
    sql`delete from children where school = ${school} and account = ${id}`,
    sql`delete from shared_children where school = ${school} and account = ${id}`,
    sql`delete from invitations where school = ${school} and account = ${id}`,
    sql`delete from announcement_children where school = ${school} and account = ${id}`,
    sql`update announcements set title = '—', text = '—' where school = ${school} and account = ${id}`,
    sql`update letters set phone = null, text = '—', answer = case when answer is null then null else '—' end
      where school = ${school} and account = ${id}`,
    sql`update office_claims c set said = '—', reason = case when c.reason = '' then '' else '—' end where c.school = ${school} and exists (
      select from account_entries e where e.school = c.school and e.account = ${id} and e.epoch = c.epoch and e.index = c.index)`,
    sql`update office_claims set said = '—', reason = '—' where verdict @> ${JSON.stringify({ school, account: id })}::jsonb and reason <> ''`,
    sql`select forget_payer(${school}, ${id}, ${number})`,
    sql`select forget_words(${school}, ${"account " + id}, ${[...own]}, ${[...shared]})`,
    sql`select forget_bindings(array(select g.phone from ${lonely}), ${nowMs})`,
    sql`delete from guardians where phone in (select g.phone from ${lonely})`,
  ])
    await statement.execute(transaction);
}
