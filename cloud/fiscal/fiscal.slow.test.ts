/** Receipts of a cash register on a real PostgreSQL: which money wants one, and that the wish stands and falls with the posting. */
import test from "ava";
import { kopecks } from "@trapeza/protocol";
import { CASHIER_CARD, KIOSK, PUPIL, PUPIL_CARD, SCHOOL, TILL } from "../_gateway.test.js";
import { createTestProvider } from "../payments/_street.test.js";
import { USUAL_POLICY } from "../payments/quote.js";
import { createTestOffice } from "../web/office/_office.test.js";
import type { TestOffice } from "../web/office/_office.test.js";
import { openBrowser } from "../web/_browser.test.js";
import { OPERATIONS, fiscalCode } from "./receipt.js";
import type { FiscalStore, Operation } from "./receipt.js";
import { askAgain, fiscalPart } from "./store-postgres.js";

const provider = createTestProvider();
let office: TestOffice;
let receipts: FiscalStore;

test.before(async () => {
  const fees = { card: { basisPoints: 200, atLeast: kopecks(0) } };
  office = await createTestOffice({ policy: { ...USUAL_POLICY, fees }, providers: [provider] });
  receipts = fiscalPart(office.office.database);
  office.gateway.ask(TILL, { kind: "ShiftOpen", uid: CASHIER_CARD, declared: kopecks(0) });
  await office.deliver();
});

test.after.always(() => office?.close());

const all = Object.keys(OPERATIONS) as Operation[];
const wanted = async () => (await receipts.due(1, 100)).map(({ operation, sum }) => operation + " " + sum);
const note = (amount: number) =>
  office.gateway.fact(KIOSK, {
    ...{ kind: "NoteStacked", payee: { kind: "card", uid: PUPIL_CARD }, purse: "additional" },
    ...{ note: kopecks(amount), visit: 1, happenedMs: null },
  });
let orders = 0;

async function pay(sum: number) {
  const line = { school: SCHOOL, account: PUPIL, purse: "main", sum: kopecks(sum) } as const;
  const asked = { key: "k" + orders++, way: "card", payer: null, lines: [line], returnUrl: null, email: "anna@example.ru" } as const;
  const begun = await office.cloud.payments.begin(asked);
  if (!begun.ok) throw new Error(begun.trouble);
  provider.say(begun.order.number, { amount: begun.order.total });
  await office.cloud.payments.check(begun.order.number);
  return begun.order;
}

test.serial("nothing wants a receipt while nobody has said what does", async (t) => {
  await pay(10000);
  note(10000);
  await office.deliver();
  t.deepEqual(await wanted(), []);
});

test.serial(
  "money from afar, into the kiosk and at the till wants a receipt when it comes and when it goes, and only where it was said",
  async (t) => {
    await receipts.setOperations(all);
    const order = await pay(20000);
    t.deepEqual(await wanted(), ["remote 20400"]);
    note(5000);
    const lines = [{ dish: 11, quantity: 1 }];
    office.gateway.ask(TILL, { kind: "CashSale", lines, total: kopecks(3450), menuVersion: office.gateway.school.menuVersion });
    office.gateway.ask(TILL, {
      ...{ kind: "Sale", payer: { by: "card", uid: PUPIL_CARD }, lines, total: kopecks(3450), override: null },
      menuVersion: office.gateway.school.menuVersion,
    });
    await office.deliver();
    t.deepEqual(await wanted(), ["remote 20400", "kiosk 5000", "till 3450"]);
    provider.say(order.number, { amount: order.total, refunded: order.total });
    await office.cloud.payments.check(order.number);
    t.deepEqual(await wanted(), ["remote 20400", "kiosk 5000", "till 3450", "remote -20400"]);
    t.like((await receipts.due(1, 1))[0], { payer: "anna@example.ru", school: SCHOOL, tries: 0 });
    await receipts.setOperations(["till"]);
    note(5000);
    await office.deliver();
    t.is((await wanted()).length, 4);
  },
);

