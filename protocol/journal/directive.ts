/**
 * What the cloud tells a school's gateway: an ordered, signed list, each line applied exactly once. Texts are UTF-8. Tags never change.
 *
 * `Set…` describes a thing whole, so a later one replaces an earlier one; money directives are deltas and carry the `reference` of their order, which is
 * what a person searches for. The gateway answers each with one DirectiveApplied, refused ones too.
 */
import { bool, bytes, byteText, hex, int, list, oneOf, optional, record, uint, union } from "../wire/schema.js";
import type { Infer } from "../wire/schema.js";
import { TERMINAL_KINDS } from "../wire/up.js";
import type { AccountNumber, BusinessDate, CardUid, Kopecks, TerminalId } from "../wire/units.js";
import { MAX_ENTRY_BYTES } from "./entry.js";
import { utf8Text } from "./text.js";

export const PURSES = ["main", "additional"] as const;
/** `main` pays organised meals and may be in debt; `additional` pays the buffet and never is. */
export type Purse = (typeof PURSES)[number];

export const STAFF_ROLES = ["teacher", "cashier", "supervisor", "collector", "technician", "other"] as const;
export type StaffRole = (typeof STAFF_ROLES)[number];

export const CARD_HOLDERS = ["pupil", "teacher", "cashier", "supervisor", "collector", "technician", "other"] as const;
/** What a card opens: a pupil's or employee's account, a till, a cash box. */
export type CardHolder = (typeof CARD_HOLDERS)[number];

export const CARD_STATES = ["issued", "active", "blocked", "lost", "returned"] as const;
export type CardState = (typeof CARD_STATES)[number];

export const BLOCKERS = ["parent", "school", "operator", "system"] as const;
/** Who speaks in a card directive. A block is lifted only by the one that set it. */
export type Blocker = (typeof BLOCKERS)[number];

export const SERVICE_STATES = ["open", "no_cash", "closed"] as const;

/** Of a school's terminals; both: Russian, with a key for English. */
export const LANGUAGES = ["ru", "en", "both"] as const;

const money = uint<Kopecks>();
const date = uint<BusinessDate>();
const account = uint();
const reference = utf8Text(64);
const minutes = uint(1440);
const name = utf8Text(160);

/** A debt and whose meal left it; `caterer` null when no meal did (a chargeback, an opening balance). */
export const debtSchema = record({ caterer: optional(uint()), amount: money });
export type Debt = Infer<typeof debtSchema>;

/** A meal that has been served on the day of a move, so that the new school does not serve it again. */
export const servedMarkSchema = record({ meal: uint(), date });

/** What a moving account takes along: balances, whose meals its debt is, and today. */
export const luggageSchema = record({
  main: int<Kopecks>(),
  additional: money,
  debts: list(debtSchema, 4096),
  served: list(servedMarkSchema, 32),
  spentDate: date,
  spent: money,
});
export type Luggage = Infer<typeof luggageSchema>;

const people = {
  /**
   * School, operator and policy. `receiptsFrom`: lowest next receipt number (it only ever rises); `mercyMeals`: rule 4; `twoPersons`: rule 13; `zoneMinutes`
   * east of UTC.
   */
  SetSchool: [
    1,
    record({
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
      receiptsFrom: uint(),
    }),
  ],
  /** Prices of what a till does with cards, 0 for free. */
  SetFees: [35, record({ activation: money, reissue: money })],
  SetCaterer: [2, record({ id: uint(), name })],
  SetCategory: [3, record({ id: uint(), name })],
  SetClass: [4, record({ id: uint(), name: utf8Text(32) })],
  SetStaff: [5, record({ id: uint(), name, role: oneOf(STAFF_ROLES), class: optional(uint()) })],
  /** `id` is small and unique in the school; `debtLimit` null = the school's. `shortName` "Имя Ф." is what a stranger at the kiosk may see.
   * `status` counts for a new account only; arriving: organised meals only until MoveIn brings the old balance (rule 12). */
  SetAccount: [
    6,
    record({
      id: account,
      number: byteText<AccountNumber>(20),
      holder: oneOf(["pupil", "staff"]),
      name,
      shortName: utf8Text(64),
      class: optional(uint()),
      category: uint(),
      debtLimit: optional(money),
      status: oneOf(["open", "arriving"]),
    }),
  ],
  /** `state` blocked adds `by` to those who hold the card blocked; issued and active take `by` away from them. `validThrough`: last good date. */
  SetCard: [
    7,
    record({
      uid: hex<CardUid>(10),
      number: utf8Text(24),
      holder: oneOf(CARD_HOLDERS),
      account: optional(account),
      staff: optional(uint()),
      state: oneOf(CARD_STATES),
      by: oneOf(BLOCKERS),
      validThrough: date,
    }),
  ],
  SetLimits: [
    12,
    record({
      account,
      dailyLimit: optional(money),
      stopList: bool,
      bannedDishes: list(uint(9999), 200),
      bannedAllergens: list(utf8Text(40), 40),
    }),
  ],
} as const;

