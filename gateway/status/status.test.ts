import test from "ava";
import { statusPage, type GatewayStatus } from "./status.js";

const STATUS: GatewayStatus = {
  ...{ language: "ru", school: 24, zoneMinutes: 180, epoch: 1, date: "2026-11-21", directives: 9, alarms: [] },
  journal: { size: 2302, cosigned: 2300, unsent: 2, unsentSinceMs: Date.UTC(2026, 10, 20, 23, 52, 48) },
  terminals: [
    { terminal: 1, enrolment: 1, kind: "payment", place: "Вестибюль <1>", connected: true, seenMs: Date.UTC(2026, 10, 20, 23, 52, 48) },
    { terminal: 2, enrolment: 1, kind: "settlement", place: "Касса", connected: false, seenMs: null },
  ],
};

test("days and times are told in words, on the school's own clock", (t) => {
  const page = statusPage(STATUS);
  t.true(page.includes("сб, 21 ноября"));
  t.true(page.includes("02:52:48, сб, 21 ноября"));
  t.false(page.includes("UTC"));
  t.true(statusPage({ ...STATUS, language: "en" }).includes("02:52:48, Sat, 21 November"));
});

test("what is away stands out, what is quoted cannot break out", (t) => {
  const page = statusPage({ ...STATUS, alarms: ["<b>"] });
  t.true(page.includes('<tr class="away"><td>2</td><td>Касса</td><td>нет связи</td><td>не было</td></tr>'));
  t.true(page.includes("Вестибюль &#60;1&#62;"));
  t.true(page.includes('<p role="alert"><strong>&#60;b&#62;</strong></p>'));
});

test("before the first day the page says so", (t) => {
  t.true(statusPage({ ...STATUS, date: "" }).includes("День ещё не открыт"));
});