test.serial("a receipt goes on until it is done, is found by its payment, and never changes then", async (t) => {
  await receipts.setOperations(["remote"]);
  const order = await pay(30000);
  const [made] = await receipts.ofOrder(order.number, [SCHOOL]);
  t.like(made, { state: "waiting", sum: 30600 });
  await receipts.put({ ...made, state: "refused", why: "нет денег", tries: 1, remedy: "anew" }, 0);
  t.deepEqual((await receipts.troubled(SCHOOL, 9)).map(({ transaction, why }) => [transaction, why]), [[made.transaction, "нет денег"]]); // prettier-ignore
  const home = "/office/" + SCHOOL + "/receipts";
  t.regex((await office.get("accountant", home)).text, /306,00.*отказ: нет денег/);
  t.is((await office.post("accountant", home + "/" + made.transaction)).location, home);
  t.like((await receipts.ofOrder(order.number, [SCHOOL]))[0], { state: "waiting", why: "", renewals: 1, providerId: null });
  const fewer = office.office.database.updateTable("fiscalReceipts" as never).set({ renewals: 0 } as never);
  await t.throwsAsync(fewer.where("transaction" as never, "=", made.transaction as never).execute(), { message: /only goes on/ });
  t.false(await askAgain(office.office.database, SCHOOL, made.transaction));
  await receipts.put({ ...made, state: "refused", why: "идут работы", remedy: "same" }, 0);
  t.true(await askAgain(office.office.database, SCHOOL, made.transaction));
  t.like((await receipts.ofOrder(order.number, [SCHOOL]))[0], { state: "waiting", renewals: 1 }, "under the name that may have been taken");
  await receipts.put({ ...made, state: "asked", providerId: "u1", tries: 8 }, 5000);
  t.false(
    (await receipts.due(1, 100)).some(({ transaction }) => transaction === made.transaction),
    "it rests",
  );
  t.is((await receipts.troubled(SCHOOL, 9)).length, 1, "tried for long");
  const document = { drive: "9", number: 1, sign: 2, moment: "18.01.2018 12:00:00", url: null };
  await receipts.put({ ...made, state: "done", providerId: "u1", document }, 0);
  await receipts.put({ ...made, state: "waiting" }, 0);
  t.like((await receipts.ofOrder(order.number, [SCHOOL]))[0], { state: "done", document });
  t.deepEqual(await receipts.troubled(SCHOOL, 9), []);
  const page = await openBrowser(office.app).open("/pay/orders/" + order.key);
  t.regex(page.text, /Кассовый чек: ФН 9, ФД 1, ФП 2/);
  t.regex((await office.get("accountant", home)).text, /Все чеки выданы/);
});

test.serial("a receipt made for another sum is not asked for again: the page says what to do, and the database keeps it", async (t) => {
  const order = await pay(40000);
  const [made] = await receipts.ofOrder(order.number, [SCHOOL]);
  await receipts.put({ ...made, state: "refused", providerId: "u2", why: "made for 501 kopecks instead of 40800", remedy: "none" }, 0);
  const home = "/office/" + SCHOOL + "/receipts";
  const page = await office.get("accountant", home);
  t.regex(page.text, /оформите чек коррекции/);
  t.false(page.html.includes(home + "/" + made.transaction), "there is nothing to press");
  await office.post("accountant", home + "/" + made.transaction);
  t.like((await receipts.ofOrder(order.number, [SCHOOL]))[0], { state: "refused", renewals: 0, providerId: "u2" });
  await t.throwsAsync(receipts.put({ ...made, state: "waiting", remedy: "same" }, 0), { message: /only goes on/ });
});

test("a receipt's code is as registers print it", (t) => {
  const document = { drive: "9999078900001234", number: 133, sign: 3449555941, moment: "18.01.2018 12:05:00", url: null };
  t.is(fiscalCode(document, 51005), "t=20180118T1205&s=510.05&fn=9999078900001234&i=133&fp=3449555941&n=1");
  t.is(fiscalCode(document, -7), "t=20180118T1205&s=0.07&fn=9999078900001234&i=133&fp=3449555941&n=2");
});
