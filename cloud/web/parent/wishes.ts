/**
 * What a family has asked a school for: limits, a blocked card, ordered meals. The state says what holds there; what is still on its way lies over it, so
 * that a form shows what was chosen last and says whether the school has it.
 */
import type { BusinessDate, Card, CardUid, DirectiveOf, Kopecks, School } from "@trapeza/protocol";
import { mealKey, menuKey, orderWindow, tariffOn } from "@trapeza/protocol";
import type { Cloud } from "../../cloud.js";
import type { ChildLink } from "../../people/store.js";
import { underwayIn } from "../../underway.js";
import { localMoment } from "../date-text.js";

export type LocalMoment = ReturnType<typeof localMoment>;

export interface Limits {
  readonly dailyLimit: Kopecks | null;
  readonly stopList: boolean;
  readonly bannedDishes: readonly number[];
  readonly bannedAllergens: readonly string[];
}

export interface CardWish {
  readonly card: Card;
  /** Who holds it blocked, the family's newest wish counted in. */
  readonly blockedBy: readonly string[];
  readonly isUnderway: boolean;
  /** When the school began to act by it. */
  readonly since: LocalMoment | null;
}

export interface Wishes {
  readonly limits: Limits;
  readonly limitsUnderway: boolean;
  readonly limitsSince: LocalMoment | null;
  readonly cards: readonly CardWish[];
}

/** `null` when the school has not been heard of this account yet. */
export async function wishesOf(cloud: Cloud, { school, account }: ChildLink): Promise<Wishes | null> {
  const { state, applied } = await cloud.library.book(school);
  const known = state.accounts.get(account);
  if (!known) return null;
  const underway = await underwayIn(cloud, school);
  const newest = underway.findLast((one): one is DirectiveOf<"SetLimits"> => one.kind === "SetLimits" && one.account === account);
  const at = (atMs: number | null) => (atMs === null ? null : localMoment(atMs, state.policy.zoneMinutes));
  const own = [...state.cards.values()].filter((card) => card.account === account && (card.state === "active" || card.state === "issued"));
  const { dailyLimit, stopList, bannedDishes, bannedAllergens } = newest ?? known;
  return {
    limits: { dailyLimit, stopList, bannedDishes, bannedAllergens },
    limitsUnderway: newest !== undefined,
    limitsSince: at(applied.limitsMs(account)),
    cards: own.map((card) => {
      const wish = underway.findLast((one): one is DirectiveOf<"SetCard"> => one.kind === "SetCard" && one.uid === card.uid);
      const others = card.blockedBy.filter((by) => by !== "parent");
      const blockedBy = wish === undefined ? card.blockedBy : wish.state === "blocked" ? [...others, wish.by] : others;
      return { card, blockedBy, isUnderway: wish !== undefined, since: at(applied.cardMs(card.uid)) };
    }),
  };
}

/** The order to block a card in the family's name, or to take that back; null for a card that is not this account's. */
export function cardOrder(state: School, account: number, uid: string, block: boolean): DirectiveOf<"SetCard"> | null {
  const card = state.cards.get(uid as CardUid);
  if (!card || card.account !== account || (card.state !== "active" && card.state !== "issued")) return null;
  const { number, holder, staff, validThrough } = card;
  return {
    kind: "SetCard",
    uid: card.uid,
    number,
    holder,
    account,
    staff,
    state: block ? "blocked" : card.state,
    by: "parent",
    validThrough,
  };
}

export interface PlannedMeal {
  readonly meal: number;
  readonly name: string;
  readonly date: BusinessDate;
  readonly dishes: readonly string[];
  /** The parent's part of the price. */
  readonly share: Kopecks;
  readonly mark: "none" | "ordered" | "served";
  /** The newest wish has not reached the school yet. */
  readonly isUnderway: boolean;
  /** Until when it can be ordered and cancelled. */
  readonly until: { readonly open: boolean; readonly date: BusinessDate; readonly minute: number };
}

/** Organised meals from today on, by day and hour: those with a price for this child on which something is cooked or ordered. */
export async function plannedMeals(cloud: Cloud, { school, account }: ChildLink, days: number): Promise<PlannedMeal[]> {
  const { state } = await cloud.library.book(school);
  const known = state.accounts.get(account);
  if (!known) return [];
  const underway = await underwayIn(cloud, school);
  const today = todayOf(state, cloud.now());
  const context = { terminal: 0 as never, date: today, atMs: cloud.now(), clock: "synchronized" } as const;
  const meals = [...state.meals.values()].sort((a, b) => a.servedFrom - b.servedFrom || a.id - b.id);
  const planned: PlannedMeal[] = [];
  for (let date = today; date < today + days; date = (date + 1) as BusinessDate)
    for (const meal of meals) {
      const key = mealKey(account, meal.id, date);
      const tariff = tariffOn(state, meal.id, known.category, date);
      const menu = state.mealMenus.get(menuKey(meal.id, date));
      const wish = underway.findLast(
        (one) => one.kind === "OrderMeal" && one.account === account && one.meal === meal.id && one.date === date,
      );
      const isOrdered = wish?.kind === "OrderMeal" ? !wish.cancel : state.orders.has(key);
      const isServed = state.served.has(key);
      if (!tariff || (!menu && !isOrdered && !isServed)) continue;
      planned.push({
        ...{ meal: meal.id, name: meal.name, date, dishes: menu?.dishes ?? [], share: tariff.share },
        mark: isServed ? "served" : isOrdered ? "ordered" : "none",
        isUnderway: wish !== undefined,
        until: orderWindow(state, meal, date, context),
      });
    }
  return planned;
}

/** The day it is where the school is, whether or not its gateway has begun it. */
export function todayOf(state: School, nowMs: number): BusinessDate {
  return Math.max(state.date, localMoment(nowMs, state.policy.zoneMinutes).date) as BusinessDate;
}
