/** Topping up, from the sum to the purse. */
import test from "ava";
import { kopecks } from "@trapeza/protocol";
import { PUPIL, SCHOOL } from "../../_gateway.test.js";
import { bindTo, openStreet } from "../../payments/_street.test.js";
import type { Cloud } from "../../cloud.js";
import { holderMain } from "../../ledger/accounts.js";
import { openBrowser } from "../_browser.test.js";
import { createApp } from "../app.js";
import { readBasket, withPreset } from "./basket.js";
import { parseAmount } from "./typed.js";

async function opened(bySbp = false) {
  const street = await openStreet({}, undefined, bySbp);
  const { cloud } = street;
  await street.sync();
  const url = () => "https://meals.example";
  const app = await createApp({ cloud, url, secureCookies: false, onError: () => undefined });
  await cloud.registerGuardian({
    ...{ phone: "79001234567", name: "Анна", password: "каша манная" },
    children: [{ school: SCHOOL, account: PUPIL }],
  });
  const browser = openBrowser(app);
  await browser.submit("/login", { phone: "79001234567", password: "каша манная" });
  return { ...street, app, browser };
}

async function openPurses({ store }: Cloud): Promise<{ main: number }> {
  return { main: -((await store.balances(SCHOOL)).get(holderMain(PUPIL)) ?? 0) };
}

/** What the review's form carries. */
function formOf(html: string): { key: string; line: string[] } {
  const lines = [...html.matchAll(/name="line" value="([^"]*)"/g)].map(([, line]) => line);
  return { key: /name="key" value="([^"]*)"/.exec(html)?.[1] ?? "", line: lines };
}

test("sums are read as people write them", (t) => {
  for (const [text, kopecks] of [
    ["500", 50000],
    ["1 120,21", 112021],
    ["0.5", 50],
    ["1\u00a0000 ₽", 100000],
  ] as const)
    // prettier-ignore
    t.is(parseAmount(text), kopecks, text);
  for (const text of ["", "-5", "1,234", "сто", "1e3", "99999999"]) t.is(parseAmount(text), null, text);
});

test("a preset adds to what stands in its field and to no other", (t) => {
  const typed = { "main-24-7": "500,50", "additional-24-7": "x" };
  t.deepEqual(withPreset(typed, "main-24-7:100000"), { ...typed, "main-24-7": "1500,50" });
  t.deepEqual(withPreset(typed, "review:100000"), typed);
  const payees = [{ school: 24, account: 7, name: "" }];
  t.deepEqual(readBasket(payees, { ...typed, "main-24-8": "100" }), {
    lines: [{ school: 24, account: 7, purse: "main", sum: kopecks(50050) }],
    wrong: ["additional-24-7"],
  });
});

test("fee and total are shown before anything is paid; then the bank; then pending beside the balance; then the purse", async (t) => {
  const { browser, provider, cloud, sync } = await opened();
  t.true((await browser.open("/pay")).text.includes("Иванов Иван Иванович"));
  const review = await browser.open("/pay?main-24-7=1000&additional-24-7=500&review=1");
  t.regex(review.text, /Сервисный сбор\s*30,00 ₽\s*Итого к оплате\s*1 530,00 ₽/);
  t.is(provider.registered.length, 0);
  const begun = await browser.post("/pay", { ...formOf(review.html), way: "card" });
  const path = begun.location!.replace("?go=1", "");
  const waiting = await browser.open(begun.location!);
  t.is(waiting.answer.headers.refresh, "0; url=https://bank.example/pay/" + provider.registered[0]);
  t.true(waiting.html.includes('href="https://bank.example/pay/' + provider.registered[0]));
  provider.say(provider.registered[0], { state: "authorised", amount: kopecks(153000) });
  t.true((await browser.open(path)).text.includes("Оплачено. Деньги появятся"));
  t.regex((await browser.open("/")).text, /0,00 ₽\s*с учётом платежей\s*1 000,00 ₽.*0,00 ₽\s*с учётом платежей\s*500,00 ₽/s);
  await sync();
  await cloud.payments.tick();
  t.true((await browser.open(path)).text.includes("Зачислено"));
  const home = (await browser.open("/")).text;
  t.true(home.includes("1 000,00 ₽") && home.includes("500,00 ₽") && !home.includes("с учётом"), home);
});

