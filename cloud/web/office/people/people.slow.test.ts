import test from "ava";
import pg from "pg";
import type { Kysely } from "kysely";
import { accountNumber, cardUid, directiveSchema, encode, kopecks, luhnDigit } from "@trapeza/protocol";
import type { BusinessDate, Kopecks } from "@trapeza/protocol";
import { CASHIER_CARD, PUPIL, PUPIL_CARD, SCHOOL, TILL, TODAY } from "../../../_gateway.test.js";
import { encodeWindows1251 } from "../../../documents/windows-1251.js";
import { writeWorkbook } from "../../../documents/sheet-out.js";
import { applications } from "../../../office/cards/application-desk.js";
import { photographs } from "../../../office/cards/photographs.js";
import { readImport } from "../../../office/people/import-desk.js";
import type { Fault, PlannedRow } from "../../../office/people/import-plan.js";
import type { RowDone } from "../../../office/people/import-carry-out.js";
import type { Office } from "../../../office/office.js";
import { eraseDue } from "../../../office/people/people-desk.js";
import { canTurnBack, turnBack, turnYear } from "../../../office/people/year-desk.js";
import { MOTHER } from "../../../settlement/_parties.test.js";
import { askRefund } from "../../../settlement/refund-desk.js";
import type { Tables } from "../../../store/tables.js";
import { saying } from "../../_browser.test.js";
import { PASSWORD, createTestOffice, photograph } from "../_office.test.js";
import type { TestOffice } from "../_office.test.js";

/** Of three more accounts of the school, with their check digits. */
const NUMBERS = [30001, 30002, 30003].map((index) => {
  const digits = "024" + String(index).padStart(6, "0");
  return digits + luhnDigit(digits);
});

let all: TestOffice;
const at = "/office/" + SCHOOL;

test.before(async () => {
  all = await createTestOffice();
});
test.after.always(() => all?.close());

const HEAD = ["Класс", "Фамилия", "Имя", "Отчество", "Дата рождения", "Родитель", "Телефон"].map((head) => ({ head, width: 15 }));
const list = (...rows: string[][]) => ({ name: "список.xlsx", bytes: writeWorkbook({ name: "1", columns: HEAD, rows }) });

async function uploaded(...rows: string[][]): Promise<string> {
  const { status, location } = await all.upload("cards", at + "/lists", list(...rows));
  if (status !== 303) throw new Error("the list was not taken: " + status);
  return location;
}
const due = () => eraseDue(all.office, (error) => void all.errors.push(error));
const told = async () => (await all.office.told(SCHOOL)).school;
const named = async (name: string) => [...(await told()).accounts.values()].filter((account) => account.name === name);

