/** Writing to families: to whom this person may, who gets it, who has read it, and taking it back. */
import type { School } from "@trapeza/protocol";
import { sql } from "kysely";
import type { Selectable } from "kysely";
import { morningAfter } from "../notices/night.js";
import type { Office } from "../office/office.js";
import type { Actor } from "../office/roles.js";
import { VISIBLE } from "../people/store-postgres.js";
import type { Announcement, Audience } from "./announcement.js";
import type { AnnouncementTables } from "./store-postgres.js";

const MOST_SHOWN = 200;

/** A class teacher writes to the own class and to each of its families. */
export function mayWriteTo(actor: Actor, school: School, to: Audience): boolean {
  const isOwn = (schoolClass: number | null | undefined) => actor.role !== "teacher" || schoolClass === actor.class;
  if (to.kind === "school") return actor.role !== "teacher";
  if (to.kind === "class") return school.classes.has(to.class) && isOwn(to.class);
  const account = school.accounts.get(to.account);
  return account?.holder === "pupil" && isHere(account.status) && isOwn(account.class);
}

const isHere = (status: string) => status === "open" || status === "arriving";

/** The children whose families get it. */
export function childrenOf(school: School, to: Audience): number[] {
  return [...school.accounts.values()]
    .filter(({ holder, status }) => holder === "pupil" && isHere(status))
    .filter((one) => to.kind === "school" || (to.kind === "class" ? one.class === to.class : one.id === to.account))
    .map(({ id }) => id);
}

/** As it stands in the trail, where nothing can be erased later: no name and no text. */
const named = (to: Audience) => (to.kind === "family" ? "account " + to.account : to.kind === "class" ? "class " + to.class : "school");

/** `null` when there is nobody to write to. What is sent at night is told in the morning. */
export async function announce(
  office: Office,
  actor: Actor,
  school: number,
  { to, title, text }: Pick<Announcement, "to" | "title" | "text">,
): Promise<number | null> {
  const told = (await office.told(school)).school;
  const accounts = mayWriteTo(actor, told, to) ? childrenOf(told, to) : [];
  if (accounts.length === 0) return null;
  const sentMs = office.now();
  const change = { login: actor.login, school, what: "announcement.send", subject: named(to) };
  return office.change(change, async (transaction) => {
    const row = { school, class: to.kind === "class" ? to.class : null, account: to.kind === "family" ? to.account : null };
    const { id } = await transaction
      .insertInto("announcements")
      .values({ ...row, title, text, sentMs, sentBy: actor.login })
      .returning("id")
      .executeTakeFirstOrThrow();
    const children = accounts.map((account) => ({ announcement: id, school, account }));
    await transaction.insertInto("announcementChildren").values(children).execute();
    await sql`
      insert into announcement_posts (announcement, school, phone, channel, due_ms)
      select distinct ${id}::int, ${school}::int, g.phone, c.channel, ${morningAfter(sentMs, told.policy.zoneMinutes)}::bigint
      from announcement_children w
        join ${VISIBLE} as v on v.school = w.school and v.account = w.account
        join guardians g on g.phone = v.phone
        join (values ('mail'), ('push')) as c (channel) on
          (c.channel = 'mail' and g.is_confirmed) or
          (c.channel = 'push' and exists (select from push_addresses a where a.phone = g.phone))
      where w.announcement = ${id}`.execute(transaction);
    return { before: null, after: { announcement: id, to: named(to), families: accounts.length }, value: id };
  });
}

/** `false`: it was withdrawn before. Who has read it has read it; nobody else will. */
export function withdraw(office: Office, actor: Actor, { id, school, to }: Announcement): Promise<boolean> {
  const change = { login: actor.login, school, what: "announcement.withdraw", subject: named(to) };
  return office.change(change, async (transaction) => {
    const withdrawing = transaction.updateTable("announcements").set({ withdrawnMs: office.now() });
    const done = await withdrawing.where("id", "=", id).where("withdrawnMs", "is", null).executeTakeFirst();
    await transaction.deleteFrom("announcementPosts").where("announcement", "=", id).execute();
    const isFirst = done.numUpdatedRows === 1n;
    return {
      before: isFirst ? { announcement: id, withdrawn: false } : null,
      after: isFirst ? { announcement: id, withdrawn: true } : null,
      value: isFirst,
    };
  });
}

/** Whether it is this person's to see: a class teacher sees what went to the own class, and what they have written themselves. */
function isFor(actor: Actor, { to, sentBy }: Announcement): boolean {
  return actor.role !== "teacher" || sentBy === actor.login || (to.kind === "class" && to.class === actor.class);
}

/** The newest first, each with how many children's families it went to and of how many somebody has read it. */
export async function announcementsFor({ database }: Office, actor: Actor, school: number) {
  const rows = await database
    .selectFrom("announcements")
    .selectAll()
    .where("school", "=", school)
    .orderBy("id", "desc")
    .limit(MOST_SHOWN)
    .execute();
  const counts = new Map((await readCounts(database, school)).map((one) => [one.announcement, one]));
  const all = rows.map((row) => ({ ...announcementOf(row), families: 0, read: 0, ...counts.get(row.id) }));
  return all.filter((one) => isFor(actor, one));
}

export async function announcementFor({ database }: Office, actor: Actor, school: number, id: number): Promise<Announcement | null> {
  const row = await database.selectFrom("announcements").selectAll().where("id", "=", id).where("school", "=", school).executeTakeFirst();
  const found = row ? announcementOf(row) : null;
  return found && isFor(actor, found) ? found : null;
}

/** When the first of a child's adults has read it, by account; `null` when nobody has. */
export async function readersOf({ database }: Office, id: number): Promise<Map<number, number | null>> {
  const { rows } = await sql<{ account: number; readMs: number | null }>`
    select c.account, min(r.read_ms) as read_ms from announcement_children c
      left join ${VISIBLE} as v on v.school = c.school and v.account = c.account
      left join announcement_readings r on r.announcement = c.announcement and r.phone = v.phone
    where c.announcement = ${id} group by c.account`.execute(database);
  return new Map(rows.map(({ account, readMs }) => [account, readMs]));
}

async function readCounts(database: Office["database"], school: number) {
  const { rows } = await sql<{ announcement: number; families: number; read: number }>`
    select c.announcement, count(distinct c.account)::int as families, count(distinct c.account) filter (where r.phone is not null)::int as read
    from announcement_children c
      left join ${VISIBLE} as v on v.school = c.school and v.account = c.account
      left join announcement_readings r on r.announcement = c.announcement and r.phone = v.phone
    where c.school = ${school} group by c.announcement`.execute(database);
  return rows;
}

function announcementOf({ class: schoolClass, account, ...row }: Selectable<AnnouncementTables["announcements"]>): Announcement {
  if (account !== null) return { ...row, to: { kind: "family", account } };
  return { ...row, to: schoolClass !== null ? { kind: "class", class: schoolClass } : { kind: "school" } };
}
