/** What is remembered of payments. Each writing method is one transaction. */
import type { Step } from "./advance.js";
import type { NewOrder, Order, Way } from "./order.js";

export interface HistoryRow {
  readonly version: number;
  readonly state: Order["state"];
  readonly atMs: number;
}

/** A payer's account that pays without being asked each time. */
export interface Binding {
  /** The provider's name of it. */
  readonly id: string;
  readonly way: Way;
  readonly payer: string;
  /** Where the account is, as the provider says it; may be empty. */
  readonly bank: string;
  readonly boundMs: number;
}

/** What is remembered of bound accounts. One that has ended never comes back, whatever is heard of it later. */
export interface BindingStore {
  /**
   * Bound to whoever is this order's payer at that moment; when the payer is forgotten, it has ended at once and is nobody's: whoever has the telephone
   * number next must not find it. Heard again, it changes nothing.
   */
  addBinding(order: number, binding: Omit<Binding, "payer">): Promise<void>;
  /** Those that pay, oldest first. */
  bindings(payer: string): Promise<Binding[]>;
  /** Nothing is paid from it after this; the provider is still to be told. */
  endBinding(payer: string, id: string, atMs: number): Promise<void>;
  /** Ended, and the provider does not know it yet, oldest first. */
  unreleased(limit: number): Promise<Binding[]>;
  bindingReleased(way: Way, id: string): Promise<void>;
  /** All of this payer's end, and no longer say whose they were. */
  forgetBindings(payer: string, atMs: number): Promise<void>;
}

export interface PaymentStore extends BindingStore {
  /** The order of this key: a new one, or the one that is there, however it differs. */
  addOrder(order: NewOrder, expiresMs: number): Promise<Order>;
  order(number: number): Promise<Order | null>;
  orderByKey(key: string): Promise<Order | null>;
  /** Newest first. */
  ordersOf(payer: string, limit: number): Promise<Order[]>;
  /** Orders with a line for this account, newest first. */
  ordersFor(school: number, account: number, limit: number): Promise<Order[]>;
  /** Orders with a line for this school that have been paid and not credited, oldest first. */
  pendingIn(school: number): Promise<Order[]>;
  /** Orders with a line for this school for which money has come, whatever became of it, newest first. */
  paidIn(school: number, limit: number): Promise<Order[]>;
  /** Orders that this way brought in within [from, to), and that are not settled, oldest first. */
  unsettled(way: Way, fromMs: number, toMs: number): Promise<Order[]>;
  /** Orders that wait for a payer, a provider or a school, oldest first. */
  open(limit: number): Promise<Order[]>;
  history(number: number): Promise<HistoryRow[]>;
  /** Orders begun since, with an address, paid, and without a receipt, oldest first. */
  receiptsDue(sinceMs: number, limit: number): Promise<Order[]>;
  receiptSent(number: number, atMs: number): Promise<void>;
  /** The orders stay and are nobody's. What is bound while it runs is bound before, or has ended. */
  forgetPayer(payer: string): Promise<void>;
  /**
   * Progress, postings and what schools are to be told, all or nothing. `false`, and nothing stored, when the order is no longer in this version.
   */
  advance(number: number, version: number, step: Step, atMs: number): Promise<boolean>;
}
