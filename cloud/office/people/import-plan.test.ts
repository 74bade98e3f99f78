import test from "ava";
import { accountNumber, apply, createSchool, dateFromCivil, luhnDigit } from "@trapeza/protocol";
import type { Directive, Event, School } from "@trapeza/protocol";
import type { Table } from "../../documents/sheet-in.js";
import { isOneSlip, planImport } from "./import-plan.js";
import type { Fault, PlannedRow } from "./import-plan.js";
import { birthDate, className, nameCase, numberMaker, shortName, splitName } from "./person.js";
import { readRoster } from "./roster.js";

const TODAY = dateFromCivil(2026, 9, 1);
const SURNAMES = "Иванов Петров Сидоров Кузнецов Смирнов Попов Васильев Соколов Михайлов Новиков".split(" ");
const GIVEN = "Иван Пётр Семён Олег Илья Егор Глеб Марк Лев Денис".split(" ");
const FATHERS = "Иванович Петрович Семёнович Олегович Ильич Егорович Глебович Маркович Львович Денисович Юрьевич Павлович".split(" ");
const CLASSES = "1А 1Б 2А 2Б 3А 3Б 4А 4Б 5А 5Б 6А 6Б 7А 7Б 8А 8Б 9А 9Б 10А 11А".split(" ");

/** 1,200 names, none like another by a slip. */
const nameAt = (at: number) => [SURNAMES[at % 10], GIVEN[Math.floor(at / 10) % 10], FATHERS[Math.floor(at / 100) % 12]].join(" ");
const number = (at: number) => {
  const digits = "0024" + String(at).padStart(5, "0");
  return digits + luhnDigit(digits);
};

function schoolWith(pupils: number): School {
  const school = createSchool();
  const directives: unknown[] = [
    { kind: "SetCategory", id: 1, name: "Платное" },
    { kind: "SetCategory", id: 2, name: "Льготное" },
    ...CLASSES.map((name, at) => ({ kind: "SetClass", id: at + 1, name })),
    ...Array.from({ length: pupils }, (_, at) => ({
      ...{ kind: "SetAccount", id: at + 1, number: accountNumber(number(at + 1)), holder: "pupil", name: nameAt(at) },
      ...{ shortName: shortName(splitName(nameAt(at))), class: 1 + (at % CLASSES.length), category: 1, debtLimit: null, status: "open" },
    })),
  ];
  for (const directive of directives) {
    const body = {
      kind: "DirectiveApplied",
      number: school.directives + 1,
      directive: directive as Directive,
      outcome: "applied",
      reason: 0,
      changes: [],
      outside: 0,
      flags: [],
    };
    apply(school, {
      seq: school.events,
      atMs: 0,
      clock: "synchronized",
      date: TODAY,
      operation: null,
      digest: null,
      body,
    } as unknown as Event);
  }
  return school;
}

const HEAD = ["Класс", "ФИО обучающегося", "Дата рождения", "Лицевой счёт", "Категория", "Родитель", "Телефон родителя"];
const rowOf = (at: number, over: Partial<Record<number, string>> = {}) =>
  [CLASSES[at % CLASSES.length], nameAt(at % 1200) + (at >= 1200 ? "ев" : ""), "07.09.2014", "", "", "", ""].map(
    (cell, column) => over[column] ?? cell,
  );

const plan = (table: Table, school: School) => planImport(readRoster(table) ?? [], { school, known: new Map(), today: TODAY });
const tally = (rows: readonly PlannedRow[]) =>
  rows.reduce<Record<string, number>>((sums, { kind }) => ({ ...sums, [kind]: (sums[kind] ?? 0) + 1 }), {});

