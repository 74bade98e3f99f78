/**
 * The whole state as bytes, and back: what a snapshot stores and its hash is taken of. Every map by its key, so that two schools with the same history
 * give the same bytes, whatever the order in which things were put in.
 */
import { decodeWhole, encode, list, record } from "../wire/schema.js";
import type { Decoded, Infer } from "../wire/schema.js";
import * as state from "./school.js";
import type { School } from "./school.js";

const MOST = 10000000;
const snapshotSchema = record({
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
  sales: list(state.saleSchema, MOST),
  served: list(state.servedSchema, MOST),
  orders: list(state.orderSchema, MOST),
  collections: list(state.collectionSchema, MOST),
  flagged: list(state.flaggedSchema, MOST),
});
type Snapshot = Infer<typeof snapshotSchema>;

/** Deterministic: the same state, the same bytes. */
export function encodeSchool(school: School): Uint8Array {
  return encode(snapshotSchema, {
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
    sales: byKey(school.sales),
    served: byKey(school.served),
    orders: byKey(school.orders),
    collections: byKey(school.collections),
    flagged: school.flagged,
  });
}

/** What {@link encodeSchool} wrote; anything else is malformed, with an offset. */
export function decodeSchool(bytes: Uint8Array): Decoded<School> {
  const decoded = decodeWhole(snapshotSchema, bytes);
  return decoded.ok ? { ok: true, value: restored(decoded.value) } : decoded;
}

function restored(snapshot: Snapshot): School {
  const school = { ...state.createSchool(), ...snapshot.head };
  fill(school.caterers, snapshot.caterers, (one) => one.id);
  fill(school.categories, snapshot.categories, (one) => one.id);
  fill(school.classes, snapshot.classes, (one) => one.id);
  fill(school.groups, snapshot.groups, (one) => one.id);
  fill(school.staff, snapshot.staff, (one) => one.id);
  fill(school.accounts, snapshot.accounts, (one) => one.id);
  for (const account of school.accounts.values()) school.accountByNumber.set(account.number, account.id);
  fill(school.cards, snapshot.cards, (one) => one.uid);
  for (const dish of snapshot.dishes) school.dishes.set(dish.code, (school.dishes.get(dish.code) ?? []).concat(dish));
  fill(school.meals, snapshot.meals, (one) => one.id);
  fill(school.mealMenus, snapshot.mealMenus, (one) => state.menuKey(one.meal, one.date));
  for (const tariff of snapshot.tariffs) {
    const key = state.tariffKey(tariff.meal, tariff.category);
    school.tariffs.set(key, (school.tariffs.get(key) ?? []).concat(tariff));
  }
  fill(school.terminals, snapshot.terminals, (one) => one.id);
  fill(school.sales, snapshot.sales, (one) => one.receipt);
  fill(school.served, snapshot.served, (one) => state.mealKey(one.account, one.meal, one.date));
  fill(school.orders, snapshot.orders, (one) => state.mealKey(one.account, one.meal, one.date));
  fill(school.collections, snapshot.collections, (one) => one.collection);
  school.flagged.push(...snapshot.flagged);
  return school;
}

function fill<K, V>(map: Map<K, V>, values: readonly V[], keyOf: (value: V) => K): void {
  for (const value of values) map.set(keyOf(value), value);
}

function byKey<V>(map: ReadonlyMap<number | string, V>): V[] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, value]) => value);
}
