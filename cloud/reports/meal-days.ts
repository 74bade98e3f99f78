/** What became of each pupil's meals of a period: ordered, confirmed, served, undone, refused. Folded from the journal, by service date. */
import { RETENTION_DAYS, tariffOn } from "@trapeza/protocol";
import type { BusinessDate, Event, EventBody, EventOf, Parts } from "@trapeza/protocol";
import { eventsBetween } from "./journal-days.js";
import type { Ask } from "./report.js";

/** Terminals and the portal take orders two weeks ahead. */
const AHEAD_DAYS = 15;

export interface PupilMeal {
  readonly account: number;
  readonly meal: number;
  readonly date: BusinessDate;
  /** Of the class it was served to, or of the pupil's own one. */
  class: number | null;
  /** The share that was promised; `null`: not ordered. */
  ordered: number | null;
  served: EventOf<"MealServed"> | null;
  /** Why it was undone; "" for a teacher's undo. */
  undone: string | null;
  /** Number of the last refusal. */
  refused: number | null;
}

export interface MealDays {
  readonly meals: readonly PupilMeal[];
  /** In kopecks, shares and subsidies together, undone ones taken off: recorded in the period; of that, of other service dates; recorded after it. */
  readonly recorded: number;
  readonly elsewhere: number;
  readonly later: number;
}

export const shareOf = ({ main, additional, debt, fund }: Parts): number => main + additional + debt + fund;
export const priceOf = (parts: Parts): number => shareOf(parts) + parts.subsidy;

/** `orders`: whether what was ordered before the period counts, too. All filters of the ask but the period are left to the reader. */
export async function mealDays({ store, id, school, from, to }: Ask, { orders }: { orders: boolean }): Promise<MealDays> {
  const meals = new Map<string, PupilMeal>();
  const sums = { recorded: 0, elsewhere: 0, later: 0 };
  const mealOf = (account: number, meal: number, date: BusinessDate): PupilMeal => {
    const key = account + ":" + meal + ":" + date;
    const fresh = { ordered: null, served: null, undone: null, refused: null };
    const found = meals.get(key) ?? { account, meal, date, class: school.accounts.get(account)?.class ?? null, ...fresh };
    meals.set(key, found);
    return found;
  };
  const first = (orders ? from - AHEAD_DAYS : from) as BusinessDate;
  for await (const event of eventsBetween(store, id, first, (to + RETENTION_DAYS) as BusinessDate)) {
    const told = toldOf(event.body);
    if (!told) continue;
    const isInside = told.date >= from && told.date <= to;
    count(sums, event, isInside, from, to);
    if (isInside) note(mealOf(told.account, told.meal, told.date), event.body, (pupilMeal) => promised(school, pupilMeal));
  }
  return { meals: [...meals.values()], ...sums };
}

/** Whose meal an event tells of; `null` when it tells of none. */
function toldOf(body: EventBody): { account: number; meal: number; date: BusinessDate } | null {
  switch (body.kind) {
    case "PreOrdered":
    case "PreOrderCancelled":
    case "MealServed":
    case "MealUndone":
    case "MealRefused":
      return body;
    case "DirectiveApplied":
      return body.directive.kind === "OrderMeal" && body.outcome === "applied" ? body.directive : null;
    default:
      return null;
  }
}

function count(sums: { recorded: number; elsewhere: number; later: number }, event: Event, isInside: boolean, from: number, to: number) {
  const { body, date } = event;
  if (body.kind !== "MealServed" && body.kind !== "MealUndone") return;
  const amount = body.kind === "MealServed" ? priceOf(body.parts) : -priceOf(body.parts);
  const isRecorded = date >= from && date <= to;
  if (isRecorded) sums.recorded += amount;
  if (isRecorded && !isInside) sums.elsewhere += amount;
  if (!isRecorded && isInside) sums.later += amount;
}

function note(found: PupilMeal, body: EventBody, promise: (meal: PupilMeal) => number): void {
  switch (body.kind) {
    case "PreOrdered":
      found.ordered = body.share;
      return;
    case "PreOrderCancelled":
      found.ordered = null;
      return;
    case "DirectiveApplied":
      found.ordered = body.directive.kind === "OrderMeal" && body.directive.cancel ? null : promise(found);
      return;
    case "MealServed":
      Object.assign(found, { served: body, undone: null, refused: null, class: body.class });
      if (body.ordered) found.ordered ??= shareOf(body.parts);
      return;
    case "MealUndone":
      Object.assign(found, { served: null, undone: body.reason });
      return;
    case "MealRefused":
      Object.assign(found, { refused: body.reason, class: body.class });
  }
}

function promised(school: Ask["school"], { account, meal, date }: PupilMeal): number {
  return tariffOn(school, meal, school.accounts.get(account)?.category ?? -1, date)?.share ?? 0;
}
