/**
 * An order: money on its way from a payer, through a provider, to purses in one or more schools. Sums are whole kopecks.
 *
 *     created → registered → authorised → credited → refunded | charged_back
 *                    ↘ failed | expired
 *
 * `authorised` is pending money: the provider answers for it, the purse does not have it yet. `credited` is said only when the school has.
 */
import type { Kopecks, Purse } from "@trapeza/protocol";

/** How the money comes: the first two through a page or a code, the others by themselves. */
export const WAYS = ["card", "sbp", "network", "registry"] as const;
export type Way = (typeof WAYS)[number];

export const ORDER_STATES = ["created", "registered", "authorised", "credited", "failed", "expired", "refunded", "charged_back"] as const;
export type OrderState = (typeof ORDER_STATES)[number];

export interface OrderLine {
  readonly school: number;
  /** The account's small number. */
  readonly account: number;
  readonly purse: Purse;
  readonly sum: Kopecks;
}

/** Where the payer is sent: the provider's page, or a payload to show as QR code and as a link. */
export type PayAt = { readonly kind: "page"; readonly url: string } | { readonly kind: "qr"; readonly payload: string };

/** What changes in an order's life. */
export interface Progress {
  readonly state: OrderState;
  /** The provider's own name of the order. */
  readonly providerId: string | null;
  readonly payAt: PayAt | null;
  /** Unix ms: until when the payer may pay. */
  readonly expiresMs: number;
  /** The schools have been told: from here on the way back leads through their purses. */
  readonly sent: boolean;
  /** The provider has paid it out to the bank. */
  readonly settled: boolean;
  /** What went back to the payer so far: asked back, or disputed at the payer's bank. */
  readonly refunded: Kopecks;
  readonly chargedBack: Kopecks;
  /** What the provider said of a failure; empty when there was none. */
  readonly why: string;
}

export interface NewOrder {
  /** The client's own name of this order: the same key again is the same order, whatever else is said. */
  readonly key: string;
  readonly way: Way;
  /** Who pays, as the portal knows him; null for a passer-by. */
  readonly payer: string | null;
  readonly lines: readonly OrderLine[];
  readonly fee: Kopecks;
  readonly total: Kopecks;
  readonly returnUrl: string | null;
  /** Where the receipt goes: an address, or a telephone as digits. */
  readonly email: string | null;
  /** The payer asks to be bound: the account that pays this order may then pay others by itself. */
  readonly remember: boolean;
  /** The provider's name of the bound account that pays this order; null: the payer pays by hand. */
  readonly binding: string | null;
  readonly createdMs: number;
}

export interface Order extends NewOrder, Progress {
  readonly number: number;
  /** Counts changes, from 0. */
  readonly version: number;
}

/** What one account gets by an order, both purses at once; it travels under `reference`. */
export interface Share {
  readonly school: number;
  readonly account: number;
  readonly main: Kopecks;
  readonly additional: Kopecks;
  readonly reference: string;
}

/** An order's shares, one an account, in order of first mention. `sums`: what each line gets, the whole lines as a rule. */
export function sharesOf(order: Order, sums: readonly number[] = order.lines.map(({ sum }) => sum)): Share[] {
  const shares = new Map<string, Share>();
  order.lines.forEach(({ school, account, purse }, i) => {
    const key = school + "/" + account;
    const before = shares.get(key) ?? { school, account, main: 0 as Kopecks, additional: 0 as Kopecks, reference: "" };
    shares.set(key, {
      ...before,
      [purse]: before[purse] + sums[i],
      reference: topUpReference(order.number, shares.get(key) ?? shares.size),
    });
  });
  return [...shares.values()];
}

/** What its purses are still to have of an order: a share that has gone back to the payer is none. */
export function dueShares(order: Order): Share[] {
  const gone = undoneBy(order, returnedOf(order)).lines;
  const sums = order.lines.map(({ sum }, i) => sum - gone[i]);
  return sharesOf(order, sums).filter(({ main, additional }) => main + additional > 0);
}

/** The first share's is `order/100001/1`. An account that comes again keeps its own. */
function topUpReference(order: number, share: Share | number): string {
  return typeof share === "number" ? "order/" + order + "/" + (share + 1) : share.reference;
}

/** What went back to the payer so far, of the total. */
export function returnedOf({ refunded, chargedBack, total }: Pick<Order, "refunded" | "chargedBack" | "total">): number {
  return Math.min(refunded + chargedBack, total);
}

/** What of each line, and of the fee, is undone when `amount` of the total has gone back: lines from the last on, the fee at the end. */
export function undoneBy(order: Order, amount: number): { readonly lines: number[]; readonly fee: number } {
  let rest = amount;
  const take = (sum: number) => {
    const part = Math.min(sum, rest);
    rest -= part;
    return part;
  };
  const lines = order.lines
    .map(({ sum }) => sum)
    .reverse()
    .map(take)
    .reverse();
  return { lines, fee: take(order.fee) };
}
