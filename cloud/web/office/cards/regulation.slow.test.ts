/** The regulation of card issue, clause by clause: R = the card regulation, P = the rules of use. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import sharp from "sharp";
import {
  SYNC_HEADERS,
  accountNumber,
  decodePortrait,
  decodeWhole,
  directivesOrigin,
  facesBytes,
  portraitAnswerSchema,
  portraitListSchema,
  portraitsToSign,
  requestToSign,
  toBase64,
  toHex,
} from "@trapeza/protocol";
import type { BusinessDate } from "@trapeza/protocol";
import { CASHIER_CARD, HOUSE, PUPIL, PUPIL_CARD, SCHOOL, TODAY } from "../../../_gateway.test.js";
import { sha256, verifySignature } from "../../../crypto.js";
import { writeZip } from "../../../documents/zip.js";
import { drawFace } from "../../../office/cards/_face.test.js";
import { enclosedIn } from "../../../office/cards/application-desk.js";
import { latePhotographs } from "../../../office/cards/photographs.js";
import type { Visit } from "../../_browser.test.js";
import { POPPLER, drawn } from "../_pdf.test.js";
import { createTestOffice } from "../_office.test.js";
import type { TestOffice } from "../_office.test.js";

let all: TestOffice;
const at = "/office/" + SCHOOL;
const pictures = join(import.meta.dirname.split("/cloud/dist/")[0], "artifacts", "pages");
const readable = POPPLER ? test.serial : test.serial.skip;
const withPoppler = (what: string) => (POPPLER ? what : what + " (there is no poppler in /usr/bin)");

test.before(async () => {
  all = await createTestOffice();
});
test.after.always(() => all?.close());

const saidBy = (visit: Visit) => decodeURIComponent(String(visit.answer.headers["set-cookie"]));
const card = (uid: string) => all.gateway.school.cards.get(uid as never);
const cards = async (role: "cards" | "operator" | "teacher" = "cards") => (await all.get(role, at + "/cards?all=1")).text;
const papers = ["passport", "application", "consent", "data"];
const form = { kind: "first", applicant: "Иванова Анна Петровна", phone: "8 900 123-45-67", mail: "anna@example.org", parent: "1", papers };
const employ = (over: object) =>
  all.post("cards", at + "/employees/3/card", { applicant: "Кузнецова Ольга Ивановна", phone: "8 900 765-43-21", mail: "", ...over });
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
    const bring = (papers: readonly string[], role: "cards" | "teacher" = "cards") => all.post(role, at + "/cards/1/papers", { papers });
    t.is((await bring(["consent"], "teacher")).status, 403);
    t.is((await bring(["passport", "name"])).status, 404, "it is there already, or not asked for");
    const { stateOn } = await all.office.database.selectFrom("officeApplications").select("stateOn").executeTakeFirstOrThrow();
    await bring(["consent", "data"]);
    t.regex(await cards(), /Не хватает: документ о полномочиях/, "what was brought afterwards is ticked afterwards");
    const after = await all.office.database.selectFrom("officeApplications").select("stateOn").executeTakeFirstOrThrow();
    t.is(after.stateOn, stateOn, "R3.7: its term runs from the day it came");
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
  t.regex(
    (await all.get("operator", "/office")).text,
    /просрочено.*Школа №24[0-9:]*, [а-я]*, [0-9]* января1/,
    "the operator sees it among all schools",
  );
  await since(0);
});

const faces = at + "/photos";
/** Schools with applications that wait for a photograph longer than lists may take, as on the morning of that day. */
async function missingOn(date: string): Promise<[number, number][]> {
  const now = all.clock.ms;
  all.clock.ms = Date.parse(date + "T10:00:00+03:00");
  const late = await latePhotographs(all.office);
  all.clock.ms = now;
  return [...late];
}
const shot = (name: string, bytes: Uint8Array, field = "photos") => ({ name, bytes, field });

