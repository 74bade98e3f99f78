/** Class lists, what is ordered, the kitchen's head-count, the attendance of meals, and whether ordered, confirmed and served agree. */
import { civilFromDate, orderWindow, reasonName, tariffOn } from "@trapeza/protocol";
import type { Account, BusinessDate, Card, TerminalId } from "@trapeza/protocol";
import type { Turnover } from "../store/store.js";
import { dateDigits } from "../web/date-text.js";
import { moneyText } from "../web/money-text.js";
import { dietsBetween, whyOf } from "./diet-reports.js";
import type { Diet } from "./diet-reports.js";
import { mealDays, priceOf, shareOf } from "./meal-days.js";
import type { MealDays, PupilMeal } from "./meal-days.js";
import { classNameOf, count, figure, inOrder, made, mealNameOf, money, pupilNameOf, pupilsOf, sumOf, text } from "./report.js";
import type { Ask, ColumnOf, Made } from "./report.js";

const NAME_WIDTH = 34;

export async function classLists(ask: Ask): Promise<Made> {
  const { school, words } = ask;
  const cards = new Map<number, Card>();
  for (const card of school.cards.values()) {
    if (card.account !== null && card.state !== "returned" && card.state !== "lost") cards.set(card.account, card);
  }
  const cardText = ({ id }: Account) => {
    const card = cards.get(id);
    return card ? card.number + (card.blockedBy.length > 0 ? ", " + words.cell.blocked : "") : words.cell.noCard;
  };
  return made<Account>(
    [
      text(words.head.class, 7, (one) => classNameOf(school, one.class)),
      text(words.head.pupil, NAME_WIDTH, (one) => one.name),
      figure(words.head.account, 13, (one) => one.number),
      text(words.head.category, 20, (one) => school.categories.get(one.category)?.name ?? "—"),
      text(words.head.card, 20, cardText),
    ],
    pupilsOf(ask),
    { total: words.total },
  );
}

/** Meals that pass the ask's filters; `caterer` by what was served, otherwise by the tariff. */
function asked({ meals }: MealDays, ask: Ask): PupilMeal[] {
  const { school, class: schoolClass, meal, caterer } = ask;
  const catererOf = (one: PupilMeal) =>
    one.served?.caterer ?? tariffOn(school, one.meal, school.accounts.get(one.account)?.category ?? -1, one.date)?.caterer;
  return meals.filter(
    (one) =>
      (schoolClass === null || one.class === schoolClass) &&
      (meal === null || one.meal === meal) &&
      (caterer === null || catererOf(one) === caterer),
  );
}

const isOrdered = ({ ordered }: PupilMeal) => ordered !== null;

export async function preOrders(ask: Ask): Promise<Made> {
  const { school, words } = ask;
  const rows = asked(await mealDays(ask, { orders: true }), ask).filter(isOrdered);
  const state = (one: PupilMeal) => (one.served ? words.cell.served : one.date < ask.today ? words.cell.notServed : "");
  return made<PupilMeal>(
    [
      text(words.head.date, 11, (one) => dateDigits(one.date)),
      text(words.head.meal, 20, (one) => mealNameOf(school, one.meal)),
      text(words.head.class, 7, (one) => classNameOf(school, one.class)),
      text(words.head.pupil, NAME_WIDTH, (one) => pupilNameOf(school, one.account)),
      text(words.head.state, 14, state),
      money(words.head.share, (one) => one.ordered ?? 0),
    ],
    inOrder(
      rows,
      (one) => one.date,
      (one) => one.meal,
      (one) => classNameOf(school, one.class),
      (one) => pupilNameOf(school, one.account),
    ),
    { total: words.total, notes: [words.note.orders(rows.length)] },
  );
}

interface Portions {
  readonly meal: number;
  readonly class: number | null;
  pupils: number;
  ordered: number;
  /** Of those ordered: for children who must not eat something of it. */
  diets: number;
  served: number;
}

