/** Turning the year, once, and turning it back while nothing else has been made of it. The trail holds what the way back needs. */
import type { Directive } from "@trapeza/protocol";
import type { Office } from "../office.js";
import { readTrail } from "../trail.js";
import { describe } from "./import-carry-out.js";
import type { Who } from "./import-desk.js";
import { planYear, yearDirectives } from "./year.js";

/** Names of classes and categories of accounts, by their numbers. */
interface Side {
  readonly classes: { readonly [id: string]: string };
  readonly categories: { readonly [account: string]: number };
}

interface Turn {
  readonly before: Partial<Side>;
  readonly after: Partial<Side>;
}

const subjectOf = (year: number) => "year " + year;

/** The turn that stands, of an earlier program perhaps; `null`: this year has not been turned, or was turned back. */
async function turned(office: Office, school: number, year: number): Promise<Turn | null> {
  const rows = await readTrail(office.database, { school, text: "people.year", limit: 100 });
  const [last] = rows.filter(({ subject }) => subject === subjectOf(year));
  return last?.what === "people.year" ? (last as unknown as Turn) : null;
}

/** `null` when it was turned before. What was planned and what is done are the same only while nobody changes classes between: it is planned again. */
export async function turnYear(
  office: Office,
  { login, school }: Who,
  year: number,
  becomes: ReadonlyMap<number, number>,
): Promise<number | null> {
  if (await turned(office, school, year)) return null;
  const told = (await office.told(school)).school;
  const plan = planYear(told, year);
  const directives = yearDirectives(told, plan, becomes);
  const moved = directives.filter((one) => one.kind === "SetAccount");
  return office.change({ login, school, what: "people.year", subject: subjectOf(year) }, async () => ({
    before: {
      classes: Object.fromEntries(plan.classes.map(({ id, from }) => [id, from])),
      categories: Object.fromEntries(moved.map(({ id }) => [id, told.accounts.get(id)?.category])),
    },
    after: {
      classes: Object.fromEntries(plan.classes.map(({ id, to }) => [id, to])),
      categories: Object.fromEntries(moved.map(({ id, category }) => [id, category])),
    },
    directives,
    value: plan.classes.length,
  }));
}

/** Whether the year can be turned back: it was turned, every class is still called as it was left, and none that came since has a name that one of them had. */
export async function canTurnBack(office: Office, school: number, year: number): Promise<boolean> {
  return (await wayBack(office, school, year)) !== null;
}

/** An earlier program wrote down the names of classes alone: what it turned stands. */
async function wayBack(office: Office, school: number, year: number): Promise<{ before: Side; after: Side } | null> {
  const turn = await turned(office, school, year);
  if (!turn || !isWhole(turn.before) || !isWhole(turn.after)) return null;
  const { before, after } = turn;
  const { classes } = (await office.told(school)).school;
  const isAsLeft = Object.entries(after.classes).every(([id, name]) => classes.get(Number(id))?.name === name);
  const names = new Set(Object.values(before.classes));
  const isFree = [...classes].every(([id, { name }]) => id in before.classes || !names.has(name));
  return isAsLeft && isFree ? { before, after } : null;
}

const isWhole = (side: Partial<Side>): side is Side => side.classes !== undefined && side.categories !== undefined;

/** The lowest class first, so that no two ever have one name. A category that was changed since stays, and so does whoever has left. */
export async function turnBack(office: Office, { login, school }: Who, year: number): Promise<number | null> {
  const turn = await wayBack(office, school, year);
  if (!turn) return null;
  const { accounts } = (await office.told(school)).school;
  const classes = Object.entries(turn.before.classes).map(([id, name]): Directive => ({ kind: "SetClass", id: Number(id), name }));
  const grade = (one: Directive) => (one.kind === "SetClass" ? parseInt(one.name, 10) : 0);
  const moved = Object.entries(turn.before.categories).flatMap(([id, category]): Directive[] => {
    const account = accounts.get(Number(id));
    const isAsLeft = account?.status === "open" && account.category === turn.after.categories[id];
    return isAsLeft ? [{ ...describe(account), category }] : [];
  });
  return office.change({ login, school, what: "people.yearBack", subject: subjectOf(year) }, async () => ({
    ...{ before: turn.after, after: turn.before, value: classes.length },
    directives: [...classes.sort((a, b) => grade(a) - grade(b)), ...moved],
  }));
}