test("the same form pressed twice is one payment", async (t) => {
  const { browser, provider } = await opened();
  const review = await browser.open("/pay?main-24-7=100&review=1");
  const form = { ...formOf(review.html), way: "card" };
  const [one, two] = [await browser.post("/pay", form), await browser.post("/pay", form)];
  t.is(one.location, two.location);
  t.deepEqual(provider.registered.length, 1);
});

test("by number, without logging in, only a short name is seen and never a balance", async (t) => {
  const { app, gateway, sync, provider } = await opened();
  await sync();
  t.truthy(gateway);
  const browser = openBrowser(app);
  t.is((await browser.open("/pay")).location, "/pay/number");
  const found = await browser.open("/pay/number?number=0242%20013137");
  t.true(found.text.includes("Иван И."));
  t.false(found.text.includes("Иванов") || found.text.includes("03Б"));
  const review = await browser.open("/pay/number?number=0242013137&main-24-7=200&review=1");
  t.true(review.text.includes("Иван И.") && review.text.includes("204,00 ₽"));
  const order = await browser.submit("/pay", { ...formOf(review.html), way: "card", email: "anna@example.ru" });
  t.true(order.text.includes("Ждём оплату") && order.text.includes("Иван И.") && !order.text.includes("Иванов"));
  t.is(provider.registered.length, 1);
  const unknown = await browser.open("/pay/number?number=0000000000");
  t.is(unknown.status, 404);
  t.true(unknown.text.includes("Такого счёта нет"));
});

test("account numbers are not listed by trying them out", async (t) => {
  const { app } = await opened();
  const browser = openBrowser(app);
  for (let i = 0; i < 40; i++) await browser.open("/pay/number?number=" + i);
  t.is((await browser.open("/pay/number?number=0242013137")).status, 429);
});

test("what is wrong with a sum is said beside it; nothing at all, and too much, in a sentence", async (t) => {
  const { browser } = await opened();
  const wrong = await browser.open("/pay?main-24-7=сто&review=1");
  t.regex(wrong.html, /id="main-24-7-say" class="say" role="alert">Напишите сумму так/);
  t.true((await browser.open("/pay?review=1")).text.includes("Впишите сумму"));
  t.true((await browser.open("/pay?main-24-7=9999999&review=1")).text.includes("Сумма слишком велика"));
  t.regex((await browser.open("/pay?main-24-7=500&add=main-24-7:100000")).html, /name="main-24-7"[^>]*value="1500"/);
});

test("when the bank is away nothing is taken, and it is said", async (t) => {
  const { browser, provider } = await opened();
  const review = await browser.open("/pay?main-24-7=100&review=1");
  provider.away = true;
  t.true(
    (await browser.submit("/pay", { ...formOf(review.html), way: "card" })).text.includes("Банк сейчас не отвечает. Деньги не списаны"),
  );
});

test("a payment is seen by whoever has its key, and a form that somebody has bent pays nothing", async (t) => {
  const { app, browser, provider } = await opened();
  t.is((await openBrowser(app).open("/pay/orders/" + "A".repeat(24))).status, 404);
  const review = await browser.open("/pay?main-24-7=100&review=1");
  const { key } = formOf(review.html);
  for (const line of [["24.7.main"], ["24.7.cash.100"], [], ["24.7.main.-5"]])
    t.is((await browser.post("/pay", { key, line, way: "card" })).location, "/pay", line.join());
  t.true((await browser.submit("/pay", { key, line: ["24.999.main.10000"], way: "card" })).text.includes("Такого счёта нет"));
  t.is((await browser.post("/pay", { key: "short", line: ["24.7.main.10000"], way: "card" })).location, "/pay");
  t.is(provider.registered.length, 0);
});

