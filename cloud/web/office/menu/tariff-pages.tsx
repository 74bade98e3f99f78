/** What a meal costs whom, from when, and which budget adds what; and the short lists behind it. */
import { formatDate } from "@trapeza/protocol";
import type { BusinessDate, School, Tariff } from "@trapeza/protocol";
import { programs, putNamed, putTariff } from "../../../office/menu/menu-desk.js";
import { may } from "../../../office/roles.js";
import { dateDigits } from "../../date-text.js";
import { EMPTY, Field, Form, Select } from "../../form.js";
import type { Typed } from "../../form.js";
import { Money } from "../../parts.js";
import { DataTable } from "../parts.js";
import { filled, go, show } from "../route.js";
import type { Answer, OfficeRoute, Visit } from "../route.js";
import { OfficeSheet } from "../sheet.js";
import { dayIn, numberIn, sumIn } from "./typed.js";
import { menuWords } from "./words.js";

const LONGEST_NAME = 80;

interface Named {
  readonly id: number;
  readonly name: string;
}

async function tariffPage(visit: Visit, troubles: Typed | null = null): Promise<Answer> {
  const { office, school, actor } = visit;
  const words = menuWords(visit);
  const [{ school: told }, today, budgets] = await Promise.all([office.told(school), office.today(school), programs(office)]);
  const rows = [...told.tariffs.values()].flatMap((versions) =>
    versions.filter((one, at) => one.from > today || at === lastBefore(versions, today)),
  );
  rows.sort((a, b) => a.meal - b.meal || a.category - b.category || a.from - b.from);
  const nameOf = (map: ReadonlyMap<number, Named>, id: number) => map.get(id)?.name ?? String(id);
  const budget = new Map(budgets.map((one) => [one.id, one]));
  return show(
    <OfficeSheet visit={visit} title={words.tariffs}>
      <div class="sides">
        <DataTable
          caption={words.tariffs}
          rows={rows}
          empty={words.noTariffs}
          columns={[
            { head: words.meal, cell: ({ meal }) => nameOf(told.meals, meal) },
            { head: words.category, cell: ({ category }) => nameOf(told.categories, category) },
            { head: words.share, cell: ({ share }) => <Money amount={share} />, figure: true },
            { head: words.subsidy, cell: ({ subsidy }) => <Money amount={subsidy} />, figure: true },
            { head: words.total, cell: ({ share, subsidy }) => <Money amount={share + subsidy} />, figure: true },
            { head: words.program, cell: ({ program, subsidy }) => (subsidy > 0 ? nameOf(budget, program) : "") },
            { head: words.caterer, cell: ({ caterer }) => nameOf(told.caterers, caterer) },
            { head: words.from, cell: ({ from }) => dateDigits(from), figure: true },
          ]}
        />
        {may(actor.role, "tariff.write") && <TariffForm {...{ visit, told, today, budgets, troubles }} />}
      </div>
      {may(actor.role, "tariff.write") && <Names {...{ visit, told, budgets }} />}
    </OfficeSheet>,
    troubles ? 400 : 200,
  );
}

function lastBefore(versions: readonly Tariff[], today: BusinessDate): number {
  return versions.filter(({ from }) => from <= today).length - 1;
}

interface FormProps {
  readonly visit: Visit;
  readonly told: School;
  readonly budgets: readonly Named[];
}

const optionsOf = (all: Iterable<Named>) => [...all].map(({ id, name }) => ({ value: String(id), name }));

