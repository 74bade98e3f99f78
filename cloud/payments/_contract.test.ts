/** What the payments' store must keep: run against memory and PostgreSQL by the tests beside store/. */
import type { TestFn } from "ava";
import { directiveSchema, encode } from "@trapeza/protocol";
import type { BusinessDate, Directive, Kopecks } from "@trapeza/protocol";
import * as account from "../ledger/accounts.js";
import { credit, debit } from "../ledger/posting.js";
import type { Store } from "../store/store.js";
import type { Step } from "./advance.js";
import type { NewOrder, Order } from "./order.js";

type Open = () => Promise<{ store: Store; school: number }>;

const draft = (school: number, more: Partial<NewOrder> = {}): NewOrder => ({
  ...{ key: "key " + school, way: "card", payer: "7900" + school, fee: 20 as Kopecks, total: 1020 as Kopecks, returnUrl: "/", email: null },
  ...{ remember: false, binding: null },
  lines: [{ school, account: 7, purse: "main", sum: 1000 as Kopecks }],
  createdMs: 5,
  ...more,
});

function paid(order: Order, school: number): Step {
  const { state, providerId, payAt, expiresMs, sent, settled, refunded, chargedBack, why } = order;
  const reference = "order/" + order.number + "/paid";
  const postings = [debit(account.acquirer("card"), 1020), credit(account.pending(7), 1000), credit(account.feeIncome, 20)];
  const directive = { kind: "TopUp", account: 7, main: 1000, additional: 0, source: "payment", reference } as Directive;
  return {
    progress: { ...{ state, providerId, payAt, expiresMs, sent, settled, refunded, chargedBack, why }, state: "authorised", sent: true },
    transactions: [{ school, transaction: { reference, date: 100 as BusinessDate, atMs: 9, kind: "PaymentAuthorised", postings } }],
    directives: [{ school, reference, directive }],
  };
}

