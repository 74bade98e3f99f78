/** What each dish is made of, for families to read: composition, energy, allergens. */
import type { Recipe } from "../../../recipe.js";
import { recipesOf } from "../../../office/menu/recipe.js";
import { cookOf } from "../../../office/menu/cooks.js";
import { dishNames, putRecipe } from "../../../office/menu/recipe-desk.js";
import { may } from "../../../office/roles.js";
import { Area, Field, Form, Select } from "../../form.js";
import type { Typed } from "../../form.js";
import { DataTable } from "../parts.js";
import { filled, go, show } from "../route.js";
import type { Answer, OfficeRoute, Visit } from "../route.js";
import { OfficeSheet } from "../sheet.js";
import { allergensIn, kcalIn } from "./typed.js";
import { menuWords } from "./words.js";

const LONGEST_COMPOSITION = 1000;

async function recipesPage(visit: Visit, troubles: Typed | null = null): Promise<Answer> {
  const { office, school, actor, param } = visit;
  const words = menuWords(visit);
  const [names, known] = await Promise.all([dishNames(office, school, cookOf(actor)), recipesOf(office, school)]);
  const writes = may(actor.role, "menu.write");
  const rows = names.map((dish) => ({ composition: "", kcal: null, allergens: [], ...known(dish), dish }));
  const chosen =
    rows.find(({ dish }) => dish === (visit.typed.dish ?? param("dish"))) ?? rows.find(({ composition }) => composition === "");
  return show(
    <OfficeSheet visit={visit} title={words.recipes}>
      <p class="lead">{words.recipesLead}</p>
      <div class="sides">
        <DataTable
          caption={words.recipes}
          rows={rows}
          empty={words.recipesEmpty}
          columns={[
            {
              head: words.dish,
              cell: ({ dish }) => (writes ? <a href={pathOf(school) + "?dish=" + encodeURIComponent(dish)}>{dish}</a> : dish),
            },
            { head: words.composition, cell: ({ composition }) => composition },
            { head: words.allergens, cell: ({ allergens }) => allergens.join(", ") },
            { head: words.kcal, cell: ({ kcal }) => kcal ?? "", figure: true },
          ]}
        />
        {writes && chosen && <RecipeForm {...{ visit, rows, chosen, troubles }} />}
      </div>
    </OfficeSheet>,
    troubles ? 400 : 200,
  );
}

interface RecipeFormProps {
  readonly visit: Visit;
  readonly rows: readonly Recipe[];
  readonly chosen: Recipe;
  readonly troubles: Typed | null;
}

function RecipeForm({ visit, rows, chosen, troubles }: RecipeFormProps) {
  const words = menuWords(visit);
  const form = filled(visit, troubles);
  return (
    <Form action={pathOf(visit.school)} label={words.putRecipe}>
      <h2>{words.putRecipe}</h2>
      <Select
        {...{ form, name: "dish", label: words.dish, value: chosen.dish }}
        options={rows.map(({ dish }) => ({ value: dish, name: dish }))}
      />
      <Area
        {...{ form, name: "composition", label: words.composition, optional: true, rows: 4, most: LONGEST_COMPOSITION }}
        value={chosen.composition}
      />
      <Field
        {...{ form, name: "allergens", label: words.allergens, hint: words.allergensHint, optional: true }}
        value={chosen.allergens.join(", ")}
      />
      <Field
        {...{ form, name: "kcal", label: words.kcal, hint: words.kcalHint, optional: true, inputmode: "numeric", most: 4 }}
        value={chosen.kcal === null ? "" : String(chosen.kcal)}
      />
      <p>
        <button class="main">{words.putName}</button>
      </p>
    </Form>
  );
}

const pathOf = (school: number) => "/office/" + school + "/recipes";

async function put(visit: Visit): Promise<Answer> {
  const { office, actor, school, typed } = visit;
  const words = menuWords(visit);
  const [kcal, allergens] = [kcalIn(typed.kcal), allergensIn(typed.allergens)];
  const composition = (typed.composition ?? "").trim();
  if (kcal === undefined) return recipesPage(visit, { kcal: words.kcalWrong });
  if (allergens === null) return recipesPage(visit, { allergens: words.allergensWrong });
  if (composition.length > LONGEST_COMPOSITION)
    return recipesPage(visit, { composition: visit.reader.words.form.tooLong(LONGEST_COMPOSITION) });
  const recipe = { dish: typed.dish ?? "", composition, kcal, allergens };
  const done = await putRecipe(office, { login: actor.login, school, cook: cookOf(actor) }, recipe);
  return done ? go(pathOf(school), words.nameDone) : recipesPage(visit, { dish: words.recipeWrong });
}

export const RECIPE_ROUTES: readonly OfficeRoute[] = [
  { method: "GET", path: "/office/:school/recipes", permission: "menu.read", answer: (visit) => recipesPage(visit) },
  { method: "POST", path: "/office/:school/recipes", permission: "menu.write", answer: put },
];