/** Portions of one day. Before the cut-off they may still change, and the note says so. */
export async function headCount(ask: Ask): Promise<Made> {
  const { school, words, from: date, nowMs, today } = ask;
  const found = asked(await mealDays({ ...ask, to: date }, { orders: true }), ask);
  const meals = [...school.meals.values()].filter(({ id }) => ask.meal === null || id === ask.meal);
  const rows = new Map<string, Portions>();
  const rowOf = (meal: number, schoolClass: number | null) => {
    const key = meal + ":" + schoolClass;
    const row = rows.get(key) ?? { meal, class: schoolClass, pupils: 0, ordered: 0, diets: 0, served: 0 };
    rows.set(key, row);
    return row;
  };
  for (const { id } of meals) {
    for (const pupil of pupilsOf(ask)) {
      const tariff = tariffOn(school, id, pupil.category, date);
      if (tariff && (ask.caterer === null || tariff.caterer === ask.caterer)) rowOf(id, pupil.class).pupils++;
    }
  }
  for (const one of found) {
    const row = rowOf(one.meal, one.class);
    if (isOrdered(one)) row.ordered++;
    if (one.served) row.served++;
  }
  const ordered = new Set(found.filter(isOrdered).map((one) => one.meal + ":" + one.account));
  // "One portion without milk" beside "one ordered" names a child, though no name stands there.
  const all = ask.seesDiets ? await dietsBetween({ ...ask, to: date }, await ask.store.recipes(ask.id)) : [];
  const diets = all.filter((one) => ordered.has(one.meal + ":" + one.pupil.id));
  for (const key of new Set(diets.map((one) => one.meal + ":" + one.pupil.id))) {
    const [meal, account] = key.split(":").map(Number);
    rowOf(meal, school.accounts.get(account)?.class ?? null).diets++;
  }
  const context = { terminal: 0 as TerminalId, date: today, atMs: nowMs, clock: "synchronized" } as const;
  const notes = meals.map((meal) => {
    const { open, date: last, minute } = orderWindow(school, meal, date, context);
    const portions = sumOf([...rows.values()], (row) => (row.meal === meal.id ? row.ordered : 0));
    return words.note.kitchen(meal.name, portions, clockOf(minute) + " " + dateDigits(last), open);
  });
  notes.push(...withoutNotes(diets, ask));
  return made<Portions>(
    [
      text(words.head.meal, 24, (row) => mealNameOf(school, row.meal)),
      text(words.head.class, 8, (row) => classNameOf(school, row.class)),
      count(words.head.pupils, 10, (row) => row.pupils),
      count(words.head.ordered, 10, (row) => row.ordered),
      ...(ask.seesDiets ? [count<Portions>(words.head.diets, 12, (row) => row.diets)] : []),
      count(words.head.served, 10, (row) => row.served),
    ],
    inOrder(
      [...rows.values()],
      (row) => row.meal,
      (row) => classNameOf(school, row.class),
    ),
    { total: words.total, notes },
  );
}

/** How many portions are to be made without what, and no child's name: the kitchen cooks for a class. */
function withoutNotes(diets: readonly Diet[], { school, words }: Ask): string[] {
  const numbers = new Map<string, number>();
  for (const diet of diets) {
    const note = words.note.without(mealNameOf(school, diet.meal), classNameOf(school, diet.pupil.class), diet.dish, whyOf(diet, words));
    numbers.set(note, (numbers.get(note) ?? 0) + 1);
  }
  return inOrder([...numbers], ([note]) => note).map(([note, number]) => note + number);
}

const clockOf = (minute: number) => String(Math.floor(minute / 60)).padStart(2, "0") + ":" + String(minute % 60).padStart(2, "0");

interface PupilMonth {
  readonly class: number | null;
  readonly account: number;
  readonly served: PupilMeal[];
}

/** Longer periods are told by month, because a sheet has no room for more days. */
const MOST_DAYS = 31;

/** Табель: who ate when. Each pupil of the class has a row, whether they ate or not. */
export async function attendance(ask: Ask): Promise<Made> {
  const { school, words } = ask;
  const days = await mealDays(ask, { orders: false });
  const served = asked(days, ask).filter((one) => one.served !== null);
  const rows = new Map<string, PupilMonth>();
  const rowOf = (account: number, schoolClass: number | null) => {
    const key = schoolClass + ":" + account;
    const row = rows.get(key) ?? { class: schoolClass, account, served: [] };
    rows.set(key, row);
    return row;
  };
  if (ask.caterer === null) for (const pupil of pupilsOf(ask)) rowOf(pupil.id, pupil.class);
  for (const one of served) rowOf(one.account, one.class).served.push(one);
  const total = sumOf(served, (one) => priceOf(one.served!.parts));
  const isWhole = ask.class === null && ask.meal === null && ask.caterer === null;
  const sum = (row: PupilMonth, of: (one: PupilMeal) => number) => sumOf(row.served, of);
  return made<PupilMonth>(
    [
      text(words.head.class, 5, (row) => classNameOf(school, row.class)),
      text(words.head.pupil, 20, (row) => pupilNameOf(school, row.account)),
      ...dayColumns(served, ask),
      count(words.head.meals, 7, (row) => row.served.length),
      money(words.head.share, (row) => sum(row, (one) => shareOf(one.served!.parts))),
      money(words.head.subsidy, (row) => sum(row, (one) => one.served!.parts.subsidy)),
    ],
    inOrder(
      [...rows.values()],
      (row) => classNameOf(school, row.class),
      (row) => pupilNameOf(school, row.account),
    ),
    {
      total: words.total,
      checks: isWhole ? [{ what: words.check.meals, here: total + days.elsewhere - days.later, ledger: await postedMeals(ask) }] : [],
      notes:
        isWhole && (days.elsewhere !== 0 || days.later !== 0)
          ? [words.note.otherDays(moneyText(days.elsewhere), moneyText(days.later))]
          : [],
    },
  );
}

