import test from "ava";
import type { DirectiveOf, Kopecks } from "@trapeza/protocol";
import { KIOSK, PUPIL, PUPIL_CARD, SCHOOL, TODAY, createTestGateway, createTestSchool } from "../../_gateway.test.js";
import { readTable } from "../../documents/sheet-in.js";
import type { Message } from "../../people/messenger.js";
import { openBrowser, plain, saying } from "../_browser.test.js";
import { createApp } from "../app.js";
import { POPPLER, drawn } from "../office/_pdf.test.js";

const PASSWORD = "каша манная";
const PHONE = "+7 900 123-45-67";

async function opened() {
  const { cloud, gateway } = await createTestSchool();
  const app = await createApp({ cloud, secureCookies: false, onError: () => undefined });
  return { app, cloud, gateway };
}

type Opened = Awaited<ReturnType<typeof opened>>;

async function loggedIn({ app, cloud, gateway }: Opened) {
  await cloud.registerGuardian({
    phone: PHONE,
    name: "Анна <Иванова>",
    password: PASSWORD,
    children: [{ school: SCHOOL, account: PUPIL }],
  });
  await cloud.intake.receive(gateway.row, gateway.upload());
  const browser = openBrowser(app);
  const visit = await browser.post("/login", { phone: PHONE, password: PASSWORD });
  return { browser, visit, get: browser.open };
}

test("a parent who is not logged in sees the door, in the reader's language", async (t) => {
  const { app } = await opened();
  t.is((await app.inject("/")).headers.location, "/login");
  t.true((await app.inject("/login")).body.includes("Вход для родителей"));
  const english = await app.inject({ url: "/login", headers: { "accept-language": "en-GB,en;q=0.9" } });
  t.regex(english.body, /lang="en"/);
  t.regex(english.body, /<h1>Parents(&#39;|') entrance<\/h1>/);
});

test("a wrong phone and a wrong password are said beside their fields", async (t) => {
  const { app, cloud } = await opened();
  await cloud.registerGuardian({ phone: PHONE, name: "Анна", password: PASSWORD, children: [] });
  const browser = openBrowser(app);
  const post = (phone: string, password: string) => browser.post("/login", { phone, password });
  const badPhone = await post("девятьсот", "x");
  t.is(badPhone.status, 400);
  t.regex(badPhone.html, /id="phone-say" class="say" role="alert">Это не номер телефона/);
  const wrong = await post(PHONE, "не та");
  t.is(wrong.status, 401);
  t.regex(wrong.html, /id="password-say" class="say" role="alert">Телефон или пароль не подходят/);
  t.true(wrong.html.includes('value="' + PHONE + '"'));
  t.false(wrong.html.includes("не та"));
});

test("a child's card shows name, school, number and both purses; debt in words", async (t) => {
  const all = await opened();
  const { get, visit } = await loggedIn(all);
  t.is(visit.location, "/");
  t.regex(String(visit.answer.headers["set-cookie"]), /trapeza_session=[^;]+; [^,]*HttpOnly; SameSite=Lax/);
  const card = (await get("/")).text;
  for (const part of ["Анна &lt;Иванова>", "Иванов Иван Иванович", "школа №24 · класс 03Б · счёт 0242013137", "0,00 ₽"])
    t.true(card.includes(part), part + " in " + card);
  all.gateway.direct({ kind: "OpeningBalance", account: PUPIL, main: -1852 as Kopecks, additional: 0 as Kopecks });
  await all.cloud.intake.receive(all.gateway.row, all.gateway.upload());
  const owing = (await get("/")).text;
  t.true(owing.includes("−18,52 ₽"));
  t.true(owing.includes("Долг 18,52 ₽. Ближайшее пополнение сначала погасит его."));
});

test("the live piece is sent anew only when something has changed", async (t) => {
  const all = await opened();
  const { get } = await loggedIn(all);
  const version = /data-version="([^"]*)"/.exec((await get("/")).html)![1];
  const seen = (await get("/live/children?seen=" + encodeURIComponent(version))).answer.json();
  t.deepEqual(seen, { version, html: null });
  all.gateway.fact(KIOSK, {
    kind: "NoteStacked",
    payee: { kind: "card", uid: PUPIL_CARD },
    purse: "main",
    note: 10000 as Kopecks,
    visit: 1,
    happenedMs: null,
  });
  await all.cloud.intake.receive(all.gateway.row, all.gateway.upload());
  const fresh = (await get("/live/children?seen=" + encodeURIComponent(version))).answer.json() as { html: string };
  t.true(plain(fresh.html).includes("100,00 ₽"));
  t.is((await all.app.inject("/live/children")).statusCode, 401);
});

