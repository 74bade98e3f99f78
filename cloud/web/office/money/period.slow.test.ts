import test from "ava";
import { formatDate, kopecks } from "@trapeza/protocol";
import type { BusinessDate, Directive } from "@trapeza/protocol";
import pg from "pg";
import { CASHIER_CARD, HOUSE, PUPIL, PUPIL_CARD, SCHOOL, TILL, TODAY, createTestGateway, gatewayKey } from "../../../_gateway.test.js";
import * as account from "../../../ledger/accounts.js";
import { credit, debit } from "../../../ledger/posting.js";
import { post } from "../../../settlement/books.js";
import { turnovers } from "../../../settlement/period-desk.js";
import { verifySchool } from "../../../verify.js";
import { createTestOffice } from "../_office.test.js";
import { directiveIn } from "../../../underway.js";
import type { TestOffice } from "../_office.test.js";

let all: TestOffice;
let owner: pg.Client;
const at = "/office/" + SCHOOL + "/periods";
const NEXT = (TODAY + 1) as BusinessDate;

test.before(async () => {
  all = await createTestOffice();
  all.clock.ms += 3 * 86_400_000;
  owner = new pg.Client({ connectionString: all.url });
  await owner.connect();
  all.gateway.direct({ kind: "OpeningBalance", account: PUPIL, main: 0, additional: 50000 } as Directive);
  all.gateway.ask(TILL, { kind: "ShiftOpen", uid: CASHIER_CARD, declared: kopecks(0) });
  sell();
  await all.deliver();
});
test.after.always(async () => {
  await owner?.end();
  await all?.close();
});

function sell() {
  const { menuVersion } = all.gateway.school;
  const lines = [{ dish: 11, quantity: 1 }];
  all.gateway.ask(TILL, { kind: "Sale", payer: { by: "card", uid: PUPIL_CARD }, lines, total: kopecks(3450), override: null, menuVersion });
}

/** Summed from the first posting on, whatever is kept. */
async function summed(): Promise<Map<string, number>> {
  const { rows } = await owner.query<{ account: string; total: string }>(
    "select account, sum(amount) as total from ledger_postings where school = $1 group by account",
    [SCHOOL],
  );
  return new Map(rows.map((row) => [row.account, Number(row.total)]));
}
const close = (date: number) => all.post("accountant", at, { last: formatDate(date as BusinessDate) });
const page = async () => (await all.get("accountant", at)).text;
const before = async (date: BusinessDate) =>
  (await all.cloud.store.balances(SCHOOL, [account.holderAdditional(PUPIL)], date)).values().next().value;

test.serial("a period is closed when its last day is over, once, by whoever keeps the books", async (t) => {
  t.is((await all.post("dispatcher", at, { last: formatDate(TODAY) })).status, 403);
  await close(TODAY + 9);
  t.regex(await page(), /ещё не закончился/);
  await close(TODAY);
  t.regex(await page(), /Период закрыт.*по 18\.01\.2018/s);
  await close(TODAY);
  await close(TODAY - 5);
  t.is((await owner.query("select last from ledger_periods")).rowCount, 1);
});

test.serial("what comes late, and every correction, stands on the first open day; the closed one stays what it was", async (t) => {
  t.is(await before(NEXT), -46550);
  sell();
  await all.deliver();
  t.deepEqual([await before(NEXT), await before((NEXT + 1) as BusinessDate)], [-46550, -43100]);
  const late = await owner.query("select business_date from account_entries where school = 24 order by epoch, index desc limit 1");
  t.is((late.rows as { business_date: number }[])[0].business_date, NEXT, "a family's history has it where the books have it");
  const forged = (date: BusinessDate) =>
    all.office.change({ login: "accountant", school: SCHOOL, what: "forged", subject: "books" }, async (transaction) => {
      const postings = [debit(account.bank, 5), credit(account.cardIncome, 5)];
      await post(transaction, SCHOOL, { reference: "forged/" + date, kind: "Forged" as never, date, atMs: 1, postings });
      return { before: null, after: null, value: null };
    });
  await t.throwsAsync(forged(TODAY), { message: "nothing is posted into a closed period" });
  await t.notThrowsAsync(forged(NEXT));
});

test.serial("balances that are kept are the sums of their postings, before a closing and after it", async (t) => {
  t.deepEqual(new Map([...(await all.cloud.store.balances(SCHOOL))].sort()), new Map([...(await summed())].sort()));
  await close(NEXT);
  sell();
  await all.deliver();
  t.deepEqual(new Map([...(await all.cloud.store.balances(SCHOOL))].sort()), new Map([...(await summed())].sort()));
  t.deepEqual(await all.cloud.store.staleBalances(SCHOOL), []);
  t.deepEqual(await all.cloud.verifyLedger(SCHOOL), []);
});