/** A column a day with a meal, or a column a month. */
function dayColumns(served: readonly PupilMeal[], { from, to }: Ask): ColumnOf<PupilMonth>[] {
  const isShort = to - from < MOST_DAYS;
  const monthOf = (date: BusinessDate) => civilFromDate(date).year * 12 + civilFromDate(date).month - 1;
  const keyOf = isShort ? (date: BusinessDate) => date as number : monthOf;
  const headOf = (date: BusinessDate) => (isShort ? String(civilFromDate(date).day) : dateDigits(date).slice(3));
  const heads = new Map(inOrder(served, (one) => one.date).map(({ date }) => [keyOf(date), headOf(date)]));
  return [...heads].map(([key, head]) =>
    count(head, isShort ? 3.7 : 8, (row) => row.served.filter(({ date }) => keyOf(date) === key).length),
  );
}

/** What meals came to by the postings of the period, undone ones taken off. */
async function postedMeals({ store, id, from, to }: Ask): Promise<number> {
  const isMeal = ({ kind, account }: Turnover) =>
    (kind === "MealServed" || kind === "MealUndone") && /^caterer\/[0-9]+\/(meals|unfunded|subsidy)$/.test(account);
  const posted = (await store.turnovers(id, from, to)).filter(isMeal);
  return sumOf(posted, ({ debit, credit }) => credit - debit);
}

interface Compared {
  readonly date: BusinessDate;
  readonly meal: number;
  readonly class: number | null;
  readonly all: PupilMeal[];
}

/** Ordered = confirmed = served: a row a class, a meal and a day, and by name whatever does not agree. */
export async function crossCheck(ask: Ask): Promise<Made> {
  const { school, words, today } = ask;
  const rows = new Map<string, Compared>();
  for (const one of asked(await mealDays(ask, { orders: true }), ask)) {
    if (one.date > today || (!isOrdered(one) && !one.served && one.undone === null && one.refused === null)) continue;
    const key = [one.date, one.meal, one.class].join(":");
    const row = rows.get(key) ?? { date: one.date, meal: one.meal, class: one.class, all: [] };
    rows.set(key, row);
    row.all.push(one);
  }
  const number = (row: Compared, is: (one: PupilMeal) => boolean) => row.all.filter(is).length;
  const found = [...rows.values()].map((row) => ({ ...row, differences: differencesOf(row, ask) }));
  return made<(typeof found)[number]>(
    [
      text(words.head.date, 11, (row) => dateDigits(row.date)),
      text(words.head.meal, 18, (row) => mealNameOf(school, row.meal)),
      text(words.head.class, 7, (row) => classNameOf(school, row.class)),
      count(words.head.ordered, 10, (row) => number(row, isOrdered)),
      count(words.head.confirmed, 12, (row) => number(row, ({ served, undone }) => served !== null || undone !== null)),
      count(words.head.served, 10, (row) => number(row, ({ served }) => served !== null)),
      text(words.head.differences, 60, (row) => row.differences.join("; ")),
    ],
    inOrder(
      found,
      (row) => row.date,
      (row) => row.meal,
      (row) => classNameOf(school, row.class),
    ),
    { total: words.total, notes: [words.note.differences(sumOf(found, ({ differences }) => differences.length))] },
  );
}

function differencesOf({ all }: Compared, { school, words }: Ask): string[] {
  const said = words.difference;
  const nobodyOrdered = !all.some(isOrdered);
  const differences = inOrder(all, (one) => pupilNameOf(school, one.account)).flatMap((one) => {
    const name = pupilNameOf(school, one.account);
    if (one.undone !== null && !one.served) return [said.undone(name, one.undone)];
    if (one.served) return isOrdered(one) || nobodyOrdered ? [] : [said.notOrdered(name)];
    if (one.refused !== null) return [said.refused(name, words.reasons[reasonName(one.refused) ?? ""] ?? String(one.refused))];
    return isOrdered(one) ? [said.notConfirmed(name)] : [];
  });
  return nobodyOrdered && all.some(({ served }) => served) ? [said.noOrders, ...differences] : differences;
}
