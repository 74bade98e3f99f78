import test from "ava";
import fc from "fast-check";
import { kopecks } from "@trapeza/protocol";
import { KIOSK, PUPIL, PUPIL_CARD, SCHOOL } from "../_gateway.test.js";
import { createMemoryStore } from "../store/memory.js";
import { returnedOf } from "./order.js";
import type { Order } from "./order.js";
import { bindTo, openStreet } from "./_street.test.js";
import type { Street } from "./_street.test.js";

const PAYER = "79001234567";
const way = { payer: null, returnUrl: null, email: null, way: "card" } as const;

/** One thing that happens, or is said, or goes wrong; `n` picks what it is about. */
const WORKS: { readonly [name: string]: (street: Street, n: number) => Promise<unknown> } = {
  begin: ({ cloud }, n) => {
    const [main, additional] = [(1 + (n % 5)) * 1000, (n % 3) * 700];
    const line = (purse: "main" | "additional", sum: number) => ({ school: SCHOOL, account: PUPIL, purse, sum: kopecks(sum) });
    const lines = additional === 0 ? [line("main", main)] : [line("main", main), line("additional", additional)];
    return cloud.payments.begin({ ...way, key: "k" + (n % 6), lines });
  },
  bind: ({ cloud, sbp }, n) => {
    if (n % 3 === 0) sbp.accounts.set("b" + (n % 4), PAYER);
    return bindTo(cloud.store.payments, { id: "b" + (n % 4), payer: PAYER, bank: "", boundMs: 1 });
  },
  unbind: ({ cloud }, n) => cloud.payments.bindings.end(PAYER, "b" + (n % 4)),
  revoke: async ({ sbp }, n) => void sbp.accounts.delete("b" + (n % 4)),
  tap: ({ cloud }, n) => {
    const lines = [{ school: SCHOOL, account: PUPIL, purse: "main" as const, sum: kopecks(1000 + (n % 5) * 100) }];
    return cloud.payments.begin({ ...way, way: "sbp", payer: PAYER, key: "tap" + (n % 6), binding: "b" + (n % 4), lines });
  },
  pay: (street, n) => about(street, n, (order) => bankOf(street, order).say(order.number, { amount: order.total })),
  decline: (street, n) => about(street, n, (order) => bankOf(street, order).say(order.number, { state: "declined", amount: order.total })),
  refund: (street, n) =>
    about(street, n, (order) => {
      const refunded = kopecks(Math.min(order.total, (n % 4) * 1500));
      bankOf(street, order).say(order.number, { amount: order.total, refunded });
    }),
  chargeBack: (street, n) =>
    about(street, n, (order) => {
      const chargedBack = kopecks(n % 2 === 0 ? order.total : 500);
      bankOf(street, order).say(order.number, { amount: order.total, chargedBack });
    }),
  callback: (street, n) => about(street, n, ({ number }) => street.cloud.payments.check(number)),
  callbacks: (street, n) =>
    about(street, n, ({ number }) => Promise.all([street.cloud.payments.check(number), street.cloud.payments.check(number)])),
  settled: (street, n) =>
    about(street, n, ({ number }) => street.cloud.payments.hear(number, { kind: "settled", commission: kopecks(n % 90) })),
  network: ({ cloud }, n) => {
    const lines = [{ school: SCHOOL, account: PUPIL, purse: "main" as const, sum: kopecks(300) }];
    return cloud.payments.receive({ key: "net" + (n % 4), way: "network", lines, fee: kopecks(0), settled: n % 2 === 0 });
  },
  expire: async ({ clock, cloud }) => {
    clock.nowMs += 3_600_000;
    await cloud.payments.tick();
  },
  tick: ({ cloud }) => cloud.payments.tick(),
  sync: (street) => street.sync(),
  note: async ({ gateway }) =>
    gateway.fact(KIOSK, {
      ...{ kind: "NoteStacked", payee: { kind: "card", uid: PUPIL_CARD }, purse: "additional", note: kopecks(5000), visit: 1 },
      happenedMs: null,
    }),
  away: async ({ provider, sbp }, n) => {
    provider.away = n % 2 === 0;
    sbp.away = n % 3 === 0;
  },
};

const bankOf = ({ provider, sbp }: Street, order: Order) => (order.way === "sbp" ? sbp : provider);

async function about(street: Street, n: number, work: (order: Order) => unknown): Promise<void> {
  const orders = await street.cloud.payments.ordersFor(SCHOOL, PUPIL, 20);
  const order = orders[n % Math.max(orders.length, 1)];
  if (order) await work(order);
}

async function check(street: Street): Promise<void> {
  const sums = await street.cloud.store.balances(SCHOOL);
  const total = [...sums.values()].reduce((sum, one) => sum + one, 0);
  if (total !== 0) throw new Error("the ledger comes to " + total);
  const pending = 0 - (Object.fromEntries(sums)["pending/" + PUPIL] ?? 0);
  if (pending < 0) throw new Error("pending is " + pending);
}

test("whatever is paid, said twice, refunded, lost or late: the ledger is balanced, purses are as replayed, pending is never negative", async (t) => {
  const works = fc.array(fc.tuple(fc.constantFrom(...Object.keys(WORKS)), fc.nat(1000)), { minLength: 5, maxLength: 40 });
  const settle = fc.constantFrom("authorisation" as const, "settlement" as const);
  await fc.assert(
    fc.asyncProperty(works, settle, async (all, creditOn) => {
      const street = await openStreet({ creditOn }, createMemoryStore(), true);
      for (const [name, n] of all) {
        await WORKS[name](street, n);
        await check(street);
      }
      for (const bank of [street.provider, street.sbp]) bank.away = false;
      await street.sync();
      await street.cloud.payments.tick();
      await street.sync();
      await check(street);
      const wrong = await street.cloud.verifyLedger(SCHOOL);
      if (wrong.length > 0) throw new Error(wrong.join("; "));
      const sums = Object.fromEntries(await street.cloud.store.balances(SCHOOL));
      const orders = await street.cloud.payments.ordersFor(SCHOOL, PUPIL, 100);
      const paid = orders.filter(({ state }) => ["authorised", "credited", "refunded", "charged_back"].includes(state));
      const due = paid.reduce((sum, order) => sum + order.total - returnedOf(order), 0);
      const received =
        0 - (sums["acquirer/card"] ?? 0) - (sums["acquirer/sbp"] ?? 0) - (sums["acquirer/network"] ?? 0) - (sums["bank/operator"] ?? 0);
      const costs = sums["expense/acquiring"] ?? 0;
      if (due !== -received + costs) throw new Error("orders come to " + due + ", the ledger has " + (-received + costs));
      const late = orders.find(({ state, settled }) => state === "authorised" && (creditOn === "authorisation" || settled));
      if (late) throw new Error("order " + late.number + " is due to its purses and has not reached them");
      for (const order of orders.filter(({ binding }) => binding !== null)) {
        const charges = street.sbp.charged.filter((number) => number === order.number).length;
        if (charges > 1) throw new Error("order " + order.number + " was taken " + charges + " times");
      }
      if ((sums["returned/" + PUPIL] ?? 0) !== 0) throw new Error("the purse has not given back what was returned");
    }),
    { numRuns: 60 },
  );
  t.pass();
});