test.serial("R3.4: a day is agreed, photographs come by account number, and what does not fit is named", async (t) => {
  t.regex(saidBy(await all.post("operator", faces + "/days", { day: "2018-01-17" })), /уже прошёл/);
  await all.post("operator", faces + "/days", { day: "2018-01-18" });
  t.regex((await all.get("cards", faces)).text, /Согласовано на 18\.01\.2018; списки с фотографиями — до 25\.01\.2018без фотографии: 1/);
  t.deepEqual(await missingOn("2018-01-25"), [], "the fifth working day");
  t.deepEqual(await missingOn("2018-01-26"), [[SCHOOL, 1]]);
  const move = async (days: number) => {
    await all.office.database.updateTable("officePhotoDays").set((e) => ({ agreedOn: e("agreedOn", "+", days) })).execute(); // prettier-ignore
    await all.office.database.updateTable("officeApplications").set((e) => ({ receivedOn: e("receivedOn", "+", days) })).execute(); // prettier-ignore
  };
  await move(-8);
  t.true((await all.get("operator", "/office")).html.includes(faces + '">1</a>'), "the work list counts it");
  await move(8);
  t.false((await all.get("operator", "/office")).html.includes(faces + '">1</a>'));
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
  t.deepEqual(await missingOn("2018-01-26"), [], "it has its photograph");
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
    const enclosed = await Promise.all([1, 2].map((bundle) => enclosedIn(all.office, SCHOOL, bundle)));
    t.deepEqual(
      enclosed.map((ones) => ones.map(({ id }) => id)),
      [[1], [1]],
      "the first bundle still says what it held",
    );
  },
);