test.serial("a turnover sheet leads from one balance to the next, and its two sides are equal", async (t) => {
  const rows = await turnovers(all.office, SCHOOL, { first: NEXT, last: NEXT, login: "", atMs: 0 });
  for (const { account: name, opening, debit: more, credit: less, closing } of rows) t.is(opening + more - less, closing, name);
  t.like(
    rows.find((row) => row.account === "holder/additional"),
    { opening: -46550, debit: 3450, credit: 0, closing: -43100 },
  );
  t.is(rows.reduce((sum, row) => sum + row.closing, 0), 0); // prettier-ignore
  const { answer } = await all.get("auditor", at + "/" + formatDate(NEXT) + "/paper");
  t.is(answer.rawPayload.subarray(0, 2).toString(), "PK");
});

/** The school next door, whose gateway has heard of nothing yet. */
async function neighbour() {
  const school = SCHOOL + 1;
  const gateway = createTestGateway(await all.cloud.registerGateway({ id: "g25", school, key: gatewayKey(1) }));
  gateway.openDay(TODAY);
  await all.cloud.enqueueDirectives(school, [{ kind: "SetCategory", id: 4, name: "1–4" }, { kind: "SetClass", id: 9, name: "04А" }]); // prettier-ignore
  let heard = 0;
  const deliver = async () => {
    await all.cloud.payments.tick();
    const rows = await all.cloud.store.directives(school, heard, 1000);
    gateway.direct(...rows.map(({ bytes }) => directiveIn(bytes) as Directive));
    heard += rows.length;
    await all.cloud.intake.receive(gateway.row, gateway.upload());
  };
  return { school, gateway, deliver };
}

test.serial("a pupil is moved to another school by the operator: the account waits there, and the balance follows by itself", async (t) => {
  const next = await neighbour();
  await next.deliver();
  const moves = "/office/" + SCHOOL + "/moves";
  const number = all.gateway.school.accounts.get(PUPIL)!.number;
  const form = { number, school: String(next.school), class: "4а" };
  t.is((await all.post("accountant", moves, form)).status, 403);
  t.regex((await all.post("operator", moves, { ...form, number: "1" })).text, /Такого ученика в этой школе нет/);
  t.regex((await all.post("operator", moves, { ...form, class: "11Я" })).text, /Такого класса в новой школе нет/);
  const ended = { account: PUPIL, phone: "79005550001", reason: "court", endedMs: 1, endedBy: "dispatcher" };
  await all.office.change({ login: "dispatcher", school: SCHOOL, what: "test", subject: "links" }, async (transaction) => {
    await transaction
      .insertInto("officeEndedLinks")
      .values({ ...ended, school: SCHOOL })
      .execute();
    return { before: null, after: ended, value: null };
  });
  t.is((await all.post("operator", moves, form)).status, 303);
  t.is((await all.post("operator", moves, form)).status, 400, "moved already");
  const carried = await all.office.database.selectFrom("officeEndedLinks").selectAll().where("school", "=", next.school).execute();
  t.like(carried, [{ phone: ended.phone, reason: "court" }], "who must not see the child does not see it there either");
  const shown = async (school: number) => (await all.get("operator", "/office/" + school + "/moves")).text;
  for (const school of [SCHOOL, next.school]) t.regex(await shown(school), /ждём прежнюю школу/);
  await next.deliver();
  const purses = () => {
    const account = next.gateway.school.accounts.get(next.gateway.school.accountByNumber.get(number) ?? -1);
    return [account?.status, account?.main, account?.additional, account?.class] as unknown;
  };
  t.deepEqual(purses(), ["arriving", 0, 0, 9]);
  const { main, additional } = all.gateway.school.accounts.get(PUPIL)!;
  await all.deliver();
  t.deepEqual(all.gateway.school.cards.get(PUPIL_CARD)?.blockedBy, ["school"]);
  t.regex(await shown(SCHOOL), /остаток в пути/);
  await next.deliver();
  t.deepEqual(purses(), ["open", main, additional, 9]);
  t.regex(await shown(SCHOOL), /остаток на месте/);
  for (const school of [SCHOOL, next.school]) {
    t.deepEqual(await all.cloud.verifyLedger(school), []);
    t.deepEqual(await all.cloud.store.findings(school), []);
  }
  t.deepEqual(all.errors, []);
});

test.serial("a balance that somebody forged past the database's laws is found and named", async (t) => {
  t.deepEqual(
    (await verifySchool(all.cloud.store, SCHOOL, HOUSE)).troubles.filter((one) => one.includes("kept")),
    [],
  );
  await t.throwsAsync(owner.query("update ledger_balances set total = 0"), { message: /append-only: UPDATE is refused/ });
  await owner.query("alter table ledger_balances disable trigger all");
  await owner.query("update ledger_balances set total = total - 100 where account = 'holder/7/additional' and last = $1", [NEXT]);
  const { troubles } = await verifySchool(all.cloud.store, SCHOOL, HOUSE);
  t.true(
    troubles.includes("ledger, period to day " + NEXT + ": what is kept of holder/7/additional is not the sum of its postings"),
    troubles.join("\n"),
  );
  t.deepEqual(all.errors, []);
});
