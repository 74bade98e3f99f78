/** An employee who leaves: what their card opened it opens no more, what is held of them can be taken away, and a year later they are forgotten. */
import type { Directive, Staff } from "@trapeza/protocol";
import { sql } from "kysely";
import { applications } from "../cards/application-desk.js";
import { handingIn, isOf } from "../cards/card-orders.js";
import { handedIn, writeHandedIn } from "../cards/handed-in.js";
import { forgetPhotograph } from "../cards/photographs.js";
import type { Office } from "../office.js";
import { readTrail } from "../trail.js";
import { goneEmployees } from "./employees.js";
import { sharedWords } from "./forgetting.js";
import type { Who } from "./import-desk.js";

const subjectOf = (number: number) => "employee " + number;

/** All cards end, also one that was not handed in. `null`: nobody has that number, or they have left. */
export async function leaveWork(office: Office, { login, school }: Who, number: number): Promise<true | null> {
  const told = (await office.told(school)).school;
  const before = told.staff.get(number);
  if (!before || (await goneEmployees(office, school)).has(number)) return null;
  const cards = [...told.cards.values()].filter((card) => isOf(card, { holder: "staff", number }) && card.state !== "returned");
  const leftOn = await office.today(school);
  // Whoever has no part in the school opens nothing with a card that nobody knew of.
  const nobody: Directive = { kind: "SetStaff", id: number, name: before.name, role: "other", class: null };
  return office.change({ login, school, what: "employees.leave", subject: subjectOf(number) }, async (transaction) => {
    await transaction.insertInto("officeEmployees").values({ school, staff: number, leftOn, erasedMs: null }).execute();
    await writeHandedIn(transaction, { login, school }, cards, leftOn);
    const { role, class: schoolClass } = before;
    return {
      before: { role, class: schoolClass },
      after: { leftOn, cards: cards.map((card) => card.number) },
      directives: [...cards.map(handingIn), nobody],
      value: true as const,
    };
  });
}

/** Everything that is held of an employee. `null` when nobody has that number. */
export async function exportEmployee(office: Office, { login, school }: Who, number: number): Promise<object | null> {
  const { staff, cards } = (await office.told(school)).school;
  const found = staff.get(number);
  if (!found) return null;
  const trail = await readTrail(office.database, { school, text: subjectOf(number), limit: 1000 });
  const photograph = await office.database
    .selectFrom("officePhotographs")
    .select("jpeg")
    .where("school", "=", school)
    .where("holder", "=", "staff")
    .where("number", "=", number)
    .executeTakeFirst();
  const held = {
    ...{ school, employee: found, left: (await goneEmployees(office, school)).get(number) ?? null },
    cards: [...cards.values()].filter((card) => isOf(card, { holder: "staff", number })),
    photograph: photograph ? Buffer.from(photograph.jpeg).toString("base64") : null,
    applications: (await applications(office, school)).filter((one) => one.staff === number),
    handedIn: (await handedIn(office, school)).filter((one) => one.staff === number),
    changes: trail.filter(({ subject }) => subject === subjectOf(number)),
  };
  return office.change({ login, school, what: "employees.export", subject: subjectOf(number) }, async () => ({
    ...{ before: null, after: { changes: held.changes.length } },
    value: held,
  }));
}

/** The number stays on papers and in the journal; what it was called goes. */
export async function eraseEmployee(office: Office, { login, school }: Who, number: number): Promise<"erased" | "here" | null> {
  const before = (await office.told(school)).school.staff.get(number);
  if (!before) return null;
  const gone = (await goneEmployees(office, school)).get(number);
  if (gone?.erasedMs !== null) return "here";
  const { own, shared } = await wordsOf(office, school, before);
  const nobody: Directive = { kind: "SetStaff", id: number, name: "# " + number, role: "other", class: null };
  return office.change({ login, school, what: "employees.erase", subject: subjectOf(number) }, async (transaction) => {
    await forgetPhotograph(transaction, school, { holder: "staff", number });
    for (const statement of [
      sql`update office_employees set erased_ms = ${office.now()} where school = ${school} and staff = ${number}`,
      sql`update office_applications set applicant = '', phone = '', mail = '' where school = ${school} and staff = ${number}`,
      sql`select forget_words(${school}, ${subjectOf(number)}, ${[...own]}, ${[...shared]})`,
    ])
      await statement.execute(transaction);
    return { before: { erased: false }, after: { erased: true }, directives: [nobody], value: "erased" as const };
  });
}

/** What the employee has been called in the trail and in applications; shared is what somebody else of the school is called, too. */
async function wordsOf(office: Office, school: number, { id, name }: Staff) {
  const { rows } = await sql<{ word: string }>`
    with told as (
      select jsonb_path_query(side, 'strict $.**') as value from office_trail, unnest(array[before, after]) as side
      where school = ${school} and subject = ${subjectOf(id)}
    )
    select value ->> key as word from told, unnest(array['name', 'applicant', 'phone', 'mail']) as key where jsonb_typeof(value) = 'object'
    union select unnest(array[applicant, phone, mail]) from office_applications where school = ${school} and staff = ${id}`.execute(
    office.database,
  );
  const { staff, accounts } = (await office.told(school)).school;
  const guardians = await office.database.selectFrom("officeGuardians").select(["name", "phone"]).where("school", "=", school).execute();
  const others = [
    ...[...staff.values()].flatMap((one) => (one.id === id ? [] : [one.name])),
    ...[...accounts.values()].map((one) => one.name),
    ...guardians.flatMap((one) => [one.name, one.phone]),
  ];
  return sharedWords(office, [name, ...rows.flatMap(({ word }) => word ?? [])], others);
}