test.serial("R4.4, R4.6, R4.7: the card is made, handed over by act, issued against signature, and works", async (t) => {
  t.is((await all.get("cards", at + "/bundles/2/faces")).status, 403);
  t.is((await all.get("operator", at + "/bundles/1/faces")).status, 404, "its only card has gone on in the second");
  printed.pupil = (await all.get("operator", at + "/bundles/2/faces")).answer.rawPayload;
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
  await all.post("teacher", at + "/cards/1/issue");
  await all.deliver();
  t.is(card("04aabb01")?.state, "active", "R4.7: the class teacher hands it out");
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

test.serial("R6.1–R6.5: a card that does not work is examined first, and the finding says who pays for the new one", async (t) => {
  const again = async (id: number, found: object, uid: string) => {
    await apply({ kind: "defect" }, "operator");
    await all.post("operator", at + "/cards/" + id + "/register");
    t.regex(saidBy(await all.post("operator", at + "/cards/" + id + "/make", { uid })), /заключение экспертизы/);
    t.is((await all.post("cards", at + "/cards/" + id + "/examine", { finding: "manufacture" })).status, 403);
    await all.post("operator", at + "/cards/" + id + "/examine", { ...found });
    await all.post("operator", at + "/cards/" + id + "/make", { uid });
    await all.deliver();
    return card(uid)?.state;
  };
  t.is(await again(3, { finding: "manufacture" }, "04aabb03"), "issued", "R6.3: for nothing");
  t.is((await all.post("operator", at + "/cards/3/examine", { finding: "holder" })).status, 404, "found once");
  await all.post("operator", at + "/cards/3/issue-again");
  t.is(await again(4, { finding: "holder" }, "04aabb04"), undefined, "R6.4: not before it is paid");
  t.regex(await cards(), /вина держателя или заявителя: платит онждёт оплаты/);
  await all.post("operator", at + "/cards/4/make", { uid: "04aabb04", paid: "чек 18" });
  await all.post("operator", at + "/cards/4/issue-again");
  t.is(await again(5, { finding: "third", payer: "" }, "04aabb05"), undefined);
  await all.post("operator", at + "/cards/5/examine", { finding: "third", payer: "Сидоров П. П." });
  t.regex(await cards(), /ждёт оплаты, платит: Сидоров П\. П\./, "R6.5");
  await all.post("operator", at + "/cards/5/make", { uid: "04aabb05", paid: "чек 19" });
  await all.post("operator", at + "/cards/5/issue-again");
  await all.deliver();
  t.is(card("04aabb05")?.state, "active");
});

test.serial("R1.4, R3.3, R3.5: an employee signs for their own card, with a photograph that the responsible has confirmed", async (t) => {
  t.is((await all.post("cards", at + "/employees", { name: "Ivanov Ivan", role: "cashier", class: "" })).status, 400);
  t.is((await all.post("cards", at + "/employees", { name: "Кузнецова Ольга Ивановна", role: "cashier", class: "3" })).status, 400);
  t.is((await all.post("teacher", at + "/employees", {})).status, 403);
  const { location } = await all.post("cards", at + "/employees", { name: "Кузнецова Ольга Ивановна", role: "cashier", class: "" });
  t.is(location, at + "/employees/3");
  await employ({ kind: "first", papers: ["passport", "application", "data"] });
  await all.post("cards", at + "/bundles", { sheets: "2" });
  t.regex(await cards(), /Кузнецова Ольга Ивановна[^<]*первая, бесплатнопринято в школе[^<]*Не хватает: фотография/);
  await all.upload("operator", faces + "/staff/3", shot("a.jpg", await drawFace("#333333"), "photo"));
  await all.post("cards", faces + "/judge", { class: "staff" });
  await all.post("cards", at + "/bundles", { sheets: "2" });
  await all.post("operator", at + "/bundles/3/register");
  printed.staff = (await all.get("operator", at + "/cards/6/faces")).answer.rawPayload;
  await all.post("operator", at + "/cards/6/make", { uid: "04cc0001" });
  await all.post("operator", at + "/acts", { findings: "" });
  await all.post("cards", at + "/cards/6/issue");
  await all.deliver();
  t.like(card("04cc0001"), { state: "active", holder: "cashier", staff: 3, account: null, number: "24-0103" });
});

test.serial("R7: duplicates are free, asked for by the school, handed over by act, and end no other card", async (t) => {
  await employ({ kind: "duplicate", papers: ["application"], count: "2" });
  t.is((await cards()).match(/дублирующая карта работника/g)?.length, 2);
  await all.post("cards", at + "/bundles", { sheets: "1" });
  await all.post("operator", at + "/bundles/4/register");
  await all.post("operator", at + "/cards/7/make", { uid: "04cc0002" });
  await all.post("operator", at + "/cards/8/make", { uid: "04cc0003" });
  await all.post("operator", at + "/acts", { findings: "" });
  t.is((await all.post("teacher", at + "/cards/7/issue")).status, 404, "an employee is in nobody's class");
  for (const id of [7, 8]) await all.post("cards", at + "/cards/" + id + "/issue");
  await all.deliver();
  t.deepEqual(
    ["04cc0001", "04cc0002", "04cc0003"].map((uid) => [card(uid)?.number, card(uid)?.state, card(uid)?.blockedBy.length]),
    [
      ["24-0103", "active", 0],
      ["24-0104", "active", 0],
      ["24-0105", "active", 0],
    ],
  );
  t.is((await employ({ kind: "loss", papers: ["passport", "application", "data"], paid: "чек 20" })).status, 400, "which one was lost?");
  await employ({ kind: "loss", papers: ["passport", "application", "data"], paid: "чек 20", replaces: "04cc0002" });
  await all.post("operator", at + "/cards/9/register");
  await all.post("operator", at + "/cards/9/make", { uid: "04cc0004" });
  await all.deliver();
  t.deepEqual(
    ["04cc0001", "04cc0002", "04cc0003", "04cc0004"].map((uid) => card(uid)?.state),
    ["active", "lost", "active", "issued"],
  );
  t.is(card("04cc0004")?.number, "24-0104", "in place of the lost one, under its number");
});

test.serial(
  "P2.6, P2.3: who is about to lose a card to its age is a work list; two months before, and not when another is under way",
  async (t) => {
    const list = async () => /Срок карт истекает(.*)Сданные карты/.exec(await cards())?.[1] ?? "";
    t.regex(await list(), /не истекает/);
    const ending = { number: "24-0102", holder: "cashier", account: null, staff: 2, state: "active", by: "school" } as const;
    const until = async (days: number) => {
      const validThrough = (TODAY + days) as BusinessDate;
      await all.cloud.enqueueDirectives(SCHOOL, [{ kind: "SetCard", uid: CASHIER_CARD, ...ending, validThrough }]);
      await all.deliver();
    };
    await until(60);
    t.regex(await list(), /не истекает/);
    await until(59);
    t.regex(await list(), /Сидорова Вера Павловна24-010218\.03\.2018Принять заявление/);
    await until(-1);
    t.regex(await list(), /24-010217\.01\.2018: истёк/);
    const form = { kind: "expiry", applicant: "Сидорова Вера Павловна", phone: "89007654321", mail: "", replaces: CASHIER_CARD, papers };
    await all.post("cards", at + "/employees/2/card", form);
    t.regex(await list(), /не истекает/);
  },
);

test.serial("R8, P5.1: a card handed in works nowhere, lies at the school by name, and is the operator's when they have it", async (t) => {
  const uid = "04cc0003";
  t.is((await all.post("teacher", at + "/employees/3/cards/" + uid + "/hand-in")).status, 403);
  t.is((await all.post("cards", at + "/employees/2/cards/" + uid + "/hand-in")).status, 404, "not another's");
  await all.post("cards", at + "/employees/3/cards/" + uid + "/hand-in");
  await all.deliver();
  t.is(card(uid)?.state, "returned");
  t.is((await all.post("cards", at + "/employees/3/cards/" + uid + "/hand-in")).status, 404, "once");
  t.regex(await cards(), /Кузнецова Ольга Ивановна24-010518\.01\.2018cardsещё в школе/);
  t.is((await all.post("cards", at + "/handed-in")).status, 403);
  t.regex(saidBy(await all.post("operator", at + "/handed-in")), /Принято от школы карт: 1/);
  t.regex(await cards(), /24-010518\.01\.2018cards18\.01\.2018/);
});

/** Cards as they were printed on their way. */
const printed: Record<"pupil" | "staff", Buffer | null> = { pupil: null, staff: null };

async function textOf(url: string, role: "cards" | "operator" | "teacher") {
  const { answer, status } = await all.get(role, url);
  if (status !== 200) throw new Error(url + ": " + status);
  const { troubles } = drawn(answer.rawPayload);
  if (troubles.length > 0) throw new Error(url + ": " + troubles.join("; "));
  return readPaper(answer.rawPayload);
}

function readPaper(bytes: Uint8Array) {
  const folder = mkdtempSync(join(tmpdir(), "trapeza-paper-"));
  try {
    const file = join(folder, "paper.pdf");
    writeFileSync(file, bytes);
    execFileSync("/usr/bin/pdftotext", ["-layout", file]);
    execFileSync("/usr/bin/pdftoppm", ["-r", "40", "-png", file, join(folder, "page")]);
    const info = execFileSync("/usr/bin/pdfinfo", ["-box", file]).toString();
    const box = (name: string) => new RegExp(name + ": +([0-9.]+) +([0-9.]+) +([0-9.]+) +([0-9.]+)").exec(info)?.slice(1).map(Number) ?? [];
    const images = execFileSync("/usr/bin/pdfimages", ["-list", file]).toString();
    return {
      boxes: { media: box("MediaBox"), trim: box("TrimBox") },
      pictures: [...images.matchAll(/ image +([0-9]+) +([0-9]+) /g)].map(([, width, height]) => width + "x" + height),
      text: readFileSync(join(folder, "paper.txt"), "utf8").replace(/\s+/g, " "),
      pages: Number(/Pages: +([0-9]+)/.exec(info)?.[1]),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

readable(withPoppler("R4.5: what stands on a card of a pupil and of an employee, and how large it is cut"), (t) => {
  for (const [look, parts] of [
    ["pupil", ["Трапеза", "Оператор", "Иванов", "Иван", "0242013137", "+7 862 000-00-00", "еда.рф"]],
    ["staff", ["Трапеза", "Кузнецова", "Ольга", "Ивановна", "24-0103", "+7 862 000-00-00", "еда.рф"]],
  ] as const) {
    const { text, pages, pictures, boxes } = readPaper(printed[look] ?? Buffer.alloc(0));
    for (const part of parts) t.true(text.includes(part), look + ": " + part);
    t.is(text.includes("Иванович"), false, "a pupil's card has no patronymic");
    t.deepEqual([pages, pictures], [2, ["413x531"]]);
    const millimetres = (points: number) => Math.round((points / 72) * 254) / 10;
    t.deepEqual(boxes.media.map(millimetres), [0, 0, 91.6, 60]);
    t.deepEqual(boxes.trim.map(millimetres), [3, 3, 88.6, 57]);
  }
});

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
  for (const [id, parts] of [
    [6, ["Я, Кузнецова Ольга Ивановна", "работник: Школа №24", "в течение срока работы"]],
    [7, ["дублирующей карты", "№ 24-0104", "Кузнецова Ольга Ивановна"]],
  ] as const) {
    const { text } = await textOf(at + "/cards/" + id + "/paper", "cards");
    for (const part of parts) t.true(text.includes(part), part);
  }
  t.regex(
    (await textOf(at + "/issue/paper", "operator")).text,
    /РЕЕСТР выдачи повторно изготовленных карт.*Кузнецова Ольга Ивановна 24-0104/,
  );
  await all.post("cards", at + "/employees/3/cards/04cc0004/hand-in");
  t.regex((await textOf(at + "/handed-in/paper", "cards")).text, /сданных при прекращении.*Кузнецова Ольга Ивановна 24-0104 18\.01\.2018/);
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
    "верно, 18.01.2018",
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

/** As the school's own gateway asks, signed; each time with a number above the last. */
async function asGateway(path: string, number: number) {
  const { id, epoch } = all.gateway.row;
  const url = "/gateways/" + id + "/portraits" + path;
  const identity = { gateway: id, epoch, number };
  const signature = toBase64(all.gateway.sign(requestToSign("GET", "cloud.example", url, toHex(sha256(new Uint8Array(0))), identity)));
  const own = { [SYNC_HEADERS.gateway]: id, [SYNC_HEADERS.epoch]: String(epoch), [SYNC_HEADERS.number]: String(number) };
  const answer = await all.app.inject({ url, headers: { host: "cloud.example", ...own, [SYNC_HEADERS.signature]: signature } });
  return { status: answer.statusCode, body: new Uint8Array(answer.rawPayload) };
}

test.serial(
  "P4.1: a confirmed photograph is the school's gateway's to show, and is not when it is taken anew, taken back, or its child gone",
  async (t) => {
    const [id, number] = [31, accountNumber("0242013150")];
    const pupil = { kind: "SetAccount", id, number, name: "Лапина Вера Олеговна", shortName: "Вера Л.", class: 3, category: 1 } as const;
    await all.cloud.enqueueDirectives(SCHOOL, [{ ...pupil, holder: "pupil", debtLimit: null, status: "open" }]);
    await all.deliver();
    const photo = at + "/photos/pupil/" + id;
    const take = async (shirt: string) => all.upload("operator", photo, { name: "a.jpg", bytes: await drawFace(shirt), field: "photo" });
    const judge = () => all.post("teacher", at + "/photos/judge", { class: "3" });
    let asked = 1_000_000;
    let seen = "";
    /** The hash that the list has for this child's face; `null`: not in it. */
    const listed = async () => {
      const { status, body } = await asGateway("?seen=" + seen, ++asked);
      t.is(status, 200);
      const answer = decodeWhole(portraitAnswerSchema, body);
      if (!answer.ok) throw new Error(answer.malformed.what);
      const { list: raw, signature } = answer.value;
      t.true(verifySignature(all.cloud.signer.publicKey, portraitsToSign(directivesOrigin(HOUSE, SCHOOL), raw), signature));
      const list = decodeWhole(portraitListSchema, raw);
      if (!list.ok) throw new Error(list.malformed.what);
      seen = toHex(sha256(facesBytes(list.value)));
      t.is((await asGateway("?seen=" + seen, ++asked)).status, 204, "nothing new");
      return list.value.faces.find((one) => one.number === number)?.hash ?? null;
    };
    t.is((await all.app.inject("/gateways/" + all.gateway.row.id + "/portraits")).statusCode, 401);
    await take("#b3541e");
    t.is((await asGateway("/" + number, ++asked)).status, 404, "nobody has said that it is right");
    await judge();
    const first = await listed();
    const { body } = await asGateway("/" + number, ++asked);
    t.deepEqual(sha256(body), first);
    t.like(decodePortrait(body), { width: 72, height: 96 });
    mkdirSync(pictures, { recursive: true });
    const shades = decodePortrait(body)?.rows.reduce<number[]>((all, byte) => [...all, (byte >> 4) * 17, (byte & 15) * 17], []) ?? [];
    t.deepEqual([Math.min(...shades) < 20, Math.max(...shades) > 235], [true, true], "from dark to light");
    await sharp(Uint8Array.from(shades), { raw: { width: 72, height: 96, channels: 1 } })
      .png()
      .toFile(join(pictures, "till-portrait.png"));
    await take("#101010");
    t.is(await listed(), null, "another one waits to be looked at");
    await judge();
    const second = await listed();
    t.true(second !== null && !Buffer.from(second).equals(Buffer.from(first ?? [])));
    await all.post("operator", photo + "/drop");
    t.is(await listed(), null);
    await take("#406080");
    await judge();
    t.truthy(await listed());
    // Bytes that are no picture any more, of a child whose number comes before hers.
    const jpeg = Uint8Array.from([0xff, 0xd8, 0xff, 0, 1, 2, 3]);
    const judged = { state: "right", judgedMs: 1, judgedBy: "teacher", grey: null, greyHash: null } as const;
    await all.office.change({ login: "test", school: SCHOOL, what: "test", subject: "a torn file" }, async (transaction) => {
      const torn = { school: SCHOOL, holder: "pupil", number: PUPIL, jpeg, takenMs: 1, takenBy: "operator", ...judged } as const;
      const insert = transaction.insertInto("officePhotographs").values(torn);
      await insert.onConflict((conflict) => conflict.columns(["school", "holder", "number"]).doUpdateSet(torn)).execute();
      await transaction.updateTable("officePhotographs").set({ grey: null, greyHash: null }).where("number", "=", id).execute();
      return { before: null, after: null, value: null };
    });
    t.truthy(await listed(), "what cannot be drawn keeps nobody else from the tills");
    t.regex((await all.get("operator", at + "/photos")).text, /Иванов[^№]*файл повреждён: снимите его с камеры ещё разпрограмма/);
    t.regex((await all.get("auditor", "/office/trail?q=portraits")).text, /portraitsphotos\.judge/);
    await all.post("cards", at + "/people/" + id + "/leave");
    await all.deliver();
    t.is(await listed(), null, "who has left is shown nowhere");
    t.is((await asGateway("/" + number, ++asked)).status, 404);
  },
);
