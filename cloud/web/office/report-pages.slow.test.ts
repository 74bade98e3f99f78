import test from "ava";
import { formatDate } from "@trapeza/protocol";
import type { BusinessDate } from "@trapeza/protocol";
import { SCHOOL, TODAY } from "../../_gateway.test.js";
import { readTable } from "../../documents/sheet-in.js";
import { may } from "../../office/roles.js";
import type { Role } from "../../office/roles.js";
import { REPORTS } from "../../reports/reports.js";
import { ru } from "../../reports/words.ru.js";
import { POPPLER, drawn } from "./_pdf.test.js";
import { createTestOffice, liveADay } from "./_office.test.js";
import type { TestOffice } from "./_office.test.js";

let all: TestOffice;
const at = "/office/" + SCHOOL + "/reports";
const day = (later: number) => formatDate((TODAY + later) as BusinessDate);
const period = "?from=" + day(0) + "&to=" + day(0);

test.before(async () => {
  all = await createTestOffice();
  await liveADay(all);
});
test.after.always(() => all?.close());

/** A file as its bytes: a browser that keeps only text would spoil it. */
async function file(url: string, role: Role = "operator"): Promise<Uint8Array> {
  const { cookies } = await all.as(role);
  const cookie = [...cookies].map(([name, value]) => name + "=" + value).join("; ");
  return new Uint8Array((await all.app.inject({ method: "GET", url, headers: { cookie } })).rawPayload);
}

test("the index offers what the role may read, and no more", async (t) => {
  const { html } = await all.get("cashier", at);
  for (const { name, permission } of REPORTS) t.is(html.includes(at + "/" + name + '"'), may("cashier", permission), name);
});

test("the accountant sees the day's sums, each beside what was posted", async (t) => {
  const attendance = (await all.get("accountant", at + "/attendance" + period)).text;
  t.regex(attendance, /Иванов Иван Иванович1149,61 ₽20,00 ₽/);
  t.regex(attendance, /Питание, проведённое за период: 69,61 ₽, сходится с учётом до копейки/);
  t.regex((await all.get("accountant", at + "/dishes" + period)).text, /Итого234,50 ₽13,20 ₽47,70 ₽/);
  t.regex((await all.get("accountant", at + "/cash" + period)).text, /В пути в банк150,00 ₽150,00 ₽/);
  t.regex((await all.get("accountant", at + "/attendance?from=" + day(-9) + "&to=" + day(-3))).text, /Иванов Иван Иванович/);
});

test("a teacher gets their class, a caterer their dishes, a cashier their shifts, whatever they ask", async (t) => {
  t.regex((await all.get("teacher", at + "/classes?class=99")).text, /03БИванов/, "the filter is theirs, not the address's");
  t.regex((await all.get("cashier", at + "/shifts" + period)).text, /Сидорова Вера Павловна/);
  t.regex((await all.get("caterer", at + "/dishes" + period)).text, /Пицца 125 г/);
  const { database } = all.office;
  const become = (role: string, other: { own?: number | null; class?: number | null }) =>
    database.updateTable("officeStaff").set(other).where("login", "=", role).execute();
  await become("cashier", { own: 77 });
  await become("caterer", { own: null });
  await become("teacher", { class: null });
  t.notRegex((await all.get("cashier", at + "/shifts" + period)).text, /Сидорова/);
  t.notRegex((await all.get("cashier", at + "/sales" + period)).text, /Пицца/);
  t.notRegex((await all.get("caterer", at + "/dishes" + period)).text, /Пицца/);
  t.notRegex((await all.get("caterer", at + "/caterers" + period)).text, /47,70/);
  t.notRegex((await all.get("teacher", at + "/classes?class=3")).text, /Иванов/);
  await become("cashier", { own: 2 });
  await become("caterer", { own: 1 });
  await become("teacher", { class: 3 });
});

