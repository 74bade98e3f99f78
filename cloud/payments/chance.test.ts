import test from "ava";
import fc from "fast-check";
import { kopecks } from "@trapeza/protocol";
import type { BusinessDate, Request, TerminalId } from "@trapeza/protocol";
import { HOUSE, KIOSK, PUPIL_CARD, TEACHER_CARD, TILL, WALL } from "../_gateway.test.js";
import type { TestGateway } from "../_gateway.test.js";
import { verifySchool } from "../verify.js";
import { dueShares, returnedOf } from "./order.js";
import type { Order } from "./order.js";
import { bindTo } from "./_street.test.js";
import { CHILD_NUMBER, HOMES, SIBLING, openTown } from "./_town.test.js";
import type { Place, Town } from "./_town.test.js";

const PAYER = "79001234567";
const way = { payer: null, returnUrl: null, email: null, way: "card" } as const;

type Work = (town: Town, n: number) => Promise<unknown>;

/** Families pay, by hand, by one tap, at a terminal of a network. */
const FAMILIES: { readonly [name: string]: Work } = {
  begin: ({ cloud }, n) => {
    const line = ({ school, account }: Place, purse: "main" | "additional", sum: number) => ({ school, account, purse, sum: kopecks(sum) });
    const first = line(HOMES[n % 2], "main", (1 + (n % 5)) * 1000);
    const more = [line(HOMES[n % 2], "additional", 700), line(SIBLING, "main", 1500), line(SIBLING, "additional", 300)];
    return cloud.payments.begin({ ...way, key: "k" + (n % 12), lines: [first, ...more.slice(n % 4)] });
  },
  bind: ({ cloud, sbp }, n) => {
    if (n % 5 > 0) sbp.accounts.set("b" + (n % 2), PAYER);
    return bindTo(cloud.store.payments, { id: "b" + (n % 2), payer: PAYER, bank: "", boundMs: 1 });
  },
  unbind: ({ cloud }, n) => cloud.payments.bindings.end(PAYER, "b" + (n % 2)),
  revoke: async ({ sbp }, n) => void sbp.accounts.delete("b" + (n % 2)),
  tap: ({ cloud, home }, n) => {
    const lines = [{ ...home(), purse: "main" as const, sum: kopecks(1000 + (n % 5) * 100) }];
    return cloud.payments.begin({ ...way, way: "sbp", payer: PAYER, key: "tap" + (n % 6), binding: "b" + (n % 2), lines });
  },
  network: ({ cloud, home }, n) => {
    const lines = [{ ...home(), purse: "main" as const, sum: kopecks(300) }];
    return cloud.payments.receive({ key: "net" + (n % 4), way: "network", lines, fee: kopecks(0), settled: n % 2 === 0 });
  },
};

/** Banks change their mind, say so once, twice, late or never, and send a registry of the day. */
const BANKS: { readonly [name: string]: Work } = {
  pay: (town, n) => about(town, n, (order) => bankOf(town, order).say(order.number, { amount: order.total })),
  decline: (town, n) => about(town, n, (order) => bankOf(town, order).say(order.number, { state: "declined", amount: order.total })),
  refund: (town, n) =>
    about(town, n, (order) => {
      const refunded = kopecks(Math.min(order.total, (n % 4) * 1500));
      bankOf(town, order).say(order.number, { amount: order.total, refunded });
    }),
  // The whole of its last line: a child for whom nothing is left to tell its school.
  refundLine: (town, n) =>
    about(town, n, (order) =>
      bankOf(town, order).say(order.number, { amount: order.total, refunded: order.lines[order.lines.length - 1].sum }),
    ),
  chargeBack: (town, n) =>
    about(town, n, (order) => {
      const chargedBack = kopecks(n % 2 === 0 ? order.total : 500);
      bankOf(town, order).say(order.number, { amount: order.total, chargedBack });
    }),
  callback: (town, n) => about(town, n, ({ number }) => town.cloud.payments.check(number)),
  callbacks: (town, n) => about(town, n, ({ number }) => all([1, 2].map(() => town.cloud.payments.check(number)))),
  settled: (town, n) => about(town, n, ({ number }) => town.cloud.payments.hear(number, { kind: "settled", commission: kopecks(n % 90) })),
  registry: async ({ cloud, store }, n) => {
    const rows = await store.payments.unsettled(n % 2 === 0 ? "card" : "sbp", 0, Infinity);
    const followed = [...rows, ...rows].map(({ number }) => cloud.payments.hear(number, { kind: "settled", commission: kopecks(7) }));
    await all(followed);
  },
  away: async ({ provider, sbp }, n) => {
    provider.away = n % 2 === 0;
    sbp.away = n % 3 === 0;
  },
};

