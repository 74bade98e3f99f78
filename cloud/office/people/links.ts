/** Which registered adults see a child in the portal and why; the school ends such a link with a reason, and gives it back. */
import { sql } from "kysely";
import { adultId } from "../../people/invitation.js";
import { OWN } from "../../people/store-postgres.js";
import { SHARED } from "../../people/shares-postgres.js";
import type { Right } from "../../people/shares.js";
import type { Office } from "../office.js";
import type { OfficeDatabase } from "../store/open.js";
import type { Who } from "./import-desk.js";

/** Chosen and not written: a sentence about a family would have to be found again when the family is forgotten. */
export const END_REASONS = ["wrong_phone", "not_guardian", "court", "asked"] as const;
export type EndReason = (typeof END_REASONS)[number];

export interface LinkedAdult {
  readonly phone: string;
  /** As they have called themselves; `null`: the account was ended, or made anew by nobody yet. */
  readonly name: string | null;
  /** By the school's list, by a payment or the till's password, or let in by another adult. */
  readonly how: "list" | "proof" | "shared";
  /** Of who was let in by another: what for. */
  readonly rights: readonly Right[] | null;
  readonly ended: { readonly reason: EndReason; readonly onMs: number } | null;
}

/** Enough of a number to recognise whom one is speaking with, too little to call anybody. */
export const phoneEnd = (phone: string): string => "…" + phone.slice(-4);

/** Those who see the child first, then those who do so no more. */
export async function linkedAdults(database: OfficeDatabase, school: number, account: number): Promise<LinkedAdult[]> {
  const { rows } = await sql<LinkedAdult & { reason: EndReason | null; endedMs: number | null }>`
    with listed as (select phone from office_guardians where school = ${school} and account = ${account})
    select o.phone, g.name, case when o.phone in (select phone from listed) then 'list' else 'proof' end as how,
        null::text[] as rights, null as reason, null::bigint as ended_ms
      from ${OWN} as o join guardians g on g.phone = o.phone where o.school = ${school} and o.account = ${account}
    union all
    select s.phone, g.name, 'shared', s.rights, null, null
      from ${SHARED} as s join guardians g on g.phone = s.phone where s.school = ${school} and s.account = ${account}
    union all
    select e.phone, g.name, case when e.phone in (select phone from listed) then 'list' else 'proof' end, null, e.reason, e.ended_ms
      from office_ended_links e left join guardians g on g.phone = e.phone where e.school = ${school} and e.account = ${account}
    order by ended_ms nulls first, phone`.execute(database);
  return rows.map(({ reason, endedMs, phone, name, how, rights }) => ({
    ...{ phone, name, how, rights },
    ended: reason && { reason, onMs: Number(endedMs) },
  }));
}

/** At once, on every page: neither a new proof nor the school's list brings the child back. `null`: nobody of that name sees the child. */
export async function endLink(
  office: Office,
  { login, school }: Who,
  account: number,
  id: string,
  reason: EndReason,
): Promise<true | null> {
  const adult = await linkedBy(office, school, account, id, false);
  if (!adult) return null;
  const { phone, how } = adult;
  return office.change({ login, school, what: "people.unlink", subject: "account " + account }, async (transaction) => {
    const row = { school, account, phone, reason, endedMs: office.now(), endedBy: login };
    await transaction
      .insertInto("officeEndedLinks")
      .values(row)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    // What others have let them see would come to light again; what they have offered to others would open nothing.
    for (const statement of [
      sql`delete from shared_children where school = ${school} and account = ${account} and phone = ${phone}`,
      sql`delete from invitations where school = ${school} and account = ${account} and given_by = ${phone}`,
      sql`delete from monthly_statements where school = ${school} and account = ${account} and phone = ${phone}`,
    ])
      await statement.execute(transaction);
    const end = phoneEnd(phone);
    return { before: { linked: how, phone: end }, after: { linked: false, phone: end, reason }, value: true as const };
  });
}

/** As it was before, by proof or by list; what another adult had let them see, that one lets them see anew. */
export async function restoreLink(office: Office, { login, school }: Who, account: number, id: string): Promise<true | null> {
  const adult = await linkedBy(office, school, account, id, true);
  if (!adult?.ended) return null;
  const { phone, ended } = adult;
  return office.change({ login, school, what: "people.relink", subject: "account " + account }, async (transaction) => {
    const gone = transaction.deleteFrom("officeEndedLinks").where("school", "=", school).where("account", "=", account);
    await gone.where("phone", "=", phone).execute();
    const end = phoneEnd(phone);
    return { before: { linked: false, phone: end, reason: ended.reason }, after: { ended: false, phone: end }, value: true as const };
  });
}

async function linkedBy(office: Office, school: number, account: number, id: string, isEnded: boolean): Promise<LinkedAdult | null> {
  const adults = await linkedAdults(office.database, school, account);
  return adults.find(({ phone, ended }) => adultId(phone) === id && (ended !== null) === isEnded) ?? null;
}
