/** What is cooked in the coming days and what it costs, what is ordered, and what the buffet sells today. */
import type { Dish } from "@trapeza/protocol";
import { unwantedOn } from "../../recipe.js";
import type { Bans, Recipe, RecipeOf } from "../../recipe.js";
import { dateWords } from "../date-text.js";
import { Form } from "../form.js";
import { Money, Note } from "../parts.js";
import { useReader } from "../reader-context.js";
import { ChildHead, pathOf } from "./child-head.js";
import type { NamedChild } from "./child-head.js";
import { ParentSheet } from "./sheet.js";
import type { Limits, PlannedMeal } from "./wishes.js";
import { parentWords } from "./words.js";

const MINUTES_AN_HOUR = 60;

export interface MenuProps {
  readonly guardian: string;
  readonly card: NamedChild;
  readonly meals: readonly PlannedMeal[];
  readonly groups: readonly { readonly name: string; readonly dishes: readonly Dish[] }[];
  readonly recipeOf: RecipeOf;
  readonly limits: Limits;
  /** The same as names, as dishes of organised meals have them. */
  readonly bans: Bans;
}

export function MenuPage({ guardian, card, meals, groups, recipeOf, limits, bans }: MenuProps) {
  const { language } = useReader();
  const say = parentWords(language).care.menu;
  const days = [...new Set(meals.map(({ date }) => date))];
  return (
    <ParentSheet title={say.title} guardian={guardian}>
      <ChildHead card={card} at="menu" />
      <section>
        <h2>{say.organised}</h2>
        {meals.length === 0 ? <p class="empty">{say.empty}</p> : <p class="faint">{say.lead}</p>}
        {days.map((date) => (
          <div class="day-plan">
            <h3>{dateWords(date, language)}</h3>
            {meals
              .filter((meal) => meal.date === date)
              .map((meal) => (
                <MealLine {...{ card, meal, recipeOf, bans }} />
              ))}
          </div>
        ))}
      </section>
      <section>
        <h2>{say.buffet}</h2>
        {groups.length === 0 && <p class="empty">{say.buffetEmpty}</p>}
        {groups.map((group) => (
          <div>
            <h3>{group.name}</h3>
            <ul class="lines">
              {group.dishes.map((dish) => (
                <DishLine dish={dish} recipe={recipeOf(dish.name)} isBanned={isBanned(dish, limits)} />
              ))}
            </ul>
          </div>
        ))}
      </section>
    </ParentSheet>
  );
}

function MealLine({ card, meal, recipeOf, bans }: Pick<MenuProps, "card" | "recipeOf" | "bans"> & { meal: PlannedMeal }) {
  const { language } = useReader();
  const say = parentWords(language).care.menu;
  const { name, date, mark, until } = meal;
  const isOrdered = mark === "ordered";
  const named = [name, dateWords(date, language)] as const;
  return (
    <div class="meal">
      <p class="meal-name">
        <b>{name}</b>
        {meal.share === 0 ? <span class="faint">{say.free}</span> : <Money amount={meal.share} />}
      </p>
      <p class="faint">{meal.dishes.join(", ")}</p>
      {unwantedOn(meal.dishes, recipeOf, bans).map(({ dish, allergens }) => (
        <Note tone="warning">{allergens.length > 0 ? say.unwanted(dish, allergens.join(", ")) : say.unwantedDish(dish)}</Note>
      ))}
      <Plate recipes={meal.dishes.flatMap((dish) => recipeOf(dish) ?? [])} />
      <div class="meal-foot">
        <span class={mark === "none" ? "faint" : "ordered"}>
          {mark === "none" ? "" : "✓ "}
          {say[mark]}
          {meal.isUnderway && <span class="say">{say.underway}</span>}
          {mark !== "served" && (
            <span class="say">{until.open ? say.until(clockOf(until.minute), dateWords(until.date, language)) : say.closed}</span>
          )}
        </span>
        {mark !== "served" && until.open && card.rights.includes("order") && (
          <Form action={pathOf(card) + "/orders"}>
            <input type="hidden" name="meal" value={meal.meal} />
            <input type="hidden" name="date" value={date} />
            <input type="hidden" name="cancel" value={isOrdered ? "1" : "0"} />
            <button aria-label={isOrdered ? say.cancelOf(...named) : say.orderOf(...named)}>{isOrdered ? say.cancel : say.order}</button>
          </Form>
        )}
      </div>
    </div>
  );
}

/** What is on a meal's plate, to be opened. */
function Plate({ recipes }: { recipes: readonly Recipe[] }) {
  const say = parentWords(useReader().language).care.menu;
  if (recipes.length === 0) return null;
  return (
    <details class="recipes">
      <summary>{say.recipes}</summary>
      <ul>
        {recipes.map((recipe) => (
          <li>
            {recipe.dish}
            <Made recipe={recipe} />
            {recipe.allergens.length > 0 && <span class="say">{say.allergens(recipe.allergens.join(", "))}</span>}
          </li>
        ))}
      </ul>
    </details>
  );
}

function Made({ recipe: { composition, kcal } }: { recipe: Recipe }) {
  const say = parentWords(useReader().language).care.menu;
  return (
    <>
      {composition !== "" && <span class="say">{composition}</span>}
      {kcal !== null && <span class="say">{say.kcal(kcal)}</span>}
    </>
  );
}

function DishLine({ dish, recipe, isBanned: banned }: { dish: Dish; recipe: Recipe | null; isBanned: boolean }) {
  const say = parentWords(useReader().language).care.menu;
  return (
    <li>
      <span>
        {dish.name}
        {recipe && <Made recipe={recipe} />}
        {dish.allergens.length > 0 && <span class="say">{say.allergens(dish.allergens.join(", "))}</span>}
        {banned && <b class="say">{say.banned}</b>}
      </span>
      <Money amount={dish.price} />
    </li>
  );
}

function isBanned(dish: Dish, { bannedDishes, bannedAllergens }: Limits): boolean {
  return bannedDishes.includes(dish.code) || dish.allergens.some((one) => bannedAllergens.includes(one));
}

/** "18:00" of a minute of the day; the whole day's end is "24:00". */
export function clockOf(minute: number): string {
  const two = (value: number) => String(value).padStart(2, "0");
  return two(Math.floor(minute / MINUTES_AN_HOUR)) + ":" + two(minute % MINUTES_AN_HOUR);
}