export function testPayments(test: TestFn, name: string, opened: Open): void {
  testReceipts(test, name, opened);
  testBindings(test, name, opened);
  test(name + ": a key names one order, whatever is said the second time", async (t) => {
    const { store, school } = await opened();
    const [first, again] = await Promise.all([
      store.payments.addOrder(draft(school), 77),
      store.payments.addOrder(draft(school, { fee: 0 as Kopecks, total: 5 as Kopecks }), 78),
    ]);
    t.deepEqual(first, again);
    t.like(first, { state: "created", version: 0, sent: false, payAt: null });
    t.deepEqual(await store.payments.order(first.number), first);
    t.deepEqual(await store.payments.orderByKey("key " + school), first);
    t.is(await store.payments.order(1), null);
  });

  test(name + ": progress, postings and directives are stored together, once", async (t) => {
    const { store, school } = await opened();
    const order = await store.payments.addOrder(draft(school), 77);
    const step = paid(order, school);
    const twice = [store.payments.advance(order.number, 0, step, 9), store.payments.advance(order.number, 0, step, 9)];
    t.deepEqual((await Promise.all(twice)).sort(), [false, true], "one of them, whichever comes first");
    t.like(await store.payments.order(order.number), { state: "authorised", sent: true, version: 1 });
    t.is((await store.balances(school, [account.pending(7)])).get(account.pending(7)), -1000);
    t.deepEqual((await store.payments.history(order.number)).map(({ state, atMs }) => [state, atMs]), [["created", 5], ["authorised", 9]]); // prettier-ignore
    const waiting = await store.waitingDirectives(school, 9);
    t.deepEqual(waiting.map(({ bytes }) => bytes), [encode(directiveSchema, step.directives[0].directive)]); // prettier-ignore
    await t.throwsAsync(store.payments.advance(order.number, 1, step, 10), { message: /a reference is posted once/ });
    t.like(await store.payments.order(order.number), { version: 1 });
  });

  test(name + ": what is not balanced moves no order", async (t) => {
    const { store, school } = await opened();
    const order = await store.payments.addOrder(draft(school), 77);
    const step = paid(order, school);
    const [{ transaction }] = step.transactions;
    const lopsided = { ...step, transactions: [{ school, transaction: { ...transaction, postings: transaction.postings.slice(0, 2) } }] };
    await t.throwsAsync(store.payments.advance(order.number, 0, lopsided, 9), { message: /sum to zero/ });
    t.like(await store.payments.order(order.number), { state: "created", version: 0 });
    t.deepEqual(await store.waitingDirectives(school, 9), []);
  });

  test(name + ": a waiting directive leaves the outbox as it enters the school's log", async (t) => {
    const { store, school } = await opened();
    const order = await store.payments.addOrder(draft(school), 77);
    await store.payments.advance(order.number, 0, paid(order, school), 9);
    const [{ id, bytes }] = await store.waitingDirectives(school, 9);
    const row = { number: 0, bytes, leaf: new Uint8Array(32) };
    t.true(await store.addDirectives(school, 0, [row], [id]));
    t.deepEqual(await store.waitingDirectives(school, 9), []);
    t.is(await store.directiveCount(school), 1);
  });

  test(name + ": orders are found by payer, account, school and state", async (t) => {
    const { store, school } = await opened();
    const numbers = (orders: Order[]) => orders.map(({ number }) => number);
    const first = await store.payments.addOrder(draft(school), 77);
    const second = await store.payments.addOrder(draft(school, { key: "other " + school }), 77);
    t.deepEqual(numbers(await store.payments.ordersOf("7900" + school, 9)), [second.number, first.number]);
    t.deepEqual(numbers(await store.payments.ordersFor(school, 7, 1)), [second.number]);
    t.deepEqual(numbers(await store.payments.ordersFor(school, 8, 9)), []);
    await store.payments.advance(first.number, 0, paid(first, school), 9);
    t.deepEqual(numbers(await store.payments.pendingIn(school)), [first.number]);
    t.true(numbers(await store.payments.open(1000)).includes(second.number));
    t.deepEqual(numbers(await store.payments.paidIn(school, 9)), [first.number]);
  });

  testUnsettled(test, name, opened);
}

function testUnsettled(test: TestFn, name: string, opened: Open): void {
  test(name + ": what a way has brought in and nobody has paid out is found by the moment at which it was paid", async (t) => {
    const { store, school } = await opened();
    const [fromMs, toMs] = [school * 1000, school * 1000 + 500];
    const paidAt = async (key: string, atMs: number, settled = false) => {
      const order = await store.payments.addOrder(draft(school, { key: key + school, way: "sbp" }), 77);
      const { progress } = paid(order, school);
      const step = { progress: { ...progress, settled }, transactions: [], directives: [] };
      await store.payments.advance(order.number, 0, step, atMs);
      // Whatever is said of it later, it was paid then.
      await store.payments.advance(order.number, 1, { ...step, progress: { ...step.progress, why: "later" } }, toMs + 9);
      return order.number;
    };
    const [first] = [await paidAt("a", fromMs), await paidAt("b", fromMs - 1), await paidAt("c", toMs), await paidAt("d", fromMs, true)];
    t.deepEqual((await store.payments.unsettled("sbp", fromMs, toMs)).map(({ number }) => number), [first]); // prettier-ignore
    t.deepEqual(await store.payments.unsettled("card", fromMs, toMs), []);
  });
}