function TariffForm({ visit, told, today, budgets, troubles }: FormProps & { today: BusinessDate; troubles: Typed | null }) {
  const words = menuWords(visit);
  const form = filled(visit, troubles);
  // A budget that nobody has named yet has a number all the same: it is in the tariffs.
  const known = new Set(budgets.map(({ id }) => id));
  const nameless = new Set(
    [...told.tariffs.values()]
      .flat()
      .map(({ program }) => program)
      .filter((id) => !known.has(id)),
  );
  const all = [...budgets, ...[...nameless].map((id) => ({ id, name: String(id) }))];
  return (
    <Form action={"/office/" + visit.school + "/tariffs"} label={words.putTariff}>
      <h2>{words.putTariff}</h2>
      <Select {...{ form, name: "meal", label: words.meal, options: optionsOf(told.meals.values()) }} />
      <Select {...{ form, name: "category", label: words.category, options: optionsOf(told.categories.values()) }} />
      <Field {...{ form, name: "share", label: words.share, inputmode: "decimal" }} />
      <Field {...{ form, name: "subsidy", label: words.subsidy, inputmode: "decimal", value: "0" }} />
      <Select {...{ form, name: "program", label: words.program, options: optionsOf(all) }} />
      <Select {...{ form, name: "caterer", label: words.caterer, options: optionsOf(told.caterers.values()) }} />
      <Field {...{ form, name: "from", label: words.from, type: "date", value: formatDate((today + 1) as BusinessDate) }} />
      <button class="main">{words.putTariff}</button>
    </Form>
  );
}

function Names({ visit, told, budgets }: FormProps) {
  const words = menuWords(visit);
  const lists = [
    { kind: "SetCaterer", all: [...told.caterers.values()] },
    { kind: "SetCategory", all: [...told.categories.values()] },
    { kind: "program", all: budgets },
  ] as const;
  return (
    <>
      <h2>{words.lists}</h2>
      <div class="thirds">
        {lists.map(({ kind, all }) => (
          <section>
            <h3>{words.kinds[kind]}</h3>
            <ul>
              {all.map(({ id, name }) => (
                <li>
                  {id}. {name}
                </li>
              ))}
            </ul>
            <Form action={"/office/" + visit.school + "/names/" + kind} label={words.kinds[kind]}>
              <Field
                {...{
                  form: EMPTY,
                  name: "id" + kind,
                  label: words.number,
                  inputmode: "numeric",
                  value: String(Math.max(0, ...all.map(({ id }) => id)) + 1),
                }}
              />
              <Field {...{ form: EMPTY, name: "name" + kind, label: words.name, most: LONGEST_NAME }} />
              <button>{words.putName}</button>
            </Form>
          </section>
        ))}
      </div>
    </>
  );
}

async function put(visit: Visit): Promise<Answer> {
  const { office, actor, school, typed } = visit;
  const words = menuWords(visit);
  const [share, subsidy, from] = [sumIn(typed.share), sumIn(typed.subsidy), dayIn(typed.from)];
  const [meal, category, program, caterer] = [typed.meal, typed.category, typed.program || "0", typed.caterer].map((text) =>
    numberIn(text),
  );
  const isWritten =
    share !== null && subsidy !== null && from !== null && meal !== null && category !== null && program !== null && caterer !== null;
  const done =
    isWritten && (await putTariff(office, { login: actor.login, school }, { meal, category, share, subsidy, program, caterer, from }));
  return done ? go("/office/" + school + "/tariffs", words.tariffDone) : tariffPage(visit, { share: words.tariffWrong });
}

async function putName(visit: Visit): Promise<Answer | null> {
  const { office, actor, school, typed, param } = visit;
  const words = menuWords(visit);
  const kind = (["SetCaterer", "SetCategory", "program"] as const).find((one) => one === param("kind"));
  if (kind === undefined) return null;
  const [id, name] = [numberIn(typed["id" + kind]), (typed["name" + kind] ?? "").trim()];
  const isWritten = id !== null && id > 0 && name !== "" && name.length <= LONGEST_NAME;
  if (isWritten) await putNamed(office, { login: actor.login, school }, kind, id, name);
  return go("/office/" + school + "/tariffs", isWritten ? words.nameDone : words.nameWrong);
}

export const TARIFF_ROUTES: readonly OfficeRoute[] = [
  { method: "GET", path: "/office/:school/tariffs", permission: "menu.read", answer: (visit) => tariffPage(visit) },
  { method: "POST", path: "/office/:school/tariffs", permission: "tariff.write", answer: put },
  { method: "POST", path: "/office/:school/names/:kind", permission: "tariff.write", answer: putName },
];
