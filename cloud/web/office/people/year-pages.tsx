/** The new school year, looked at before it begins. */
import { turnYear } from "../../../office/people/people-desk.js";
import { planYear } from "../../../office/people/year.js";
import { civilFromDate } from "@trapeza/protocol";
import { EMPTY, Form, Select } from "../../form.js";
import { DataTable } from "../parts.js";
import { go, show } from "../route.js";
import type { Answer, OfficeRoute, Visit } from "../route.js";
import { OfficeSheet } from "../sheet.js";
import { peopleWords } from "./words.js";

async function yearPage(visit: Visit): Promise<Answer> {
  const { office, school } = visit;
  const words = peopleWords(visit).year;
  const told = (await office.told(school)).school;
  const { year } = civilFromDate(await office.today(school));
  const plan = planYear(told, year);
  const options = [...told.categories.values()].map(({ id, name }) => ({ value: String(id), name }));
  return show(
    <OfficeSheet visit={visit} title={words.title}>
      <p class="lead">{words.lead}</p>
      <DataTable
        caption={words.title}
        rows={plan.classes}
        empty={words.empty}
        columns={[
          { head: words.from, cell: ({ from }) => from },
          { head: words.to, cell: ({ to, leaves }) => (leaves ? to + ", " + words.leaves : to) },
          { head: words.pupils, cell: ({ pupils }) => pupils, figure: true },
        ]}
      />
      {plan.classes.length > 0 && (
        <Form action={"/office/" + school + "/year"}>
          <input type="hidden" name="year" value={year} />
          {plan.categories.map((id) => (
            <Select
              {...{
                form: EMPTY,
                name: "category" + id,
                label: words.becomes(told.categories.get(id)?.name ?? String(id)),
                value: String(id),
                options,
              }}
            />
          ))}
          <button class="main">{words.turn}</button>
        </Form>
      )}
    </OfficeSheet>,
  );
}

async function turn(visit: Visit): Promise<Answer | null> {
  const { office, actor, school, typed } = visit;
  const told = (await office.told(school)).school;
  const { year } = civilFromDate(await office.today(school));
  // The page was made for another year.
  if (typed.year !== String(year)) return null;
  const chosen = Object.entries(typed).flatMap(([name, value]): [number, number][] => {
    const from = /^category([0-9]{1,9})$/.exec(name)?.[1];
    return from !== undefined && told.categories.has(Number(value)) ? [[Number(from), Number(value)]] : [];
  });
  const classes = await turnYear(office, { login: actor.login, school }, year, new Map(chosen));
  return classes === null ? null : go("/office/" + school + "/people", peopleWords(visit).year.turned(classes));
}

export const YEAR_ROUTES: readonly OfficeRoute[] = [
  { method: "GET", path: "/office/:school/year", permission: "people.import", answer: yearPage },
  { method: "POST", path: "/office/:school/year", permission: "people.import", answer: turn },
];
