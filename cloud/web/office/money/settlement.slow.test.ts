import test from "ava";
import type { ExecutionContext } from "ava";
import { formatDate, kopecks } from "@trapeza/protocol";
import type { BusinessDate, Directive, EventBody } from "@trapeza/protocol";
import { CASHIER_CARD, KIOSK, PUPIL, PUPIL_CARD, SCHOOL, TEACHER_CARD, TILL, TODAY, WALL } from "../../../_gateway.test.js";
import { readTrail } from "../../../office/trail.js";
import { leaveSchool } from "../../../office/people/people-desk.js";
import { CATERER, MOTHER, OPERATOR } from "../../../settlement/_parties.test.js";
import { afterWorkingDays } from "../../../office/cards/working-days.js";
import { payouts, returnPayout, settleDecade } from "../../../settlement/payout-desk.js";
import type { Transfer } from "../../../store/store.js";
import { statementFor } from "../../statement.js";
import { dateDigits } from "../../date-text.js";
import { POPPLER, drawn } from "../_pdf.test.js";
import { createTestOffice } from "../_office.test.js";
import type { TestOffice } from "../_office.test.js";

let all: TestOffice;
const at = "/office/" + SCHOOL;
const DAY_MS = 86_400_000;
/** The second decade of January, seen from the day after its end. */
const FIRST = formatDate((TODAY - 7) as BusinessDate);
const LAST = formatDate((TODAY + 2) as BusinessDate);
const AFTER = (TODAY + 3) as BusinessDate;

test.before(async () => {
  all = await createTestOffice();
  // Days go by before anybody logs in: a session would not last so long.
  all.clock.ms += 3 * DAY_MS;
  const { gateway } = all;
  gateway.direct({ kind: "OpeningBalance", account: PUPIL, main: 3000, additional: 8000 } as Directive);
  gateway.ask(TILL, { kind: "ShiftOpen", uid: CASHIER_CARD, declared: kopecks(0) });
  const { menuVersion } = gateway.school;
  const lines = [{ dish: 11, quantity: 1 }];
  gateway.ask(TILL, { kind: "Sale", payer: { by: "card", uid: PUPIL_CARD }, lines, total: kopecks(3450), override: null, menuVersion });
  gateway.ask(TILL, { kind: "CashSale", lines, total: kopecks(3450), menuVersion });
  // 49.61 from 30 + 45.50: nothing on debt yet. The second meal is on debt to 23.72.
  for (const date of [TODAY, TODAY + 1]) {
    gateway.openDay(date as BusinessDate);
    gateway.ask(WALL, {
      kind: "MealConfirm",
      uid: TEACHER_CARD,
      class: 3,
      meal: 1,
      date: date as BusinessDate,
      ids: [PUPIL],
      admitted: [],
    });
  }
  gateway.openDay(AFTER);
  await all.deliver();
});
test.after.always(() => all?.close());

const balance = async (account: string) => [...(await all.cloud.store.balances(SCHOOL))].find(([name]) => name === account)?.[1] ?? 0;
const post = (url: string, fields = {}) => all.post("accountant", at + url, fields);
const page = async (url = "/settlement") => (await all.get("accountant", at + url)).text;
/** A paper, looked at as it is printed; where there is no poppler, only that it is one. */
function looksRight(t: ExecutionContext, pdf: Buffer, sums: RegExp): void {
  t.is(pdf.subarray(0, 5).toString(), "%PDF-");
  if (!POPPLER) return;
  const { text, troubles } = drawn(pdf);
  t.deepEqual(troubles, []);
  t.regex(text.replace(/\s+/g, " "), sums);
}

const file = async (url: string) => (await all.get("accountant", at + url)).answer.rawPayload;

test.serial("nothing is paid before the requisites are known, and wrong ones are named beside their field", async (t) => {
  await post("/settlement/1/" + FIRST);
  const refused = await all.get("accountant", at + "/settlement");
  t.regex(
    refused.html,
    /<div role="alert"><p class="note warning">.*Сначала запишите реквизиты/,
    "a refusal does not look like what was done",
  );
  t.false((await all.get("accountant", at + "/settlement")).html.includes('role="alert"'), "and is said once");
  t.is((await post("/settlement/party", { party: "1", ...CATERER, account: "40702810500000000003" })).status, 400);
  t.is((await post("/settlement/party", { party: "0", ...OPERATOR })).status, 303);
  t.is((await post("/settlement/party", { party: "1", ...CATERER })).status, 303);
  t.is((await all.post("auditor", at + "/settlement/party", { party: "1", ...CATERER })).status, 403);
});

