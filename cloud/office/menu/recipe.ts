/** Recipes as rows. To a school's gateway a dish of a class's meal is only a name; what is in it stays here, for families to read. */
import type { Recipe } from "../../recipe.js";
import type { Office } from "../office.js";
import type { OfficeTransaction } from "../store/open.js";

/** In place of what was known of the dish. */
export async function writeRecipe(
  transaction: OfficeTransaction,
  school: number,
  { dish, composition, kcal, allergens }: Recipe,
): Promise<void> {
  const row = { composition, kcal, allergens: [...allergens] };
  const insert = transaction.insertInto("officeCompositions").values({ school, dish, ...row });
  await insert.onConflict((conflict) => conflict.columns(["school", "dish"]).doUpdateSet(row)).execute();
}

export async function recipesOf(office: Office, school: number): Promise<Map<string, Recipe>> {
  const rows = await office.database.selectFrom("officeCompositions").selectAll().where("school", "=", school).execute();
  return new Map(rows.map(({ dish, composition, kcal, allergens }) => [dish, { dish, composition, kcal, allergens }]));
}
