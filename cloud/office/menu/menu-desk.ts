/** Menus and prices: what a caterer and an accountant decide, and schools are told. What holds from when is the school's own record; nothing is kept twice. */
import { tariffKey } from "@trapeza/protocol";
import type { Directive } from "@trapeza/protocol";
import type { Who } from "../people/import-desk.js";
import type { Office } from "../office.js";
import type { Recipe } from "../../recipe.js";
import { writeRecipe } from "./recipe.js";
import { cooks } from "./cooks.js";
import { CYCLE_DAYS, layCycle } from "./cycle.js";
import type { Cycle, Laying } from "./cycle.js";

type Set<K extends Directive["kind"]> = Extract<Directive, { kind: K }>;

/** Prices begin tomorrow or later: what was sold today was sold at today's price. `own`: the caterer who writes; nobody changes another one's dish. */
export async function putDish(
  office: Office,
  { login, school, own }: Who & { readonly own: number | null },
  dish: Omit<Set<"SetDish">, "kind">,
  made: Pick<Recipe, "composition" | "kcal">,
): Promise<true | null> {
  const told = (await office.told(school)).school;
  const isKnown = told.caterers.has(dish.caterer) && told.groups.has(dish.group);
  const before = told.dishes.get(dish.code)?.at(-1) ?? null;
  if (own !== null && (dish.caterer !== own || (before !== null && before.caterer !== own))) return null;
  if (!isKnown || dish.name === "" || (before !== null && dish.from <= (await office.today(school)))) return null;
  return office.change({ login, school, what: "menu.dish", subject: "dish " + dish.code }, async (transaction) => {
    await writeRecipe(transaction, school, { dish: dish.name, ...made, allergens: dish.allergens });
    return { before, after: { ...dish, ...made }, directives: [{ kind: "SetDish", ...dish }], value: true };
  });
}

export async function putTariff(office: Office, { login, school }: Who, tariff: Omit<Set<"SetTariff">, "kind">): Promise<true | null> {
  const told = (await office.told(school)).school;
  const isKnown = told.meals.has(tariff.meal) && told.categories.has(tariff.category) && told.caterers.has(tariff.caterer);
  if (!isKnown || tariff.from <= (await office.today(school))) return null;
  const before = told.tariffs.get(tariffKey(tariff.meal, tariff.category))?.at(-1) ?? null;
  const subject = "tariff " + tariff.meal + "/" + tariff.category;
  return office.change({ login, school, what: "menu.tariff", subject }, async () => ({
    ...{ before, after: tariff, directives: [{ kind: "SetTariff", ...tariff }], value: true as const },
  }));
}

/** A caterer, a category or a budget: a number and a name. Budgets are the operator's and the same for all schools. */
export async function putNamed(
  office: Office,
  { login, school }: Who,
  kind: "SetCaterer" | "SetCategory" | "program",
  id: number,
  name: string,
): Promise<void> {
  await office.change({ login, school, what: "menu." + kind, subject: kind + " " + id }, async (transaction) => {
    if (kind === "program") {
      const insert = transaction.insertInto("officePrograms").values({ id, name });
      await insert.onConflict((conflict) => conflict.column("id").doUpdateSet({ name })).execute();
      return { before: null, after: { id, name }, value: null };
    }
    return { before: null, after: { id, name }, directives: [{ kind, id, name }], value: null };
  });
}

export function programs(office: Office): Promise<{ id: number; name: string }[]> {
  return office.database.selectFrom("officePrograms").selectAll().orderBy("id").execute();
}

export async function readCycle(office: Office, school: number): Promise<Map<number, string[][]>> {
  const rows = await office.database
    .selectFrom("officeCycle")
    .selectAll()
    .where("school", "=", school)
    .orderBy("meal")
    .orderBy("day")
    .execute();
  const cycle = new Map<number, string[][]>();
  for (const { meal, day, dishes } of rows) {
    const plates = cycle.get(meal) ?? Array.from({ length: CYCLE_DAYS }, () => []);
    plates[day] = dishes;
    cycle.set(meal, plates);
  }
  return cycle;
}

/** The ten plates of one meal, in place of those before. */
export async function putCycle(
  office: Office,
  { login, school }: Who,
  meal: number,
  plates: readonly (readonly string[])[],
): Promise<void> {
  const before = (await readCycle(office, school)).get(meal) ?? [];
  await office.change({ login, school, what: "menu.cycle", subject: "meal " + meal }, async (transaction) => {
    const rows = plates.slice(0, CYCLE_DAYS).map((dishes, day) => ({ school, meal, day, dishes: JSON.stringify(dishes) }));
    await transaction.deleteFrom("officeCycle").where("school", "=", school).where("meal", "=", meal).execute();
    await transaction.insertInto("officeCycle").values(rows).execute();
    return { before: { plates: before }, after: { plates }, value: null };
  });
}

/** Lays the cycle over the calendar from a day on, of a caterer the own meals; returns how many plates the school did not know. */
export async function publishCycle(
  office: Office,
  { login, school, cook }: Who & { readonly cook: number | null },
  laying: Laying,
): Promise<number> {
  const [told, today] = [(await office.told(school)).school, await office.today(school)];
  const cycle: Cycle = new Map([...(await readCycle(office, school))].filter(([meal]) => cooks(told, cook, meal, today)));
  const directives = layCycle(cycle, laying, told);
  return office.change({ login, school, what: "menu.publish", subject: "cycle from " + laying.from }, async () => ({
    ...{ before: null, after: { from: laying.from, weeks: laying.weeks, plates: directives.length }, directives, value: directives.length },
  }));
}
