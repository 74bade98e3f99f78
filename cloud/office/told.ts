/**
 * A school as it has been told to be: its state, and on top of that the settings which its gateway has not applied yet. An office that showed only what a
 * gateway has heard would show yesterday's class list to whoever has just mended it.
 */
import { apply } from "@trapeza/protocol";
import type { Directive, DirectiveKind, Event, School } from "@trapeza/protocol";
import type { Cloud } from "../cloud.js";
import { underwayIn } from "../underway.js";

export interface Told {
  readonly school: School;
  /** Settings that the gateway has yet to apply. */
  readonly underway: readonly Directive[];
}

/** What describes a thing whole and may be laid over the state. Money waits for the gateway: it alone decides. */
const SETTINGS: ReadonlySet<DirectiveKind> = new Set([
  ...(["SetCaterer", "SetCategory", "SetClass", "SetStaff", "SetAccount", "SetCard", "SetGroup", "SetDish"] as const),
  ...(["SetMeal", "SetMealMenu", "SetTariff", "SetTerminal", "SetFees"] as const),
]);

export async function toldSchool(cloud: Cloud, school: number): Promise<Told> {
  const { state } = await cloud.library.book(school);
  const underway = (await underwayIn(cloud, school)).filter(({ kind }) => SETTINGS.has(kind));
  return { school: underway.length === 0 ? state : laidOver(state, underway), underway };
}

/** The maps are copied, and a setting replaces records instead of writing into them: the state itself stays as it is. */
function laidOver(state: School, directives: readonly Directive[]): School {
  const { caterers, categories, classes, staff, accounts, accountByNumber, cards, groups, dishes, meals, mealMenus, tariffs, terminals } =
    state;
  const maps = {
    caterers,
    categories,
    classes,
    staff,
    accounts,
    accountByNumber,
    cards,
    groups,
    dishes,
    meals,
    mealMenus,
    tariffs,
    terminals,
  };
  const copies = Object.fromEntries(Object.entries(maps).map(([name, map]) => [name, new Map(map as Map<unknown, unknown>)]));
  const school: School = { ...state, ...copies };
  for (const directive of directives) {
    const answer = { outcome: "applied", reason: 0, changes: [], outside: 0, flags: [] } as const;
    const body = { kind: "DirectiveApplied", number: school.directives + 1, directive, ...answer };
    apply(school, {
      seq: state.events,
      atMs: 0,
      clock: "synchronized",
      date: state.date,
      operation: null,
      digest: null,
      body,
    } as unknown as Event);
  }
  return school;
}
