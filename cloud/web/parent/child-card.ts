/** What a child's card shows: names and limits from the school's state, money from the ledger, both as far as they are stored. */
import type { SchoolBook } from "../../school-book.js";
import { debtLimitOf, isBlocked, menuKey, toHex } from "@trapeza/protocol";
import type { Account, BusinessDate, School } from "@trapeza/protocol";
import type { Cloud } from "../../cloud.js";
import { sha256 } from "../../crypto.js";
import { holderAdditional, holderMain } from "../../ledger/accounts.js";
import type { Sight } from "../../people/shares.js";
import type { ChildLink } from "../../people/store.js";
import { localMoment } from "../date-text.js";
import { lastsUntil, spendingOf } from "./spending.js";
import { todayOf } from "./wishes.js";

/** After so long without an upload the card says that the school is away. */
const SILENT_MS = 5 * 60 * 1000;

/** In the school's own time. */
type LocalMoment = ReturnType<typeof localMoment>;

export type ChildCard =
  | ({ readonly kind: "waiting" } & Sight)
  /** What somebody reads who may do something about a child and not see it. */
  | ({ readonly kind: "named"; readonly name: string; readonly schoolNumber: number } & Sight)
  | ({
      readonly kind: "known";
      readonly name: string;
      readonly number: string;
      readonly schoolNumber: number;
      readonly className: string;
      /** Kopecks; below zero is debt. */
      readonly main: number;
      readonly additional: number;
      /** Paid and not yet in the purses, kopecks. */
      readonly pendingMain: number;
      readonly pendingAdditional: number;
      /** The last school day that each purse will do for, at the present rate; `null` when that is unknown or far off. */
      readonly mainUntil: BusinessDate | null;
      readonly additionalUntil: BusinessDate | null;
      /** The day it is where the school is. */
      readonly today: BusinessDate;
      readonly blocked: boolean;
      readonly debtLimit: number;
      readonly stopList: boolean;
      readonly dailyLimit: number | null;
      /** When the school began to act by these limits; `null` when there are none, and none were lifted today. */
      readonly limitsSince: LocalMoment | null;
      /** Cards that buy nothing, since when. */
      readonly blockedCards: readonly { readonly number: string; readonly since: LocalMoment | null }[];
      /** Today's organised meals with what stands on the plate; empty on a day without. */
      readonly meals: readonly { readonly name: string; readonly dishes: readonly string[] }[];
      /** When the school was last heard of, in its own time. */
      readonly asOf: LocalMoment;
      readonly silent: boolean;
    } & Sight);

/** Changes whenever a card would look different, and not before. */
export function versionOf(cards: readonly ChildCard[]): string {
  return toHex(sha256(Buffer.from(JSON.stringify(cards)))).slice(0, 16);
}

export async function childCard(cloud: Cloud, link: Sight): Promise<ChildCard> {
  const book = await cloud.library.book(link.school);
  const { state } = book;
  // A school whose journal is not taken asks for its directives all the same; what is seen here is as old as what was taken last.
  const isTaken = book.refusedMs === null;
  const asOfMs = isTaken ? book.heardMs : book.writtenMs;
  const account = state.accounts.get(link.account);
  if (!account) return { kind: "waiting", ...link };
  if (!link.rights.includes("see")) return { kind: "named", ...link, name: account.shortName, schoolNumber: state.policy.number };
  const [mainPurse, additionalPurse] = [holderMain(link.account), holderAdditional(link.account)];
  const today = todayOf(state, cloud.now());
  const [balances, coming, days] = await Promise.all([
    cloud.store.balances(link.school, [mainPurse, additionalPurse]),
    pendingOf(cloud, link),
    spendingOf(cloud, link, today),
  ]);
  const [main, additional] = [mainPurse, additionalPurse].map((purse) => -(balances.get(purse) ?? 0) || 0);
  return {
    ...{ kind: "known", ...link, name: account.name, number: account.number },
    schoolNumber: state.policy.number,
    className: (account.class !== null && state.classes.get(account.class)?.name) || "",
    ...{ main, additional, today },
    mainUntil: lastsUntil(days, "main", main, today),
    additionalUntil: lastsUntil(days, "additional", additional, today),
    ...{ pendingMain: coming.main, pendingAdditional: coming.additional },
    blocked: isBlocked(state, account),
    debtLimit: debtLimitOf(state, account),
    stopList: account.stopList,
    dailyLimit: account.dailyLimit,
    limitsSince: limitsSince(book, account),
    blockedCards: blockedCards(book, account),
    meals: mealsToday(state),
    asOf: localMoment(asOfMs, state.policy.zoneMinutes),
    silent: !isTaken || cloud.now() - asOfMs > SILENT_MS,
  };
}

/** What of this account's payments the bank answers for and the school has not credited yet. */
async function pendingOf(cloud: Cloud, { school, account }: ChildLink): Promise<{ main: number; additional: number }> {
  const sums = { main: 0, additional: 0 };
  for (const { lines } of await cloud.payments.pendingIn(school))
    for (const line of lines) if (line.school === school && line.account === account) sums[line.purse] += line.sum;
  return sums;
}

function limitsSince({ state, applied }: SchoolBook, account: Account): LocalMoment | null {
  const atMs = applied.limitsMs(account.id);
  const since = atMs === null ? null : localMoment(atMs, state.policy.zoneMinutes);
  const isLimited =
    account.stopList || account.dailyLimit !== null || account.bannedDishes.length > 0 || account.bannedAllergens.length > 0;
  return since && (isLimited || since.date === state.date) ? since : null;
}

function blockedCards({ state, applied }: SchoolBook, account: Account): { number: string; since: LocalMoment | null }[] {
  const own = [...state.cards.values()].filter((card) => card.account === account.id);
  return own
    .filter(({ state: how, blockedBy }) => how === "active" && blockedBy.length > 0)
    .map(({ uid, number }) => {
      const atMs = applied.cardMs(uid);
      return { number, since: atMs === null ? null : localMoment(atMs, state.policy.zoneMinutes) };
    });
}

function mealsToday(state: School): { name: string; dishes: readonly string[] }[] {
  return [...state.meals.values()].flatMap((meal) => {
    const menu = state.mealMenus.get(menuKey(meal.id, state.date));
    return menu ? [{ name: meal.name, dishes: menu.dishes }] : [];
  });
}
