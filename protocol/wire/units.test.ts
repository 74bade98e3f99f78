import test from "ava";
import { fromByteText, toByteText } from "./cp1251.js";
import { parseTopic, topicFor } from "./topics.js";
import { REASON_ORDER, REASONS, reasonName } from "./reason.js";
import {
  civilFromDate,
  dateFromCivil,
  formatDate,
  isAccountNumber,
  isCardUid,
  kopecks,
  luhnDigit,
  luhnIsValid,
  parseDate,
} from "./units.js";
import type { BusinessDate } from "./units.js";

test("dates go there and back for every day of sixty years, and agree with the calendar of ECMAScript", (t) => {
  for (let day = 0; day < 22000; day++) {
    const { year, month, day: dayOfMonth } = civilFromDate(day as BusinessDate);
    if (dateFromCivil(year, month, dayOfMonth) !== day) t.fail(String(day));
    if (formatDate(day as BusinessDate) !== new Date(day * 86400000).toISOString().slice(0, 10)) t.fail(String(day));
  }
  t.is(parseDate("2018-01-18"), 17549 as BusinessDate);
});

test("what is not a date is not read as one", (t) => {
  for (const text of ["2026-02-29", "2026-13-01", "26-01-01", "2026-1-01", "2026-01-0x", ""]) t.is(parseDate(text), null);
});

test("the check digit catches every single wrong digit", (t) => {
  const number = "024201313" + luhnDigit("024201313");
  t.true(luhnIsValid(number));
  t.true(luhnIsValid("79927398713"), "the classic example of ISO/IEC 7812-1");
  for (let at = 0; at < number.length; at++) {
    for (let digit = 0; digit < 10; digit++) {
      const wrong = number.slice(0, at) + digit + number.slice(at + 1);
      if (wrong !== number) t.false(luhnIsValid(wrong));
    }
  }
});

test("numbers and names are checked at the door", (t) => {
  t.throws(() => kopecks(0.5));
  t.true(isAccountNumber("0242013137"));
  t.false(isAccountNumber("02420-3137"));
  t.true(isCardUid("04a1b2c3d4e5f6"));
  t.false(isCardUid("04A1B2C3"));
});

test("only a terminal's own two topics have a meaning", (t) => {
  t.deepEqual(parseTopic(topicFor(17, "up")), { terminal: 17, direction: "up" });
  for (const topic of ["t/+/u", "t/#", "$SYS/x", "t/017/u", "t/0/u", "t/65536/u", "t/17/u/x", "t/17/x", ""]) t.is(parseTopic(topic), null);
});

test("refusal numbers are each given once and all stand in the order of checks", (t) => {
  const codes = Object.values(REASONS);
  t.deepEqual(
    [...codes].sort((a, b) => a - b),
    Array.from({ length: 33 }, (_, i) => i + 1) as typeof codes,
  );
  t.deepEqual(
    [...REASON_ORDER].sort((a, b) => a - b),
    [...codes].sort((a, b) => a - b),
  );
  t.is(reasonName(21), "debt_limit");
  t.is(reasonName(99), null);
});

test("windows-1251 has every letter that a school needs", (t) => {
  const text = "Обед: «Борщ» №24 — Ёжикова Ульяна, съешь ещё…";
  t.is(fromByteText(toByteText(text)), text);
  t.is(toByteText("Ё₽") as string, "\u00a8\u00f0.");
  t.is(toByteText("漢") as string, "?");
});