test("a school whose journal is not taken any more, though it is heard of, is shown as of what was taken last", async (t) => {
  const all = await opened();
  const { get } = await loggedIn(all);
  t.regex((await get("/")).text, /По данным школы на 10:00/);
  const fork = createTestGateway(all.gateway.row);
  fork.openDay(TODAY);
  t.is((await all.cloud.intake.receive(fork.row, fork.upload())).kind, "NotStored");
  const book = await all.cloud.library.book(SCHOOL);
  book.heardMs += 3_600_000;
  t.regex((await get("/")).text, /Школа не на связи с 10:00/);
  await all.cloud.intake.receive(all.gateway.row, all.gateway.upload());
  t.regex((await get("/")).text, /По данным школы на 11:00/);
});

test("the history shows rows, balances and presets", async (t) => {
  const all = await opened();
  all.gateway.fact(KIOSK, {
    kind: "NoteStacked",
    payee: { kind: "card", uid: PUPIL_CARD },
    purse: "main",
    note: 10000 as Kopecks,
    visit: 1,
    happenedMs: null,
  });
  const { get } = await loggedIn(all);
  const history = (await get("/children/24/7")).text;
  for (const part of [
    "за период с 05.01.2018 по 18.01.2018",
    "Остаток на начало0,00 ₽",
    "18.01.2018чт, 18 январяПополнение наличными, основной счёт",
    "+100,00 ₽",
    "Остаток на конец100,00 ₽",
  ])
    t.true(history.includes(part), part + " in " + history);
  const empty = (await get("/children/24/7?from=2018-01-01&to=2018-01-02")).text;
  t.true(empty.includes("За эти дни операций не было"));
  t.true((await get("/children/24/7?from=2018-01-09&to=2018-01-02")).text.includes("Начало периода позже его конца"));
});

test("a parent sees since when limits and a blocked card hold at the school", async (t) => {
  const all = await opened();
  const nothing = { stopList: false, bannedDishes: [], bannedAllergens: [] };
  const limits: DirectiveOf<"SetLimits"> = { kind: "SetLimits", account: PUPIL, dailyLimit: 20000 as Kopecks, ...nothing };
  all.gateway.direct(limits);
  const card = all.gateway.school.cards.get(PUPIL_CARD);
  if (!card) return t.fail();
  const { uid, number, holder, account, staff, validThrough } = card;
  all.gateway.direct({ kind: "SetCard", uid, number, holder, account, staff, state: "blocked", by: "parent", validThrough });
  const { get } = await loggedIn(all);
  const known = (await get("/")).text;
  t.regex(known, /В буфете не больше 200,00 ₽ в день.*Ограничения действуют в школе с \d\d:\d\d, чт, 18 января/);
  t.regex(known, new RegExp(`Карта ${number} заблокирована, в школе с \\d\\d:\\d\\d, чт, 18 января`));
  all.gateway.direct(
    { ...limits, dailyLimit: null },
    { kind: "SetCard", uid, number, holder, account, staff, state: "active", by: "parent", validThrough },
  );
  await all.cloud.intake.receive(all.gateway.row, all.gateway.upload());
  const lifted = (await get("/")).text;
  t.false(lifted.includes("заблокирована") || lifted.includes("не больше"));
  t.true(lifted.includes("Ограничения действуют в школе с"), "lifted today: that, too, is news");
});

test("somebody else's child does not exist", async (t) => {
  const all = await opened();
  const { get } = await loggedIn(all);
  for (const url of ["/children/24/8", "/children/25/7", "/live/children/24/8", "/nowhere"]) t.is((await get(url)).status, 404, url);
});

