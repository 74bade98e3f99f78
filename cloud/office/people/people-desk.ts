/** One person after another: mended, moved to another class, gone, told what is held of them, forgotten. */
import type { BusinessDate, Directive } from "@trapeza/protocol";
import { decodeEvent } from "../../school-book.js";
import { handingIn } from "../cards/card-orders.js";
import { writeHandedIn } from "../cards/handed-in.js";
import { keyOf, photographOf, photographs } from "../cards/photographs.js";
import { applications } from "../cards/application-desk.js";
import { forgetOldPayees } from "../../settlement/old-payees.js";
import { refunds } from "../../settlement/refund-desk.js";
import { sql } from "kysely";
import type { Office } from "../office.js";
import { readTrail } from "../trail.js";
import { eraseEmployee } from "./employee-leaving.js";
import { goneEmployees } from "./employees.js";
import { describe } from "./import-carry-out.js";
import { forgetPupil, wordsOf } from "./forgetting.js";
import type { Who } from "./import-desk.js";
import { linkedAdults, phoneEnd } from "./links.js";
import { knownPupils, replacePupil } from "./people-rows.js";
import { fullName, isName, shortName } from "./person.js";
import type { Name } from "./person.js";

/** Schooling and one year: how long the consent of Appendix 1 holds. */
export const RETENTION_DAYS = 365;
const DAY_MS = 24 * 3600 * 1000;
const FOR_EVER = 100_000 as BusinessDate;

export interface PersonChange {
  readonly name: Name;
  readonly class: number;
  readonly category: number;
  readonly guardians: readonly { readonly name: string; readonly phone: string }[];
}

const subjectOf = (account: number) => "account " + account;

/** `null` when there is no such pupil, class or category, or the name is none. */
export async function mendPerson(office: Office, { login, school }: Who, account: number, to: PersonChange): Promise<true | null> {
  const told = (await office.told(school)).school;
  const before = told.accounts.get(account);
  const isWritten = isName(to.name.surname) && isName(to.name.given) && (to.name.patronymic === "" || isName(to.name.patronymic));
  if (before?.holder !== "pupil" || !isWritten || !told.classes.has(to.class) || !told.categories.has(to.category)) return null;
  const named = { name: fullName(to.name), shortName: shortName(to.name), class: to.class, category: to.category };
  const known = (await knownPupils(office.database, school)).get(account) ?? null;
  return office.change({ login, school, what: "people.mend", subject: subjectOf(account) }, async (transaction) => {
    await replacePupil(transaction, school, account, { born: known?.born ?? null, guardians: to.guardians });
    const { name, class: schoolClass, category } = before;
    return {
      before: { name, class: schoolClass, category, guardians: known?.guardians ?? [] },
      after: { name: named.name, class: named.class, category: named.category, guardians: to.guardians },
      directives: [{ ...describe(before), ...named }],
      value: true as const,
    };
  });
}

/** P5.1: the card is handed back against signature and blocked, after what is owed has been paid. The rest waits for a refund, rule 11. */
export async function leaveSchool(office: Office, { login, school }: Who, account: number): Promise<"left" | "owes" | null> {
  const { accounts, cards } = (await office.told(school)).school;
  const before = accounts.get(account);
  if (before?.holder !== "pupil" || before.status !== "open") return null;
  if (before.main < 0) return "owes";
  const returned = [...cards.values()].filter((card) => card.account === account && card.state !== "returned");
  const leftOn = await office.today(school);
  const directives: Directive[] = [...returned.map(handingIn), { kind: "Close", account }];
  return office.change({ login, school, what: "people.leave", subject: subjectOf(account) }, async (transaction) => {
    const row = { school, account, born: null, leftOn, erasedMs: null };
    const insert = transaction.insertInto("officePupils").values(row);
    await insert.onConflict((conflict) => conflict.columns(["school", "account"]).doUpdateSet({ leftOn })).execute();
    await writeHandedIn(transaction, { login, school }, returned, leftOn);
    const after = { status: "closing", leftOn, cards: returned.map(({ number }) => number) };
    return { before: { status: before.status }, after, directives, value: "left" as const };
  });
}

/** Everything that is held of a person, as it is held. `null` when nobody has that account. */
export async function exportPerson(office: Office, { login, school }: Who, account: number): Promise<object | null> {
  const { accounts, cards, classes, categories } = (await office.told(school)).school;
  const found = accounts.get(account);
  if (!found) return null;
  const known = (await knownPupils(office.database, school)).get(account) ?? null;
  const entries = await office.cloud.store.entriesOf(school, account, 0 as BusinessDate, FOR_EVER);
  const trail = await readTrail(office.database, { school, text: subjectOf(account), limit: 1000 });
  const held = {
    ...{
      school,
      account: found,
      class: classes.get(found.class ?? -1)?.name ?? null,
      category: categories.get(found.category)?.name ?? null,
    },
    photograph: await heldPhotograph(office, school, account),
    applications: (await applications(office, school)).filter((one) => one.account === account),
    ...(await writtenOf(office, school, account)),
    // The file is the family's, and one of them may have been shut out from another's number.
    links: (await linkedAdults(office.database, school, account)).map((adult) => ({ ...adult, phone: phoneEnd(adult.phone) })),
    ...{ known, cards: [...cards.values()].filter((card) => card.account === account) },
    operations: entries.map(({ bytes }) => decodeEvent(bytes)),
    changes: trail.filter(({ subject }) => subject === subjectOf(account)),
  };
  return office.change({ login, school, what: "people.export", subject: subjectOf(account) }, async () => ({
    ...{ before: null, after: { operations: entries.length } },
    value: held,
  }));
}