test.serial(
  "a list is shown before it is carried out, its pupils can eat, its questions wait, and all of it can be taken back",
  async (t) => {
    const page = await uploaded(
      ["3Б", "Иванов", "Иван", "Иванович", "07.09.2008", "Иванова Анна", "8 900 123-45-67"],
      ["5А", "Новикова", "Мария", "Олеговна", "", "", ""],
      ["13А", "Петров", "Пётр", "", "", "", ""],
      ["3Б", "Иваноа", "Иван", "Иванович", "", "", ""],
    );
    const before = await all.get("cards", page);
    for (const part of ["новых: 1", "изменений: 1", "вопросов: 2", "такого класса не бывает", "похож на ученика этого класса"])
      t.true(before.text.includes(part), part);
    t.deepEqual(await named("Новикова Мария Олеговна"), [], "a look changes nothing");
    t.is((await all.post("cards", page + "/apply")).status, 303);
    t.regex((await all.post("cards", page + "/apply")).answer.headers["set-cookie"]?.toString() ?? "", /saying=/, "twice does no harm");
    const heard = await all.deliver();
    t.deepEqual(
      heard.map(({ kind }) => kind),
      ["SetAccount", "SetClass", "SetAccount"].slice(0, heard.length),
    );
    const [maria] = await named("Новикова Мария Олеговна");
    t.is(all.gateway.school.classes.get(maria.class ?? -1)?.name, "5А");
    t.is(all.gateway.school.accounts.get(maria.id)?.status, "open", "the gateway knows her");
    t.true((await all.get("cards", at + "/people?q=8+900+123-45-67")).text.includes("Иванов Иван Иванович"));

    const fourth = page + "/rows/5";
    t.is((await all.post("cards", fourth, { how: "is" + PUPIL + 9 })).status, 404, "an account that is nobody's");
    t.is((await all.post("cards", fourth, { how: "is" + PUPIL })).status, 303);
    t.is((await told()).accounts.get(PUPIL)?.name, "Иваноа Иван Иванович");
    t.is((await all.post("cards", page + "/rows/4", { how: "new" })).status, 404, "a wrong class is not made right by a word");
    const mended = async (name: string) => {
      const typed = { how: "mend", class: name, surname: "Петров", given: "Пётр", patronymic: "" };
      return saying((await (await all.as("cards")).submit(page + "/rows/4", typed)).html);
    };
    t.deepEqual(await mended("14А"), { sentence: "Строка всё ещё вызывает вопрос: посмотрите ниже.", done: false });
    t.deepEqual(await named("Петров Пётр"), [], "the question is still open");
    t.true((await mended("3Б"))?.done);
    t.is((await named("Петров Пётр")).length, 1);

    await all.deliver();
    t.is((await all.post("cards", page + "/undo")).status, 303);
    await all.deliver();
    t.is((await told()).accounts.get(maria.id)?.status, "closing");
    t.true((await all.get("cards", page)).text.includes("отменён"));
  },
);

test.serial("what was decided and could not be told is known to whoever decides next", async (t) => {
  const directive = encode(directiveSchema, { kind: "SetCaterer", id: 77, name: "Столовая 77" });
  await all.office.database.insertInto("officeOutbox").values({ school: SCHOOL, directive, since: null }).execute();
  t.is((await told()).caterers.get(77)?.name, "Столовая 77");
});

test.serial(
  "a list as an old spreadsheet writes it, csv in windows-1251 with semicolons, is read and carried out through its page",
  async (t) => {
    const text = 'Список 8 «Г»;;;\r\nКласс;ФИО;Дата рождения;Телефон\r\n8Г;"Ёлкин Фёдор";07.09.2008;8 (900) 555-44-33\r\n8Г;Щукина;;\r\n';
    const sent = await all.upload("cards", at + "/lists", { name: "8Г.csv", bytes: encodeWindows1251(text) });
    t.is(sent.status, 303);
    const page = (await all.get("cards", sent.location)).text;
    for (const part of ["Список «8Г.csv»", "новых: 1", "вопросов: 1", "Ёлкин Фёдор", "нет фамилии или имени"])
      t.true(page.includes(part), part);
    await all.post("cards", sent.location + "/apply");
    t.is((await named("Ёлкин Фёдор")).length, 1);
    t.true((await all.get("cards", at + "/people?q=8+900+555-44-33")).text.includes("Ёлкин Фёдор"));
    await all.post("cards", sent.location + "/undo");
    await all.deliver();
  },
);

test.serial("what is no list is said in one sentence", async (t) => {
  const send = async (bytes: Uint8Array) => (await all.upload("cards", at + "/lists", { name: "x", bytes })).status;
  t.is(await send(Uint8Array.from([0, 1, 2])), 400);
  t.is(await send(Buffer.from("а;б\n1;2\n")), 400);
  t.is((await all.post("cards", at + "/lists", {})).status, 400);
});

/** Wrong in one cell each, with what is found in it; the columns are those of the heading. */
const PLANTED: readonly (readonly [fault: Fault, column: number, wrong: string])[] = [
  ["bad_class", 0, "77Я"],
  ["no_class", 0, ""],
  ["no_name", 1, ""],
  ["bad_name", 2, "Ivan"],
  ["bad_born", 4, "31.02.2010"],
  ["bad_phone", 6, "8 900"],
];

