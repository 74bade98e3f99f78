/** The buffet's menu: each dish with the price of today and the one to come. */
import { formatDate, versionOn } from "@trapeza/protocol";
import type { BusinessDate, Dish, School } from "@trapeza/protocol";
import { putDish } from "../../../office/menu/menu-desk.js";
import { recipesOf } from "../../../office/menu/recipe.js";
import type { Recipe } from "../../../recipe.js";
import { may } from "../../../office/roles.js";
import { dateDigits } from "../../date-text.js";
import { Area, Field, Form, Select, Tick } from "../../form.js";
import type { Typed } from "../../form.js";
import { moneyText } from "../../money-text.js";
import { Money } from "../../parts.js";
import { DataTable } from "../parts.js";
import { filled, go, show } from "../route.js";
import type { Answer, OfficeRoute, Visit } from "../route.js";
import { OfficeSheet } from "../sheet.js";
import { allergensIn, dayIn, kcalIn, numberIn, sumIn } from "./typed.js";
import { menuWords } from "./words.js";

async function buffetPage(visit: Visit, troubles: Typed | null = null): Promise<Answer> {
  const { office, school } = visit;
  const words = menuWords(visit);
  const [{ school: told }, today, made] = await Promise.all([office.told(school), office.today(school), recipesOf(office, school)]);
  const rows = [...told.dishes.values()]
    .flatMap((versions) => {
      const now = versionOn(versions, today) ?? versions[0];
      return now ? [{ now, next: versions.find(({ from }) => from > today && from > now.from) ?? null }] : [];
    })
    .sort((a, b) => a.now.group - b.now.group || a.now.code - b.now.code);
  return show(
    <OfficeSheet visit={visit} title={words.buffet}>
      <div class="sides">
        <DataTable
          caption={words.buffet}
          rows={rows}
          empty={words.empty}
          columns={[
            { head: words.code, cell: ({ now }) => now.code, figure: true },
            { head: words.dish, cell: ({ now }) => <DishName dish={now} recipe={made(now.name)} /> },
            { head: words.group, cell: ({ now }) => told.groups.get(now.group)?.name ?? "" },
            { head: words.allergens, cell: ({ now }) => now.allergens.join(", ") },
            { head: words.price, cell: ({ now }) => <Money amount={now.price} />, figure: true },
            {
              head: "",
              cell: ({ now, next }) =>
                next ? words.next(moneyText(next.price), dateDigits(next.from)) : now.offered ? "" : words.notOffered,
            },
          ]}
        />
        {may(visit.actor.role, "menu.write") && <DishForm {...{ visit, told, today, troubles }} />}
      </div>
    </OfficeSheet>,
    troubles ? 400 : 200,
  );
}

function DishName({ dish, recipe }: { dish: Dish; recipe: Recipe | null }) {
  return (
    <>
      {dish.name}
      {recipe && recipe.composition !== "" && <div class="change">{recipe.composition}</div>}
    </>
  );
}

function DishForm({ visit, told, today, troubles }: { visit: Visit; told: School; today: BusinessDate; troubles: Typed | null }) {
  const words = menuWords(visit);
  const form = filled(visit, troubles);
  const options = (map: ReadonlyMap<number, { id: number; name: string }>, own: number | null = null) =>
    [...map.values()].filter(({ id }) => own === null || id === own).map(({ id, name }) => ({ value: String(id), name }));
  return (
    <Form action={"/office/" + visit.school + "/menu"} label={words.put}>
      <h2>{words.put}</h2>
      <Field {...{ form, name: "code", label: words.code, inputmode: "numeric" }} />
      <Field {...{ form, name: "name", label: words.dish, most: 160 }} />
      <Select {...{ form, name: "group", label: words.group, options: options(told.groups) }} />
      <Field {...{ form, name: "price", label: words.price, inputmode: "decimal" }} />
      <Field {...{ form, name: "from", label: words.from, type: "date", value: formatDate((today + 1) as BusinessDate) }} />
      <Field {...{ form, name: "allergens", label: words.allergens, hint: words.allergensHint, optional: true }} />
      <Area {...{ form, name: "composition", label: words.composition, optional: true, rows: 3 }} />
      <Field {...{ form, name: "kcal", label: words.kcal, hint: words.kcalHint, optional: true, inputmode: "numeric", most: 4 }} />
      <Select {...{ form, name: "caterer", label: words.caterer, options: options(told.caterers, visit.actor.own) }} />
      <Tick name="offered" label={words.offered} checked />
      <p>
        <button class="main">{words.put}</button>
      </p>
    </Form>
  );
}

async function put(visit: Visit): Promise<Answer> {
  const { office, actor, school, typed } = visit;
  const words = menuWords(visit);
  const [code, price, from] = [numberIn(typed.code), sumIn(typed.price), dayIn(typed.from)];
  const [allergens, kcal] = [allergensIn(typed.allergens), kcalIn(typed.kcal)];
  const dish = {
    name: (typed.name ?? "").trim(),
    group: Number(typed.group),
    caterer: Number(typed.caterer),
    allergens: allergens ?? [],
    offered: typed.offered === "1",
  };
  const isWritten = code !== null && code > 0 && price !== null && price > 0 && from !== null && allergens !== null && kcal !== undefined;
  const who = { login: actor.login, school, own: actor.own };
  const done =
    isWritten && (await putDish(office, who, { ...dish, code, price, from }, { composition: (typed.composition ?? "").trim(), kcal }));
  return done ? go("/office/" + school + "/menu", words.putDone) : buffetPage(visit, { code: words.dishWrong });
}

export const BUFFET_ROUTES: readonly OfficeRoute[] = [
  { method: "GET", path: "/office/:school/menu", permission: "menu.read", answer: (visit) => buffetPage(visit) },
  { method: "POST", path: "/office/:school/menu", permission: "menu.write", answer: put },
];