test.serial("only who may read diets sees on the kitchen's paper how many portions are without what", async (t) => {
  for (const role of ["teacher", "dispatcher", "cashier", "caterer", "accountant", "operator", "auditor"] as const)
    t.is((await all.get(role, at + "/kitchen" + period)).text.includes(ru.head.diets), may(role, "diets.read"), role);
});

test("the spreadsheet has the same rows and sums as the screen", async (t) => {
  const rows = readTable(await file(at + "/dishes" + period + "&as=xlsx"));
  t.deepEqual(rows?.[1], ["Столовая", "11", "Пицца 125 г", "1", "", "34.50", "", "", "34.50"]);
  t.deepEqual(rows?.at(-1), ["Итого", "", "", "2", "", "34.50", "13.20", "", "47.70"]);
});

/** Money as a spreadsheet and as a paper have it, without its blanks: "-1234.50". */
const money = (text: string) =>
  [...text.matchAll(/([-−]?)((?:\d[\u00a0\u202f]?)*\d),(\d\d)[\s\u00a0\u202f]₽/g)].map(
    ([, sign, roubles, kopecks]) => (sign ? "-" : "") + roubles.replace(/\s/g, "") + "." + kopecks,
  );

const printed = POPPLER ? test : test.skip;
printed(
  "every report is a paper whose every word and sum is the spreadsheet's, with nothing cut" + (POPPLER ? "" : " (no poppler here)"),
  async (t) => {
    for (const { name, permission } of REPORTS) {
      const role = may("operator", permission) ? "operator" : "dispatcher";
      const paper = drawn(await file(at + "/" + name + period + "&as=pdf", role));
      t.deepEqual(paper.troubles, [], name);
      t.regex(paper.text, /Школа №24/, name);
      t.regex(paper.text, /Составлено 18\.01\.2018/, name);
      const words = paper.text.replace(/\s+/g, " ");
      const sums = money(paper.text);
      for (const cell of (readTable(await file(at + "/" + name + period + "&as=xlsx", role)) ?? []).flat()) {
        if (/^-?\d+\.\d\d$/.test(cell)) t.true(sums.includes(cell), name + ": " + cell);
        // A cell of several lines stands among those of its neighbours: its words are looked for one by one.
        else for (const word of cell.split(/\s+/)) t.true(words.includes(word), name + ": " + word);
      }
    }
  },
);

/** Reports of portions and names; all others add money up and set it beside what was posted. */
const WITHOUT_MONEY = ["classes", "orders", "kitchen", "diets", "check"];

test("every report that adds money up agrees with the ledger to the kopeck, on this day and on days when nothing was", async (t) => {
  const { state: school } = await all.cloud.library.book(SCHOOL);
  const rest = { class: null, meal: null, caterer: null, cashier: null, seesDiets: true, words: ru, today: TODAY, nowMs: all.clock.ms };
  for (const [from, to] of [
    [0, 0],
    [-30, 0],
    [-9, -3],
  ]) {
    const asked = {
      store: all.cloud.store,
      id: SCHOOL,
      school,
      from: (TODAY + from) as BusinessDate,
      to: (TODAY + to) as BusinessDate,
      ...rest,
    };
    for (const report of REPORTS) {
      const { checks, foot } = await report.make(asked);
      for (const { what, here, ledger } of checks) t.is(here, ledger, report.name + ": " + what);
      const hasMoney = (foot ?? []).some((cell) => typeof cell === "object" && cell !== null);
      t.is(WITHOUT_MONEY.includes(report.name) && hasMoney, false, report.name);
      if (hasMoney && to === 0) t.true(checks.length > 0, report.name + " adds up money that nothing stands beside");
    }
  }
});

test("a date that is none, or an endless period, is answered all the same", async (t) => {
  for (const query of ["?from=yesterday", "?from=1990-01-01&to=2090-01-01", "?from=" + day(5) + "&to=" + day(-5), "?meal=x&class=-1"])
    t.is((await all.get("operator", at + "/attendance" + query)).status, 200, query);
});