/** What happens at one school or the other. */
const SCHOOLS: { readonly [name: string]: Work } = {
  note: at((gateway, n) => {
    const payee = n % 4 < 2 ? ({ kind: "card", uid: PUPIL_CARD } as const) : ({ kind: "number", number: CHILD_NUMBER } as const);
    const purse = n % 3 === 0 ? "main" : "additional";
    gateway.fact(KIOSK, { kind: "NoteStacked", payee, purse, note: kopecks(5000), visit: 1, happenedMs: null });
  }),
  meal: at((gateway) => asked(gateway, WALL, { kind: "MealConfirm", ...breakfast(gateway), admitted: [] })),
  undo: at((gateway) => asked(gateway, WALL, { kind: "MealUndo", ...breakfast(gateway) })),
  nextDay: at((gateway) => gateway.openDay((gateway.school.date + 1) as BusinessDate)),
  sale: at((gateway, n) => {
    const { menuVersion } = gateway.school;
    const quantity = 1 + (n % 2);
    const lines = [{ dish: 11, quantity }];
    const total = kopecks(3450 * quantity);
    asked(gateway, TILL, { kind: "Sale", payer: { by: "card", uid: PUPIL_CARD }, lines, total, menuVersion, override: null });
  }),
  voided: at((gateway, n) => {
    asked(gateway, TILL, { kind: "Void", receipt: 1983 + (n % 6), lines: [], reason: "ошибка", supervisor: null });
  }),
  transfer: ({ cloud, home }, n) => {
    const { school, account } = home();
    return cloud.enqueueDirectives(school, [{ kind: "Transfer", account, amount: kopecks(1 + n), reference: "transfer/" + n }]);
  },
};

/** What is said between schools and the cloud, in parts, again, or in vain. */
const TALK: { readonly [name: string]: Work } = {
  listen: (town, n) => town.listen(town.gateways[n % 2]),
  listenALittle: (town, n) => town.listen(town.gateways[n % 2], 1),
  send: (town, n) => town.send(town.gateways[n % 2]),
  sendALittle: (town, n) => town.send(town.gateways[n % 2], 1 + (n % 3)),
  sendUnanswered: (town, n) => town.send(town.gateways[n % 2], 1 + (n % 5), false),
  tick: ({ cloud }) => cloud.payments.tick(),
  expire: async ({ clock, cloud }) => {
    clock.nowMs += 3_600_000;
    await cloud.payments.tick();
  },
  restart: (town) => town.restart(),
};

const WORKS = { ...FAMILIES, ...BANKS, ...SCHOOLS, ...TALK };
/** In the office these are one transaction, which the memory has not: the power does not fail within. */
const WHOLE: { readonly [name: string]: Work } = { move: (town) => town.move() };

/** Without these little comes of the others. */
const OFTEN = ["begin", "bind", "tap", "pay", "callback", "listen", "send"];
const NAMES = [...Object.keys(WORKS), ...Object.keys(WHOLE), ...OFTEN, ...OFTEN];

const bankOf = ({ provider, sbp }: Town, order: Order) => (order.way === "sbp" ? sbp : provider);

/** All of them to their end, even when one fails. */
async function all(works: readonly Promise<unknown>[]): Promise<void> {
  const failed = (await Promise.allSettled(works)).find((one) => one.status === "rejected");
  if (failed) throw failed.reason;
}

async function about(town: Town, n: number, work: (order: Order) => unknown): Promise<void> {
  const orders = await town.orders();
  const order = orders[n % Math.max(orders.length, 1)];
  if (order) await work(order);
}

function at(work: (gateway: TestGateway, n: number) => unknown): Work {
  return async ({ gateways }, n) => void work(gateways[n % 2], n >> 1);
}

/** A refusal is an answer, too. */
function asked(gateway: TestGateway, terminal: TerminalId, request: Request): void {
  try {
    gateway.ask(terminal, request);
  } catch (error) {
    if (!(error as Error).message.startsWith("refused")) throw error;
  }
}

function breakfast({ row, school }: TestGateway) {
  const ids = [...HOMES, SIBLING].filter((place) => place.school === row.school && school.accounts.has(place.account));
  return { uid: TEACHER_CARD, class: 3, meal: 1, date: school.date, ids: ids.map(({ account }) => account) };
}

function must(isSo: boolean, what: string): void {
  if (!isSo) throw new Error(what);
}

/** What is true at every moment. */
async function check({ store, gateways, sbp }: Town): Promise<void> {
  for (const gateway of gateways) {
    const { school } = gateway.row;
    const sums = await store.balances(school);
    const total = [...sums.values()].reduce((sum, one) => sum + one, 0);
    must(total === 0, "the ledger of school " + school + " comes to " + total);
    for (const [name, amount] of sums) must(!name.startsWith("pending/") || amount <= 0, name + " is " + -amount);
    for (const [order, amount] of await pendingByOrder(store, gateway)) must(amount >= 0, "pending of order " + order + " is " + amount);
    const credited = gateway.events.flatMap(({ body }) =>
      body.kind === "DirectiveApplied" && body.directive.kind === "TopUp" ? [body.directive.reference] : [],
    );
    must(new Set(credited).size === credited.length, "credited twice: " + credited.join(", "));
  }
  must(new Set(sbp.charged).size === sbp.charged.length, "a bound account was taken from twice: " + sbp.charged.join(", "));
}

