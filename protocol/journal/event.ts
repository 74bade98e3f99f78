/**
 * What happened in a school: the events of a gateway's journal, in the past tense. Texts are UTF-8. Tags never change.
 *
 * An event holds everything that replaying and posting need: names, prices, caterer, split parts, and the balances after. So a reader twenty years from now
 * needs neither the menu nor the tariff of the day, and an auditor can compare the figures with what the rules give.
 */
import { bool, byteText, fixedBytes, hex, int, list, oneOf, optional, record, uint, union } from "../wire/schema.js";
import type { Infer } from "../wire/schema.js";
import { payeeSchema, SERVICES, TERMINAL_KINDS } from "../wire/up.js";
import type { AccountNumber, BusinessDate, CardUid, Kopecks, Sequence, TerminalId } from "../wire/units.js";
import { debtSchema, directiveSchema, luggageSchema, PURSES } from "./directive.js";
import { utf8Text } from "./text.js";

export const CLOCKS = ["unknown", "set", "synchronized"] as const;
/** How far the gateway's time may be believed: never set since boot, set by a person or the cloud once, held by NTP. */
export type Clock = (typeof CLOCKS)[number];

export const FLAGS = [
  "over_debt_limit",
  "over_daily_limit",
  "overdrawn",
  "forced_debit",
  "account_closed",
  "account_moved",
  "unknown_account",
  "unknown_dish",
  "unknown_tariff",
  "not_in_class",
  "on_stop_list",
  "banned_dish",
  "out_of_time",
  "shift_closed",
  "wrong_terminal",
  "operation_conflict",
  "already_served",
  "variance",
  "card_not_valid",
  "price_changed",
  "collection_unproven",
] as const;
/** What a recorded fact broke: a person looks at it. New words at the end only. */
export type Flag = (typeof FLAGS)[number];

export const HELD = [
  "no_payee",
  "unknown_account",
  "account_closed",
  "not_a_note",
  "over_capacity",
  "too_fast",
  "wrong_terminal",
  "not_proven",
] as const;
/** Why a note lies in suspense. `not_proven`: nobody saw it reach the cassette; a memo, no money yet. */
export type Held = (typeof HELD)[number];

/** `true` when the held note does lie in the cassette: it counts at collection and is owed to somebody. What is false is a claim without money. */
export function isHeldInBox(why: Held): boolean {
  return why === "no_payee" || why === "unknown_account" || why === "account_closed";
}

const money = uint<Kopecks>();
const balance = int<Kopecks>();
const date = uint<BusinessDate>();
const account = uint();
const terminal = uint<TerminalId>(65535);
const uid = hex<CardUid>(10);
const purse = oneOf(PURSES);
const name = utf8Text(160);
const flags = list(oneOf(FLAGS), 16);

/**
 * One account's purses moved. `accountSeq` counts an account's changes from 1 without a gap, so a parent notices a missing one. `main` and `additional`
 * are the balances after. `repaid`: debt that this credit paid off, oldest meal first, addressed to the caterer whose meal it was.
 */
export const changeSchema = record({
  account,
  accountSeq: uint(),
  mainDelta: balance,
  additionalDelta: balance,
  main: balance,
  additional: balance,
  repaid: list(debtSchema, 4096),
});
export type Change = Infer<typeof changeSchema>;

/** One line of a receipt: `price` of one portion. */
export const lineSchema = record({ dish: uint(9999), name, price: money, quantity: uint(99), caterer: uint() });
export type Line = Infer<typeof lineSchema>;

/** Who paid what of a meal: both purses, debt, budget, the school's fund. main + additional + debt + fund = parent share. */
export const partsSchema = record({ main: money, additional: money, debt: money, subsidy: money, fund: money });
export type Parts = Infer<typeof partsSchema>;

/** On what ground a meal or sale was recorded: asked now, admitted on the class list, confirmed on paper, queued while the gateway was away. */
export const BASES = ["request", "admitted", "paper", "offline"] as const;
export type Basis = (typeof BASES)[number];
const basis = oneOf(BASES);

const meal = { account, class: uint(), meal: uint(), mealName: name, date };
/** `happenedMs`: when it was stacked, by the terminal's account; null when nobody knows. `visit` ties the notes of one person together. */
const note = { terminal, payee: payeeSchema, purse, note: money, visit: uint(), happenedMs: optional(uint()) };

