/** The first of September: every class goes up by one, the oldest leave, and whoever enters the fifth year pays as the older ones do. */
import type { Directive, School } from "@trapeza/protocol";
import { describe } from "./import-carry-out.js";
import { className } from "./person.js";

const LAST_GRADE = 11;
/** Primary school ends with it, and with it the tariff of the young (1–4). */
const LAST_YOUNG_GRADE = 4;

export interface YearPlan {
  /** In the order in which the school must hear them: the highest first, so that no two classes ever have one name. */
  readonly classes: readonly {
    readonly id: number;
    readonly from: string;
    readonly to: string;
    readonly pupils: number;
    readonly leaves: boolean;
  }[];
  /** Categories of those who enter the fifth year. */
  readonly categories: readonly number[];
}

/** "11А-2018", as a class is called when it has left. */
export function isLeaversClass(name: string): boolean {
  const [, written] = /^(.+)-[0-9]{4}$/.exec(name) ?? [];
  return written !== undefined && className(written) !== null;
}

/** `year`: the one that has just ended. A class that is no class by its name (a group, a club) stays. */
export function planYear(school: School, year: number): YearPlan {
  const pupils = [...school.accounts.values()].filter(({ holder, status }) => holder === "pupil" && status === "open");
  const classes = [...school.classes.values()].flatMap(({ id, name }) => {
    const written = className(name);
    const grade = parseInt(written ?? "", 10);
    if (written === null) return [];
    const leaves = grade >= LAST_GRADE;
    const to = leaves ? written + "-" + year : grade + 1 + written.replace(/^[0-9]+/, "");
    return [{ id, from: name, to, pupils: pupils.filter((one) => one.class === id).length, leaves, grade }];
  });
  const entering = new Set(classes.filter(({ grade }) => grade === LAST_YOUNG_GRADE).map(({ id }) => id));
  const categories = new Set(pupils.filter((one) => one.class !== null && entering.has(one.class)).map(({ category }) => category));
  return { classes: classes.sort((a, b) => b.grade - a.grade), categories: [...categories].sort((a, b) => a - b) };
}

/** `becomes`: which category takes the place of which for those who enter the fifth year. */
export function yearDirectives(school: School, plan: YearPlan, becomes: ReadonlyMap<number, number>): Directive[] {
  const entering = new Set(plan.classes.filter(({ from }) => parseInt(from, 10) === LAST_YOUNG_GRADE).map(({ id }) => id));
  const changed = [...school.accounts.values()].flatMap((account): Directive[] => {
    const category = becomes.get(account.category);
    const concerned = account.holder === "pupil" && account.status === "open" && account.class !== null && entering.has(account.class);
    return concerned && category !== undefined && category !== account.category ? [{ ...describe(account), category }] : [];
  });
  return [...plan.classes.map(({ id, to }): Directive => ({ kind: "SetClass", id, name: to })), ...changed];
}