/** What each order has put on pending accounts, less what its purses and its payer have had of it. */
async function pendingByOrder(store: Town["store"], { row, events }: TestGateway): Promise<Map<string, number>> {
  const sums = new Map<string, number>();
  for (const { transaction, isEntry, postings } of await store.transactions(row.school, 0, 100_000)) {
    const body = isEntry ? events[Number(transaction.split("/")[1])].body : null;
    const reference = body?.kind === "DirectiveApplied" && "reference" in body.directive ? body.directive.reference : transaction;
    const order = reference.split("/")[1];
    for (const { account, amount } of postings) if (account.startsWith("pending/")) sums.set(order, (sums.get(order) ?? 0) - amount);
  }
  return sums;
}

/** Banks and schools are back, and exchange what is outstanding until a round brings nothing new. */
async function drain(town: Town): Promise<void> {
  for (const bank of [town.provider, town.sbp]) bank.away = false;
  let before = "";
  for (let round = 0; round < 20; round++) {
    for (const gateway of town.gateways) {
      await town.listen(gateway);
      await town.send(gateway);
    }
    await town.cloud.payments.tick();
    const sizes = town.gateways.map(({ entries }) => entries.length).join();
    if (sizes === before) return;
    before = sizes;
  }
  throw new Error("the schools and the cloud never come to an end");
}

/** What is true when all has been said. */
async function checkEnd({ cloud, store, gateways, orders }: Town, creditOn: "authorisation" | "settlement"): Promise<void> {
  const sums = new Map<string, number>();
  for (const { row, school } of gateways) {
    const { troubles } = await verifySchool(store, row.school, HOUSE);
    must(troubles.length === 0, "school " + row.school + ": " + troubles.join("; "));
    const { accounts } = (await cloud.library.book(row.school)).state;
    for (const { id, main, additional, status } of school.accounts.values()) {
      const here = accounts.get(id);
      must(here?.main === main && here.additional === additional, "the gateway has another purse of " + row.school + "/" + id);
      must(status !== "moved" || (main === 0 && additional === 0), "the child has left " + main + " and " + additional + " behind");
    }
    for (const [name, amount] of await store.balances(row.school)) sums.set(name, (sums.get(name) ?? 0) + amount);
  }
  const of = (start: string) => [...sums].reduce((sum, [name, amount]) => sum + (name.startsWith(start) ? amount : 0), 0);
  for (const [name, amount] of sums) must(!name.startsWith("clearing/") || amount === 0, name + " is left with " + amount);
  const paid = (await orders()).filter(({ state }) => ["authorised", "credited", "refunded", "charged_back"].includes(state));
  const due = paid.reduce((sum, order) => sum + order.total - returnedOf(order), 0);
  const received = of("acquirer/") + of("bank/operator") + of("expense/acquiring");
  must(due === received, "orders come to " + due + ", the ledger has " + received);
  const late = paid.find(({ state, settled }) => state === "authorised" && (creditOn === "authorisation" || settled));
  must(late === undefined, "order " + late?.number + " is due to its purses and has not reached them");
  const unsent = paid.filter(({ state }) => state === "authorised").flatMap((order) => dueShares(order));
  const pending = unsent.reduce((sum, { main, additional }) => sum + main + additional, 0);
  must(of("pending/") === -pending, "orders have " + pending + " pending, the ledger has " + -of("pending/"));
  // Whoever has left the school owes there what came back after that.
  const owed = gateways.flatMap(({ events }) =>
    events.map(({ body }) =>
      body.kind === "DirectiveApplied" && body.directive.kind === "ForcedDebit" && body.outcome === "held" ? body.directive.amount : 0,
    ),
  );
  const left = owed.reduce<number>((sum, one) => sum + one, 0);
  must(of("returned/") === left, "purses have not given back " + (of("returned/") - left) + " of what was returned");
}

test("whatever is eaten, paid, told twice, refunded, moved, lost or late: the ledger balances, purses are as replayed, pending is never below 0", async (t) => {
  const stays = { weight: 7, arbitrary: fc.constant(null) };
  const power = fc.oneof(stays, { weight: 1, arbitrary: fc.tuple(fc.nat(15), fc.boolean()) });
  const works = fc.array(fc.tuple(fc.constantFrom(...NAMES), fc.nat(1000), power), { minLength: 1, maxLength: 120, size: "max" });
  const settle = fc.constantFrom("authorisation" as const, "settlement" as const);
  await fc.assert(
    fc.asyncProperty(works, settle, async (steps, creditOn) => {
      const town = await openTown({ creditOn });
      for (const [name, n, fails] of steps) {
        const work = async () => ((WORKS as typeof WHOLE)[name] ?? WHOLE[name])(town, n);
        if (fails === null || name in WHOLE) await work();
        else await town.powerFails(...fails, work);
        await check(town);
      }
      await drain(town);
      await check(town);
      await checkEnd(town, creditOn);
    }),
    { numRuns: 80, seed: 24 },
  );
  t.pass();
});