test.serial("of 2,000 rows with 50 planted faults every fault is found where it is, and all the rest is heard by the school", async (t) => {
  const letters = "абвгдежзик";
  const word = (at: number) => [...String(at).padStart(4, "0")].map((digit) => letters[Number(digit)]).join("");
  const planted = new Map(Array.from({ length: 50 }, (_, index) => [index * 40 + 7, PLANTED[index % PLANTED.length]]));
  const rows = Array.from({ length: 2000 }, (_, index) => {
    const row = ["7А", "Ученик" + word(index), "Имя", "", "07.09.2008", "Мать", "8 900 " + String(1_000_000 + index)];
    const wrong = planted.get(index);
    return wrong ? row.with(wrong[1], wrong[2]) : row;
  });
  const page = await uploaded(...rows);
  t.true((await all.get("cards", page)).text.includes("новых: 1950 · вопросов: 50"));
  const stored = await readImport(all.office, SCHOOL, Number(page.split("/").at(-1)));
  const found = (stored?.rows ?? []).filter(({ kind }) => kind === "mismatch").map(({ line, planned }) => [line, planned.faults]);
  // The heading is the first line, and lines are counted from 1.
  t.deepEqual(
    found,
    [...planted].map(([index, [fault]]) => [index + 2, [fault]]),
  );
  await all.post("cards", page + "/apply");
  t.is((await all.deliver()).filter(({ kind }) => kind === "SetAccount").length, 1950);
  const numbers = [...all.gateway.school.accounts.values()].map(({ number }) => number);
  t.is(new Set(numbers).size, numbers.length);
});

test.serial("a person is mended, with the change told to the school and to the trail", async (t) => {
  const fields = {
    surname: "Иванов",
    given: "Иван",
    patronymic: "Петрович",
    class: "3",
    category: "1",
    guardian0: "Иванова Анна",
    phone0: "8 900 765-43-21",
  };
  t.is((await all.post("dispatcher", at + "/people/" + PUPIL, { ...fields, surname: "Ivanov" })).status, 400);
  t.is((await all.post("dispatcher", at + "/people/" + PUPIL, { ...fields, phone0: "123" })).status, 400);
  t.is((await all.post("dispatcher", at + "/people/" + PUPIL, { ...fields, class: "999" })).status, 400);
  t.is((await all.post("dispatcher", at + "/people/" + PUPIL, fields)).status, 303);
  await all.deliver();
  t.is(all.gateway.school.accounts.get(PUPIL)?.name, "Иванов Иван Петрович");
  t.regex(
    (await all.get("auditor", "/office/trail?q=account+" + PUPIL)).text,
    /people\.mendaccount 7name: Иванов Иван Иванович → Иванов Иван Петрович/,
  );
});

test.serial("a block of the school is lifted by the school, not by the operator", async (t) => {
  const block = at + "/people/" + PUPIL + "/cards/" + PUPIL_CARD + "/block";
  await all.post("cards", block, { how: "block" });
  await all.deliver();
  t.deepEqual(all.gateway.school.cards.get(PUPIL_CARD)?.blockedBy, ["school"]);
  t.is((await all.post("operator", block, { how: "unblock" })).status, 404);
  await all.post("cards", block, { how: "unblock" });
  await all.deliver();
  t.deepEqual(all.gateway.school.cards.get(PUPIL_CARD)?.blockedBy, []);
});

test.serial("a new year makes every class a year older, and nobody's balance smaller", async (t) => {
  t.regex((await all.get("cards", at + "/year")).text, /03Б4Б/);
  t.is((await all.post("cards", at + "/year", { year: "1999" })).status, 404);
  const turned = await Promise.all([1, 2].map(() => all.post("cards", at + "/year", { year: "2018" })));
  t.deepEqual(turned.map(({ status }) => status).sort(), [303, 404], "a button pressed twice turns it once");
  await all.deliver();
  t.is((await all.post("cards", at + "/year", { year: "2018" })).status, 404);
  t.is(all.gateway.school.classes.get(3)?.name, "4Б");
  t.is(all.gateway.school.accounts.get(PUPIL)?.class, 3);
  t.is((await all.post("cards", at + "/year/back", { year: "2017" })).status, 404, "not the year that the page was made for");
  t.is((await all.post("cards", at + "/year/back", { year: "2018" })).status, 303);
  await all.deliver();
  t.is(all.gateway.school.classes.get(3)?.name, "03Б");
  t.is((await all.post("cards", at + "/year", { year: "2018" })).status, 303);
  await all.deliver();
});

