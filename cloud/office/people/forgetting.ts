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
const SHORTEST_WORD = 5;
/** A name of two words at least: "Бабушка" is many people's. */
const NAME = /^[\p{L}'’-]+(?: [\p{L}'’-]+)+$/u;
const PHONE = /^\+?[0-9]{10,15}$/;
const MAIL = /^[^\s@"\\]+@[^\s@"\\]+$/;

export interface Words {
  /** Names, phones and addresses that nobody else of the school has. */
  readonly own: readonly string[];
  /** Those of a sister's mother, of a namesake, or what is no name: forgotten only where the trail speaks of this subject. */
  readonly shared: readonly string[];
  /** Guardians with an account in the portal. */
  readonly phones: readonly string[];
}

/** What this pupil and the family have been called, now and before, as far as the office has written it down. */
export async function wordsOf(office: Office, school: number, { id, name }: Account): Promise<Words> {
  const { rows } = await sql<{ word: string; isTheirs: boolean; isKept: boolean }>`
    with adults as (
      select v.school, v.account, g.phone, g.name, g.email from ${VISIBLE} as v join guardians g on g.phone = v.phone where v.school = ${school}
    ), told as (
      select jsonb_path_query(before, 'strict $.**') as value from office_trail where school = ${school} and subject = ${"account " + id}
      union all
      select jsonb_path_query(after, 'strict $.**') from office_trail where school = ${school} and subject = ${"account " + id}
    ), said as (
      select account, unnest(array[phone, name]) as word from office_guardians where school = ${school}
      union all select account, unnest(array[phone, name, email]) from adults
      union all select coalesce(account, 0), unnest(array[applicant, phone, mail]) from office_applications where school = ${school}
      union all select account, unnest(array[applicant, payee ->> 'name']) from refunds where school = ${school}
      union all select 0, name from office_staff
      union all select ${id}::int, value ->> key from told, unnest(array['name', 'phone', 'applicant', 'mail']) as key where jsonb_typeof(value) = 'object'
    )
    select word, bool_or(account = ${id}) as "isTheirs", bool_or(account <> ${id}) as "isKept" from said where word is not null group by word`.execute(
    office.database,
  );
  const { accounts, staff } = (await office.told(school)).school;
  const others = [
    ...[...accounts.values()].flatMap((one) => (one.id === id ? [] : [one.name])),
    ...[...staff.values()].map((one) => one.name),
    ...rows.flatMap(({ word, isKept }) => (isKept ? [word] : [])),
  ];
  const theirs = rows.flatMap(({ word, isTheirs }) => (isTheirs ? [word] : []));
  const adults = await sql<{ phone: string }>`
    select distinct g.phone from ${VISIBLE} as v join guardians g on g.phone = v.phone where v.school = ${school} and v.account = ${id}
    union select g.phone from office_ended_links as e join guardians g on g.phone = e.phone where e.school = ${school} and e.account = ${id}`.execute(
    office.database,
  );
  return {
    ...(await sharedWords(office, [name, ...theirs], others)),
    phones: adults.rows.map(({ phone }) => phone),
  };
}

/** What may be forgotten everywhere, longest first, and what not: it is no name, or stands within what somebody else is called. */
export async function sharedWords(
  office: Office,
  called: readonly string[],
  others: readonly string[],
): Promise<Pick<Words, "own" | "shared">> {
  const words = [...new Set(called)].filter((word) => word.length >= SHORTEST_WORD).sort((a, b) => b.length - a.length);
  const { rows } = await sql<{ word: string }>`
    select word from unnest(${words}::text[]) as word
      where exists (select from unnest(${[...others]}::text[]) as other where without_words(other, array[word]) <> other)`.execute(
    office.database,
  );
  const within = new Set(rows.map(({ word }) => word));
  const isOwn = (word: string) => !within.has(word) && [NAME, PHONE, MAIL].some((shape) => shape.test(word));
  return { own: words.filter(isOwn), shared: words.filter((word) => !isOwn(word)) };
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
    sql`delete from office_ended_links where school = ${school} and account = ${id}`,
    sql`delete from children where school = ${school} and account = ${id}`,
    sql`delete from shared_children where school = ${school} and account = ${id}`,
    sql`delete from monthly_statements where school = ${school} and account = ${id}`,
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
    sql`select forget_orders(${school}, ${id}, array(select g.phone from ${lonely}))`,
    sql`select forget_bindings(array(select g.phone from ${lonely}), ${nowMs})`,
    sql`delete from guardians where phone in (select g.phone from ${lonely})`,
  ])
    await statement.execute(transaction);
}