const cash = {
  /** Whoever only typed a number (payee kind "number") must not be shown a balance. */
  TopUpCredited: [3, record({ ...note, account, change: changeSchema })],
  TopUpHeld: [4, record({ ...note, account: optional(account), why: oneOf(HELD) })],
  /** For an account whose home is another school: the cloud carries it there. */
  ForeignTopUp: [5, record({ ...note, number: byteText<AccountNumber>(20) })],
  /**
   * `notes`: how many of each value the gateway knows of. `expected` = Σ notes = the box's period. `collector` and `witness` are the employees behind the
   * two cards; null: the card is nobody's who may do this, or was not shown.
   */
  CashCollected: [
    20,
    record({
      terminal,
      collector: optional(uint()),
      uid,
      witness: optional(uint()),
      witnessUid: optional(uid),
      /** Twenty signs of windows-1251 are up to sixty bytes here. */
      seal: utf8Text(60),
      collection: uint(),
      expected: money,
      notes: list(record({ note: money, count: uint() }), 16),
    }),
  ],
} as const;

const till = { terminal, shift: uint(), cashier: uint(), receipt: uint(), lines: list(lineSchema, 40), total: money, menuVersion: uint() };

const buffet = {
  /** `uid` null: found by class list and photo, the parent is told. `override`: why a banned dish was sold all the same. */
  BuffetSold: [6, record({ ...till, account, uid: optional(uid), override: optional(utf8Text(200)), basis, flags, change: changeSchema })],
  /** `basis` offline: sold while the gateway was away, so it could only be recorded, at the sum that was paid; `flags` say what that breaks. */
  CashSold: [7, record({ ...till, soldOn: date, basis, flags })],
  /** What was asked, so that the auditor can ask the rules again. */
  SaleRefused: [
    10,
    record({
      terminal,
      account: optional(account),
      uid: optional(uid),
      lines: list(record({ dish: uint(9999), quantity: uint(99) }), 40),
      total: money,
      override: optional(utf8Text(200)),
      reason: uint(255),
    }),
  ],
  /**
   * Part or whole of a receipt undone; `lines` with the prices they were sold at. `cash`: paid back from the till. `payable`: the account is closed, the
   * money is owed to the person (rule 11) and `change` is null.
   */
  SaleVoided: [
    11,
    record({
      terminal,
      shift: uint(),
      cashier: uint(),
      receipt: uint(),
      account: optional(account),
      lines: list(record({ line: uint(99), quantity: uint(99), price: money, caterer: uint() }), 40),
      amount: money,
      cash: money,
      payable: money,
      reason: utf8Text(200),
      supervisor: optional(uid),
      change: optional(changeSchema),
    }),
  ],
  ShiftOpened: [18, record({ terminal, shift: uint(), cashier: uint(), uid, float: money })],
  /**
   * `cashExpected` = float + cash sales + fees − cash voids; the difference to `cashDeclared` is the till's variance. `salesTotal` was paid from purses;
   * first and last receipt 0: none.
   */
  ShiftClosed: [
    19,
    record({
      terminal,
      shift: uint(),
      cashier: uint(),
      sales: uint(),
      salesTotal: money,
      cashTotal: money,
      voids: uint(),
      voidsTotal: money,
      fees: money,
      float: money,
      cashExpected: balance,
      cashDeclared: money,
      firstReceipt: uint(),
      lastReceipt: uint(),
    }),
  ],
  /** Rule 15: cash for a service; the operator's money, whoever's dishes the till sells. */
  FeePaid: [29, record({ terminal, shift: uint(), cashier: uint(), account, service: oneOf(SERVICES), amount: money })],
} as const;

const meals = {
  /** `staff` confirmed it, `ordered` in advance or not; `caterer` and `program` say where the parts are posted. */
  MealServed: [
    8,
    record({
      ...meal,
      category: uint(),
      caterer: uint(),
      program: uint(),
      parts: partsSchema,
      basis,
      staff: optional(uint()),
      ordered: bool,
      flags,
      change: changeSchema,
    }),
  ],
  MealRefused: [9, record({ ...meal, share: money, reason: uint(255), staff: optional(uint()) })],
  /**
   * The stored parts go back. `unfunded`: what of the debt part nobody had repaid yet, so it is struck out at the caterer's and not returned as money.
   * `payable` as in SaleVoided. `reason` empty for a teacher's undo before the meal closed.
   */
  MealUndone: [
    12,
    record({
      ...meal,
      caterer: uint(),
      program: uint(),
      parts: partsSchema,
      unfunded: money,
      payable: money,
      staff: optional(uint()),
      reason: utf8Text(200),
      change: optional(changeSchema),
    }),
  ],
  /** `share`: the price that the parent was shown; charged is the tariff of the service date. */
  PreOrdered: [13, record({ account, meal: uint(), date, share: money, staff: optional(uint()) })],
  PreOrderCancelled: [14, record({ account, meal: uint(), date, staff: optional(uint()) })],
} as const;

