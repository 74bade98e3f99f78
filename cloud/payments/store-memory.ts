/** The payments' store in memory, beside store/memory.ts: for the simulation and for tests. */
import { kopecks } from "@trapeza/protocol";
import type { OfficeTransaction } from "../ledger/posting.js";
import { isPaid } from "./advance.js";
import type { OutgoingDirective } from "../outgoing.js";
import type { NewOrder, Order, OrderState } from "./order.js";
import type { Binding, BindingStore, HistoryRow, PaymentStore } from "./store.js";

/** Where postings and directives go; `post` throws, and has changed nothing, when a law of the ledger is broken. */
export interface OfficeMemory {
  readonly post: (school: number, transaction: OfficeTransaction) => void;
  readonly tell: (directive: OutgoingDirective) => void;
}

const none = kopecks(0);
const FIRST_NUMBER = 100001;
const OPEN: readonly OrderState[] = ["created", "registered", "authorised"];

export function createPaymentMemory(office: OfficeMemory): PaymentStore {
  const orders: Order[] = [];
  const receipts = new Set<number>();
  const histories = new Map<number, HistoryRow[]>();
  const at = (number: number) => orders.findIndex((order) => order.number === number);
  const newest = (wanted: (order: Order) => boolean, limit: number) => orders.filter(wanted).reverse().slice(0, limit);
  const newOrder = (draft: NewOrder, expiresMs: number): Order => ({
    ...{ ...draft, number: FIRST_NUMBER + orders.length, version: 0, state: "created", providerId: null, payAt: null, expiresMs },
    ...{ sent: false, settled: false, refunded: none, chargedBack: none, why: "" },
  });
  return {
    async addOrder(draft, expiresMs) {
      const found = orders.find(({ key }) => key === draft.key);
      if (found) return found;
      const order = newOrder(draft, expiresMs);
      orders.push(order);
      histories.set(order.number, [{ version: 0, state: "created", atMs: draft.createdMs }]);
      return order;
    },
    async order(number) {
      return orders[at(number)] ?? null;
    },
    async orderByKey(key) {
      return orders.find((order) => order.key === key) ?? null;
    },
    async ordersOf(payer, limit) {
      return newest((order) => order.payer === payer, limit);
    },
    async ordersFor(school, account, limit) {
      return newest(({ lines }) => lines.some((line) => line.school === school && line.account === account), limit);
    },
    async pendingIn(school) {
      return orders.filter(({ state, lines }) => state === "authorised" && lines.some((line) => line.school === school));
    },
    async paidIn(school, limit) {
      return newest((order) => isPaid(order) && order.lines.some((line) => line.school === school), limit);
    },
    async unsettled(way, fromMs, toMs) {
      const paidMs = ({ number }: Order) => histories.get(number)?.find(({ state }) => state === "authorised")?.atMs ?? -1;
      return orders.filter((order) => order.way === way && !order.settled && paidMs(order) >= fromMs && paidMs(order) < toMs);
    },
    async open(limit) {
      return orders.filter(({ state }) => OPEN.includes(state)).slice(0, limit);
    },
    async receiptsDue(sinceMs, limit) {
      const isDue = ({ number, email, createdMs, state }: Order) =>
        email !== null && createdMs >= sinceMs && (state === "authorised" || state === "credited") && !receipts.has(number);
      return orders.filter(isDue).slice(0, limit);
    },
    async receiptSent(number) {
      receipts.add(number);
    },
    forgetPayer: async (payer) => forgetPayer(orders, payer),
    ...bindingMemory((number) => orders[at(number)]?.payer ?? null),
    async history(number) {
      return histories.get(number) ?? [];
    },
    async advance(number, version, { progress, transactions, directives }, atMs) {
      const place = at(number);
      if (place < 0 || orders[place].version !== version) return false;
      for (const { school, transaction } of transactions) office.post(school, transaction);
      directives.forEach(office.tell);
      orders[place] = { ...orders[place], ...progress, version: version + 1 };
      histories.get(number)?.push({ version: version + 1, state: progress.state, atMs });
      return true;
    },
  };
}

function forgetPayer(orders: Order[], payer: string): void {
  for (const [i, order] of orders.entries()) if (order.payer === payer) orders[i] = { ...order, payer: null, email: null, returnUrl: null };
}

function bindingMemory(payerOf: (order: number) => string | null): BindingStore {
  const rows: (Binding & { isEnded: boolean; isReleased: boolean })[] = [];
  const plain = ({ id, way, payer, bank, boundMs }: Binding): Binding => ({ id, way, payer, bank, boundMs });
  const at = (way: string, id: string) => rows.find((row) => row.way === way && row.id === id);
  return {
    async addBinding(order, binding) {
      const payer = payerOf(order);
      if (!at(binding.way, binding.id)) rows.push({ ...binding, payer: payer ?? "—", isEnded: payer === null, isReleased: false });
    },
    async bindings(payer) {
      return rows.filter((row) => row.payer === payer && !row.isEnded).map(plain);
    },
    async endBinding(payer, id) {
      for (const row of rows) if (row.payer === payer && row.id === id) row.isEnded = true;
    },
    async unreleased(limit) {
      return rows.filter(({ isEnded, isReleased }) => isEnded && !isReleased).slice(0, limit).map(plain); // prettier-ignore
    },
    async bindingReleased(way, id) {
      const row = at(way, id);
      if (row) row.isReleased = true;
    },
    async forgetBindings(payer) {
      for (const [i, row] of rows.entries()) if (row.payer === payer) rows[i] = { ...row, payer: "—", isEnded: true };
    },
  };
}
