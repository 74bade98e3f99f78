import test from "ava";
import { accountNumber, kopecks } from "@trapeza/protocol";
import type { DirectiveOf } from "@trapeza/protocol";
import { DIRECTIVES, PUPIL, SCHOOL } from "../_gateway.test.js";
import { createMemoryStore } from "../store/memory.js";
import type { OrderLine } from "./order.js";
import type { NewPayment } from "./payments.js";
import { bindTo, openStreet } from "./_street.test.js";
import type { Street } from "./_street.test.js";

const line = (purse: OrderLine["purse"], sum: number): OrderLine => ({ school: SCHOOL, account: PUPIL, purse, sum: kopecks(sum) });
const payment = (more: Partial<NewPayment> = {}): NewPayment => ({
  ...{ key: "k1", way: "card", payer: "79001234567", returnUrl: "/paid", email: null },
  lines: [line("main", 70000), line("additional", 30000)],
  ...more,
});

async function begun(street: Street, more: Partial<NewPayment> = {}) {
  const answer = await street.cloud.payments.begin(payment(more));
  if (!answer.ok) throw new Error(answer.trouble);
  return answer.order;
}

/** The payer has paid, and the provider tells us so when asked. */
async function authorised(street: Street, more: Partial<NewPayment> = {}) {
  const order = await begun(street, more);
  street.provider.say(order.number, { amount: order.total });
  return (await street.cloud.payments.check(order.number))!;
}

test("the fee is said before paying: part of a kopeck counts as one, limits are named", async (t) => {
  const { cloud } = await openStreet();
  t.deepEqual(cloud.payments.quote(100000, "card"), { ok: true, sum: kopecks(100000), fee: kopecks(2000), total: kopecks(102000) });
  t.like(cloud.payments.quote(1001, "card"), { fee: kopecks(21) });
  t.deepEqual(cloud.payments.quote(999, "card"), { ok: false, trouble: "too_small" });
  t.deepEqual(cloud.payments.quote(1500001, "card"), { ok: false, trouble: "too_large" });
  t.deepEqual(cloud.payments.quote(10.5, "card"), { ok: false, trouble: "amount_invalid" });
});

test("the same key is the same order, registered once", async (t) => {
  const street = await openStreet();
  const order = await begun(street);
  t.like(order, { state: "registered", total: kopecks(102000), payAt: { kind: "page", url: "https://bank.example/pay/" + order.number } });
  t.deepEqual(await begun(street, { lines: [line("main", 5000)] }), order);
  t.is(street.provider.registered.length, 1);
});

test("a provider that is away leaves an order that the same key takes up again", async (t) => {
  const street = await openStreet();
  street.provider.away = true;
  t.deepEqual(await street.cloud.payments.begin(payment()), { ok: false, trouble: "provider_away" });
  street.provider.away = false;
  t.like(await begun(street), { state: "registered" });
});

test("nobody pays for an account that is not there, or by a way that is not offered", async (t) => {
  const { cloud } = await openStreet();
  const stranger = { ...line("main", 5000), account: 999 };
  t.deepEqual(await cloud.payments.begin(payment({ lines: [stranger] })), { ok: false, trouble: "unknown_account" });
  t.deepEqual(await cloud.payments.begin(payment({ way: "sbp" })), { ok: false, trouble: "way_unknown" });
  const negative = payment({ lines: [line("main", 5000), line("additional", -1)] });
  t.deepEqual(await cloud.payments.begin(negative), { ok: false, trouble: "amount_invalid" });
  t.like(cloud.payments.findPayee(accountNumber("0242013137")), { school: SCHOOL, account: PUPIL, shortName: "Иван И." });
  t.is(cloud.payments.findPayee(accountNumber("0242013138")), null);
});

test("paid is pending until the school has put it into both purses, then it is credited", async (t) => {
  const street = await openStreet();
  const order = await authorised(street);
  t.like(order, { state: "authorised", sent: true });
  t.deepEqual(await street.purses(PUPIL), { main: 0, additional: 0, pending: 100000 });
  t.deepEqual((await street.cloud.payments.pendingIn(SCHOOL)).map(({ number }) => number), [order.number]); // prettier-ignore
  await street.sync();
  t.deepEqual(await street.purses(PUPIL), { main: 70000, additional: 30000, pending: 0 });
  t.like(await street.cloud.payments.order(order.number), { state: "credited" });
  t.deepEqual(await street.cloud.verifyLedger(SCHOOL), []);
});