test("an account is bound while paying, pays with one tap, and is unbound in the profile, all without a script", async (t) => {
  const { app, browser, sbp, cloud, sync } = await opened(true);
  const stranger = openBrowser(app);
  const offered = await stranger.open("/pay/number?number=0242013137&main-24-7=200&review=1");
  t.false(offered.html.includes('name="remember"'), "a passer-by binds nothing");
  const first = await browser.open("/pay?main-24-7=100&review=1");
  t.true(first.html.includes('name="remember"'));
  t.false(first.text.includes("Списать"));
  await browser.post("/pay", { ...formOf(first.html), way: "sbp", remember: "1" });
  const [order] = await cloud.store.payments.ordersOf("79001234567", 1);
  sbp.accounts.set("b1", "79001234567");
  sbp.say(order.number, { amount: order.total, bound: { id: "b1", bank: "Банк <b>Волга</b>" } });
  await browser.open("/pay/orders/" + order.key);

  const second = await browser.open("/pay?main-24-7=250&review=1");
  t.regex(second.text, /Списать 250,00 ₽ со счёта: Банк &lt;b>Волга/);
  const [tap, form] = second.html.split('action="/pay"').slice(1);
  t.true(tap.includes('name="way" value="sbp/b1"'), "what is quickest stands first");
  t.false(/<input (?![^>]*type="hidden")/.test(tap), "and no key in a field presses it");
  t.false(form.includes("sbp/b1"));
  const paid = await browser.submit("/pay", { ...formOf(tap), way: "sbp/b1" });
  t.true(paid.text.includes("Оплачено"), paid.text);
  t.is(sbp.charged.length, 1);
  await sync();
  t.is((await openPurses(cloud)).main, 35000);

  const other = await stranger.open("/pay/number?number=0242013137&main-24-7=200&review=1");
  t.is((await stranger.post("/pay", { ...formOf(other.html), way: "sbp/b1" })).location, "/pay/number", "nobody taps for somebody else");
  const profile = await browser.open("/profile");
  t.true(profile.text.includes("Привязанные счета"));
  const gone = await browser.submit("/profile/unbind", { binding: "b1" });
  t.true(gone.text.includes("Счёт отвязан") && !gone.text.includes("Привязанные счета"));
  t.false(sbp.accounts.has("b1"));
  const third = await browser.open("/pay?main-24-7=250&review=1");
  const refused = await browser.submit("/pay", { ...formOf(third.html), way: "sbp/b1" });
  t.true(refused.text.includes("больше не привязан"));
  t.is(sbp.charged.length, 1);
});

test("a receipt goes to an address or a telephone, and what is neither is said so before anything is ordered", async (t) => {
  const { browser, cloud } = await opened();
  const paying = async (email: string) => {
    const review = await browser.open("/pay?main-24-7=100&review=1");
    return browser.submit("/pay", { ...formOf(review.html), way: "card", email });
  };
  t.true((await paying("позвоните")).text.includes("на почту или телефон"));
  t.deepEqual(await cloud.store.payments.ordersOf("79001234567", 5), []);
  await paying("8 900 765-43-21");
  t.is((await cloud.store.payments.ordersOf("79001234567", 1))[0].email, "79007654321");
});

test("with the account, bound accounts go, and no order says who has paid it", async (t) => {
  const { browser, sbp, cloud } = await opened(true);
  sbp.accounts.set("b1", "79001234567");
  await bindTo(cloud.store.payments, { id: "b1", payer: "79001234567", bank: "", boundMs: 1 });
  await browser.submit("/profile/erase", { erasePassword: "не тот пароль" });
  t.is((await cloud.payments.bindings.of("79001234567")).length, 1);
  await browser.submit("/profile/erase", { erasePassword: "каша манная" });
  t.deepEqual(await cloud.payments.bindings.of("79001234567"), []);
  t.false(sbp.accounts.has("b1"));
  t.like(await cloud.store.payments.orderByKey("binds b1"), { payer: null, email: null });
});
