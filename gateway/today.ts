/** What a pupil or a parent is told at the wall: today's meals, what is ordered, what there is to eat. A teacher asks the same of a pupil who is ill. */
import { holderOf, menuKey, menuOn, MOST_AHEAD, pupilMeals } from "@trapeza/protocol";
import type { Context, Kopecks, Result, School, Up } from "@trapeza/protocol";
import { classFor } from "./questions.js";
import { refusal, shown } from "./replies.js";

const MOST_MEALS = 32;
const MOST_SECTIONS = 24;
/** As many lines as a screen shows in letters that can be read from a metre. */
const PAGE_ROWS = 6;

interface Section {
  readonly name: string;
  readonly rows: readonly { readonly name: string; readonly price: Kopecks }[];
}

export function todayAnswer(school: School, ask: Extract<Up, { kind: "Today" }>, context: Context): Result {
  const found = holderOf(school, ask.uid, null, context);
  if (found.kind === "refused") return refusal(found.reason);
  const sections = sectionsOf(school, context).slice(0, MOST_SECTIONS);
  const names = sections.map((section) => shown(section.name, 40));
  if (ask.section > 0) {
    const rows = sections[ask.section - 1]?.rows ?? [];
    const page = rows.slice(ask.page * PAGE_ROWS, (ask.page + 1) * PAGE_ROWS);
    const told = page.map(({ name, price }) => ({ name: shown(name, 64), price }));
    return { kind: "Today", meals: [], sections: names, rows: told, pages: Math.ceil(rows.length / PAGE_ROWS) };
  }
  const account = school.accounts.get(ask.pupil === 0 ? (found.account ?? 0) : ask.pupil);
  const pupilClass = account?.class ?? null;
  const mayAsk = ask.pupil === 0 || (pupilClass !== null && classFor(school, ask.uid, pupilClass) === pupilClass);
  if (!account || !mayAsk) return refusal("wrong_holder");
  const meals = pupilMeals(school, account, MOST_AHEAD, context).slice(0, MOST_MEALS);
  return { kind: "Today", meals: meals.map((meal) => ({ ...meal, name: shown(meal.name, 40) })), sections: names, rows: [], pages: 0 };
}

/** The meals that have a menu today, then the buffet by groups. */
function sectionsOf(school: School, context: Context): Section[] {
  const none = 0 as Kopecks;
  const meals = [...school.meals.values()].sort((a, b) => a.servedFrom - b.servedFrom || a.id - b.id);
  const sections: Section[] = meals.flatMap((meal) => {
    const dishes = school.mealMenus.get(menuKey(meal.id, context.date))?.dishes ?? [];
    return dishes.length === 0 ? [] : [{ name: meal.name, rows: dishes.map((name) => ({ name, price: none })) }];
  });
  const buffet = menuOn(school, context.date);
  for (const group of new Set(buffet.map((dish) => dish.group))) {
    const rows = buffet.filter((dish) => dish.group === group);
    if (rows.length > 0) sections.push({ name: school.groups.get(group)?.name ?? "", rows });
  }
  return sections;
}