test("asked a hundred times and told again, the money comes once", async (t) => {
  const street = await openStreet();
  const order = await authorised(street);
  const { payments } = street.cloud;
  await Promise.all(Array.from({ length: 20 }, () => payments.check(order.number)));
  await street.sync();
  for (let i = 0; i < 5; i++) await payments.hear(order.number, { kind: "authorised" });
  await payments.tick();
  await street.sync();
  t.deepEqual(await street.purses(PUPIL), { main: 70000, additional: 30000, pending: 0 });
});

test("on the policy of settlement the purse waits for the bank", async (t) => {
  const street = await openStreet({ creditOn: "settlement" });
  const order = await authorised(street);
  t.like(order, { state: "authorised", sent: false });
  await street.sync();
  t.deepEqual(await street.purses(PUPIL), { main: 0, additional: 0, pending: 100000 });
  await street.cloud.payments.hear(order.number, { kind: "settled", commission: kopecks(1800) });
  await street.sync();
  t.deepEqual(await street.purses(PUPIL), { main: 70000, additional: 30000, pending: 0 });
  const sums = await street.cloud.store.balances(SCHOOL);
  const of = (name: string) => [...sums].find(([key]) => key === name)?.[1] ?? 0;
  t.deepEqual(["acquirer/card", "bank/operator", "expense/acquiring", "income/fees"].map(of), [0, 100200, 1800, -2000]);
});

test("an order is credited by the schools that were told, when the share of another child had gone back before", async (t) => {
  const street = await openStreet({ creditOn: "settlement" });
  const pupil = DIRECTIVES.find(({ kind }) => kind === "SetAccount") as DirectiveOf<"SetAccount">;
  const sibling = { ...pupil, id: 8, number: accountNumber("0000000018") };
  await street.cloud.enqueueDirectives(SCHOOL, [sibling]);
  await street.sync();
  const order = await authorised(street, { lines: [line("main", 70000), { ...line("main", 30000), account: 8 }] });
  street.provider.say(order.number, { amount: order.total, refunded: kopecks(30000) });
  await street.cloud.payments.check(order.number);
  await street.cloud.payments.hear(order.number, { kind: "settled", commission: kopecks(0) });
  t.like(await street.cloud.payments.order(order.number), { state: "authorised", sent: true });
  await street.sync();
  t.like(await street.cloud.payments.order(order.number), { state: "credited" });
  t.deepEqual(await street.purses(PUPIL), { main: 70000, additional: 0, pending: 0 });
  t.deepEqual(await street.purses(8), { main: 0, additional: 0, pending: 0 });
});

test("an authorisation taken back before the credit was never in the purse", async (t) => {
  const street = await openStreet({ creditOn: "settlement" });
  const order = await authorised(street);
  street.provider.say(order.number, { state: "declined", amount: order.total, why: "reversed" });
  t.like(await street.cloud.payments.check(order.number), { state: "failed", why: "reversed", refunded: order.total });
  await street.sync();
  t.deepEqual(await street.purses(PUPIL), { main: 0, additional: 0, pending: 0 });
});

test("a refund and a chargeback reach the purses, and what is missing becomes debt", async (t) => {
  const street = await openStreet();
  const order = await authorised(street);
  await street.sync();
  street.gateway.direct({ kind: "Transfer", account: PUPIL, amount: kopecks(70000), reference: "t" });
  street.provider.say(order.number, { amount: order.total, refunded: kopecks(30000) });
  await street.cloud.payments.check(order.number);
  await street.sync();
  t.deepEqual(await street.purses(PUPIL), { main: 0, additional: 70000, pending: 0 });
  street.provider.say(order.number, { amount: order.total, refunded: kopecks(30000), chargedBack: kopecks(72000) });
  t.like(await street.cloud.payments.check(order.number), { state: "charged_back", chargedBack: kopecks(72000) });
  await street.sync();
  t.deepEqual(await street.purses(PUPIL), { main: 0, additional: 0, pending: 0 });
  t.deepEqual(await street.cloud.verifyLedger(SCHOOL), []);
  const sums = await street.cloud.store.balances(SCHOOL);
  t.deepEqual([...sums].filter(([name, sum]) => sum !== 0 && !name.startsWith("holder/")), []); // prettier-ignore
});

