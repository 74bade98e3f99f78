import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { formatDate } from "@trapeza/protocol";
import type { BusinessDate } from "@trapeza/protocol";
import { SCHOOL, TODAY } from "../../_gateway.test.js";
import { readTable } from "../../documents/sheet-in.js";
import { may } from "../../office/roles.js";
import { REPORTS } from "../../reports/reports.js";
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
async function file(url: string): Promise<Uint8Array> {
  const { cookies } = await all.as("operator");
  const cookie = [...cookies].map(([name, value]) => name + "=" + value).join("; ");
  return new Uint8Array((await all.app.inject({ method: "GET", url, headers: { cookie } })).rawPayload);
}

function textOf(pdf: Uint8Array): string {
  const folder = mkdtempSync(join(tmpdir(), "trapeza-report-"));
  try {
    writeFileSync(join(folder, "report.pdf"), pdf);
    return execFileSync("pdftotext", ["-layout", join(folder, "report.pdf"), "-"], { encoding: "utf8" });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const hasPoppler = (() => {
  try {
    execFileSync("pdftotext", ["-v"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
})();

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

test("the spreadsheet has the same rows and sums as the screen", async (t) => {
  const rows = readTable(await file(at + "/dishes" + period + "&as=xlsx"));
  t.deepEqual(rows?.[1], ["Столовая", "11", "Пицца 125 г", "1", "", "34.50", "", "", "34.50"]);
  t.deepEqual(rows?.at(-1), ["Итого", "", "", "2", "", "34.50", "13.20", "", "47.70"]);
});

const printed = hasPoppler ? test : test.skip;
printed("every report is a paper with its Russian letters, nothing cut" + (hasPoppler ? "" : " (no pdftotext here)"), async (t) => {
  for (const { name } of REPORTS) {
    const text = textOf(await file(at + "/" + name + period + "&as=pdf"));
    t.regex(text, /Школа №24/, name);
    t.regex(text, /Составлено 18\.01\.2018/, name);
    t.notRegex(text, /[\ufffd]/, name);
  }
  const dishes = textOf(await file(at + "/dishes" + period + "&as=pdf")).replace(/\s+/g, " ");
  t.regex(dishes, /Сок в ассортименте 200 г/);
  t.regex(dishes, /Итого 2 34,50 ₽ 13,20 ₽ 47,70 ₽/);
});

test("a date that is none, or an endless period, is answered all the same", async (t) => {
  for (const query of ["?from=yesterday", "?from=1990-01-01&to=2090-01-01", "?from=" + day(5) + "&to=" + day(-5), "?meal=x&class=-1"])
    t.is((await all.get("operator", at + "/attendance" + query)).status, 200, query);
});