const cards = {
  CardActivated: [15, record({ uid, staff: optional(uint()) })],
  /**
   * A one-time password was printed for the personal account: scrypt (N 2^14, r 8, p 1, 32 bytes) of its digits with this salt. It replaces the one before
   * it and opens nothing after `validThrough`. The digits themselves are written nowhere.
   */
  AccessCodeIssued: [30, record({ terminal, staff: uint(), account, salt: fixedBytes(16), digest: fixedBytes(32), validThrough: date })],
  /** The same card in two places: both are named. */
  CardSuspected: [16, record({ uid, terminal, atMs: uint(), otherTerminal: terminal, otherAtMs: uint() })],
} as const;

const office = {
  /**
   * The whole directive and what came of it. `outside`: the part of the sum that ended outside the purses, by kind: owed to a person who has left (TopUp,
   * FinishClosing: the refund), owed by one (ForcedDebit on a closed account, Claim: the shortage, both negative), counted − expected (CountCollection).
   */
  DirectiveApplied: [
    17,
    record({
      number: uint(),
      directive: directiveSchema,
      outcome: oneOf(["applied", "refused", "held"]),
      reason: uint(255),
      changes: list(changeSchema, 4),
      outside: balance,
      flags,
    }),
  ],
  AccountMovedOut: [26, record({ account, toSchool: uint(), epoch: uint(), luggage: luggageSchema, change: changeSchema })],
  AccountMovedIn: [27, record({ account, fromSchool: uint(), epoch: uint(), luggage: luggageSchema, change: changeSchema })],
  /** A fact that could not be recorded as what it claims to be; `text` is what it said, for a person. */
  FactFlagged: [28, record({ account: optional(account), flag: oneOf(FLAGS), amount: balance, text: utf8Text(800) })],
} as const;

const machine = {
  /** First event of an epoch. `previous`: the last cosigned head of the epoch before; `key`: Ed25519 public key. */
  GatewayStarted: [
    1,
    record({
      school: uint(),
      epoch: uint(),
      key: fixedBytes(32),
      previous: optional(record({ size: uint(), root: fixedBytes(32) })),
      rulesVersion: uint(),
    }),
  ],
  DayOpened: [2, record({ date, staff: optional(uint()) })],
  ReceiptPrinted: [21, record({ terminal, of: uint() })],
  ReceiptFailed: [22, record({ terminal, of: uint() })],
  TerminalEnrolled: [23, record({ terminal, terminalKind: oneOf(TERMINAL_KINDS), enrolment: uint(), incarnation: uint() })],
  TerminalFault: [24, record({ terminal, what: utf8Text(800) })],
  ClockChanged: [25, record({ fromMs: uint(), toMs: uint(), clock: oneOf(CLOCKS) })],
} as const;

export const eventBodySchema = union({ ...machine, ...cash, ...buffet, ...meals, ...cards, ...office });
export type EventBody = Infer<typeof eventBodySchema>;
export type EventKind = EventBody["kind"];
/** One kind's own type: `EventOf<"MealServed">`. */
export type EventOf<K extends EventKind> = Extract<EventBody, { readonly kind: K }>;

/** (terminal, incarnation, n) names an operation for ever; `part` counts the events of one operation from 0. */
export const operationSchema = record({ terminal, incarnation: uint(), n: uint(), part: uint() });
export type OperationId = Infer<typeof operationSchema>;

/** `atMs` is Unix time by the gateway's clock; `digest` is the first 8 bytes of SHA-256 of the request, so that a retry can be told from a conflict. */
export const eventSchema = record({
  seq: uint<Sequence>(),
  atMs: uint(),
  clock: oneOf(CLOCKS),
  date,
  operation: optional(operationSchema),
  digest: optional(fixedBytes(8)),
  body: eventBodySchema,
});
export type Event = Infer<typeof eventSchema>;