test("an order nobody pays expires; paid in the last second it counts all the same", async (t) => {
  const street = await openStreet();
  const order = await begun(street);
  street.clock.nowMs = order.expiresMs;
  await street.cloud.payments.tick();
  t.like(await street.cloud.payments.order(order.number), { state: "expired" });
  await street.cloud.payments.hear(order.number, { kind: "authorised" });
  await street.sync();
  t.deepEqual(await street.purses(PUPIL), { main: 70000, additional: 30000, pending: 0 });
});

test("a sum that the provider changed is not credited", async (t) => {
  const street = await openStreet();
  const order = await begun(street);
  street.provider.say(order.number, { amount: kopecks(order.total - 1) });
  t.like(await street.cloud.payments.check(order.number), { state: "registered" });
});

test("a crash after the posting loses nothing: the next start hands over what waits", async (t) => {
  const street = await openStreet();
  const order = await begun(street);
  // As if the process had died between the order's transaction and the school's log.
  const { store } = street.cloud;
  const addDirectives = store.addDirectives.bind(store);
  store.addDirectives = () => Promise.reject(new Error("killed"));
  street.provider.say(order.number, { amount: order.total });
  await t.throwsAsync(street.cloud.payments.check(order.number), { message: "killed" });
  store.addDirectives = addDirectives;
  const count = await store.directiveCount(SCHOOL);
  const next = await street.restart();
  await next.payments.tick();
  await next.payments.tick();
  t.is(await store.directiveCount(SCHOOL), count + 1);
  await street.sync();
  t.deepEqual(await street.purses(PUPIL), { main: 70000, additional: 30000, pending: 0 });
});

test("whoever watches an order hears of its next change", async (t) => {
  const street = await openStreet();
  const order = await begun(street);
  const patience = new AbortController();
  const heard = street.cloud.payments.changed(order.number, order.version, patience.signal);
  street.provider.say(order.number, { amount: order.total });
  await street.cloud.payments.check(order.number);
  await t.notThrowsAsync(heard);
  const given = street.cloud.payments.changed(order.number, (await street.cloud.payments.order(order.number))!.version, patience.signal);
  patience.abort();
  await t.notThrowsAsync(given);
});

test("money that came by itself under one key comes once, and to an account that has closed it is owed", async (t) => {
  const street = await openStreet();
  const received = { key: "network/1", way: "network", lines: [line("main", 5000)], fee: kopecks(0), settled: false } as const;
  const first = await street.cloud.payments.receive(received);
  t.is((await street.cloud.payments.receive(received)).number, first.number);
  await street.sync();
  t.deepEqual(await street.purses(PUPIL), { main: 5000, additional: 0, pending: 0 });
  const card = DIRECTIVES.find((one) => one.kind === "SetCard" && one.account === PUPIL) as DirectiveOf<"SetCard">;
  street.gateway.direct({ kind: "Close", account: PUPIL }, { ...card, state: "returned" });
  street.gateway.direct({ kind: "FinishClosing", account: PUPIL, costs: kopecks(0), reference: "f" });
  const late = await street.cloud.payments.receive({ ...received, key: "network/2", settled: true });
  await street.sync();
  t.like(await street.cloud.payments.order(late.number), { state: "credited" });
  t.deepEqual(await street.purses(PUPIL), { main: 0, additional: 0, pending: 0 });
  t.is(Object.fromEntries(await street.cloud.store.balances(SCHOOL))["refunds/payable"], -10000);
});

const PAYER = "79001234567";

/** A street where the payer has bound one account, and what one tap begins. */
async function bound() {
  const street = await openStreet({}, createMemoryStore(), true);
  const { cloud, sbp } = street;
  await cloud.registerGuardian({ phone: PAYER, name: "Анна", password: "каша манная", children: [] });
  const order = await begun(street, { way: "sbp", remember: true });
  sbp.accounts.set("b1", PAYER);
  sbp.say(order.number, { amount: order.total, bound: { id: "b1", bank: "Банк" } });
  await cloud.payments.check(order.number);
  const tap = (more: Partial<NewPayment> = {}) => cloud.payments.begin(payment({ key: "tap", way: "sbp", binding: "b1", ...more }));
  return { street, cloud, sbp, tap, order };
}