test.serial("a year that an earlier program turned, of which it wrote down the names of classes alone, stands", async (t) => {
  const who = { login: "cards", school: SCHOOL };
  const change = { ...who, what: "people.year", subject: "year 2017" };
  await all.office.change(change, async () => ({ before: { 3: "3Б" }, after: { 3: "4Б" }, value: null }));
  t.false(await canTurnBack(all.office, SCHOOL, 2017));
  t.is(await turnBack(all.office, who, 2017), null);
  t.is(await turnYear(all.office, who, 2017, new Map()), null, "once");
});

test.serial(
  "the oldest class leaves: the year can be turned back, cards are handed in, a debt comes first, and what is left has its clock",
  async (t) => {
    const year = at + "/year";
    const rest = { holder: "pupil", class: 90, category: 1, debtLimit: null, status: "open" } as const;
    const pupils = [3001, 3002, 3003].map((id, index) => ({ id, name: "Выпускник " + "АБВ"[index], shortName: "В. " + "АБВ"[index] }));
    const validThrough = ((await all.office.today(SCHOOL)) + 100) as BusinessDate;
    const card = { kind: "SetCard", holder: "pupil", staff: null, state: "active", by: "operator", validThrough } as const;
    const money = (account: number, main: number) =>
      ({ kind: "OpeningBalance", account, main: main as Kopecks, additional: 0 as Kopecks }) as const;
    await all.cloud.enqueueDirectives(SCHOOL, [
      { kind: "SetClass", id: 90, name: "11В" },
      ...pupils.map(
        ({ id, ...named }, index) => ({ kind: "SetAccount", id, number: accountNumber(NUMBERS[index]), ...named, ...rest }) as const,
      ),
      ...pupils.map(({ id }, index) => ({ ...card, uid: cardUid("0a0b0c0" + index), number: NUMBERS[index], account: id })),
      money(3001, 15050),
      money(3002, -700),
    ]);
    await all.deliver();
    const later = all.clock.ms;
    all.clock.ms += 366 * 24 * 3600 * 1000;
    // Nobody's login of last year holds; the desk itself is asked.
    const who = { login: "cards", school: SCHOOL };
    t.false(await canTurnBack(all.office, SCHOOL, 2019));
    const names = () => [...all.gateway.school.classes.values()].map(({ name }) => name).sort();
    const before = names();
    t.true(((await turnYear(all.office, who, 2019, new Map())) ?? 0) > 1);
    await all.deliver();
    t.is(all.gateway.school.classes.get(90)?.name, "11В-2019");
    t.is(await turnYear(all.office, who, 2019, new Map()), null, "once");
    t.not(await turnBack(all.office, who, 2019), null);
    await all.deliver();
    t.deepEqual(names(), before);
    t.is(await turnBack(all.office, who, 2019), null, "once");
    t.true(((await turnYear(all.office, who, 2019, new Map())) ?? 0) > 1, "and it can be turned again");
    await all.deliver();
    all.clock.ms = later;

    const page = (await all.get("cards", year)).text;
    t.regex(
      page,
      /11В-2019Выпускник А1150,50 ₽0,00 ₽заявления на возврат нет.*Выпускник Б1−?-?7,00 ₽0,00 ₽сначала оплатить долг.*Выпускник В1.*возвращать нечего/s,
    );
    t.is((await all.post("teacher", year + "/leave", { account: ["3001"] })).status, 403);
    await all.post("cards", year + "/leave", { account: ["3001", "3002", "3003", String(PUPIL)] });
    await all.deliver();
    const { accounts, cards } = all.gateway.school;
    t.deepEqual(
      [3001, 3002, 3003, PUPIL].map((id) => accounts.get(id)?.status),
      ["closing", "open", "closing", "open"],
    );
    t.deepEqual(
      [0, 1, 2].map((index) => cards.get(cardUid("0a0b0c0" + index))?.state),
      ["returned", "active", "returned"],
    );
    const asked = {
      account: 3001,
      applicant: "Родитель",
      payee: { ...MOTHER, name: "Родитель" },
      costs: 0 as Kopecks,
      askedOn: await all.office.today(SCHOOL),
    };
    t.is(typeof (await askRefund(all.office, who, asked)), "number");
    t.regex((await all.get("cards", year)).text, /Выпускник А0150,50 ₽0,00 ₽вернуть до 15\.02\.2018/);
    // The class goes back to what it was: tests behind this one know its year.
    t.not(await turnBack(all.office, who, 2019), null);
    await all.deliver();
  },
);