test.serial("a decade pays the caterer what families have paid in, to the kopeck, once; debt and cash are not in it", async (t) => {
  t.deepEqual(
    [await balance("caterer/1/meals"), await balance("caterer/1/unfunded"), await balance("caterer/1/buffet")],
    [-7550, -2372, -6900],
  );
  t.regex(await page(), /11\.01\.2018–20\.01\.2018Столовая75,50 ₽34,50 ₽110,00 ₽/);
  await post("/settlement/1/" + FIRST);
  t.regex((await all.get("accountant", at + "/settlement")).html, /<div role="status"><p class="note good">.*Перечислено/);
  await post("/settlement/1/" + FIRST);
  t.deepEqual(
    [
      await balance("caterer/1/meals"),
      await balance("caterer/1/unfunded"),
      await balance("caterer/1/buffet"),
      await balance("bank/operator"),
    ],
    [0, -2372, -3450, -11000],
  );
  t.regex(await page(), /11\.01\.2018–20\.01\.2018Столовая75,50 ₽34,50 ₽110,00 ₽п\/п № 1/);
  looksRight(t, await file("/settlement/1/" + FIRST + "/paper"), /75,50.*34,50.*110,00/);
  looksRight(t, await file("/codes/3/paper"), /Иван И\., 03Б\. Лицевой счёт № 0242013137.*Банк/);
  const orders = new TextDecoder("windows-1251").decode(await file("/payouts/" + formatDate(AFTER) + "/windows-1251/paper"));
  t.regex(orders, /Номер=1\r\nДата=21\.01\.2018\r\nСумма=110\.00\r\n/);
  await post("/settlement/1/" + formatDate(AFTER));
  t.regex(await page(), /ещё не закончилась/);
});

const reconciled = (from: BusinessDate, to: BusinessDate) =>
  all.get("accountant", at + "/reports/transfers?from=" + formatDate(from) + "&to=" + formatDate(to));
const memos = async () => {
  const period = { from: TODAY, to: (TODAY + 40) as BusinessDate, details: false, schoolNumber: 24 };
  const { memos: found, difference } = await statementFor(all.cloud.store, { school: SCHOOL, account: PUPIL, ...period });
  return [...found.map(({ date, name, amount }) => [date - AFTER, name, amount]), difference];
};
const SENT = "Перечисление поставщику питания за ";

test.serial("the family's history and the accountant's report say of whose money the transfer was", async (t) => {
  t.deepEqual(await memos(), [[0, SENT + "11.01.2018–20.01.2018", 11000], 0]);
  const { text } = await reconciled(AFTER, AFTER);
  t.regex(text, /11\.01\.2018–20\.01\.2018Столовая03БИванов Иван Иванович024201313775,50 ₽34,50 ₽110,00 ₽Итого75,50 ₽34,50 ₽110,00 ₽/);
  t.regex(text, /Перечислено исполнителям: 110,00 ₽, сходится с учётом до копейки/);
  t.notRegex((await reconciled(TODAY, TODAY)).text, /Столовая/);
});

test.serial("debt repaid later and the shift's end stand in the next decade: nothing is paid twice or forgotten", async (t) => {
  all.gateway.direct({ kind: "TopUp", account: PUPIL, main: kopecks(10000), additional: kopecks(0), source: "correction", reference: "r" });
  all.gateway.ask(TILL, { kind: "ShiftClose", uid: CASHIER_CARD, declared: kopecks(3450) } as never);
  await all.deliver();
  t.deepEqual([await balance("caterer/1/unfunded"), await balance("caterer/1/meals"), await balance("caterer/1/buffet")], [0, -2372, 0]);
  all.clock.ms += 11 * DAY_MS;
  const browser = await all.as("operator");
  await browser.post(at + "/settlement/1/" + formatDate(AFTER), {});
  t.is(await balance("caterer/1/meals"), 0);
  const text = (await browser.open(at + "/settlement")).text;
  t.regex(text, /21\.01\.2018–31\.01\.2018Столовая23,72 ₽0,00 ₽23,72 ₽п\/п № 2/);
  t.deepEqual((await memos()).slice(1), [[11, SENT + "21.01.2018–31.01.2018", 2372], 0], "the debt of the decade before");
  await browser.post(at + "/payouts/2/returned", {});
  await browser.post(at + "/payouts/2/returned", {});
  t.deepEqual(
    [await balance("caterer/1/meals"), await balance("bank/operator")],
    [-2372, -11000],
    "the bank could not deliver it: owed again, once",
  );
  t.deepEqual(await memos(), [[0, SENT + "11.01.2018–20.01.2018", 11000], 0], "what came back was not sent");
});