test("a statement is taken away as a workbook and as a PDF, with the sums of the page", async (t) => {
  const all = await opened();
  all.gateway.fact(KIOSK, {
    kind: "NoteStacked",
    payee: { kind: "card", uid: PUPIL_CARD },
    purse: "main",
    note: 10000 as Kopecks,
    visit: 1,
    happenedMs: null,
  });
  const { get } = await loggedIn(all);
  const sheet = await get("/children/24/7/statement.xlsx");
  t.regex(String(sheet.answer.headers["content-disposition"]), /filename="0242013137-2018-01-05-2018-01-18\.xlsx"/);
  t.deepEqual(readTable(new Uint8Array(sheet.answer.rawPayload)), [
    ["Дата", "Наименование", "Списано", "Зачислено", "Остаток"],
    ["05.01.2018", "Остаток на начало", "", "", "0.00"],
    ["18.01.2018", "Пополнение наличными, основной счёт", "", "100.00"],
    ["18.01.2018", "Остаток на конец", "0.00", "100.00", "100.00"],
  ]);
  const pdf = await get("/children/24/7/statement.pdf");
  t.is(pdf.answer.headers["content-type"], "application/pdf");
  t.is(pdf.answer.rawPayload.subarray(0, 5).toString(), "%PDF-");
  if (POPPLER) t.deepEqual(drawn(pdf.answer.rawPayload).troubles, []);
  t.is((await get("/children/24/8/statement.pdf")).status, 404);
});

test("about the service: rules for everybody; who is who and what meals cost for whoever has a child there", async (t) => {
  const all = await opened();
  const app = await createApp({ cloud: all.cloud, secureCookies: false, onError: () => undefined, offerUrl: "https://eda.example/offer" });
  const stranger = await openBrowser(app).open("/about");
  t.true(stranger.text.includes("Бесплатное питание не прекращается никогда"));
  t.true(stranger.html.includes('href="https://eda.example/offer"'));
  t.false(stranger.text.includes("Столовая"));
  const { get } = await loggedIn({ ...all, app });
  const { text, html } = await get("/about");
  t.regex(text, /Готовит завтраки и обеды, держит буфет\s*Столовая/);
  t.regex(text, /Завтрак младшая школа\s*1–4 классы\s*49,61 ₽/);
  t.true(html.includes('href="tel:'));
  t.true((await get("/help")).html.includes('href="/about"'));
});

test("a statement is asked for by mail from the history, at once and by the month", async (t) => {
  const all = await opened();
  const sent: Message[] = [];
  const mail = { isDown: false };
  const messenger = {
    async send(message: Message) {
      if (mail.isDown) throw new Error("the mail server does not answer");
      sent.push(message);
    },
  };
  const app = await createApp({ cloud: all.cloud, secureCookies: false, onError: () => undefined, messenger });
  const { browser } = await loggedIn({ ...all, app });
  /** Said with the sign of a refusal, or nothing. */
  const refused = ({ html }: { html: string }) => (saying(html)?.done === false ? saying(html)?.sentence : "") ?? "";
  const here = `/children/${SCHOOL}/${PUPIL}`;
  await browser.open(here);
  const period = { from: "2018-01-01", to: "2018-01-18" };
  for (const [way, asked] of [
    ["mail", period],
    ["monthly", { wanted: "1" }],
  ] as const)
    t.true(refused(await browser.submit(here + "/statement/" + way, asked)).includes("Сначала подтвердите адрес"), way);
  await all.cloud.store.people.setContact("79001234567", { email: "anna@example.ru", isConfirmed: true, language: "ru" });
  const done = await browser.submit(here + "/statement/mail", period);
  t.true(done.text.includes("Выписка отправлена") && done.text.includes("01.01.2018"));
  t.true(saying(done.html)?.done);
  t.is(sent.length, 1);
  for (const wrong of [
    { from: "2018-01-18", to: "2018-01-01" },
    { from: "x", to: "" },
    { from: "2010-01-01", to: "2018-01-01" },
  ])
    t.true(refused(await browser.submit(here + "/statement/mail", wrong)).includes("Выберите период"));
  t.true((await browser.submit(here + "/statement/monthly", { wanted: "1" })).text.includes("Больше не присылать"));
  t.true(await all.cloud.store.statements.isMonthly("79001234567", { school: SCHOOL, account: PUPIL }));
  t.true((await browser.submit(here + "/statement/monthly", { wanted: "0" })).text.includes("Присылать каждый месяц"));
  mail.isDown = true;
  t.true(refused(await browser.submit(here + "/statement/mail", period)).includes("Отправить не получилось"));
  mail.isDown = false;
  for (let more = 0; more < 3; more++) await browser.submit(here + "/statement/mail", period);
  t.true(refused(await browser.submit(here + "/statement/mail", period)).includes("уже отправлено пять"));
  t.is(sent.length, 4, "and one that did not go");
});