test.serial("a year is not turned back when a class that came since has a name again: there would be two", async (t) => {
  const who = { login: "cards", school: SCHOOL };
  t.not(await turnYear(all.office, who, 2021, new Map()), null);
  await all.cloud.enqueueDirectives(SCHOOL, [{ kind: "SetClass", id: 91, name: "4Б" }]);
  t.false(await canTurnBack(all.office, SCHOOL, 2021));
  t.is(await turnBack(all.office, who, 2021), null);
  await all.cloud.enqueueDirectives(SCHOOL, [{ kind: "SetClass", id: 91, name: "1Я" }]);
  t.not(await turnBack(all.office, who, 2021), null);
  await all.deliver();
});

/** Rows of uploaded lists that are about this account. */
async function rowsAbout(account: number): Promise<number> {
  const rows = await all.office.database.selectFrom("officeImportRows").select(["planned", "done"]).execute();
  return rows.filter(({ planned, done }) => [(planned as PlannedRow).account, (done as RowDone | null)?.account].includes(account)).length;
}

/** What nobody but this family is called. */
const NAMED = ["Иванов Иван", "Иванова Анна", "79007654321", "79001234567", "anna@example.ru"];

/** The family's own account, a letter, a message, a claim, a refund that was paid, an order, and what the bank wrote of it. */
async function writeAbout(): Promise<void> {
  const { cloud, office } = all;
  const phone = "79007654321";
  await cloud.registerGuardian({ phone, name: "Иванова Анна", password: "компот и каша", children: [] });
  await cloud.store.people.setContact(phone, { email: "anna@example.ru", isConfirmed: true, language: "ru" });
  const letter = { phone, school: SCHOOL, account: PUPIL, kind: "question", recipient: "school", writtenMs: 1, dueOn: 1 as never } as const;
  await cloud.store.letters.add({ ...letter, text: "Иванов Иван Петрович потерял карту, anna@example.ru" });
  await all.post("cards", at + "/letters/1", { answer: "Иванова Анна, зайдите за новой" });
  const change = { login: "system", school: SCHOOL, what: "test", subject: "account " + PUPIL };
  const payee = JSON.stringify({ name: "Иванова Анна Петровна", inn: "583700000000", account: "40817810000000000001", bank: "Банк" });
  const [own, refund] = [
    { school: SCHOOL, account: PUPIL },
    { payee, costs: 0, askedOn: 1, dueOn: 1, ended: null },
  ];
  await office.change(change, async (transaction) => {
    const { id: payout } = await transaction
      .insertInto("payouts")
      .values({ school: SCHOOL, reference: "refund/1/0", madeOn: TODAY, purpose: "Возврат", sum: 200, payee } as never)
      .returning("id")
      .executeTakeFirstOrThrow();
    await transaction
      .insertInto("refunds")
      .values({ ...own, ...refund, applicant: "Иванова Анна Петровна", payout } as never)
      .execute();
    await transaction
      .insertInto("announcements")
      .values({ ...own, class: null, title: "Иванову Ивану", text: "Иванов Иван Петрович, зайдите", sentMs: 1, sentBy: "teacher" })
      .execute();
    const claim = { school: SCHOOL, epoch: 1, index: 0, receivedOn: 1, login: "dispatcher", state: "done", decidedBy: "dispatcher" };
    const verdict = JSON.stringify({ kind: "credit", school: SCHOOL, account: PUPIL, purse: "main" });
    await transaction
      .insertInto("officeClaims")
      .values({ ...claim, said: "Иванова Анна, +79007654321", verdict, reason: "чек", proposedBy: null })
      .execute();
    return { before: { name: "Иванов Иван Сергеевич" }, after: { name: "Иванов Иван Петрович", phone }, value: null };
  });
  const costs = { fee: kopecks(0), total: kopecks(700) };
  const order = { key: "forget", way: "card", payer: phone, ...costs, email: "anna@example.ru", createdMs: 1, expiresMs: 2 } as const;
  const orders = office.database as unknown as Kysely<Tables>;
  const { number } = await orders.insertInto("paymentOrders").values(order).returning("number").executeTakeFirstOrThrow();
  await all.cloud.store.payments.addBinding(number, { id: "token", way: "sbp", bank: "Банк", boundMs: 1 });
  const line = { ...own, order: number, line: 0, purse: "main", sum: kopecks(700) } as const;
  await orders.insertInto("paymentLines").values(line).execute();
  const list = Buffer.from("Номер операции;Лицевой счёт;Сумма;Плательщик\n8;0242013137;7,00;Иванова Анна\n");
  await all.upload("accountant", at + "/bank", { name: "банк.csv", bytes: list }, { day: "2018-01-17" });
}

