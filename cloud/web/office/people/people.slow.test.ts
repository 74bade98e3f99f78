import test from "ava";
import { directiveSchema, encode } from "@trapeza/protocol";
import { PUPIL, PUPIL_CARD, SCHOOL } from "../../../_gateway.test.js";
import { writeWorkbook } from "../../../documents/sheet-out.js";
import { applications } from "../../../office/cards/application-desk.js";
import { photographs } from "../../../office/cards/photographs.js";
import { readImport } from "../../../office/people/import-desk.js";
import type { Fault, PlannedRow } from "../../../office/people/import-plan.js";
import type { RowDone } from "../../../office/people/import-carry-out.js";
import { eraseDue } from "../../../office/people/people-desk.js";
import { createTestOffice, photograph } from "../_office.test.js";
import type { TestOffice } from "../_office.test.js";

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
    t.is(
      (await all.post("cards", page + "/rows/4", { how: "mend", class: "3Б", surname: "Петров", given: "Пётр", patronymic: "" })).status,
      303,
    );
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
});

/** Rows of uploaded lists that are about this account. */
async function rowsAbout(account: number): Promise<number> {
  const rows = await all.office.database.selectFrom("officeImportRows").select(["planned", "done"]).execute();
  return rows.filter(({ planned, done }) => [(planned as PlannedRow).account, (done as RowDone | null)?.account].includes(account)).length;
}

test.serial("who leaves pays the debt first, hands in the card, is told everything that is held, and is forgotten", async (t) => {
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
  // A year later the cloud forgets by itself, but nobody to whom money is owed.
  all.clock.ms += 366 * 24 * 3600 * 1000;
  t.is(await eraseDue(all.office), 0, "two roubles are still to be refunded");
  await all.cloud.enqueueDirectives(SCHOOL, [{ kind: "FinishClosing", account: PUPIL, costs: 0 as never, reference: "refund 1" }]);
  await all.deliver();
  all.clock.ms -= 2 * 24 * 3600 * 1000;
  t.is(await eraseDue(all.office), 0, "not a day early");
  all.clock.ms += 2 * 24 * 3600 * 1000;
  t.is(await eraseDue(all.office), 1);
  t.is(await eraseDue(all.office), 0, "once");
  all.clock.ms -= 366 * 24 * 3600 * 1000;
  await all.deliver();
  t.regex((await all.get("auditor", "/office/trail?q=retention")).text, /people\.erase/);
  t.false(all.gateway.school.accounts.get(PUPIL)?.name.includes("Иванов"));
  t.true((await all.get("operator", person)).text.includes("и заявители стёрты"));
  t.is((await photographs(all.office, SCHOOL)).size, 0);
  t.is(await rowsAbout(PUPIL), 0, "nor does a list know them any more");
  t.like((await applications(all.office, SCHOOL))[0], { applicant: "", phone: "", mail: "" });
});

test.serial("a class teacher sees their own class and nobody else", async (t) => {
  const page = (await all.get("teacher", at + "/people")).text;
  t.false(/Ученик[а-з]{4}/.test(page));
  const stranger = [...(await told()).accounts.values()].find((account) => account.class !== 3);
  t.is((await all.get("teacher", at + "/people/" + stranger?.id)).status, 404);
  t.deepEqual(all.errors, []);
});
