/** Pupils who change schools. */
import type { AccountNumber } from "@trapeza/protocol";
import { moveAccount, movesOf } from "../../../settlement/move-desk.js";
import { dateDigits } from "../../date-text.js";
import { Field, Form, Select } from "../../form.js";
import type { Typed } from "../../form.js";
import { DataTable } from "../parts.js";
import { filled, go, show } from "../route.js";
import type { Answer, OfficeRoute, Visit } from "../route.js";
import { OfficeSheet } from "../sheet.js";
import { outWords } from "./words.js";

const homeOf = (school: number) => "/office/" + school + "/moves";

async function movesPage(visit: Visit, troubles: Typed | null = null): Promise<Answer> {
  const { office, school } = visit;
  const [words, money] = [outWords(visit).moves, outWords(visit)];
  const [moves, schools] = await Promise.all([movesOf(office, school), office.cloud.store.schools()]);
  const names = new Map<number, string>();
  for (const { id, label } of schools) names.set(id, (await office.told(id)).school.policy.name || label);
  const form = filled(visit, troubles);
  const others = schools.filter(({ id }) => id !== school).map(({ id }) => ({ value: String(id), name: names.get(id) ?? "" }));
  return show(
    <OfficeSheet visit={visit} title={words.title}>
      <p class="lead">{words.lead}</p>
      <div class="sides">
        <DataTable
          caption={words.title}
          rows={moves}
          empty={words.empty}
          columns={[
            { head: money.holder, cell: ({ name }) => name },
            { head: money.accountNumber, cell: ({ number }) => number },
            { head: words.from, cell: (move) => names.get(move.school) },
            { head: words.school, cell: ({ toSchool }) => names.get(toSchool) },
            { head: words.asked, cell: ({ askedOn }) => dateDigits(askedOn) },
            { head: money.state, cell: ({ state }) => words.states[state] },
          ]}
        />
        <Form action={homeOf(school)} label={words.ask}>
          <h2>{words.ask}</h2>
          <Field {...{ form, name: "number", label: money.accountNumber, inputmode: "numeric" }} />
          <Select {...{ form, name: "school", label: words.school, options: others }} />
          <Field {...{ form, name: "class", label: words.class, hint: words.classHint, most: 32 }} />
          <button class="main">{words.submit}</button>
        </Form>
      </div>
    </OfficeSheet>,
    troubles ? 400 : 200,
  );
}

const FIELDS = { not_here: "number", pending: "number", no_school: "school", no_class: "class" } as const;

async function move(visit: Visit): Promise<Answer> {
  const { office, actor, school, typed } = visit;
  const words = outWords(visit).moves;
  const number = (typed.number ?? "").replace(/\s/g, "") as AccountNumber;
  const done = await moveAccount(office, { login: actor.login, school }, number, {
    toSchool: Number(typed.school),
    class: typed.class ?? "",
  });
  return typeof done === "string" ? movesPage(visit, { [FIELDS[done]]: words.troubles[done] }) : go(homeOf(school), words.done);
}

export const MOVE_ROUTES: readonly OfficeRoute[] = [
  { method: "GET", path: "/office/:school/moves", permission: "people.move", answer: (visit) => movesPage(visit) },
  { method: "POST", path: "/office/:school/moves", permission: "people.move", answer: move },
];
