import test from "ava";
import { formatDate, kopecks } from "@trapeza/protocol";
import { PUPIL, SCHOOL, TODAY } from "../../../_gateway.test.js";
import { createTestProvider } from "../../../payments/_street.test.js";
import type { TestProvider } from "../../../payments/_street.test.js";
import type { Order } from "../../../payments/order.js";
import { USUAL_POLICY } from "../../../payments/quote.js";
import { createTestOffice } from "../_office.test.js";
import type { TestOffice } from "../_office.test.js";

let all: TestOffice;
let provider: TestProvider;
const at = "/office/" + SCHOOL;
let orders = 0;

test.before(async () => {
  provider = createTestProvider();
  const fees = { card: { basisPoints: 200, atLeast: kopecks(0) } };
  all = await createTestOffice({ providers: [provider], policy: { ...USUAL_POLICY, fees, creditOn: "settlement" } });
});
test.after.always(() => all?.close());

async function ordered(sum: number): Promise<Order> {
  const lines = [{ school: SCHOOL, account: PUPIL, purse: "main" as const, sum: kopecks(sum) }];
  const payment = { key: "k" + ++orders, way: "card" as const, payer: null, lines, returnUrl: null, email: null };
  const begun = await all.cloud.payments.begin(payment);
  if (!begun.ok) throw new Error(begun.trouble);
  return begun.order;
}

async function paid(sum: number): Promise<Order> {
  const order = await ordered(sum);
  provider.say(order.number, { amount: order.total });
  return (await all.cloud.payments.check(order.number)) as Order;
}

const registry = (day: number, ...rows: string[]) =>
  all.upload(
    "accountant",
    "/office/money",
    { name: "registry.csv", bytes: Buffer.from(["Номер заказа;Операция;Сумма;Комиссия", ...rows].join("\n")) },
    { way: "card", day: formatDate((TODAY + day) as typeof TODAY) },
  );
const stateOf = async (order: Order) => (await all.cloud.payments.order(order.number))?.state;
const balance = async (account: string) => [...(await all.cloud.store.balances(SCHOOL))].find(([name]) => name === account)?.[1] ?? 0;
const openIds = (html: string) => [...html.matchAll(/money\/question\/([0-9]+)/g)].map(([, id]) => id);

test.serial("the dispatcher sees what is on its way apart, and admits the child on it until it comes", async (t) => {
  const order = await paid(70000);
  const page = await all.get("dispatcher", at + "/payments");
  t.regex(page.text, /Оплачено, ещё не зачислено.*Иванов Иван Иванович03Б0242013137700,00 ₽карта100001ждёт перечисления банком/s);
  t.is((await all.post("accountant", at + "/payments/admit", { reference: "order/100001/1" })).status, 403);
  t.is((await all.post("dispatcher", at + "/payments/admit", { reference: "order/100001/1" })).status, 303);
  await all.deliver();
  t.deepEqual(all.gateway.school.accounts.get(PUPIL)?.admissions, [{ reference: "order/100001/1", amount: kopecks(70000) }]);
  t.regex((await all.get("dispatcher", at + "/payments")).text, /100001допущен к питанию/);
  t.is((await registry(0, "100001;Оплата;714,00;12,85")).location, "/office/money");
  await all.deliver();
  t.is(await stateOf(order), "credited");
  t.deepEqual(all.gateway.school.accounts.get(PUPIL)?.admissions, []);
  t.like(all.gateway.school.accounts.get(PUPIL), { main: 70000 });
  t.regex((await all.get("dispatcher", at + "/payments")).text, /Сейчас все оплаченные деньги зачислены.*Зачислено.*100001зачислено/s);
  t.deepEqual(
    [await balance("acquirer/card"), await balance("bank/operator"), await balance("expense/acquiring"), await balance("income/fees")],
    [0, 71400 - 1285, 1285, -1400],
  );
});

test.serial("a child admitted on a payment that the bank takes back is admitted no longer", async (t) => {
  const order = await paid(20000);
  const reference = "order/" + order.number + "/1";
  await all.post("dispatcher", at + "/payments/admit", { reference });
  await all.deliver();
  t.is(all.gateway.school.accounts.get(PUPIL)?.admissions.length, 1);
  provider.say(order.number, { state: "declined", amount: order.total });
  await all.cloud.payments.check(order.number);
  await all.deliver();
  t.is(await stateOf(order), "failed");
  t.deepEqual(all.gateway.school.accounts.get(PUPIL)?.admissions, []);
  t.is((await all.post("dispatcher", at + "/payments/admit", { reference })).status, 303);
  t.deepEqual((await all.deliver()).filter(({ kind }) => kind === "Admit"), []); // prettier-ignore
});

test.serial("a refund whose callback was lost is found by the registry, confirmed by the provider, and leaves the purse", async (t) => {
  provider.say(100001, { amount: kopecks(71400), refunded: kopecks(10000) });
  t.is((await registry(1, "100001;Возврат;-100,00;0")).status, 400, "there is no registry of tomorrow");
  t.is((await registry(0, "100001;Возврат;-100,00;0")).location, "/office/money");
  await all.deliver();
  t.like(all.gateway.school.accounts.get(PUPIL), { main: 60000 });
  t.is(await balance("acquirer/card"), 0);
  const { database } = all.office;
  const files = () => database.selectFrom("registryFiles").select(["id", "followed"]).orderBy("id", "desc").execute();
  const [{ id }] = await files();
  await all.office.change({ login: "test", school: null, what: "test", subject: "a crash" }, async (transaction) => {
    await transaction.updateTable("registryFiles").set({ followed: false }).where("id", "=", id).execute();
    return { before: null, after: null, value: null };
  });
  t.is((await all.post("accountant", "/office/money/follow/" + id)).status, 303);
  t.true(
    (await files()).every(({ followed }) => followed),
    "what a crash has left is gone on with",
  );
  await all.deliver();
  t.like(all.gateway.school.accounts.get(PUPIL), { main: 60000 }, "and takes nothing twice");
  t.deepEqual(openIds((await all.get("accountant", "/office/money")).html), []);
});

