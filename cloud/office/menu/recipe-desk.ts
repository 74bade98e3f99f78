/** Writing down what the dishes that somebody cooks are made of. */
import { versionOn } from "@trapeza/protocol";
import type { Recipe } from "../../recipe.js";
import type { Office } from "../office.js";
import type { Who } from "../people/import-desk.js";
import { readCycle } from "./menu-desk.js";
import { recipesOf, writeRecipe } from "./recipe.js";

/** Every name that stands in the cycle, in a menu that was published, or in the buffet, by alphabet. */
export async function dishNames(office: Office, school: number): Promise<string[]> {
  const { school: told } = await office.told(school);
  const today = await office.today(school);
  const cycle = [...(await readCycle(office, school)).values()].flat(2);
  const published = [...told.mealMenus.values()].flatMap(({ dishes }) => dishes);
  const sold = [...told.dishes.values()].flatMap((versions) => (versionOn(versions, today) ?? versions[0])?.name ?? []);
  return [...new Set([...cycle, ...published, ...sold])].sort((a, b) => a.localeCompare(b, "ru"));
}

/** `null` when nobody cooks such a dish. */
export async function putRecipe(office: Office, { login, school }: Who, recipe: Recipe): Promise<true | null> {
  if (!(await dishNames(office, school)).includes(recipe.dish)) return null;
  const before = (await recipesOf(office, school)).get(recipe.dish) ?? null;
  return office.change({ login, school, what: "menu.recipe", subject: recipe.dish }, async (transaction) => {
    await writeRecipe(transaction, school, recipe);
    return { before, after: recipe, value: true as const };
  });
}
