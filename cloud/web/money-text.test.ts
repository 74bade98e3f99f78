import test from "ava";
import { dateFromCivil } from "@trapeza/protocol";
import { dateDigits, dateWords, localMoment } from "./date-text.js";
import { moneyText, parseRoubles } from "./money-text.js";

const plain = (text: string) => text.replaceAll("\u00a0", " ");

test("kopecks are written as roubles, grouped by thousands", (t) => {
  const written = [0, 5, 804, 23088, -23088, 112021, 123456789, -7].map((amount) => plain(moneyText(amount)));
  t.deepEqual(written, ["0,00 ₽", "0,05 ₽", "8,04 ₽", "230,88 ₽", "−230,88 ₽", "1 120,21 ₽", "1 234 567,89 ₽", "−0,07 ₽"]);
});

test("a date has words and digits", (t) => {
  const date = dateFromCivil(2026, 11, 20);
  t.deepEqual([dateWords(date, "ru"), dateWords(date, "en"), dateDigits(date)], ["пт, 20 ноября", "Fri, 20 November", "20.11.2026"]);
});

test("a moment is shown in the school's zone, across midnight too", (t) => {
  const at = Date.UTC(2026, 10, 20, 22, 5);
  t.deepEqual(localMoment(at, 180), { date: dateFromCivil(2026, 11, 21), clock: "01:05" });
});

test("a typed sum is read to the kopeck, and nothing else is a sum", (t) => {
  t.deepEqual(["98,52", "98.5", "1 000", "0,07", " 12 ₽"].map(parseRoubles), [9852, 9850, 100000, 7, 1200]);
  t.deepEqual(["", "-1", "1,234", "1e3", "сто"].map(parseRoubles), [null, null, null, null, null]);
});
