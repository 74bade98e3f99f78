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

/** What is known of a dish by its name, whatever letters of it are capital: a missed allergen does harm. */
export type RecipeOf = (dish: string) => Recipe | null;

const small = (text: string) => text.toLowerCase();

export const isSameDish = (one: string, other: string): boolean => small(one) === small(other);

/** Of two that differ in capital letters only, the allergens of both. */
export function recipeBook(recipes: readonly Recipe[]): RecipeOf {
  const book = new Map<string, Recipe>();
  for (const recipe of recipes) {
    const other = book.get(small(recipe.dish))?.allergens ?? [];
    book.set(small(recipe.dish), { ...recipe, allergens: [...new Set([...other, ...recipe.allergens])] });
  }
  return (dish) => book.get(small(dish)) ?? null;
}

/** A dish that a child of this family must not have. */
export interface Unwanted {
  readonly dish: string;
  /** Those of its allergens that are forbidden; none when the dish itself is. */
  readonly allergens: readonly string[];
}

/** What a family has forbidden: dishes by name, and allergens. Words of people: small and large letters are the same. */
export interface Bans {
  readonly dishes: readonly string[];
  readonly allergens: readonly string[];
}

/** What of these dishes is forbidden. A dish of which nobody has written down what is in it is found by its name only. */
export function unwantedOn(dishes: readonly string[], recipeOf: RecipeOf, bans: Bans): Unwanted[] {
  const [names, words] = [bans.dishes, bans.allergens].map((list) => new Set(list.map(small)));
  return dishes.flatMap((dish) => {
    const allergens = (recipeOf(dish)?.allergens ?? []).filter((one) => words.has(small(one)));
    return allergens.length > 0 || names.has(small(dish)) ? [{ dish, allergens }] : [];
  });
}
