/**
 * What a gateway knows of its school: the fold of its journal. Plain maps of plain records; `apply` alone changes them.
 *
 * Each record is described by a schema, from which its type, the snapshot and the state hash are made; so what is remembered and what is hashed cannot
 * drift apart.
 */
import { BLOCKERS, CARD_HOLDERS, LANGUAGES, SERVICE_STATES, STAFF_ROLES } from "../journal/directive.js";
import { FLAGS, partsSchema } from "../journal/event.js";
import { utf8Text } from "../journal/text.js";
import { bool, byteText, hex, int, list, oneOf, optional, record, uint } from "../wire/schema.js";
import type { Infer, Schema } from "../wire/schema.js";
import type { AccountNumber, BusinessDate, CardUid, Kopecks, TerminalId } from "../wire/units.js";
import { TERMINAL_KINDS } from "../wire/up.js";
import { Packed } from "./packed.js";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
/** The state's own type of a schema: the same fields, writable, because a fold writes. */
type Stored<S> = S extends Schema<infer T> ? Mutable<T> : never;

const money = uint<Kopecks>();
const balance = int<Kopecks>();
const date = uint<BusinessDate>();
const terminal = uint<TerminalId>(65535);
const name = utf8Text(160);

/**
 * School, operator and policy: the last SetSchool. `mercyMeals`: who would be refused eats at the fund's expense (rule 4). `twoPersons`: a collection without a
 * witness is flagged.
 */
export const policySchema = record({
  number: uint(),
  name,
  operator: name,
  address: optional(utf8Text(200)),
  claimPhone: utf8Text(32),
  language: oneOf(LANGUAGES),
  zoneMinutes: int(),
  debtLimit: money,
  mercyMeals: bool,
  twoPersons: bool,
});
export type Policy = Stored<typeof policySchema>;

export const namedSchema = record({ id: uint(), name });
/** A caterer, a tariff category, a class, a menu group. */
export type Named = Stored<typeof namedSchema>;

export const staffSchema = record({ id: uint(), name, role: oneOf(STAFF_ROLES), class: optional(uint()) });
export type Staff = Stored<typeof staffSchema>;

export const ACCOUNT_STATES = ["open", "arriving", "closing", "closed", "moved"] as const;

/** A part of a negative main purse: the meal that left it, or nothing (caterer null, meal and date 0). Oldest first. */
export const owedSchema = record({ caterer: optional(uint()), meal: uint(), date, amount: money });
export type Owed = Infer<typeof owedSchema>;

export const accountSchema = record({
  id: uint(),
  number: byteText<AccountNumber>(20),
  holder: oneOf(["pupil", "staff"]),
  name,
  shortName: utf8Text(64),
  class: optional(uint()),
  category: uint(),
  debtLimit: optional(money),
  status: oneOf(ACCOUNT_STATES),
  main: balance,
  additional: balance,
  /** Number of the account's last change. */
  seq: uint(),
  owed: list(owedSchema, 4096),
  dailyLimit: optional(money),
  stopList: bool,
  bannedDishes: list(uint(9999), 200),
  bannedAllergens: list(utf8Text(40), 40),
  spentDate: date,
  spent: money,
  admissions: list(record({ reference: utf8Text(64), amount: money }), 64),
  /** The lowest main purse that a flag, an admission or an older policy accounts for; 0 when none is needed. */
  explained: balance,
});
export type Account = Stored<typeof accountSchema>;

/** `blockedBy` empty: not blocked, whatever `state` says beside it. */
export const cardSchema = record({
  uid: hex<CardUid>(10),
  number: utf8Text(24),
  holder: oneOf(CARD_HOLDERS),
  account: optional(uint()),
  staff: optional(uint()),
  state: oneOf(["issued", "active", "lost", "returned"]),
  blockedBy: list(oneOf(BLOCKERS), 4),
  suspect: bool,
  validThrough: date,
});
export type Card = Stored<typeof cardSchema>;

export const dishSchema = record({
  code: uint(9999),
  name,
  price: money,
  group: uint(15),
  allergens: list(utf8Text(40), 20),
  caterer: uint(),
  offered: bool,
  from: date,
});
/** One version of a dish: it holds from `from` until the next version. */
export type Dish = Stored<typeof dishSchema>;

