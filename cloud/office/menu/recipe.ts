/** Recipes as rows. To a school's gateway a dish of a class's meal is only a name; what is in it stays here, for families to read. */
import { isSameDish, recipeBook } from "../../recipe.js";
import type { Recipe, RecipeOf } from "../../recipe.js";
import type { Office } from "../office.js";
import type { OfficeTransaction } from "../store/open.js";

/** In place of what was known of the dish, in whatever letters. */
export async function writeRecipe(
  transaction: OfficeTransaction,
  school: number,
  { dish, composition, kcal, allergens }: Recipe,
): Promise<void> {
  const row = { composition, kcal, allergens: [...allergens] };
  const written = await transaction.selectFrom("officeCompositions").select("dish").where("school", "=", school).execute();
  // Here, because a database in the "C" locale knows no small letters but Latin ones.
  const others = written.map((one) => one.dish).filter((other) => other !== dish && isSameDish(other, dish));
  if (others.length > 0)
    await transaction.deleteFrom("officeCompositions").where("school", "=", school).where("dish", "in", others).execute();
  const insert = transaction.insertInto("officeCompositions").values({ school, dish, ...row });
  await insert.onConflict((conflict) => conflict.columns(["school", "dish"]).doUpdateSet(row)).execute();
}

export async function recipesOf(office: Office, school: number): Promise<RecipeOf> {
  const rows = await office.database.selectFrom("officeCompositions").selectAll().where("school", "=", school).execute();
  return recipeBook(rows.map(({ dish, composition, kcal, allergens }) => ({ dish, composition, kcal, allergens })));
}