const asOperator = async (url: string, fields = {}) => (await all.as("operator")).post(at + url, fields);
const seen = async (url: string) => (await (await all.as("operator")).open(at + url)).text;

test.serial("a budget is asked once for what was eaten at its expense, and what it pays goes to the caterer whole", async (t) => {
  t.deepEqual([await balance("budget/5"), await balance("caterer/1/subsidy")], [4000, -4000]);
  await asOperator("/settlement/claim", { last: formatDate((TODAY + 30) as BusinessDate) });
  t.regex(await seen("/settlement"), /Укажите день, который уже закончился/);
  await asOperator("/settlement/claim", { last: formatDate(TODAY) });
  await asOperator("/settlement/claim", { last: LAST });
  await asOperator("/settlement/claim", { last: formatDate(AFTER) });
  const text = await seen("/settlement");
  t.regex(text, /По этот день всё уже заявлено/);
  t.regex(text, /2520\.01\.2018120,00 ₽PDF.*1518\.01\.2018120,00 ₽PDF/s, "each meal stands in one claim");
  looksRight(t, (await (await all.as("operator")).open(at + "/claims/1/paper")).answer.rawPayload, /20,00/);
  for (const claim of [1, 2, 2]) await asOperator("/claims/" + claim + "/receive");
  t.deepEqual([await balance("budget/5"), await balance("caterer/1/subsidy"), await balance("bank/operator")], [0, 0, -11000]);
});

test.serial("a subsidy that the bank sends back is paid again, once, until it comes back again", async (t) => {
  const subsidies = async () => (await payouts(all.office, SCHOOL)).filter(({ reference }) => reference.startsWith("subsidy/1/"));
  const owed = async () => [await balance("caterer/1/subsidy"), await balance("bank/operator")];
  const again = async (id: number) => (await asOperator("/payouts/" + id + "/again")).status;
  const [first] = await subsidies();
  await again(first.id);
  t.deepEqual(await owed(), [0, -11000], "it has not come back");
  await asOperator("/payouts/" + first.id + "/returned");
  t.regex(await seen("/settlement"), /вернулось [0-9.]+Выплатить снова/);
  t.deepEqual(await owed(), [-first.sum, first.sum - 11000]);
  for (let twice = 0; twice < 2; twice++) await again(first.id);
  t.deepEqual(await owed(), [0, -11000]);
  t.notRegex(await seen("/settlement"), /Выплатить снова/);
  const [second] = await subsidies();
  t.deepEqual([second.reference, second.sum], [first.reference + "/again/1", first.sum]);
  await asOperator("/payouts/" + second.id + "/returned");
  await again(first.id);
  t.deepEqual(await owed(), [-first.sum, first.sum - 11000], "the first was paid again already");
  await again(second.id);
  t.deepEqual(await owed(), [0, -11000]);
});

test.serial("from main to additional goes only what is there, on an application", async (t) => {
  await asOperator("/refunds/transfer", { from: "0242013137", sum: "100,00", paper: "№ 3 от 30.01.2018" });
  await asOperator("/refunds/transfer", { from: "0242013137", sum: "10,00", paper: "" });
  t.is((await all.deliver()).filter(({ kind }) => kind === "Transfer").length, 0);
  await asOperator("/refunds/transfer", { from: "0242013137", sum: "10,00", paper: "№ 3 от 30.01.2018" });
  await all.deliver();
  t.deepEqual([await balance("holder/7/main"), await balance("holder/7/additional")], [-6628, -1000]);
});