/** Each column of text, in whatever table, in which one of these words stands. */
async function placesNaming(words: readonly string[]): Promise<string[]> {
  const client = new pg.Client({ connectionString: all.url });
  await client.connect();
  const { rows } = await client.query<{ table: string; column: string }>(`
    select c.relname as table, a.attname as column from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relkind = 'r' and c.relnamespace = current_schema()::regnamespace and a.atttypid::regtype::text ~ '^(text|character|json)'`);
  const found: string[] = [];
  for (const { table, column } of rows) {
    const asked = await client.query(`select 1 from "${table}" where "${column}"::text like any ($1) limit 1`, [
      words.map((word) => "%" + word + "%"),
    ]);
    if (asked.rows.length > 0) found.push(table + "." + column);
  }
  await client.end();
  return found;
}

/** Figures that no erasure may touch. */
async function sums(): Promise<unknown> {
  const client = new pg.Client({ connectionString: all.url });
  await client.connect();
  const { rows } = await client.query<Record<string, unknown>>(`
    select (select sum(total) from payment_orders) as orders, (select sum(sum) from payouts) as payouts, (select count(*) from refunds) as refunds,
      (select sum(abs(amount)) from ledger_postings) as postings, (select sum(sum) from registry_rows) as registry, (select count(*) from letters) as letters,
      (select count(*) from office_claims) as claims`);
  await client.end();
  return rows[0];
}

test.serial("who leaves pays the debt first, hands in the card, and is told everything that is held", async (t) => {
  const person = at + "/people/" + PUPIL;
  all.gateway.direct();
  await all.office.change({ login: "system", school: SCHOOL, what: "test", subject: "debt" }, async () => ({
    ...{ before: null, after: "debt", value: null },
    directives: [{ kind: "OpeningBalance", account: PUPIL, main: -500 as never, additional: 0 as never }],
  }));
  await all.deliver();
  t.true((await rowsAbout(PUPIL)) > 0);
  await photograph(all, PUPIL);
  const paper = { kind: "first", applicant: "Иванова Анна Петровна", phone: "89001234567", mail: "", parent: "1", papers: ["consent"] };
  await all.post("cards", person + "/card", paper);
  await all.post("cards", person + "/leave");
  t.is((await told()).accounts.get(PUPIL)?.status, "open");
  t.true((await all.get("cards", person)).text.includes("Долг 5,00 ₽"));
  t.regex((await all.post("operator", person + "/erase")).location ?? "", /people/);
  t.is((await told()).accounts.get(PUPIL)?.name, "Иванов Иван Петрович", "still here: not erased");
  await all.office.change({ login: "system", school: SCHOOL, what: "test", subject: "paid" }, async () => ({
    ...{ before: null, after: "paid", value: null },
    directives: [{ kind: "TopUp", account: PUPIL, main: 700 as never, additional: 0 as never, source: "payment", reference: "t1" }],
  }));
  await all.deliver();
  await all.post("cards", person + "/leave");
  await all.deliver();
  t.is(all.gateway.school.cards.get(PUPIL_CARD)?.state, "returned");
  t.is(all.gateway.school.accounts.get(PUPIL)?.status, "closing");
  const held = JSON.parse((await all.post("cards", person + "/export")).html) as {
    account: { name: string };
    operations: unknown[];
    known: { guardians: unknown[] };
    photograph: { jpeg: string; judgedBy: string };
    applications: { applicant: string }[];
  };
  t.is(held.photograph.judgedBy, "teacher");
  t.deepEqual([...Buffer.from(held.photograph.jpeg, "base64").subarray(0, 3)], [0xff, 0xd8, 0xff]);
  t.deepEqual(
    held.applications.map(({ applicant }) => applicant),
    ["Иванова Анна Петровна"],
  );
  t.is(held.account.name, "Иванов Иван Петрович");
  t.is(held.known.guardians.length, 1);
  t.true(held.operations.length >= 2);
  const register = (await all.get("operator", person)).text;
  for (const part of [
    "имя, класс, категорияпитание по спискам класса, чеки18.01.2019",
    "фотографияпечать карты18.01.2019",
    "заявители: имя, телефон, почта",
    "бессрочно, под номером счёта",
    "Согласия на обработку данных ещё нет",
  ])
    t.true(register.includes(part), part);
});