const food = {
  SetGroup: [8, record({ id: uint(15), name: utf8Text(48) })],
  /** Price in kopecks from that business date on; `offered` false takes the dish off the menu from then. */
  SetDish: [
    9,
    record({
      code: uint(9999),
      name,
      price: money,
      group: uint(15),
      allergens: list(utf8Text(40), 20),
      caterer: uint(),
      offered: bool,
      from: date,
    }),
  ],
  /** Minutes of the school's local day; orders close `cutOffDays` before the service date at `cutOffMinute`. */
  SetMeal: [10, record({ id: uint(), name, servedFrom: minutes, closes: minutes, cutOffDays: uint(30), cutOffMinute: minutes })],
  /** What stands on the plate of an organised meal on that service date; an empty list takes it back. */
  SetMealMenu: [14, record({ meal: uint(), date, dishes: list(name, 16) })],
  /** Parent share + subsidy = price of one meal for one category from that service date on; `program` names the budget that subsidises. */
  SetTariff: [11, record({ meal: uint(), category: uint(), share: money, subsidy: money, program: uint(), caterer: uint(), from: date })],
  /** From the portal, per child and service date. */
  OrderMeal: [31, record({ account, meal: uint(), date, cancel: bool })],
  /** Rule 7 after the meal has closed: a correction with a reason. */
  CorrectMeal: [32, record({ account, meal: uint(), date, reason: utf8Text(200) })],
} as const;

const devices = {
  /** `capacity`: notes that the cassette holds; what claims to be beyond it is held. */
  SetTerminal: [
    13,
    record({
      id: uint<TerminalId>(65535),
      terminalKind: oneOf(TERMINAL_KINDS),
      enrolment: uint(),
      place: utf8Text(80),
      service: oneOf(SERVICE_STATES),
      capacity: uint(),
    }),
  ],
  /**
   * What a replaced gateway turned out to have journalled beyond what the cloud had of its epoch: one operation, its events as entry `index` and following
   * say. Recorded as a fact unless the operation is in these books already.
   */
  Salvaged: [36, record({ epoch: uint(), index: uint(), events: list(bytes(MAX_ENTRY_BYTES), 128) })],
  /** What was in the bag: rule 13. */
  CountCollection: [33, record({ terminal: uint<TerminalId>(65535), collection: uint(), counted: money })],
} as const;

const purses = {
  /** `source`: a payment, a note fed at another school, a claim released from suspense, an upward correction. */
  TopUp: [20, record({ account, main: money, additional: money, source: oneOf(["payment", "foreign", "claim", "correction"]), reference })],
  OpeningBalance: [21, record({ account, main: int<Kopecks>(), additional: money })],
  /** Rule 10; `purse` is the one that had been credited. */
  ForcedDebit: [
    22,
    record({ account, purse: oneOf(PURSES), amount: money, cause: oneOf(["chargeback", "failed", "correction"]), reference }),
  ],
  Transfer: [23, record({ account, amount: money, reference })],
  Admit: [24, record({ account, amount: money, reference })],
  EndAdmit: [25, record({ account, reference })],
  Close: [26, record({ account })],
  /** Rule 11: the refund is what is left after `costs`; the purses are emptied into refunds payable. */
  FinishClosing: [27, record({ account, costs: money, reference })],
  /** Rule 14; `purse` is the one that had been credited at the wrong account. */
  Claim: [28, record({ wrong: account, right: account, purse: oneOf(PURSES), amount: money, reference })],
  MoveOut: [29, record({ account, toSchool: uint(), epoch: uint() })],
  MoveIn: [30, record({ account, fromSchool: uint(), epoch: uint(), luggage: luggageSchema })],
  /** Rule 15; `purse` null when it was paid elsewhere. */
  Fee: [
    34,
    record({ account, purse: optional(oneOf(PURSES)), amount: money, service: oneOf(["reissue", "activation", "other"]), reference }),
  ],
} as const;

export const directiveSchema = union({ ...people, ...food, ...devices, ...purses });
export type Directive = Infer<typeof directiveSchema>;
export type DirectiveKind = Directive["kind"];
/** One kind's own type: `DirectiveOf<"TopUp">`. */
export type DirectiveOf<K extends DirectiveKind> = Extract<Directive, { readonly kind: K }>;