test("an account is bound by the order that asked for it, once, and by no other", async (t) => {
  const { street, cloud, sbp, order } = await bound();
  for (let again = 0; again < 3; again++) await cloud.payments.check(order.number);
  t.like(await cloud.payments.bindings.of(PAYER), [{ id: "b1", way: "sbp", bank: "Банк" }]);
  const silent = await begun(street, { key: "silent", way: "sbp" });
  sbp.say(silent.number, { amount: silent.total, bound: { id: "b2", bank: "Банк" } });
  await cloud.payments.check(silent.number);
  t.is((await cloud.payments.bindings.of(PAYER)).length, 1);
});

test("what is bound after its payer was erased falls to nobody who has the number next, and the bank hears of it", async (t) => {
  const { street, cloud, sbp } = await bound();
  const late = await begun(street, { key: "late", way: "sbp", remember: true });
  sbp.accounts.set("b2", PAYER);
  sbp.say(late.number, { amount: late.total, bound: { id: "b2", bank: "Банк" } });
  await cloud.payments.forget(PAYER);
  await cloud.store.people.eraseGuardian(PAYER);
  await cloud.registerGuardian({ phone: PAYER, name: "Ольга", password: "каша рисовая", children: [] });
  t.like(await cloud.payments.check(late.number), { state: "authorised", payer: null }, "its money is credited");
  t.deepEqual(await cloud.payments.bindings.of(PAYER), []);
  await cloud.payments.tick();
  t.false(sbp.accounts.has("b2"));
});

test("one tap takes the money once, however often it is pressed and whatever is lost", async (t) => {
  const { street, cloud, sbp, tap } = await bound();
  const all = await Promise.all([tap(), tap(), tap()]);
  t.true(all.every(({ ok }) => ok));
  const order = await cloud.store.payments.orderByKey("tap");
  t.like(order, { state: "authorised", payAt: null, binding: "b1" });
  t.deepEqual(sbp.charged, [order?.number]);
  await street.sync();
  t.deepEqual(await street.purses(PUPIL), { main: 140000, additional: 60000, pending: 0 }, "what bound it and what it paid");
  // The bank goes away between registering the order and taking the money: the next tick takes it.
  sbp.goesAwayAfter = 1;
  t.like(await tap({ key: "late" }), { ok: true, order: { state: "registered" } });
  sbp.away = false;
  await cloud.payments.tick();
  t.like(await cloud.store.payments.orderByKey("late"), { state: "authorised" });
  t.is(sbp.charged.length, 2);
});

test("what is unbound, ended at the bank or somebody else's pays nothing", async (t) => {
  const { cloud, sbp, tap } = await bound();
  t.deepEqual(await tap({ payer: "79000000000" }), { ok: false, trouble: "binding_unknown" });
  t.deepEqual(await tap({ payer: null }), { ok: false, trouble: "binding_unknown" });
  t.deepEqual(await tap({ way: "card" }), { ok: false, trouble: "binding_unknown" });
  sbp.accounts.delete("b1");
  t.like(await tap({ key: "ended" }), { ok: true, order: { state: "failed" } });
  t.deepEqual(await cloud.payments.bindings.of(PAYER), []);
  t.deepEqual(await tap(), { ok: false, trouble: "binding_unknown" });
  t.deepEqual(sbp.charged, []);
});

test("unbinding holds at once, and the bank hears of it when it is there again", async (t) => {
  const { street, cloud, sbp, tap, order } = await bound();
  sbp.away = true;
  for (let twice = 0; twice < 2; twice++) await cloud.payments.bindings.end(PAYER, "b1");
  t.deepEqual(await tap(), { ok: false, trouble: "binding_unknown" });
  t.true(sbp.accounts.has("b1"));
  sbp.away = false;
  await cloud.payments.tick();
  t.true(sbp.accounts.has("b1"), "a bank that was away is left in peace for a while");
  street.clock.nowMs += 60000;
  await cloud.payments.tick();
  t.false(sbp.accounts.has("b1"));
  await cloud.payments.check(order.number);
  t.deepEqual(await cloud.payments.bindings.of(PAYER), [], "old news does not bind it again");
});

