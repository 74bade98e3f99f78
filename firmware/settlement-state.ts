/** What a till knows: the shift, the order on the tray, the last receipt. */
import type { Kopecks, Result } from "@trapeza/protocol/chip";
import type { Common, Menu } from "./terminal.js";

export type Holder = Extract<Result, { readonly kind: "Holder" }>;
export type Dish = Menu["dishes"][number];

export interface OrderLine {
  readonly dish: number;
  readonly name: string;
  readonly priceKopecks: Kopecks;
  readonly quantity: number;
}
export type Order = ReadonlyArray<OrderLine>;

/** The receipt that Void takes back: ours, of this shift, and not voided yet. No lines: all of it, whatever it was. */
export interface LastReceipt {
  readonly receipt: number;
  readonly lines: Order;
  readonly total: Kopecks;
}

export type At =
  | { readonly kind: "closed"; readonly notice: string }
  | { readonly kind: "shift"; readonly opening: boolean; readonly n: number }
  | { readonly kind: "order"; readonly notice: string }
  | { readonly kind: "groups" }
  | { readonly kind: "dishes"; readonly group: number; readonly page: number }
  | { readonly kind: "code"; readonly digits: string; readonly notice: string }
  | { readonly kind: "tapping"; readonly uid: string }
  | { readonly kind: "confirm"; readonly holder: Holder }
  /** Refused: the child reads a neutral sentence, the cashier number and words. */
  | { readonly kind: "refused"; readonly reason: number }
  /** The operation lies in flash; `holder` null for cash. `late`: no answer for a while. */
  | { readonly kind: "selling"; readonly holder: Holder | null; readonly n: number; readonly late: boolean }
  | { readonly kind: "sold"; readonly receipt: number; readonly total: Kopecks; readonly printed: "waiting" | "yes" | "no" }
  | { readonly kind: "voidQuestion" }
  | { readonly kind: "voiding"; readonly n: number }
  | { readonly kind: "voided"; readonly amount: Kopecks }
  | { readonly kind: "closeQuestion"; readonly uid: string };

export interface SettlementState {
  readonly common: Common;
  readonly at: At;
  readonly order: Order;
  /** Uid of the cashier whose shift is open, "" for none. */
  readonly cashier: string;
  readonly last: LastReceipt | null;
}

/** An order in the making is not at rest, nor is one paid in cash; one that waits for its answer can only be helped by the wire. */
export function settlementRests(state: SettlementState): boolean {
  const { kind } = state.at;
  if (state.at.kind === "selling") return state.at.holder !== null;
  if (kind === "voiding" || kind === "shift" || kind === "closed" || kind === "sold" || kind === "voided") return true;
  return kind === "order" && state.order.length === 0;
}

export function beginSettlement(common: Common): SettlementState {
  return { common, at: { kind: "closed", notice: "" }, order: [], cashier: "", last: null };
}

export function totalOf(order: Order): Kopecks {
  let total = 0;
  for (let i = 0; i < order.length; i++) total += order[i].priceKopecks * order[i].quantity;
  return total as Kopecks;
}

/** Dishes of one group in the menu's order; of all groups for −1. */
export function dishesOf(menu: Menu | null, group: number): Dish[] {
  if (!menu) return [];
  return menu.dishes.filter(function (dish) {
    return group < 0 || dish.group === group;
  });
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

/** One fewer of what was touched last. */
export function withoutOne(order: Order): OrderLine[] {
  if (order.length === 0) return [];
  const { dish, name, priceKopecks, quantity } = order[0];
  const rest = order.slice(1);
  const fewer: OrderLine[] = quantity > 1 ? [{ dish, name, priceKopecks, quantity: quantity - 1 }] : [];
  return fewer.concat(rest);
}