function testReceipts(test: TestFn, name: string, opened: Open): void {
  test(name + ": a paid order with an address is due a receipt until it was sent", async (t) => {
    const { store, school } = await opened();
    const due = async () => (await store.payments.receiptsDue(40, 1000)).map(({ number }) => number);
    const order = await store.payments.addOrder(draft(school, { email: "a@example.ru", createdMs: 50 }), 77);
    const silent = await store.payments.addOrder(draft(school, { key: "silent " + school, createdMs: 50 }), 77);
    t.false((await due()).includes(order.number), "not paid");
    for (const one of [order, silent]) await store.payments.advance(one.number, 0, paid(one, school), 51);
    t.deepEqual([(await due()).includes(order.number), (await due()).includes(silent.number)], [true, false]);
    t.false((await store.payments.receiptsDue(51, 1000)).some(({ number }) => number === order.number));
    for (let twice = 0; twice < 2; twice++) await store.payments.receiptSent(order.number, 60);
    t.false((await due()).includes(order.number));
  });
}

function testBindings(test: TestFn, name: string, opened: Open): void {
  test(name + ": a bound account is bound once, ends once, and old news does not bring it back", async (t) => {
    const { store, school } = await opened();
    const { payments } = store;
    const payer = "7901" + school;
    const { number } = await payments.addOrder(draft(school, { way: "sbp", payer, remember: true }), 77);
    const binding = { id: "b" + school, way: "sbp", bank: "Банк", boundMs: 5 } as const;
    await Promise.all([payments.addBinding(number, binding), payments.addBinding(number, { ...binding, bank: "other" })]);
    t.is((await payments.bindings(payer)).length, 1);
    await payments.endBinding("somebody else", binding.id, 8);
    t.is((await payments.bindings(payer)).length, 1);
    const waits = async () => (await payments.unreleased(1000)).some(({ id }) => id === binding.id);
    t.false(await waits());
    for (const atMs of [8, 9]) await payments.endBinding(payer, binding.id, atMs);
    t.true(await waits());
    for (let twice = 0; twice < 2; twice++) await payments.bindingReleased("sbp", binding.id);
    t.false(await waits());
    await payments.addBinding(number, binding);
    t.deepEqual(await payments.bindings(payer), []);
  });

  test(name + ": a payer is forgotten, and what their order binds later is nobody's and has ended", async (t) => {
    const { store, school } = await opened();
    const { payments } = store;
    const [payer, other] = ["7902" + school, "7903" + school];
    const more = { payer, email: "a@example.ru", way: "sbp", remember: true } as const;
    const order = await payments.addOrder(draft(school, { ...more, key: "gone " + school }), 77);
    const kept = await payments.addOrder(draft(school, { ...more, key: "kept " + school, payer: other }), 77);
    const binding = { way: "sbp", bank: "Банк", boundMs: 5 } as const;
    await payments.addBinding(order.number, { ...binding, id: "before" + school });
    await payments.addBinding(kept.number, { ...binding, id: "kept" + school });
    await payments.forgetPayer(payer);
    await payments.forgetBindings(payer, 9);
    t.deepEqual(await payments.order(order.number), { ...order, payer: null, email: null, returnUrl: null });
    t.deepEqual(await payments.order(kept.number), kept);
    await payments.addBinding(order.number, { ...binding, id: "gone" + school });
    t.deepEqual(await payments.bindings(payer), []);
    t.like(await payments.bindings(other), [{ id: "kept" + school }]);
    const own = ["before", "gone", "kept"].map((word) => word + school);
    const unreleased = (await payments.unreleased(1000)).filter(({ id }) => own.includes(id));
    t.deepEqual(
      unreleased.map(({ id, payer: whose }) => [id, whose]).sort(),
      [own[0], own[1]].map((id) => [id, "—"]),
      "and the bank is to be told",
    );
  });

  test(name + ": an order keeps what it binds and what pays it", async (t) => {
    const { store, school } = await opened();
    const bound = await store.payments.addOrder(draft(school, { way: "sbp", binding: "b1" }), 77);
    t.like(await store.payments.order(bound.number), { binding: "b1", remember: false });
    const binds = await store.payments.addOrder(draft(school, { key: "binds " + school, way: "sbp", remember: true }), 77);
    t.like(await store.payments.order(binds.number), { binding: null, remember: true });
  });
}