test.serial("a year later whoever has left is forgotten wherever they were written down, and no kopeck of them", async (t) => {
  const person = at + "/people/" + PUPIL;
  await writeAbout();
  t.true((await placesNaming(NAMED)).length > 10, "the words to be forgotten are written in many places");
  // A year later the cloud forgets by itself, but nobody to whom money is owed.
  all.clock.ms += 366 * 24 * 3600 * 1000;
  t.is(await due(), 0, "two roubles are still to be refunded");
  await all.cloud.enqueueDirectives(SCHOOL, [{ kind: "FinishClosing", account: PUPIL, costs: 0 as never, reference: "refund 1" }]);
  await all.deliver();
  all.clock.ms -= 2 * 24 * 3600 * 1000;
  t.is(await due(), 0, "not a day early");
  all.clock.ms += 2 * 24 * 3600 * 1000;
  const before = await sums();
  t.is(await due(), 1);
  t.is(await due(), 0, "once");
  all.clock.ms -= 366 * 24 * 3600 * 1000;
  await all.deliver();
  t.regex((await all.get("auditor", "/office/trail?q=retention")).text, /people\.erase/);
  t.false(all.gateway.school.accounts.get(PUPIL)?.name.includes("Иванов"));
  t.true((await all.get("operator", person)).text.includes("и заявители стёрты"));
  t.is((await photographs(all.office, SCHOOL)).size, 0);
  t.is(await rowsAbout(PUPIL), 0, "nor does a list know them any more");
  t.like((await applications(all.office, SCHOOL))[0], { applicant: "", phone: "", mail: "" });
  t.deepEqual(
    await placesNaming(NAMED),
    ["payouts.payee"],
    "a payment order says to whom it paid; no other text names child, guardian, phone or address",
  );
  t.is(JSON.stringify(await sums()), JSON.stringify(before), "every kopeck stays");
  // The order was made in 2018: its payee is known to the end of 2023.
  t.true((await all.get("operator", person)).text.includes("закон о бухгалтерском учётепять лет после года выплаты"));
  const now = all.clock.ms;
  all.clock.ms = Date.UTC(2023, 11, 31, 12);
  t.is(await due(), 0, "not a day early");
  all.clock.ms = Date.UTC(2024, 0, 1, 12);
  t.is(await due(), 1);
  t.is(await due(), 0, "once");
  all.clock.ms = now;
  t.deepEqual(await placesNaming(NAMED), []);
  t.is(JSON.stringify(await sums()), JSON.stringify(before));
  t.false((await all.get("operator", person)).text.includes("закон о бухгалтерском учёте"));
  t.deepEqual(
    (await all.cloud.store.payments.unreleased(9)).map(({ id, payer }) => [id, payer]),
    [["token", "—"]],
    "the bank is still to let go of what was bound",
  );
  t.regex((await all.get("auditor", "/office/trail?q=account+" + PUPIL)).text, /dispatcherpeople\.mendaccount 7.*—/, "who did it is kept");
});

