/**
 * Why a request was refused: numbers that never change and are never used twice. Words for people live with the people who read them:
 * the terminal's words file has one neutral sentence for the child and one for the cashier, the portal has its own. Chip-safe.
 */
export const REASONS = {
  malformed: 1,
  unknown_terminal: 2,
  stale_session: 3,
  exists: 4,
  unknown_card: 5,
  card_not_active: 6,
  card_blocked: 7,
  card_expired: 8,
  card_suspect: 9,
  wrong_holder: 10,
  unknown_account: 11,
  account_closed: 12,
  account_moved: 13,
  account_blocked: 14,
  stop_list: 15,
  banned_dish: 16,
  unknown_dish: 17,
  price_changed: 18,
  insufficient_funds: 19,
  daily_limit: 20,
  debt_limit: 21,
  already_served: 22,
  meal_closed: 23,
  past_cut_off: 24,
  not_in_class: 25,
  nothing_to_void: 26,
  not_your_receipt: 27,
  shift_closed: 28,
  amount_invalid: 29,
  out_of_service: 30,
  card_lost: 31,
  operation_conflict: 32,
  card_unreadable: 33,
} as const;

/** A refusal by name. */
export type Reason = keyof typeof REASONS;

/** The order in which checks are made when several would refuse: what the request is, who asks, who pays, what for, with what money. */
export const REASON_ORDER: readonly number[] = [
  1, 2, 30, 3, 4, 32, 29, 33, 5, 6, 31, 7, 8, 9, 10, 28, 11, 12, 13, 25, 22, 23, 24, 27, 26, 17, 18, 16, 15, 14, 19, 20, 21,
];

/** The name of a refusal number, or `null` for a number that nobody gave out. */
export function reasonName(code: number): Reason | null {
  for (const name of Object.keys(REASONS)) if (REASONS[name as Reason] === code) return name as Reason;
  return null;
}
