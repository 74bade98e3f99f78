/**
 * Which check applies to which operation, as data. The order of checks is REASON_ORDER and never this table's.
 *
 * Read a row as "may be refused because …". What is not in a row cannot refuse the operation: a pupil's card says nothing about a meal that the teacher
 * confirms, a credit or a void never fails on a card, a block or the stop-list.
 */
import { REASON_ORDER, reasonName } from "../wire/reason.js";
import type { Reason } from "../wire/reason.js";

/** Found by the gateway before the rules are asked; `found` of the context. They may refuse every request of a terminal. */
export const ENVELOPE = ["malformed", "stale_session", "exists", "operation_conflict", "card_unreadable"] as const;
const TERMINAL = ["unknown_terminal", "out_of_service"] as const;
const CARD = ["unknown_card", "card_not_active", "card_lost", "card_blocked", "card_expired", "card_suspect", "wrong_holder"] as const;
const SPENDER = ["unknown_account", "account_closed", "account_moved"] as const;

export const MATRIX = {
  // Requests of a terminal.
  SaleByCard: [
    ...TERMINAL,
    "amount_invalid",
    ...CARD,
    "shift_closed",
    ...SPENDER,
    "unknown_dish",
    "price_changed",
    "banned_dish",
    "stop_list",
    "account_blocked",
    "insufficient_funds",
    "daily_limit",
  ],
  SaleByList: [
    ...TERMINAL,
    "amount_invalid",
    "shift_closed",
    ...SPENDER,
    "unknown_dish",
    "price_changed",
    "banned_dish",
    "stop_list",
    "account_blocked",
    "insufficient_funds",
    "daily_limit",
  ],
  CashSale: [...TERMINAL, "amount_invalid", "shift_closed", "unknown_dish", "price_changed"],
  Void: [...TERMINAL, "amount_invalid", "shift_closed", "not_your_receipt", "nothing_to_void"],
  VoidBySupervisor: [...TERMINAL, "amount_invalid", ...CARD, "shift_closed", "nothing_to_void"],
  MealConfirm: [...TERMINAL, "amount_invalid", ...CARD],
  MealUndo: [...TERMINAL, "amount_invalid", ...CARD],
  PreOrder: [...TERMINAL, "amount_invalid", ...CARD],
  ShiftOpen: [...TERMINAL, "amount_invalid", ...CARD, "shift_closed"],
  ShiftClose: [...TERMINAL, "amount_invalid", ...CARD, "shift_closed"],
  ActivateCard: [
    ...TERMINAL,
    "unknown_card",
    "card_not_active",
    "card_lost",
    "card_blocked",
    "card_expired",
    "card_suspect",
    "shift_closed",
    "price_changed",
  ],
  PaidService: [...TERMINAL, "amount_invalid", "shift_closed", "unknown_account", "account_closed", "account_moved", "price_changed"],
  IssueCode: [...TERMINAL, "shift_closed", "unknown_account", "account_closed", "account_moved", "daily_limit"],
  FindReceipt: [...TERMINAL, "shift_closed", "nothing_to_void"],
  Browse: [...TERMINAL, "shift_closed"],
  OpenDay: ["malformed"],
  OpenDayBySupervisor: ["malformed", ...CARD],
  // Each pupil of a class operation.
  ServedPupil: [...SPENDER, "not_in_class", "already_served", "meal_closed", "unknown_dish", "account_blocked", "debt_limit"],
  UndonePupil: ["unknown_account", "not_in_class", "meal_closed", "nothing_to_void"],
  OrderedPupil: [...SPENDER, "not_in_class", "already_served", "past_cut_off", "unknown_dish"],
  CancelledPupil: ["unknown_account", "not_in_class", "already_served", "past_cut_off", "nothing_to_void"],
  // A tap shows who it is; at the kiosk a card's state does not matter, because money may always come in.
  TapAtKiosk: [...TERMINAL, "unknown_card", "card_suspect"],
  // At the till the cashier sees a face: whoever copied a card may not starve the child whose card it was.
  TapAtTill: [...TERMINAL, "unknown_card", "card_not_active", "card_lost", "card_blocked", "card_expired"],
  Tap: [...TERMINAL, "unknown_card", "card_not_active", "card_lost", "card_blocked", "card_expired", "card_suspect"],
  TapVerdict: ["shift_closed", ...SPENDER, "stop_list", "account_blocked", "insufficient_funds", "daily_limit"],
  FindAccount: ["unknown_account", "account_closed", "account_moved"],
  // Directives of the cloud.
  TopUp: ["amount_invalid", "unknown_account", "account_closed", "account_moved"],
  OpeningBalance: ["operation_conflict", "unknown_account", "account_closed", "account_moved"],
  ForcedDebit: ["amount_invalid", "unknown_account", "account_closed", "account_moved"],
  Transfer: ["amount_invalid", ...SPENDER, "insufficient_funds"],
  Admit: ["exists", "amount_invalid", ...SPENDER],
  EndAdmit: ["unknown_account"],
  Close: ["unknown_account", "account_closed", "account_moved"],
  FinishClosing: ["operation_conflict", "unknown_account", "account_closed", "account_moved", "debt_limit"],
  Claim: ["amount_invalid", "unknown_account", "account_closed", "account_moved"],
  MoveOut: ["unknown_account", "account_closed"],
  MoveIn: ["unknown_account", "account_closed", "account_moved"],
  Fee: ["amount_invalid", ...SPENDER, "insufficient_funds"],
  CorrectMeal: ["unknown_account", "nothing_to_void"],
  CountCollection: ["nothing_to_void"],
  OrderMeal: [...SPENDER, "already_served", "past_cut_off", "unknown_dish"],
  CancelMeal: ["unknown_account", "already_served", "past_cut_off", "nothing_to_void"],
  SetAccount: ["malformed", "operation_conflict"],
  SetCard: ["malformed", "card_blocked", "unknown_account"],
  SetLimits: ["unknown_account"],
} as const satisfies { readonly [operation: string]: readonly Reason[] };
export type CheckedOperation = keyof typeof MATRIX;

const ORDER = REASON_ORDER.map(reasonName).filter((reason) => reason !== null);
/** Each row in the order of refusals. */
const ORDERED = new Map<string, readonly Reason[]>(
  Object.entries(MATRIX).map(([operation, row]) => [operation, ORDER.filter((reason) => (row as readonly Reason[]).includes(reason))]),
);

/** One question for each check of a row; asked in the order of refusals, so a later one may rely on what an earlier one made sure of. */
export type Checks<O extends CheckedOperation> = { readonly [R in (typeof MATRIX)[O][number]]: () => boolean };

/** The first reason that applies, or `null`. `found` are the gateway's own findings. */
export function refusalOf<O extends CheckedOperation>(operation: O, checks: Checks<O>, found: readonly Reason[] = []): Reason | null {
  const row = ORDERED.get(operation) ?? [];
  const asked: { readonly [reason: string]: () => boolean } = checks;
  for (const reason of found.length > 0 ? ORDER : row) {
    if (found.includes(reason) || (row.includes(reason) && asked[reason]())) return reason;
  }
  return null;
}
