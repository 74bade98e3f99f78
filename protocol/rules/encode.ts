/**
 * The whole state as bytes, and back: what a snapshot stores and its hash is taken of. Every map by its key, so that two schools with the same history
 * give the same bytes, whatever the order in which things were put in.
 */
import { concat, createReader, fail } from "../wire/bytes.js";
import { encode, list, takeValue, record } from "../wire/schema.js";
import type { Decoded, Infer } from "../wire/schema.js";
import * as state from "./school.js";
import type { School } from "./school.js";

const MOST = 10000000;
/** In this order: what comes before the sales, sales, meals served, and the rest. */
const frontSchema = record({
  head: state.headSchema,
  caterers: list(state.namedSchema, MOST),
  categories: list(state.namedSchema, MOST),
  classes: list(state.namedSchema, MOST),
  groups: list(state.namedSchema, MOST),
  staff: list(state.staffSchema, MOST),
  accounts: list(state.accountSchema, MOST),
  cards: list(state.cardSchema, MOST),
  dishes: list(state.dishSchema, MOST),
  meals: list(state.mealSchema, MOST),
  mealMenus: list(state.mealMenuSchema, MOST),
  tariffs: list(state.tariffSchema, MOST),
  terminals: list(state.terminalSchema, MOST),
});
const backSchema = record({
  orders: list(state.orderSchema, MOST),
  collections: list(state.collectionSchema, MOST),
  flagged: list(state.flaggedSchema, MOST),
});

/** Names the fields of a state and their order: bytes made under another shape mean something else. */
export const STATE_SHAPE = JSON.stringify([frontSchema, "packed", state.saleSchema, state.servedSchema, backSchema]);

/** Deterministic: the same state, the same bytes. */
export function encodeSchool(school: School): Uint8Array {
  const front = {
    head: school,
    caterers: byKey(school.caterers),
    categories: byKey(school.categories),
    classes: byKey(school.classes),
    groups: byKey(school.groups),
    staff: byKey(school.staff),
    accounts: byKey(school.accounts),
    cards: byKey(school.cards),
    dishes: byKey(school.dishes).flat(),
    meals: byKey(school.meals),
    mealMenus: byKey(school.mealMenus),
    tariffs: byKey(school.tariffs).flat(),
    terminals: byKey(school.terminals),
  };
  const back = { orders: byKey(school.orders), collections: byKey(school.collections), flagged: school.flagged };
  return concat([encode(frontSchema, front), school.sales.pack(), school.served.pack(), encode(backSchema, back)]);
}

/** What {@link encodeSchool} wrote; anything else is malformed, with an offset. */
export function decodeSchool(bytes: Uint8Array): Decoded<School> {
  const reader = createReader(bytes);
  const school = restored(takeValue(reader, frontSchema));
  school.sales.unpack(reader);
  school.served.unpack(reader);
  const back = takeValue(reader, backSchema);
  fill(school.orders, back.orders, (one) => state.mealKey(one.account, one.meal, one.date));
  fill(school.collections, back.collections, (one) => one.collection);
  school.flagged.push(...back.flagged);
  if (!reader.failure && reader.offset !== reader.end) fail(reader, "trailing bytes");
  return reader.failure ? { ok: false, malformed: reader.failure } : { ok: true, value: school };
}

function restored(front: Infer<typeof frontSchema>): School {
  const school = { ...state.createSchool(), ...front.head };
  fill(school.caterers, front.caterers, (one) => one.id);
  fill(school.categories, front.categories, (one) => one.id);
  fill(school.classes, front.classes, (one) => one.id);
  fill(school.groups, front.groups, (one) => one.id);
  fill(school.staff, front.staff, (one) => one.id);
  fill(school.accounts, front.accounts, (one) => one.id);
  for (const account of school.accounts.values()) school.accountByNumber.set(account.number, account.id);
  fill(school.cards, front.cards, (one) => one.uid);
  for (const dish of front.dishes) school.dishes.set(dish.code, (school.dishes.get(dish.code) ?? []).concat(dish));
  fill(school.meals, front.meals, (one) => one.id);
  fill(school.mealMenus, front.mealMenus, (one) => state.menuKey(one.meal, one.date));
  for (const tariff of front.tariffs) {
    const key = state.tariffKey(tariff.meal, tariff.category);
    school.tariffs.set(key, (school.tariffs.get(key) ?? []).concat(tariff));
  }
  fill(school.terminals, front.terminals, (one) => one.id);
  return school;
}

function fill<K, V>(map: Map<K, V>, values: readonly V[], keyOf: (value: V) => K): void {
  for (const value of values) map.set(keyOf(value), value);
}

function byKey<V>(map: ReadonlyMap<number | string, V>): V[] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, value]) => value);
}
