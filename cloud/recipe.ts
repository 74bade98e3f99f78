/** What is known of a dish beside its name: written down in the office, read by families. */
import type { Generated } from "kysely";

export interface Recipe {
  readonly dish: string;
  readonly composition: string;
  /** Of one portion; null when nobody has written it down. */
  readonly kcal: number | null;
  readonly allergens: readonly string[];
}

/** `dish` is a name, as it stands in a school's menus. */
export interface RecipeTables {
  officeCompositions: { school: number; dish: string; composition: string; kcal: number | null; allergens: Generated<string[]> };
}

/** Allergens of a dish that this family has forbidden. Words of people: small and large letters are the same. */
export function unwanted(recipe: Pick<Recipe, "allergens">, banned: readonly string[]): string[] {
  const words = new Set(banned.map((one) => one.toLowerCase()));
  return recipe.allergens.filter((one) => words.has(one.toLowerCase()));
}
