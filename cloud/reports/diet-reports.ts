/** Who must not eat what is cooked: dishes and allergens that families have forbidden, beside the menu of organised meals. */
import { menuKey, tariffOn, versionOn } from "@trapeza/protocol";
import type { Account, BusinessDate, School } from "@trapeza/protocol";
import { unwantedOn } from "../recipe.js";
import type { Bans, Recipe, Unwanted } from "../recipe.js";
import { dateDigits } from "../web/date-text.js";
import { mealDays } from "./meal-days.js";
import { classNameOf, inOrder, made, mealNameOf, pupilsOf, text } from "./report.js";
import type { Ask, Made } from "./report.js";

export interface Diet extends Unwanted {
  readonly date: BusinessDate;
  readonly meal: number;
  readonly pupil: Account;
}

/** All of a day, whether ordered or not: whoever has not ordered may still be confirmed with the class. */
export function dietsOn({ school, class: only, meal, caterer }: Ask, date: BusinessDate, recipes: readonly Recipe[]): Diet[] {
  const byDish = new Map(recipes.map((recipe) => [recipe.dish, recipe]));
  const meals = [...school.meals.values()].filter(({ id }) => meal === null || id === meal);
  return meals.flatMap(({ id }) => {
    const dishes = school.mealMenus.get(menuKey(id, date))?.dishes ?? [];
    return pupilsOf({ school, class: only }).flatMap((pupil) => {
      const tariff = tariffOn(school, id, pupil.category, date);
      if (!tariff || (caterer !== null && tariff.caterer !== caterer)) return [];
      return unwantedOn(dishes, byDish, bansOf(school, pupil, date)).map((one) => ({ ...one, date, meal: id, pupil }));
    });
  });
}

interface Forbidden {
  readonly bannedDishes: readonly number[];
  readonly bannedAllergens: readonly string[];
}

/** Families forbid dishes of the buffet by code; the same name on a tray is the same dish. */
export function bansOf(school: School, { bannedDishes, bannedAllergens }: Forbidden, date: BusinessDate): Bans {
  return { dishes: bannedDishes.flatMap((code) => versionOn(school.dishes.get(code), date)?.name ?? []), allergens: bannedAllergens };
}

export async function diets(ask: Ask): Promise<Made> {
  const { store, id, school, words, from, to } = ask;
  const recipes = await store.recipes(id);
  const ordered = new Set<string>();
  for (const one of (await mealDays(ask, { orders: true })).meals)
    if (one.ordered !== null) ordered.add([one.date, one.meal, one.account].join(":"));
  const rows: Diet[] = [];
  for (let date = from; date <= to; date = (date + 1) as BusinessDate) rows.push(...dietsOn(ask, date, recipes));
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