/** What the family and the school have written to each other, and where a refund went. */
async function writtenOf(office: Office, school: number, account: number) {
  const of = <T extends "letters" | "announcements">(table: T) =>
    office.database
      .selectFrom(table as "letters")
      .selectAll()
      .where("school", "=", school)
      .where("account", "=", account)
      .execute();
  const [letters, announcements] = [await of("letters"), await of("announcements")];
  return { letters, announcements, refunds: (await refunds(office, school)).filter((one) => one.account === account) };
}

/** The picture as text, with who has judged it; `null` when there is none. */
async function heldPhotograph(office: Office, school: number, number: number) {
  const jpeg = await photographOf(office, school, { holder: "pupil", number });
  if (!jpeg) return null;
  const photograph = (await photographs(office, school)).get(keyOf({ holder: "pupil", number }));
  return { ...photograph, jpeg: Buffer.from(jpeg).toString("base64") };
}

/**
 * Forgets who somebody was: name, face, birth date, guardians, whoever has applied or written, and the same words in the trail. The sums stay, under a
 * number. What the signed journal has named stays in it: a log that could be rewritten would prove nothing. Not before a refund has found its payee.
 */
export async function erasePerson(office: Office, { login, school }: Who, account: number): Promise<"erased" | "here" | "owed" | null> {
  const before = (await office.told(school)).school.accounts.get(account);
  const known = (await knownPupils(office.database, school)).get(account);
  if (!before) return null;
  if (!known?.leftOn) return "here";
  if ((await refunds(office, school)).some((one) => one.account === account && one.payout === null && one.ended === null)) return "owed";
  const words = await wordsOf(office, school, before);
  const nobody = { name: "# " + before.number, shortName: "—", class: null };
  return office.change({ login, school, what: "people.erase", subject: subjectOf(account) }, async (transaction) => {
    await forgetPupil(transaction, school, before, words, office.now());
    // The trail says that it was done and not what was forgotten.
    return {
      before: { erased: false },
      after: { erased: true },
      directives: [{ ...describe(before), ...nobody }],
      value: "erased" as const,
    };
  });
}

/** Whose time is over: they left more than a year ago and are still known by name. Whoever money is owed to is not forgotten before they have it. */
async function dueForErasure(office: Office, school: number): Promise<number[]> {
  const today = await office.today(school);
  const [known, told] = [await knownPupils(office.database, school), (await office.told(school)).school];
  return [...known]
    .filter(([, { leftOn, erasedMs }]) => erasedMs === null && leftOn !== null && leftOn + RETENTION_DAYS < today)
    .map(([account]) => account)
    .filter((account) => told.accounts.get(account)?.status === "closed");
}

/**
 * Forgets everybody whose time is over, one after another, as nobody in particular; the trail says so. Returns how many there were. Whoever cannot be forgotten
 * holds nobody else up: it is said of whom, by number, since what a database complains of has names in it.
 */
export async function eraseDue(office: Office, onError: (error: Error) => void): Promise<number> {
  let erased = 0;
  const each = async (subject: string, erase: () => Promise<unknown>) => {
    try {
      if ((await erase()) === "erased") erased++;
    } catch (error) {
      onError(new Error(subject + " could not be forgotten: " + ((error as { code?: string }).code ?? (error as Error).name)));
    }
  };
  for (const { id: school } of await office.cloud.store.schools()) {
    const who = { login: "retention", school };
    for (const account of await dueForErasure(office, school)) {
      await each(subjectOf(account) + " of school " + school, () => office.inTurn(() => erasePerson(office, who, account)));
    }
    const today = await office.today(school);
    for (const [number, { leftOn, erasedMs }] of await goneEmployees(office, school)) {
      if (erasedMs !== null || leftOn + RETENTION_DAYS >= today) continue;
      await each("employee " + number + " of school " + school, () => office.inTurn(() => eraseEmployee(office, who, number)));
    }
    await each("payees of school " + school, async () => (erased += await forgetOldPayees(office, school)));
  }
  for (const closed of await closedLogins(office)) await each("staff " + closed.login, () => forgetLogin(office, closed));
  return erased;
}

/** The office's own people whose access was closed more than a year ago: the trail goes on naming their logins, and nothing says any more who they were. */
function closedLogins(office: Office): Promise<{ login: string; name: string }[]> {
  return office.database
    .selectFrom("officeStaff")
    .select(["login", "name"])
    .where("active", "=", false)
    .where("name", "<>", "—")
    .where("closedMs", "<", office.now() - RETENTION_DAYS * DAY_MS)
    .execute();
}

function forgetLogin(office: Office, { login, name }: { readonly login: string; readonly name: string }): Promise<"erased"> {
  return office.change({ login: "retention", school: null, what: "staff.erase", subject: "staff " + login }, async (transaction) => {
    await sql`select forget_login(${login}, ${[name]})`.execute(transaction);
    return { before: { erased: false }, after: { erased: true }, value: "erased" as const };
  });
}