export const mealSchema = record({
  id: uint(),
  name,
  servedFrom: uint(),
  closes: uint(),
  cutOffDays: uint(),
  cutOffMinute: uint(),
});
export type Meal = Stored<typeof mealSchema>;

export const mealMenuSchema = record({ meal: uint(), date, dishes: list(name, 16) });
/** What stands on the plate of a meal on one day. */
export type MealMenu = Stored<typeof mealMenuSchema>;

export const tariffSchema = record({
  meal: uint(),
  category: uint(),
  share: money,
  subsidy: money,
  program: uint(),
  caterer: uint(),
  from: date,
});
/** What a meal costs a category from a service date on: the parent's share and the budget's subsidy. */
export type Tariff = Stored<typeof tariffSchema>;

export const shiftSchema = record({
  number: uint(),
  cashier: uint(),
  uid: hex<CardUid>(10),
  float: money,
  sales: uint(),
  salesTotal: money,
  cashTotal: money,
  voids: uint(),
  voidsTotal: money,
  cashVoids: money,
  fees: money,
  /** 0: no receipt yet. */
  firstReceipt: uint(),
  lastReceipt: uint(),
});
export type Shift = Stored<typeof shiftSchema>;

export const terminalSchema = record({
  id: terminal,
  terminalKind: oneOf(TERMINAL_KINDS),
  enrolment: uint(),
  place: utf8Text(80),
  service: oneOf(SERVICE_STATES),
  capacity: uint(),
  incarnation: uint(),
  shift: optional(shiftSchema),
  /** Notes by value since the last collection. */
  notes: list(record({ note: money, count: uint() }), 16),
  /** Earliest time the next note is believed at, in Unix ms: see `noteRate`. */
  notesUntilMs: uint(),
  /** One-time passwords that it printed on its last day with any. */
  codes: record({ date, count: uint() }),
});
export type Terminal = Stored<typeof terminalSchema>;

export const soldLineSchema = record({ dish: uint(9999), name, price: money, quantity: uint(99), voided: uint(99), caterer: uint() });
export const saleSchema = record({
  receipt: uint(),
  terminal,
  date,
  cashier: uint(),
  account: optional(uint()),
  lines: list(soldLineSchema, 40),
});
/** A receipt of the buffet; `account` null was paid in cash. Its first three numbers name it among the others: see {@link Packed}. */
export type Sale = Stored<typeof saleSchema>;

export const servedSchema = record({
  account: uint(),
  meal: uint(),
  date,
  class: uint(),
  mealName: name,
  caterer: uint(),
  program: uint(),
  parts: partsSchema,
});
/** A meal eaten and paid so; gone again when undone. Its first three numbers name it. */
export type Served = Stored<typeof servedSchema>;

export const orderSchema = record({ account: uint(), meal: uint(), date, share: money });
export type Order = Stored<typeof orderSchema>;

export const collectionSchema = record({ terminal, collection: uint(), expected: money });
/** A cash box on its way to the bank, not yet counted. */
export type Collection = Stored<typeof collectionSchema>;

export const flaggedSchema = record({ account: optional(uint()), flag: oneOf(FLAGS), date });
/** Something for a person to look at. */
export type Flagged = Stored<typeof flaggedSchema>;

export const headSchema = record({
  policy: policySchema,
  epoch: uint(),
  rulesVersion: uint(),
  date,
  events: uint(),
  /** Number of the last directive applied; the next has this + 1. */
  directives: uint(),
  nextReceipt: uint(),
  nextShift: uint(),
  nextCollection: uint(),
  menuVersion: uint(),
  policyVersion: uint(),
  fundSpent: balance,
  /** Prices of what a till does with cards. */
  activationFee: money,
  reissueFee: money,
});
export type Head = Stored<typeof headSchema>;

