import test from "ava";
import { createAcquirer, readRegistry } from "@trapeza/cloud";
import type { PaymentOrder, Way } from "@trapeza/cloud";
import { kopecks } from "@trapeza/protocol";
import { openBank, registryOf } from "./acquirer.js";
import { formatRegistry } from "./registry.js";

const order = (number: number, more: Partial<PaymentOrder> = {}): PaymentOrder => ({
  ...{
    number,
    version: 0,
    key: "k",
    way: "card",
    payer: null,
    lines: [],
    fee: kopecks(0),
    total: kopecks(51000),
    returnUrl: "/paid",
    email: null,
    remember: false,
    binding: null,
  },
  ...{ createdMs: 1000, state: "created", providerId: null, payAt: null, expiresMs: 1201000, sent: false, settled: false },
  ...{ refunded: kopecks(0), chargedBack: kopecks(0), why: "" },
  ...more,
});

async function opened(way: Way = "card", password = "secret") {
  const clock = { nowMs: 1000 };
  const bank = await openBank({
    user: "school",
    password: "secret",
    callbackKey: "key",
    callbackUrl: () => null,
    now: () => clock.nowMs,
    port: 0,
  });
  const acquirer = createAcquirer({
    ...{ way, url: bank.url + "/payment/rest", user: "school", password, timeoutMs: 30000 },
    publicUrl: () => "https://eda.example/",
    describe: ({ number }) => "заказ " + number,
    clientOf: (payer) => "client " + payer,
  });
  const registered = async (number: number) => {
    const answer = await acquirer.register(order(number));
    if (answer.kind !== "registered") throw new Error(answer.why);
    return order(number, answer);
  };
  return { bank, acquirer, clock, registered };
}

test("an order is registered, waits, is paid, refunded in part and charged back, and each status says so", async (t) => {
  const { bank, acquirer, registered } = await opened();
  const one = await registered(100001);
  t.regex(String(one.payAt?.kind === "page" && one.payAt.url), /\/pay\/[0-9a-f]{32}$/);
  t.like(await acquirer.status(one), { state: "waiting", amount: kopecks(51000) });
  t.true(await bank.pay("100001"));
  t.false(await bank.pay("100001"));
  t.like(await acquirer.status(one), { state: "authorised", refunded: kopecks(0) });
  await bank.refund("100001", 1000);
  t.like(await acquirer.status(one), { state: "authorised", refunded: kopecks(1000), chargedBack: kopecks(0) });
  await bank.chargeBack("100001", 50000);
  t.like(await acquirer.status(one), { state: "authorised", refunded: kopecks(1000), chargedBack: kopecks(50000) });
  const rows = registryOf(bank).map(({ operation, amount, commission }) => [operation, amount, commission]);
  t.deepEqual(rows, [["payment", 51000, 918], ["refund", 1000, 0], ["chargeback", 50000, 0]]); // prettier-ignore
  for (const encoding of ["utf-8", "windows-1251"] as const) {
    const read = readRegistry(formatRegistry(registryOf(bank), encoding));
    t.false(read?.isShort);
    t.deepEqual(read?.rows.map(({ operation, name, sum, commission }) => [operation, name, sum, commission]), [
      ["payment", "100001", 51000, 918], ["refund", "100001", 1000, 0], ["chargeback", "100001", 50000, 0],
    ]); // prettier-ignore
  }
  await bank.close();
});

test("a declined order and one whose session ran out are told apart", async (t) => {
  const { bank, acquirer, clock, registered } = await opened();
  const [first, second] = [await registered(100001), await registered(100002)];
  await bank.decline("100001");
  t.like(await acquirer.status(first), { state: "declined", why: "Not enough money" });
  clock.nowMs = 1201000;
  t.like(await acquirer.status(second), { state: "expired" });
  t.false(await bank.pay("100002"));
  await bank.close();
});

test("an order that was registered before a crash is registered under another name, and nobody can pay the lost one", async (t) => {
  const { bank, registered } = await opened();
  await registered(100001);
  const again = await registered(100001);
  t.deepEqual([...bank.orders.values()].map(({ number }) => number), ["100001", "100001-2"]); // prettier-ignore
  t.is(bank.orders.get(again.providerId ?? "")?.number, "100001-2");
  await bank.close();
});

test("SBP gives a code to show instead of a page", async (t) => {
  const { bank, registered } = await opened("sbp");
  t.is((await registered(100001)).payAt?.kind, "qr");
  await bank.close();
});

