/** The regulation of card issue, clause by clause: R = the card regulation, P = the rules of use. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { PUPIL, PUPIL_CARD, SCHOOL, TODAY } from "../../../_gateway.test.js";
import { writeZip } from "../../../documents/zip.js";
import { drawFace } from "../../../office/cards/_face.test.js";
import type { Visit } from "../../_browser.test.js";
import { createTestOffice } from "../_office.test.js";
import type { TestOffice } from "../_office.test.js";

let all: TestOffice;
const at = "/office/" + SCHOOL;
const poppler = existsSync("/usr/bin/pdftotext");
const readable = poppler ? test.serial : test.serial.skip;
const withPoppler = (what: string) => (poppler ? what : what + " (there is no pdftotext in /usr/bin)");

test.before(async () => {
  all = await createTestOffice();
});
test.after.always(() => all?.close());

const saidBy = (visit: Visit) => decodeURIComponent(String(visit.answer.headers["set-cookie"]));
const card = (uid: string) => all.gateway.school.cards.get(uid as never);
const cards = async (role: "cards" | "operator" | "teacher" = "cards") => (await all.get(role, at + "/cards?all=1")).text;
const papers = ["passport", "application", "consent", "data"];
const form = { kind: "first", applicant: "Иванова Анна Петровна", phone: "8 900 123-45-67", mail: "anna@example.org", parent: "1", papers };
const apply = (over: object, role: "cards" | "operator" = "cards", account = PUPIL) =>
  all.post(role, at + "/people/" + account + "/card", { ...form, ...over });

test.serial(
  "R3.1, R3.2: the responsible takes an application with its documents; what is missing is named and holds it back",
  async (t) => {
    t.is((await apply({ applicant: "Анна" })).status, 400);
    t.is((await apply({ phone: "12" })).status, 400);
    t.is((await all.post("teacher", at + "/people/" + PUPIL + "/card", form)).status, 403);
    await apply({ papers: ["passport", "application"], parent: "" });
    t.regex(await cards(), /принято в школе.*Не хватает: согласие на участие, согласие на обработку данных, документ о полномочиях/);
    await all.post("cards", at + "/bundles", { sheets: "3" });
    t.regex(await cards(), /принято в школе/, "R3.6: an incomplete one is no ground for a card");
    await apply({});
    t.is((await cards()).match(/принято в школе/g)?.length, 1, "one application of a pupil at a time");
  },
);

test.serial("R3.7: within 3 working days it goes to the operator; a late one is seen", async (t) => {
  t.regex(await cards(), /школа, 23\.01\.2018/, "Thursday the 18th, and three working days");
  const since = (days: number) =>
    all.office.database
      .updateTable("officeApplications")
      .set({ stateOn: TODAY - days })
      .execute();
  await since(7);
  t.regex(await cards(), /школа, 16\.01\.2018: просрочено/);
  await since(0);
});

const faces = at + "/photos";
const shot = (name: string, bytes: Uint8Array, field = "photos") => ({ name, bytes, field });

test.serial("R3.4: a day is agreed, photographs come by account number, and what does not fit is named", async (t) => {
  t.regex(saidBy(await all.post("operator", faces + "/days", { day: "2018-01-17" })), /уже прошёл/);
  await all.post("operator", faces + "/days", { day: "2018-01-18" });
  t.regex((await all.get("cards", faces)).text, /Согласовано на 18\.01\.2018; списки с фотографиями — до 25\.01\.2018без фотографии: 1/);
  const face = await drawFace("#7a2f3b");
  const zip = writeZip([{ name: "класс/__0242013137.jpg", text: "no photograph" }]);
  t.is((await all.upload("teacher", faces, shot("0242013137.jpg", face))).status, 403);
  const sent = await all.upload("operator", faces, [
    shot("0242013137.JPG", face),
    shot("0242013137.png", face),
    shot("0242013138.jpg", face),
    shot("класс.zip", zip),
    shot("хвост.zip", face),
  ]);
  t.regex(sent.text, /Записано: 1, не принято: 4/);
  for (const line of [
    /0242013137\.pngвторой файл/,
    /0242013138\.jpgимя файла — не номер/,
    /__0242013137\.jpgимя файла/,
    /хвост\.zipархив ZIP не читается/,
  ])
    t.regex(sent.text, line);
  const one = faces + "/pupil/" + PUPIL;
  const small = await all.upload("cards", one, shot("a.jpg", await drawFace("#000000", { width: 90, height: 120 }), "photo"));
  t.is(small.status, 303);
  const seen = await all.get("teacher", one + "/face");
  t.deepEqual([seen.status, seen.answer.headers["content-type"]], [200, "image/jpeg"], "the picture that was good is still there");
  t.is((await all.get("teacher", faces + "/pupil/9999/face")).status, 404);
  t.is((await all.get("teacher", faces + "/staff/1/face")).status, 404, "a teacher sees the own class");
});

test.serial("R3.4, R3.6: the class teacher says whose face is wrong; only a confirmed one goes to the operator", async (t) => {
  t.regex(await cards(), /Не хватает: [^<]*подтверждение фотографии/);
  t.is((await all.post("operator", faces + "/judge", { class: "3" })).status, 403, "whoever takes photographs does not confirm them");
  t.is((await all.post("teacher", faces + "/judge", { class: "staff" })).status, 404);
  await all.post("teacher", faces + "/judge", { class: "3", ["pupil " + PUPIL]: "это его брат" });
  t.regex((await all.get("operator", faces)).text, /03БИванов Иван Иванович0242013137это его братteacher/);
  t.regex(
    saidBy(await all.post("teacher", faces + "/judge", { class: "3" })),
    /Подтверждать нечего/,
    "a wrong one is not made right by a click",
  );
  await all.upload("operator", faces + "/pupil/" + PUPIL, shot("b.jpg", await drawFace("#1d5c63"), "photo"));
  t.regex((await all.get("operator", faces)).text, /Несоответствий нет/);
  await all.post("teacher", faces + "/judge", { class: "3" });
  t.regex((await all.get("teacher", faces)).text, /подтверждена/);
  t.regex((await all.get("auditor", "/office/trail?q=photos.judge")).text, /teacherphotos\.judge.*"account 7":"это его брат"/);
});

test.serial(
  "R4.3.4, R4.3.6: a wrong one is returned with a reason, mended, and sent again; R3.11: it is registered the day it comes",
  async (t) => {
    await all.office.database
      .updateTable("officeApplications")
      .set({ papers: JSON.stringify([...papers, "authority"]) })
      .execute();
    await all.post("cards", at + "/bundles", { sheets: "3" });
    t.regex(await cards(), /отправлено оператору/);
    t.is((await all.post("cards", at + "/bundles/1/register")).status, 403);
    t.is((await all.post("operator", at + "/bundles/1/register")).status, 303);
    t.is((await all.post("operator", at + "/bundles/1/register")).status, 404, "once");
    t.regex((await all.get("auditor", "/office/journal")).text, /118\.01\.2018Школа №2413Проба operator/, "Appendix 4");
    await all.post("operator", at + "/cards/1/return", { reason: "" });
    t.regex(await cards(), /зарегистрировано/, "never without a reason");
    await all.post("operator", at + "/cards/1/return", { reason: "Подчистка в фамилии" });
    t.regex(await cards(), /возвращено, с 18\.01\.2018Подчистка в фамилии/);
    await all.post("cards", at + "/cards/1/mend", {});
    await all.post("cards", at + "/bundles", { sheets: "4" });
    await all.post("operator", at + "/bundles/2/register");
    t.regex(await cards(), /зарегистрировано.*оператор, 02\.03\.2018/, "R2.4: 30 working days");
  },
);

test.serial("R4.4, R4.6, R4.7: the card is made, handed over by act, issued against signature, and works", async (t) => {
  t.is((await all.post("cards", at + "/cards/1/make", { uid: "04aabb01" })).status, 403);
  await all.post("operator", at + "/cards/1/make", { uid: PUPIL_CARD });
  await all.post("operator", at + "/cards/1/make", { uid: "xyz" });
  t.regex(await cards(), /зарегистрировано/, "no card that is there already, and none without a number");
  await all.post("operator", at + "/cards/1/make", { uid: "04 AA BB 01" });
  await all.deliver();
  t.like(card("04aabb01"), { state: "issued", account: PUPIL, number: "0242013137", validThrough: TODAY + 3 * 365 }, "P2.6: three years");
  t.deepEqual(card(PUPIL_CARD)?.blockedBy, ["operator"], "P2.3: the card before is blocked");
  t.regex(await cards(), /карта изготовлена.*оператор, 25\.01\.2018/, "R4.6: 5 working days");
  await all.post("operator", at + "/acts", { findings: "" });
  t.regex(await cards(), /карта в школе/);
  t.is((await all.post("operator", at + "/cards/1/issue")).status, 403);
  await all.post("cards", at + "/cards/1/issue");
  await all.deliver();
  t.is(card("04aabb01")?.state, "active");
  t.regex(await cards(), /карта выдана/);
});

test.serial("R5, P2.4, P2.5: a lost card is made again for money, at the operator's office, and the lost one is stopped", async (t) => {
  await apply({ kind: "loss", paid: "" }, "operator");
  t.is((await all.post("operator", at + "/cards/2/make", { uid: "04aabb02" })).status, 404);
  t.is(card("04aabb02"), undefined, "not before it is registered");
  await all.post("operator", at + "/cards/2/register");
  const refused = await all.post("operator", at + "/cards/2/make", { uid: "04aabb02" });
  t.regex(decodeURIComponent(String(refused.answer.headers["set-cookie"])), /после оплаты/, "R5.3");
  await all.post("operator", at + "/cards/2/make", { uid: "04aabb02", paid: "чек 17" });
  await all.deliver();
  t.is(card("04aabb01")?.state, "lost");
  t.is((await all.post("cards", at + "/cards/2/issue")).status, 404, "R5.4: not by the school");
  await all.post("operator", at + "/cards/2/issue-again");
  await all.deliver();
  t.is(card("04aabb02")?.state, "active");
});

test.serial("R6.3: in place of a faulty card one is made for nothing", async (t) => {
  await apply({ kind: "defect" }, "operator");
  await all.post("operator", at + "/cards/3/register");
  await all.post("operator", at + "/cards/3/make", { uid: "04aabb03" });
  await all.deliver();
  t.is(card("04aabb03")?.state, "issued");
});

async function textOf(url: string, role: "cards" | "operator" | "teacher") {
  const folder = mkdtempSync(join(tmpdir(), "trapeza-paper-"));
  try {
    const { answer, status } = await all.get(role, url);
    if (status !== 200) throw new Error(url + ": " + status);
    const file = join(folder, "paper.pdf");
    writeFileSync(file, answer.rawPayload);
    execFileSync("/usr/bin/pdftotext", ["-layout", file]);
    execFileSync("/usr/bin/pdftoppm", ["-r", "40", "-png", file, join(folder, "page")]);
    const info = execFileSync("/usr/bin/pdfinfo", [file]).toString();
    const images = execFileSync("/usr/bin/pdfimages", ["-list", file]).toString();
    return {
      pictures: [...images.matchAll(/ image +([0-9]+) +([0-9]+) /g)].map(([, width, height]) => width + "x" + height),
      text: readFileSync(join(folder, "paper.txt"), "utf8").replace(/\s+/g, " "),
      pages: Number(/Pages: +([0-9]+)/.exec(info)?.[1]),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

readable(withPoppler("appendices 1, 3, 4 and 5 are papers with every name and number in them"), async (t) => {
  const one = await textOf(at + "/cards/1/paper", "cards");
  for (const part of [
    "ЗАЯВЛЕНИЕ",
    "Иванова Анна Петровна",
    "законным представителем",
    "Иванов Иван Иванович",
    "03Б класса",
    "в течение одного года после окончания",
    "Телефон: +79001234567",
    "anna@example.org",
  ])
    t.true(one.text.includes(part), part);
  t.is(one.pages, 1);
  const three = await textOf(at + "/bundles/2/paper", "cards");
  for (const part of ["на изготовление карт", "№ 2 от 18.01.2018", "Всего карт: 1", "0242013137", "Приложения: 4 л."])
    t.true(three.text.includes(part), part);
  const four = await textOf("/office/journal/paper", "operator");
  for (const part of ["ЖУРНАЛ", "Школа №24", "18.01.2018", "Проба operator"]) t.true(four.text.includes(part), part);
  const list = await textOf(faces + "/paper?class=3", "teacher");
  for (const part of [
    "СПИСОК С ФОТОГРАФИЯМИ",
    "03Б класс. Человек в списке: 1, фотографий: 1.",
    "Иванов Иван Иванович",
    "0242013137",
    "подтверждено 18.01.2018",
  ])
    t.true(list.text.includes(part), part);
  t.deepEqual(list.pictures, ["413x531"]);
  const five = await textOf(at + "/acts/1/paper", "cards");
  for (const part of [
    "АКТ",
    "ПРИЁМА-ПЕРЕДАЧИ КАРТ",
    "Карты стандарта MIFARE 1K",
    "Иванов Иван Иванович",
    "0242013137",
    "недостатков и дефектов нет",
  ])
    t.true(five.text.includes(part), part);
  t.deepEqual(all.errors, []);
});