export interface School extends Head {
  readonly caterers: Map<number, Named>;
  readonly categories: Map<number, Named>;
  readonly classes: Map<number, Named>;
  readonly groups: Map<number, Named>;
  readonly staff: Map<number, Staff>;
  readonly accounts: Map<number, Account>;
  /** Derived from `accounts`; not part of the hash. */
  readonly accountByNumber: Map<string, number>;
  readonly cards: Map<string, Card>;
  /** Versions of each dish, the oldest first. */
  readonly dishes: Map<number, Dish[]>;
  readonly meals: Map<number, Meal>;
  /** By {@link menuKey}. */
  readonly mealMenus: Map<string, MealMenu>;
  /** By {@link tariffKey}; versions, the oldest first. */
  readonly tariffs: Map<string, Tariff[]>;
  readonly terminals: Map<number, Terminal>;
  readonly sales: Packed<number, Sale>;
  /** By {@link mealKey}. */
  readonly served: Packed<string, Served>;
  /** By {@link mealKey}. */
  readonly orders: Map<string, Order>;
  /** By collection number. */
  readonly collections: Map<number, Collection>;
  readonly flagged: Flagged[];
}

/** Nothing yet: no accounts, date 0, receipt numbers from 1. What every replay starts from. */
export function createSchool(): School {
  const none = 0 as Kopecks;
  const policy: Policy = {
    number: 0,
    name: "",
    operator: "",
    address: null,
    claimPhone: "",
    language: "ru",
    zoneMinutes: 0,
    debtLimit: 15000 as Kopecks,
    mercyMeals: false,
    twoPersons: false,
  };
  const counters = { events: 0, directives: 0, nextReceipt: 1, nextShift: 1, nextCollection: 1, menuVersion: 0, policyVersion: 0 };
  return {
    policy,
    epoch: 0,
    rulesVersion: 0,
    date: 0 as BusinessDate,
    ...counters,
    fundSpent: none,
    activationFee: none,
    reissueFee: none,
    caterers: new Map(),
    categories: new Map(),
    classes: new Map(),
    groups: new Map(),
    staff: new Map(),
    accounts: new Map(),
    accountByNumber: new Map(),
    cards: new Map(),
    dishes: new Map(),
    meals: new Map(),
    mealMenus: new Map(),
    tariffs: new Map(),
    terminals: new Map(),
    sales: new Packed<number, Sale>(saleSchema, receiptKey),
    served: new Packed<string, Served>(servedSchema, mealKey),
    orders: new Map(),
    collections: new Map(),
    flagged: [],
  };
}

/** One account's one meal on one service date: served once, ordered once. */
export function mealKey(account: number, meal: number, date: number): string {
  return account + ":" + meal + ":" + date;
}

function receiptKey(receipt: number): number {
  return receipt;
}

export function menuKey(meal: number, date: number): string {
  return meal + ":" + date;
}

export function tariffKey(meal: number, category: number): string {
  return meal + ":" + category;
}

/** The version that holds on `date`: the last one that begins no later. `null` before the first. */
export function versionOn<T extends { readonly from: BusinessDate }>(versions: readonly T[] | undefined, date: BusinessDate): T | null {
  let found: T | null = null;
  for (const version of versions ?? []) if (version.from <= date) found = version;
  return found;
}

/** How far this account's main purse may go below zero, in kopecks; staff carry no debt (R1.4). */
export function debtLimitOf(school: School, account: Account): Kopecks {
  if (account.holder === "staff") return 0 as Kopecks;
  return account.debtLimit ?? school.policy.debtLimit;
}

/** Rule 5: pending payments raise the limit for meals, and for nothing else. */
export function mealDebtLimitOf(school: School, account: Account): Kopecks {
  return account.admissions.reduce((limit, admission) => limit + admission.amount, debtLimitOf(school, account) as number) as Kopecks;
}

/** P4.2.3: in debt and at its limit. Derived, never stored; a limit of 0 blocks nobody who owes nothing. */
export function isBlocked(school: School, account: Account): boolean {
  return account.main < 0 && account.main <= -debtLimitOf(school, account);
}

/** Buffet spending of this business date, in kopecks. */
export function spentOn(account: Account, date: BusinessDate): Kopecks {
  return account.spentDate === date ? account.spent : (0 as Kopecks);
}