test("what was tapped before the account was unbound, and not asked for yet, is not taken when the bank is there again", async (t) => {
  const { cloud, sbp, tap } = await bound();
  sbp.goesAwayAfter = 1;
  t.like(await tap(), { ok: true, order: { state: "registered" } });
  await cloud.payments.bindings.end(PAYER, "b1");
  sbp.away = false;
  await cloud.payments.tick();
  t.deepEqual(sbp.charged, []);
  t.like(await cloud.store.payments.orderByKey("tap"), { state: "failed" });
});

test("an account with too little is asked once, and the next tap alone takes money", async (t) => {
  const { cloud, sbp, tap } = await bound();
  sbp.isEmpty = true;
  t.like(await tap(), { ok: true, order: { state: "failed" } });
  t.is((await cloud.payments.bindings.of(PAYER)).length, 1, "it is bound still");
  sbp.isEmpty = false;
  await cloud.payments.tick();
  const again = await tap({ key: "again" });
  t.like(again, { ok: true, order: { state: "authorised" } });
  t.deepEqual(sbp.charged, [again.ok ? again.order.number : null]);
});

test("a question that was lost may have been heard: refused the second time, it is left to the order's status and asked no more", async (t) => {
  const { street, cloud, sbp, tap } = await bound();
  sbp.goesAwayAfter = 2;
  t.like(await tap(), { ok: true, order: { state: "registered" } });
  sbp.away = false;
  sbp.isEmpty = true;
  for (let again = 0; again < 5; again++) await cloud.payments.tick();
  const order = await cloud.store.payments.orderByKey("tap");
  t.like(order, { state: "registered" });
  t.is(sbp.asked.length, 1);
  street.clock.nowMs += 1000;
  const next = await street.restart();
  for (let again = 0; again < 5; again++) await next.payments.tick();
  t.is(sbp.asked.length, 2, "nor is it given up by a process that does not know");
  t.like(await cloud.store.payments.orderByKey("tap"), { state: "registered" });
  sbp.say(order!.number, { amount: order!.total });
  await next.payments.tick();
  t.like(await cloud.store.payments.orderByKey("tap"), { state: "authorised" });
});

test("a bank that keeps refusing to unbind one account is told of the others all the same, and is asked ever more seldom", async (t) => {
  const { street, cloud, sbp } = await bound();
  const { bindings } = cloud.payments;
  const tries: string[] = [];
  const { release } = sbp.bound!;
  Object.assign(sbp.bound!, {
    release: (id: string) => {
      tries.push(id);
      return id === "b1" ? Promise.reject(new Error("no")) : release(id);
    },
  });
  await bindTo(cloud.store.payments, { id: "b2", payer: PAYER, bank: "", boundMs: 2 });
  await bindings.end(PAYER, "b1");
  await bindings.end(PAYER, "b2");
  t.deepEqual(tries, ["b1", "b2"], "each ending tells of its own");
  for (let minute = 0; minute < 60; minute++) {
    street.clock.nowMs += 60000;
    await bindings.tick();
  }
  t.is(tries.length, 2 + 5, "after 1, 3, 7, 15 and 31 minutes");
  t.deepEqual((await cloud.store.payments.unreleased(10)).map(({ id }) => id), ["b1"]); // prettier-ignore
});

test("telling a slow bank of what has ended does not keep a tick for ever", async (t) => {
  const { street, cloud, sbp } = await bound();
  const { release } = sbp.bound!;
  for (let i = 2; i < 10; i++) {
    await bindTo(cloud.store.payments, { id: "b" + i, payer: PAYER, bank: "", boundMs: i });
    await cloud.store.payments.endBinding(PAYER, "b" + i, i);
  }
  Object.assign(sbp.bound!, {
    release: (id: string) => {
      street.clock.nowMs += 3000;
      return release(id);
    },
  });
  await cloud.payments.bindings.tick();
  t.is((await cloud.store.payments.unreleased(10)).length, 6);
});
