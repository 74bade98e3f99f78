/** Who must not eat what is cooked: dishes and allergens that families have forbidden, beside the menu of organised meals. */
import { setImmediate } from "node:timers/promises";
import { menuKey, tariffOn, versionOn } from "@trapeza/protocol";
import type { Account, BusinessDate, School } from "@trapeza/protocol";
import { recipeBook, unwantedOn } from "../recipe.js";
import type { Bans, Recipe, RecipeOf, Unwanted } from "../recipe.js";
import { dateDigits } from "../web/date-text.js";
import { mealDays } from "./meal-days.js";
import { classNameOf, inOrder, made, mealNameOf, pupilsOf, text } from "./report.js";
import type { Ask, Made } from "./report.js";

export interface Diet extends Unwanted {
  readonly date: BusinessDate;
  readonly meal: number;
  readonly pupil: Account;
}

/** All of the days, whether ordered or not: whoever has not ordered may still be confirmed with the class. */
export async function dietsBetween(ask: Ask, recipes: readonly Recipe[]): Promise<Diet[]> {
  const { school, from, to, meal } = ask;
  const recipeOf = recipeBook(recipes);
  const meals = [...school.meals.values()].filter(({ id }) => meal === null || id === meal);
  // Gathered once: a year of a thousand pupils is asked for by one request.
  const picky = pupilsOf(ask).filter(({ bannedDishes, bannedAllergens }) => bannedDishes.length > 0 || bannedAllergens.length > 0);
  const found: Diet[] = [];
  for (let date = from; date <= to; date = (date + 1) as BusinessDate) {
    const menus = meals.flatMap(({ id }) => school.mealMenus.get(menuKey(id, date)) ?? []).filter(({ dishes }) => dishes.length > 0);
    if (menus.length === 0) continue;
    // Others' requests come between two days.
    await setImmediate();
    const bans = picky.map((pupil) => ({ pupil, bans: bansOf(school, pupil, date) }));
    for (const menu of menus) found.push(...bans.flatMap((one) => dietsOf(menu, one, ask, recipeOf)));
  }
  return found;
}

function dietsOf(
  { meal, date, dishes }: MealMenu,
  { pupil, bans }: { readonly pupil: Account; readonly bans: Bans },
  { school, caterer }: Ask,
  recipeOf: RecipeOf,
): Diet[] {
  const tariff = tariffOn(school, meal, pupil.category, date);
  if (!tariff || (caterer !== null && tariff.caterer !== caterer)) return [];
  return unwantedOn(dishes, recipeOf, bans).map((one) => ({ ...one, date, meal, pupil }));
}

type MealMenu = School["mealMenus"] extends Map<string, infer Menu> ? Menu : never;

interface Forbidden {
  readonly bannedDishes: readonly number[];
  readonly bannedAllergens: readonly string[];
}

/** Families forbid dishes of the buffet by code; the same name on a tray is the same dish. */
export function bansOf(school: School, { bannedDishes, bannedAllergens }: Forbidden, date: BusinessDate): Bans {
  return { dishes: bannedDishes.flatMap((code) => versionOn(school.dishes.get(code), date)?.name ?? []), allergens: bannedAllergens };
}

export async function diets(ask: Ask): Promise<Made> {
  const { store, id, school, words } = ask;
  const ordered = new Set<string>();
  for (const one of (await mealDays(ask, { orders: true })).meals)
    if (one.ordered !== null) ordered.add([one.date, one.meal, one.account].join(":"));
  const rows = await dietsBetween(ask, await store.recipes(id));
  const isOrdered = ({ date, meal, pupil }: Diet) => ordered.has([date, meal, pupil.id].join(":"));
  return made<Diet>(
    [
      text(words.head.date, 11, (row) => dateDigits(row.date)),
      text(words.head.meal, 16, (row) => mealNameOf(school, row.meal)),
      text(words.head.class, 7, (row) => classNameOf(school, row.pupil.class)),
      text(words.head.pupil, 34, (row) => row.pupil.name),
      text(words.head.name, 24, (row) => row.dish),
      text(words.head.unwanted, 24, (row) => whyOf(row, words)),
      text(words.head.state, 14, (row) => (isOrdered(row) ? words.cell.ordered : "")),
    ],
    inOrder(
      rows,
      (row) => row.date,
      (row) => row.meal,
      (row) => classNameOf(school, row.pupil.class),
      (row) => row.pupil.name,
    ),
    { total: words.total, notes: [words.note.diets] },
  );
}

export function whyOf({ allergens }: Unwanted, words: Ask["words"]): string {
  return allergens.length > 0 ? allergens.join(", ") : words.cell.banned;
}