test.serial(
  "what is left on leaving is paid within 20 working days, less the costs, and once more when the bank sends it back",
  async (t) => {
    const asked = (await all.office.today(SCHOOL)) as BusinessDate;
    const application = { number: "0242013137", applicant: MOTHER.name, askedOn: formatDate(asked), costs: "15,00", ...MOTHER };
    t.is((await asOperator("/refunds", application)).status, 400, "the pupil is still here");
    t.is(await leaveSchool(all.office, { login: "cards", school: SCHOOL }, PUPIL), "left");
    await all.deliver();
    t.is((await asOperator("/refunds", { ...application, bic: "1" })).status, 400);
    t.is((await asOperator("/refunds", application)).status, 303);
    t.regex(await seen("/refunds"), /ждёт ответа школы/);
    await asOperator("/refunds/1/pay");
    t.is((await asOperator("/refunds", application)).status, 400, "the same application again");
    await all.deliver();
    t.regex(await seen("/refunds"), new RegExp(dateDigits(afterWorkingDays(asked, 20)) + "61,28 ₽Из расходов 15,00 ₽.*Выплатить"));
    const now = () =>
      Promise.all(
        ["holder/7/main", "holder/7/additional", "refunds/payable", "expense/bank", "expense/subagent", "bank/operator"].map(balance),
      );
    const before = [0, 0, -6128, -1500, 0, -11000];
    for (const subagent of ["15,01", "-1", "много"]) await asOperator("/refunds/1/pay", { subagent });
    t.regex(await seen("/refunds"), /не больше удержанных расходов/);
    t.deepEqual(await now(), before, "no more than what was kept back of the family's money");
    await asOperator("/refunds/1/pay", { subagent: "4,00" });
    await asOperator("/refunds/1/pay", { subagent: "4,00" });
    t.deepEqual(await now(), [0, 0, 0, -1100, -400, -11000 - 6128], "the family gets the same, whoever took the costs");
    const [{ id, sum }] = await payouts(all.office, SCHOOL);
    t.is(sum, 6128);
    const [line] = await readTrail(all.office.database, { school: SCHOOL, text: "money.refund", limit: 1 });
    t.like(line, { subject: "account 7", after: { sum: 6128, subagent: 400 } });
    await asOperator("/payouts/" + id + "/returned");
    t.deepEqual(await now(), before, "what came back is as if it had not been sent");
    await asOperator("/refunds/1/pay", { subagent: "" });
    t.deepEqual(await now(), [0, 0, 0, -1500, 0, -11000 - 6128], "this time the bank alone");
    t.deepEqual(await all.cloud.verifyLedger(SCHOOL), []);
  },
);

test.serial("a kiosk's bag is counted by the bank once, and what is missing stands against the kiosk", async (t) => {
  const notes = { notes: [{ note: kopecks(10000), count: 7 }], expected: kopecks(70000) };
  const people = { collector: null, uid: CASHIER_CARD, witness: null, witnessUid: null };
  const collected = { kind: "CashCollected", terminal: KIOSK, collection: 1, seal: "S1", ...people, ...notes };
  all.gateway.write(collected as unknown as EventBody);
  await all.deliver();
  t.regex(await seen("/bank"), /11, Вестибюль700,00 ₽/);
  await asOperator("/bags/1", { counted: "много" });
  await asOperator("/bags/1", { counted: "600,00" });
  await all.deliver();
  t.deepEqual([await balance("cash/in-transit"), await balance("variance/1")], [0, 10000]);
  await asOperator("/bags/1", { counted: "600,00" });
  t.regex(await seen("/bank"), /Все сумки пересчитаны банком/);
  looksRight(t, (await (await all.as("operator")).open(at + "/codes/3/paper")).answer.rawPayload, /В классе 03Б нет открытых счетов/);
  t.deepEqual(all.errors, []);
});

test.serial("a transfer that comes back after the next was sent stands in the first one after its return", async (t) => {
  const who = { login: "accountant", school: SCHOOL };
  const sent = async () => {
    const each = async (transfer: Transfer) => {
      const shares = await all.cloud.store.fundedBy(SCHOOL, transfer, null);
      return [transfer.account, transfer.amount, shares.reduce((sum, { amount }) => sum + amount, 0)];
    };
    return Promise.all((await all.cloud.store.transfers(SCHOOL)).map(each));
  };
  const settleAt = async (day: number, days: number) => {
    all.clock.ms += days * DAY_MS;
    t.is(typeof (await settleDecade(all.office, who, 1, (AFTER + day) as BusinessDate)), "number");
  };
  const [meals, buffet] = ["caterer/1/meals", "caterer/1/buffet"];
  await settleAt(11, 10);
  t.deepEqual(await sent(), [[meals, 7550, 7550], [buffet, 3450, 3450], [meals, 2372, 2372]]); // prettier-ignore
  t.true(await returnPayout(all.office, who, 1));
  t.deepEqual(await sent(), [[meals, 2372, 2372]], "the one after it pays what it paid before");
  await settleAt(21, 10);
  t.deepEqual(await sent(), [[meals, 2372, 2372], [meals, 7550, 7550], [buffet, 3450, 3450]]); // prettier-ignore
});
