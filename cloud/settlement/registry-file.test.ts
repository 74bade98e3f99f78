import test from "ava";
import { encodeWindows1251 } from "../documents/windows-1251.js";
import { readRegistry } from "./registry-file.js";

const FILE = [
  "Реестр операций за 18.01.2018;;;",
  "Номер заказа;Тип операции;Сумма;Комиссия",
  "100001;Оплата;1 020,00;18,36",
  "100002;Возврат;-20,00;0",
  "100003-2;Опротестование;500,5;",
  "",
  ";Оплата;10,00;0",
  "100005;Оплата;много;0",
].join("\r\n");

test("a registry is read in both encodings, whatever stands above its heading", (t) => {
  const rows = readRegistry(Buffer.from(FILE))?.rows;
  t.deepEqual(rows, readRegistry(encodeWindows1251(FILE))?.rows);
  t.deepEqual(
    rows?.map(({ line, operation, name, sum, commission }) => [line, operation, name, sum, commission]),
    [
      [3, "payment", "100001", 102000, 1836],
      [4, "refund", "100002", 2000, 0],
      [5, "chargeback", "100003-2", 50050, 0],
      [7, "payment", "", 1000, 0],
      [8, "payment", "100005", null, 0],
    ],
  );
  t.is(rows?.[1].text, "100002; Возврат; -20,00; 0");
});

test("a commission is taken off a payment whatever its sign; one that may as well be given back, or is no sum, makes its row none", (t) => {
  const rows = [
    ";18,36",
    "Оплата;-18,36",
    "Оплата;−18,36",
    "Оплата;—",
    "Опротестование;-15,00",
    "Возврат;−0,36",
    "Возврат;-0,00",
    "Оплата;1,8%",
  ];
  const file = ["Номер заказа;Сумма;Операция;Комиссия", ...rows.map((row) => "17;300;" + row)].join("\n");
  t.deepEqual(
    readRegistry(Buffer.from(file))?.rows.map(({ sum, commission }) => [sum, commission]),
    [
      [30000, 1836],
      [30000, 1836],
      [30000, 1836],
      [30000, 0],
      [null, 0],
      [null, 0],
      [30000, 0],
      [null, 0],
    ],
  );
});

test("a file whose last row counts or sums other than its rows is short", (t) => {
  const bank = (total: string) =>
    readRegistry(Buffer.from("Л/с;Номер операции;Сумма\n0242013137;a1;100,00\n0242013137;a2;50,00\n" + total))?.isShort;
  for (const right of ["=2;150,00", "Итого;;150,00", "=2"]) t.false(bank(right), right);
  for (const wrong of ["=3;150,00", "=2;250,00", "Итого;;15,00"]) t.true(bank(wrong), wrong);
});

test("what is no registry is none", (t) => {
  t.is(readRegistry(Buffer.from("Класс;Фамилия;Имя\n3Б;Новикова;Мария\n")), null);
  t.is(readRegistry(Buffer.from([0x50, 0x4b, 1, 2, 3])), null);
  t.is(readRegistry(new Uint8Array()), null);
});
