/** Writing down what the dishes that somebody cooks are made of. */
import { versionOn } from "@trapeza/protocol";
import type { Recipe } from "../../recipe.js";
import type { Office } from "../office.js";
import type { Who } from "../people/import-desk.js";
import { cooks } from "./cooks.js";
import { readCycle } from "./menu-desk.js";
import { recipesOf, writeRecipe } from "./recipe.js";

/** Every name that stands in the cycle, in a menu that was published, or in the buffet, by alphabet; of this caterer, when `cook` is one. */
export async function dishNames(office: Office, school: number, cook: number | null): Promise<string[]> {
  const { school: told } = await office.told(school);
  const today = await office.today(school);
  const isOurs = (meal: number) => cooks(told, cook, meal, today);
  const cycle = [...(await readCycle(office, school))].flatMap(([meal, plates]) => (isOurs(meal) ? plates.flat() : []));
  const published = [...told.mealMenus.values()].flatMap(({ meal, dishes }) => (isOurs(meal) ? dishes : []));
  const sold = [...told.dishes.values()].flatMap((versions) => {
    const dish = versionOn(versions, today) ?? versions.at(0);
    return dish && (cook === null || dish.caterer === cook) ? [dish.name] : [];
  });
  return [...new Set([...cycle, ...published, ...sold])].sort((a, b) => a.localeCompare(b, "ru"));
}

/** `null` when nobody cooks such a dish, or another caterer does. */
export async function putRecipe(
  office: Office,
  { login, school, cook }: Who & { readonly cook: number | null },
  recipe: Recipe,
): Promise<true | null> {
  if (!(await dishNames(office, school, cook)).includes(recipe.dish)) return null;
  const before = (await recipesOf(office, school))(recipe.dish);
  return office.change({ login, school, what: "menu.recipe", subject: recipe.dish }, async (transaction) => {
    await writeRecipe(transaction, school, recipe);
    return { before, after: recipe, value: true as const };
  });
}