test.serial("what the provider does not confirm waits for a person, with what to do", async (t) => {
  const [expired, short, missing] = [await ordered(30000), await paid(40000), await paid(50000)];
  const rows = [
    expired.number + ";Оплата;306,00;5,51",
    short.number + ";Оплата;400,00;7,20",
    "777777;Оплата;10,00;0",
    "100001;Опротестование;614,00;15,00",
    ";Оплата;1,00;0",
  ];
  const costs = await balance("expense/acquiring");
  t.is((await registry(0, ...rows)).status, 303);
  t.is((await balance("expense/acquiring")) - costs, 1500, "what the dispute cost is nobody's but ours");
  const page = await all.get("accountant", "/office/money");
  for (const what of [
    "Заказ оплачен, а мы этого не знаем",
    "Сумма не та, что в заказе",
    "Такого заказа у нас нет",
    "Платёж оспорен",
    "Строку не удалось прочитать",
    "в реестре его нет",
  ])
    t.true(page.text.includes(what), what);
  t.is(new Set(openIds(page.html)).size, 6, "an order that stands in it with another sum is not asked about twice");
  t.is((await all.post("auditor", "/office/money/question/1", { do: "believe" })).status, 403);
  for (const id of new Set(openIds(page.html))) await all.post("accountant", "/office/money/question/" + id, { do: "believe" });
  await all.deliver();
  t.is(await stateOf(expired), "credited");
  t.is(await stateOf(short), "authorised");
  t.like(all.gateway.school.accounts.get(PUPIL), { main: 30000 }, "the chargeback took what was left of the first payment");
  // The missing order comes in the next day's registry, as it does at midnight, and is a question no longer.
  t.is((await registry(0, missing.number + ";Оплата;510,00;9,18")).status, 303);
  await all.deliver();
  t.is(await stateOf(missing), "credited");
  const left = await all.get("auditor", "/office/money");
  t.false(left.html.includes("money/question"), "an auditor has nothing to press");
  const ids = [...new Set(openIds((await all.get("accountant", "/office/money")).html))];
  t.is(ids.length, 3);
  for (const id of ids) t.is((await all.post("accountant", "/office/money/question/" + id, { do: "close", note: "" })).status, 303);
  t.is(new Set(openIds((await all.get("accountant", "/office/money")).html)).size, 3, "not without a reason");
  for (const id of ids) await all.post("accountant", "/office/money/question/" + id, { do: "close", note: "письмо банка № 5" });
  t.regex((await all.get("accountant", "/office/money")).text, /Расхождений нет/);
  t.deepEqual(await all.cloud.verifyLedger(SCHOOL), []);
});

test.serial(
  "a dispute costs what its row says, once, however often files bring the row, and also after the whole order went back",
  async (t) => {
    const [disputed, refunded] = [await paid(100000), await paid(20000)];
    const booked = () => Promise.all(["expense/acquiring", "bank/operator"].map(balance));
    await registry(0, disputed.number + ";Оплата;1020,00;0", refunded.number + ";Оплата;204,00;0", refunded.number + ";Возврат;-204,00;0");
    provider.say(disputed.number, { amount: disputed.total, chargedBack: kopecks(30000) });
    provider.say(refunded.number, { amount: refunded.total, refunded: refunded.total });
    const [costs, bank] = await booked();
    const dispute = disputed.number + ";Опротестование;-300,00;500,00";
    await registry(0, dispute);
    t.deepEqual(await booked(), [costs + 50000, bank - 80000]);
    await registry(0, dispute, "777778;Оплата;10,00;0");
    t.deepEqual(await booked(), [costs + 50000, bank - 80000], "the provider has sent its day again, mended");
    t.regex((await all.get("accountant", "/office/money")).text, /Такая же строка возврата уже была в прежнем реестре/);
    provider.say(disputed.number, { amount: disputed.total, chargedBack: kopecks(60000) });
    await registry(0, dispute, "777779;Оплата;10,00;0");
    t.deepEqual(await booked(), [costs + 100000, bank - 160000], "the provider confirms that it was another one");
    await registry(0, refunded.number + ";Опротестование;-204,00;15,00");
    t.deepEqual(await booked(), [costs + 101500, bank - 161500], "nothing more went back, but it was not free");
    t.deepEqual(await all.cloud.verifyLedger(SCHOOL), []);
  },
);

test.serial("the same file is taken once, a double payment is named, and what is no registry is refused", async (t) => {
  const again = await registry(0, "777777;Оплата;10,00;0", "100001;Оплата;714,00;12,85");
  t.is(again.status, 303);
  t.regex((await all.get("accountant", "/office/money")).text, /Этот заказ уже был в реестре/);
  t.is((await registry(0, "777777;Оплата;10,00;0", "100001;Оплата;714,00;12,85")).status, 400);
  const list = { name: "list.csv", bytes: Buffer.from("Класс;Фамилия\n3Б;Новикова") };
  t.is((await all.upload("accountant", "/office/money", list, { way: "card", day: formatDate(TODAY) })).status, 400);
  t.deepEqual(all.errors, []);
});