test.serial(
  "an employee who leaves opens nothing more at once, and is forgotten a year later; so is a login that was closed",
  async (t) => {
    const one = at + "/employees/2";
    const name = (await told()).staff.get(2)?.name ?? "";
    t.is((await told()).cards.get(CASHIER_CARD)?.staff, 2);
    t.is((await all.post("cards", one, { name, role: "supervisor", class: "" })).status, 303);
    await all.deliver();
    t.like(all.gateway.school.staff.get(2), { name, role: "supervisor" });
    t.is((await all.post("teacher", one + "/leave")).status, 403);
    t.is((await all.post("operator", one + "/erase")).status, 303);
    t.is((await told()).staff.get(2)?.name, name, "still at work: not erased");
    t.is((await all.post("cards", one + "/leave")).status, 303);
    await all.deliver();
    t.is(all.gateway.school.cards.get(CASHIER_CARD)?.state, "returned");
    t.is(all.gateway.school.staff.get(2)?.role, "other");
    const open = () => all.gateway.ask(TILL, { kind: "ShiftOpen", uid: CASHIER_CARD, declared: kopecks(0) });
    t.throws(open, { message: /card_not_active/ }, "the card opens no till");
    t.is((await all.post("cards", one + "/leave")).status, 404, "once");
    t.is((await all.post("cards", one, { name, role: "cashier", class: "" })).status, 400, "who has left is not mended");
    const card = { kind: "first", applicant: name, phone: "89001112233", mail: "", papers: ["consent"] };
    t.not((await all.post("cards", one + "/card", card)).status, 303, "nor given a card");
    const page = (await all.get("operator", one)).text;
    t.true(page.includes("не работает с 18.01.2018") && page.includes("права на терминалах, чеки и ведомости18.01.2019"), page);
    const held = JSON.parse((await all.post("cards", one + "/export")).html) as { employee: { name: string }; cards: unknown[] };
    t.deepEqual([held.employee.name, held.cards.length], [name, 1]);

    const fields = {
      login: "olga",
      name: "Зимина Ольга Юрьевна",
      role: "cards",
      school: String(SCHOOL),
      class: "",
      own: "",
      password: PASSWORD,
    };
    await all.post("operator", "/office/staff", fields);
    await all.post("operator", "/office/staff/olga/close", { how: "close" });
    const now = all.clock.ms;
    all.clock.ms += 365 * 24 * 3600 * 1000;
    t.is(await due(), 0, "not a day early");
    all.clock.ms += 24 * 3600 * 1000 + 1;
    const change: Office["change"] = (one, work) =>
      one.subject === "employee 2" ? Promise.reject(new Error(name)) : all.office.change(one, work);
    const said: string[] = [];
    t.is(
      await eraseDue({ ...all.office, change }, ({ message }) => void said.push(message)),
      1,
      "nobody is held up by whoever cannot be forgotten",
    );
    t.deepEqual(said, ["employee 2 of school " + SCHOOL + " could not be forgotten: Error"]);
    t.is(await due(), 1);
    t.is(await due(), 0, "once");
    all.clock.ms = now;
    t.deepEqual(await placesNaming([name, fields.name]), []);
    t.false((await all.get("operator", at + "/employees")).text.includes(name));
    t.regex((await all.get("auditor", "/office/trail?q=olga")).text, /operatorstaff\.closestaff olga/, "who closed it is kept");
  },
);

test.serial("a class teacher sees their own class and nobody else", async (t) => {
  const page = (await all.get("teacher", at + "/people")).text;
  t.false(/Ученик[а-з]{4}/.test(page));
  const stranger = [...(await told()).accounts.values()].find((account) => account.class !== 3);
  t.is((await all.get("teacher", at + "/people/" + stranger?.id)).status, 404);
  t.deepEqual(all.errors, []);
});