test("an account is bound by a code that asks for it, pays other orders by itself, once each, and is ended from both sides", async (t) => {
  const { bank, acquirer } = await opened("sbp");
  const bound = acquirer.bound!;
  const register = async (number: number, more: Partial<PaymentOrder>) => {
    const answer = await acquirer.register(order(number, { way: "sbp", payer: "79001234567", ...more }));
    if (answer.kind !== "registered") throw new Error(answer.why);
    return order(number, { way: "sbp", payer: "79001234567", ...more, ...answer });
  };
  t.deepEqual(await bound.list("79001234567"), []);
  const silent = await register(100001, {});
  await bank.pay("100001");
  t.is((await acquirer.status(silent)).bound, null, "nobody asked to bind");
  const binds = await register(100002, { remember: true });
  t.is((await acquirer.status(binds)).bound, null, "not paid yet");
  await bank.pay("100002");
  const { bound: first } = await acquirer.status(binds);
  t.is(first?.bank, "Учебный банк");
  const id = first?.id ?? "";
  t.deepEqual(await bound.list("79001234567"), [id]);
  t.deepEqual(await bound.list("79000000000"), []);
  const tapped = await register(100003, { binding: id });
  t.is(tapped.payAt, null);
  t.is(await bound.charge(tapped), "taken");
  t.like(await acquirer.status(tapped), { state: "authorised", amount: kopecks(51000) });
  t.is(await bound.charge(tapped), "refused", "paid already");
  t.is((await bank.orders.get(tapped.providerId ?? ""))?.status, 2);
  bank.losesAnswers = 1;
  const lost = await register(100004, { binding: id });
  await t.throwsAsync(bound.charge(lost), { message: /answers 504/ });
  t.like(await acquirer.status(lost), { state: "authorised" }, "the answer was lost, the money was not");
  bank.poor = true;
  const poor = await register(100005, { binding: id });
  t.is(await bound.charge(poor), "taken");
  t.like(await acquirer.status(poor), { state: "declined", why: "Not enough money" });
  bank.poor = false;
  t.is(await bound.charge(await register(100006, { payer: "79000000000", binding: id })), "refused", "another client's");
  for (let twice = 0; twice < 2; twice++) await bound.release(id);
  t.deepEqual(await bound.list("79001234567"), []);
  t.is(await bound.charge(await register(100007, { binding: id })), "refused");
  await bank.close();
});

test("a bank that does not let us in says nothing of bindings", async (t) => {
  const { bank, acquirer } = await opened("sbp", "wrong");
  await t.throwsAsync(acquirer.bound!.list("79001234567"), { message: /answers something else/ });
  await t.throwsAsync(acquirer.bound!.release("b1"), { message: /answers something else/ });
  await bank.close();
});

test("a bank that is away, forgets or refuses us is an error, never a payment", async (t) => {
  const { bank, acquirer, registered } = await opened();
  const one = await registered(100001);
  await t.throwsAsync(acquirer.status({ ...one, providerId: "nobody" }), { message: /answers something else/ });
  bank.away = true;
  await t.throwsAsync(acquirer.status(one), { message: /answers 503/ });
  await t.throwsAsync(acquirer.register(order(100002)), { message: /answers 503/ });
  await bank.close();
  const wrong = await opened("card", "wrong");
  t.deepEqual(await wrong.acquirer.register(order(1)), { kind: "refused", why: "Access denied" });
  await wrong.bank.close();
});

test("the payer's page shows sum, order and time left, escapes what it is told, and leads back", async (t) => {
  const { bank, registered } = await opened();
  const one = await registered(100001);
  const url = one.payAt?.kind === "page" ? one.payAt.url : "";
  const page = await (await fetch(url)).text();
  for (const part of ["510,00 ₽", "100001", "20:00", "Учебный банк"]) t.true(page.includes(part), part);
  t.true((await (await fetch(url, { headers: { "accept-language": "en" } })).text()).includes("Practice bank"));
  const back = await fetch(url, { method: "POST", body: new URLSearchParams({ do: "pay" }), redirect: "manual" });
  t.deepEqual([back.status, back.headers.get("location")], [303, "https://eda.example/paid"]);
  t.true((await (await fetch(url)).text()).includes("Заказ уже закрыт"));
  t.is((await fetch(bank.url + "/pay/none")).status, 404);
  await bank.close();
});
