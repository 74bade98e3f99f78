/** What a till knows: the shift, the order on the tray, whom and what it is about, the last receipt. */
import { rowAt } from "@trapeza/protocol/chip";
import type { Kopecks, Rows } from "@trapeza/protocol/chip";
import { change } from "./terminal.js";
import type { Common, Menu, Result } from "./terminal.js";
import type { Word } from "./words.js";

export type Holder = Extract<Result, { readonly kind: "Holder" }>;
export type SoldBefore = Extract<Result, { readonly kind: "SoldBefore" }>;
export type Dish = Menu["dishes"] extends Rows<infer D> ? D : never;
/** A class or a pupil. */
export interface Named {
  readonly id: number;
  readonly name: string;
}

export interface OrderLine {
  readonly dish: number;
  readonly name: string;
  readonly priceKopecks: Kopecks;
  readonly quantity: number;
}
export type Order = ReadonlyArray<OrderLine>;

/** What somebody is asked for: to buy, to get a new card, a password for the personal account, or to have a card activated. */
export type Purpose = "sale" | "activation" | "reissue" | "password";
/** What is chosen from a list of tiles; `line`: of a receipt, to be voided. */
export type Picked = "group" | "dish" | "service" | "class" | "pupil" | "line" | "reason" | "override";

export type At =
  | { readonly kind: "closed"; readonly notice: string }
  | { readonly kind: "shift"; readonly opening: boolean; readonly n: number }
  | { readonly kind: "order"; readonly notice: string }
  /** `of`: the group whose dishes these are. */
  | { readonly kind: "pick"; readonly what: Picked; readonly of: number; readonly page: number }
  | { readonly kind: "number"; readonly what: "code" | "receipt" | "cash"; readonly digits: string; readonly notice: string }
  /** A question is on its way. */
  | { readonly kind: "asking" }
  /** Whose card? */
  | { readonly kind: "whom" }
  | { readonly kind: "confirm" }
  /** The parents have banned a dish on the tray. */
  | { readonly kind: "banned"; readonly dish: string }
  /** Refused: the child reads a neutral sentence, the cashier number and words. */
  | { readonly kind: "refused"; readonly reason: number }
  /** The operation lies in flash; without a holder it is cash. `late`: no answer for a while. */
  | { readonly kind: "selling"; readonly n: number; readonly late: boolean }
  | { readonly kind: "sold"; readonly receipt: number; readonly total: Kopecks; readonly printed: "waiting" | "yes" | "no" }
  /** An older or another till's receipt: a supervisor's card. `reason`: place in `VOID_REASONS`. */
  | { readonly kind: "supervisor"; readonly reason: number }
  | { readonly kind: "voiding"; readonly n: number }
  /** A service is being done. */
  | { readonly kind: "serving"; readonly n: number }
  | { readonly kind: "told"; readonly word: Word; readonly amount: Kopecks };

export interface SettlementState {
  readonly common: Common;
  readonly at: At;
  readonly order: Order;
  /** Uid of the cashier whose shift is open, "" for none. */
  readonly cashier: string;
  /** Number of the last receipt of this shift, 0 for none. */
  readonly last: number;
  /** The last paper of this shift that may be had again, its lines in one text because that takes half the memory; "" for none. Never a password. */
  readonly paper: string;
  readonly purpose: Purpose;
  /** Whose card was shown, or who was found by list; `null` for cash. */
  readonly holder: Holder | null;
  /** Why a banned dish is sold all the same: place in `OVERRIDES`. */
  readonly override: number;
  /** Classes or pupils to choose from. */
  readonly list: Rows<Named> | null;
  /** The receipt that is being voided, and how many of each of its lines. */
  readonly sale: SoldBefore | null;
  readonly take: ReadonlyArray<number>;
}

/** Nothing but the tray: what every way back leads to. */
export const NOBODY: Pick<SettlementState, "purpose" | "holder" | "override" | "list" | "sale" | "take"> = {
  purpose: "sale",
  holder: null,
  override: 0,
  list: null,
  sale: null,
  take: [],
};

export function beginSettlement(common: Common): SettlementState {
  return Object.assign({ common, at: { kind: "closed" as const, notice: "" }, order: [], cashier: "", last: 0, paper: "" }, NOBODY);
}

/**
 * An order in the making is not at rest, nor is one paid in cash; one that waits for its answer can only be helped by the wire, and so can a full tray whose
 * cashier has just been told that there is no gateway.
 */
export function settlementRests(state: SettlementState): boolean {
  const { kind } = state.at;
  if (kind === "selling") return state.holder !== null;
  if (state.at.kind === "order") return state.order.length === 0 || (!state.common.up && state.at.notice !== "");
  return kind === "voiding" || kind === "serving" || kind === "shift" || kind === "closed" || kind === "sold" || kind === "told";
}

export function totalOf(order: Order): Kopecks {
  let total = 0;
  for (let i = 0; i < order.length; i++) total += order[i].priceKopecks * order[i].quantity;
  return total as Kopecks;
}

/** What the chosen lines of the receipt come to. */
export function takenOf(state: SettlementState): Kopecks {
  let total = 0;
  for (let i = 0; state.sale && i < state.take.length; i++)
    if (state.take[i] > 0) total += rowAt(state.sale.lines, i).price * state.take[i];
  return total as Kopecks;
}

/** Places in the menu of one group's dishes. */
export function placesOf(menu: Menu | null, group: number): number[] {
  const places: number[] = [];
  for (let i = 0; menu && i < menu.places.length; i++) if (menu.places[i] === group) places.push(i);
  return places;
}

/** A message holds no more different dishes. */
const MOST_LINES = 40;

/** One more of a dish; what was touched last stands first. */
export function withDish(order: Order, dish: Dish): OrderLine[] {
  let quantity = 1;
  const others: OrderLine[] = [];
  for (let i = 0; i < order.length; i++) {
    if (order[i].dish === dish.code) quantity = Math.min(order[i].quantity + 1, 99);
    else others.push(order[i]);
  }
  if (others.length >= MOST_LINES) return order.slice();
  const line: OrderLine = { dish: dish.code, name: dish.name, priceKopecks: dish.price, quantity };
  return [line].concat(others);
}

/** So many of what was touched last; −1: one fewer than there are. */
export function withQuantity(order: Order, given: number): OrderLine[] {
  const rest = order.slice(1);
  if (order.length === 0) return rest;
  const quantity = given < 0 ? order[0].quantity - 1 : given;
  return quantity > 0 ? [change(order[0], { quantity })].concat(rest) : rest;
}