test("of 2,000 rows with 50 planted faults all 50 are found, by kind, and the other 1,950 are planned", (t) => {
  const school = schoolWith(1000);
  const table: string[][] = Array.from({ length: 2000 }, (_, at) => rowOf(at));
  const planted = new Map<number, Fault>();
  const plant = (fault: Fault, at: number, over: Partial<Record<number, string>>) => {
    table[at] = table[at].map((cell, column) => over[column] ?? cell);
    planted.set(at, fault);
  };
  for (let i = 0; i < 5; i++) {
    plant("no_name", 7 + i, { 1: i % 2 ? "" : "Иванов" });
    plant("bad_name", 107 + i, { 1: ["Иван0в Иван", "Ivanov Иван", "Иванов И.", "Иванов Иван 2", "(нет) Иван"][i] });
    plant("no_class", 207 + i, { 0: "" });
    plant("bad_class", 307 + i, { 0: ["13А", "А", "0", "3АБ", "выпуск"][i] });
    plant("bad_born", 407 + i, { 2: ["31.02.2014", "вчера", "07.09.1914", "07.09.2025", "2014"][i] });
    plant("bad_account", 507 + i, { 3: ["0024000012", "12-34", "счёт", "0024000015", "123456789012345678901"][i] });
    plant("bad_phone", 607 + i, { 5: "Иванова Анна", 6: ["12345", "нет", "8 900 123", "+1 212 555 0100 99", "телефон"][i] });
    plant("unknown_category", 707 + i, { 4: "Кадеты" + i });
  }
  for (let i = 0; i < 3; i++) {
    plant("unknown_account", 1207 + i, { 3: number(90_000 + i) });
    plant("other_person", 1307 + i, { 3: number(820 + i), 1: "Чужих Захар Ильич" });
    plant("twice", 1407 + i, { 0: table[i][0], 1: table[i][1] });
  }
  plant("similar", 1507, { 0: CLASSES[0], 1: nameAt(0).replace("Иванов", "Иваноа") });
  t.is(planted.size, 50);
  const rows = plan([["Школа № 24"], [], HEAD, ...table], school);
  const found = new Map(rows.filter(({ kind }) => kind === "mismatch").map(({ row, faults }) => [row.line - 4, faults]));
  t.deepEqual(
    [...found].sort(([a], [b]) => a - b),
    [...planted].sort(([a], [b]) => a - b).map(([at, fault]) => [at, [fault]]),
  );
  const kinds = tally(rows);
  t.is(kinds.mismatch, 50);
  t.is((kinds.new ?? 0) + (kinds.change ?? 0) + (kinds.same ?? 0), 1950);
  t.is(kinds.new, rows.filter(({ row, kind }) => kind !== "mismatch" && row.line - 4 >= 1000).length, "nobody who is there is made again");
});

test("a list sent again after it was imported changes nothing", (t) => {
  const rows = plan([HEAD.slice(0, 2), ...Array.from({ length: 300 }, (_, at) => rowOf(at).slice(0, 2))], schoolWith(300));
  t.deepEqual(tally(rows), { same: 300 });
});

test("namesakes are told apart by class, by birth date, or by a person", (t) => {
  const school = schoolWith(3);
  const first = school.accounts.get(1);
  if (!first) return t.fail();
  school.accounts.set(2, { ...first, id: 2, class: 2 });
  const ask = (row: string[], known = new Map()) => planImport(readRoster([HEAD, row]) ?? [], { school, known, today: TODAY })[0];
  t.is(ask(["1А", nameAt(0), "", "", "", "", ""]).account, 1);
  t.is(ask(["1Б", nameAt(0), "", "", "", "", ""]).account, 2);
  const moved = ask(["5А", nameAt(0), "", "", "", "", ""]);
  t.deepEqual([moved.faults, moved.candidates], [["ambiguous"], [1, 2]]);
  const born = (year: number) => ({ born: dateFromCivil(year, 9, 7), guardians: [] });
  t.is(
    ask(
      ["5А", nameAt(0), "07.09.2014", "", "", "", ""],
      new Map([
        [1, born(2013)],
        [2, born(2014)],
      ]),
    ).account,
    2,
  );
});

test("columns are found by their headings, in any order, with the name in one or in three", (t) => {
  const rows = readRoster([
    ["Отчество", "№", "Имя", "КЛАСС", "Фамилия"],
    ["Иванович", "1", "Иван", "1 а", "Иванов"],
    ["", "", "", "", ""],
  ]);
  t.deepEqual(
    rows?.map(({ line, surname, given, patronymic }) => [line, surname, given, patronymic]),
    [[2, "Иванов", "Иван", "Иванович"]],
  );
  t.is(
    readRoster([
      ["Имя", "Телефон"],
      ["Иван", "1"],
    ]),
    null,
  );
});

test("names, classes and dates are read as people write them", (t) => {
  t.is(nameCase("  САЛТЫКОВ-ЩЕДРИН "), "Салтыков-Щедрин");
  t.is(nameCase("мамед оглы"), "Мамед Оглы");
  t.is(nameCase("МакДональд"), "МакДональд");
  t.deepEqual(["1 а", "01А", "11-Б", "1A", '3 "В"', "9"].map(className), ["1А", "1А", "11Б", "1А", "3В", "9"]);
  t.deepEqual(["13А", "А", "", "1АБ"].map(className), [null, null, null, null]);
  const day = dateFromCivil(2014, 9, 7);
  t.deepEqual(
    ["07.09.2014", "7.9.2014", "2014-09-07", "2014-09-07 00:00:00", "41889"].map((text) => birthDate(text, TODAY)),
    [day, day, day, day, day],
  );
});

test("one slip is one letter, nothing more", (t) => {
  for (const [a, b] of [
    ["иванов", "иваноа"],
    ["иванов", "ивано"],
    ["иванов", "иваннов"],
    ["иванов", "ивнаов"],
  ])
    t.true(isOneSlip(a, b), a + " " + b);
  for (const [a, b] of [
    ["иванов", "иванов"],
    ["иванов", "ивановна"],
    ["иванов", "петров"],
  ])
    t.false(isOneSlip(a, b), a + " " + b);
});

test("new numbers follow the highest, and end in a check digit", (t) => {
  const next = numberMaker(24, schoolWith(9));
  t.deepEqual([next(), next()], [number(10), number(11)].map(accountNumber));
});
