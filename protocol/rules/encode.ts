/**
 * The whole state as bytes, and back: what a snapshot stores and its hash is taken of. Every map by its key, so that two schools with the same history
 * give the same bytes, whatever the order in which things were put in.
 */
import { concat, copyOf, createReader, createWriter, fail, readVarint, writeVarint, written } from "../wire/bytes.js";
import type { Reader } from "../wire/bytes.js";
import { encode, list, takeValue, record } from "../wire/schema.js";
import type { Decoded, Infer, Schema } from "../wire/schema.js";
import type { Packed } from "./packed.js";
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
export const STATE_SHAPE = JSON.stringify([frontSchema, state.saleSchema, state.servedSchema, backSchema]);

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
  return concat([encode(frontSchema, front), ...packedBytes(school.sales), ...packedBytes(school.served), encode(backSchema, back)]);
}

/** A list of the values as they are kept. */
function packedBytes<K extends number | string, V extends { readonly date: number }>(values: Packed<K, V>): Uint8Array[] {
  const count = createWriter();
  writeVarint(count, values.size);
  const keys = [...values.keys()].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  return [written(count), ...keys.map((key) => values.bytes(key))];
}

/** What {@link encodeSchool} wrote; anything else is malformed, with an offset. */
export function decodeSchool(bytes: Uint8Array): Decoded<School> {
  const reader = createReader(bytes);
  const school = restored(takeValue(reader, frontSchema));
  readPacked(reader, school.sales, state.saleSchema, (one) => one.receipt);
  readPacked(reader, school.served, state.servedSchema, (one) => state.mealKey(one.account, one.meal, one.date));
  const back = takeValue(reader, backSchema);
  fill(school.orders, back.orders, (one) => state.mealKey(one.account, one.meal, one.date));
  fill(school.collections, back.collections, (one) => one.collection);
  school.flagged.push(...back.flagged);
  if (!reader.failure && reader.offset !== reader.end) fail(reader, "trailing bytes");
  return reader.failure ? { ok: false, malformed: reader.failure } : { ok: true, value: school };
}

function readPacked<K extends number | string, V extends { readonly date: number }>(
  reader: Reader,
  into: Packed<K, V>,
  schema: Schema<V>,
  keyOf: (value: V) => K,
): void {
  const count = readVarint(reader);
  if (count > MOST) fail(reader, "list too long");
  for (let i = 0; i < count && !reader.failure; i++) {
    const from = reader.offset;
    const value = takeValue(reader, schema);
    if (!reader.failure) into.put(keyOf(value), value.date, copyOf(reader.bytes, from, reader.offset));
  }
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
