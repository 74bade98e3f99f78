/** A guardian's way in: registering, proving, coming back, and what a stranger can and cannot do about it. */
import test from "ava";
import { scryptSync } from "node:crypto";
import type { BusinessDate, EventBody, Kopecks } from "@trapeza/protocol";
import { formatDate } from "@trapeza/protocol";
import { KIOSK, NOW_MS, PUPIL, PUPIL_CARD, SCHOOL, TILL, TODAY, createTestSchool } from "../../_gateway.test.js";
import { createAccountDesk } from "../../people/account.js";
import { createPinboard } from "../../people/messenger.js";
import { openBrowser } from "../_browser.test.js";
import type { Browser } from "../_browser.test.js";
import { createApp } from "../app.js";

const PHONE = "79001234567";
const NUMBER = "0242013137";
const CODE = "0471833902";
const ANNA = { phone: "8 900 123-45-67", firstName: "Анна", surname: "Иванова", email: "anna@example.ru", password: "каша манная" };

async function opened() {
  const { cloud, gateway } = await createTestSchool();
  const sent = createPinboard(cloud.now);
  const url = () => "https://meals.example";
  // Asked for when somebody logs in by it, and nobody does here.
  const identity = { issuer: "https://id.example", clientId: "trapeza", clientSecret: "secret", name: "Госуслуги" };
  const app = await createApp({ cloud, messenger: sent, url, identity, secureCookies: false, onError: () => undefined });
  await cloud.intake.receive(gateway.row, gateway.upload());
  /** What goes out beside an answer is there a turn later. */
  const last = async () => {
    await new Promise((resolve) => setImmediate(resolve));
    return sent.messages()[0];
  };
  const code = async () => /[0-9]{6}/.exec((await last()).text)![0];
  const register = async (browser: Browser, typed = ANNA) => {
    await browser.post("/register", typed);
    return browser.submit("/register/code", { code: await code() });
  };
  return { app, cloud, gateway, sent, last, code, register };
}

test("a phone that the school knows is registered with a code, and the child is there at once", async (t) => {
  const { app, cloud, last, register } = await opened();
  await cloud.store.people.setSchoolPhones({ school: SCHOOL, account: PUPIL }, [PHONE]);
  const browser = openBrowser(app);
  const home = await register(browser);
  t.true(home.text.includes("Иванов Иван Иванович"), home.text);
  t.true(home.text.includes("Добро пожаловать"));
  const letter = await last();
  t.deepEqual([letter.kind, letter.to], ["mail", "anna@example.ru"]);
  const link = /https:\/\/meals\.example(\/email\/\S+)/.exec(letter.text)![1];
  await browser.open(link);
  t.true((await browser.submit(link, {})).text.includes("Адрес anna@example.ru подтверждён."));
  t.true((await browser.submit(link, {})).text.includes("Ссылка больше не действует"));
  t.true((await browser.open("/profile")).text.includes("anna@example.ru, подтверждена"));
});

test("what is wrong with a registration is said beside its field, and nothing but the password is lost", async (t) => {
  const { app, sent } = await opened();
  const visit = await openBrowser(app).post("/register", { ...ANNA, phone: "12", email: "анна", password: "каша", surname: " " });
  t.is(visit.status, 400);
  for (const field of ["phone", "email", "password", "surname"])
    t.regex(visit.html, new RegExp(`id="${field}-say" class="say" role="alert"`));
  t.true(visit.html.includes('value="Анна"'));
  t.false(visit.html.includes("каша"));
  t.is(sent.messages().length, 0);
});

test("a code bears five tries, counts only in the browser that asked, and only once", async (t) => {
  const { app, code } = await opened();
  const browser = openBrowser(app);
  await browser.post("/register", ANNA);
  const right = await code();
  const wrong = right === "000000" ? "000001" : "000000";
  t.true((await openBrowser(app).post("/register/code", { code: right })).text.includes("Код больше не действует"));
  for (let i = 0; i < 5; i++) t.true((await browser.post("/register/code", { code: wrong })).text.includes("Код не подходит"));
  t.true((await browser.post("/register/code", { code: right })).text.includes("Код больше не действует"));
  t.is((await browser.open("/")).location, "/login");
});

test("who is registered cannot be found out by registering, logging in or restoring", async (t) => {
  const { app, cloud, sent, last, register } = await opened();
  await register(openBrowser(app));
  const shown = async (path: string, fields: { [name: string]: string }) => {
    const browser = openBrowser(app);
    const { status, location, html } = await browser.post(path, fields);
    const { text } = location === undefined ? { text: "" } : await browser.open(location);
    return { status, location, text, html: html.replaceAll(fields.phone, "…").replace(/name="form" value="[^"]*"/g, "") };
  };
  const stranger = { ...ANNA, phone: "79990000001", email: "other@example.ru" };
  const known = await shown("/register", ANNA);
  t.true((await last()).text.includes("личный кабинет уже есть"));
  t.deepEqual(known, await shown("/register", stranger));
  const login = (phone: string) => shown("/login", { phone, password: "не та совсем" });
  t.deepEqual(await login(PHONE), await login(stranger.phone));
  await cloud.store.people.setContact(PHONE, { email: ANNA.email, isConfirmed: true, language: "ru" });
  const before = sent.messages().length;
  t.deepEqual(
    await shown("/restore", { email: ANNA.email, phone: "" }),
    await shown("/restore", { email: "nobody@example.ru", phone: "" }),
  );
  await last();
  t.is(sent.messages().length, before + 1);
  const till = (phone: string, number: string) => shown("/restore/till", { phone, number, code: CODE, password: "новый пароль" });
  t.deepEqual(await till(PHONE, NUMBER), { ...(await till(stranger.phone, NUMBER)) });
});

test("a registered phone cannot be taken by registering it again", async (t) => {
  const { app, sent, register } = await opened();
  await register(openBrowser(app));
  const thief = openBrowser(app);
  await thief.post("/register", { ...ANNA, password: "чужой пароль" });
  for (const { text } of sent.messages().slice(0, 1)) t.false(/[0-9]{6}/.test(text), text);
  t.is((await openBrowser(app).post("/login", { phone: PHONE, password: "чужой пароль" })).status, 401);
});

test("a phone is not flooded with codes", async (t) => {
  const { app, sent } = await opened();
  const browser = openBrowser(app);
  for (let i = 0; i < 3; i++) t.is((await browser.post("/register", ANNA)).location, "/register/code");
  t.is((await browser.post("/register", ANNA)).status, 429);
  t.is(sent.messages().length, 3);
});

test("a stranger who guesses locks out strangers, not the parent's own telephone", async (t) => {
  const { app, register } = await opened();
  const own = openBrowser(app);
  await register(own);
  await own.open("/");
  await own.post("/logout", {});
  const stranger = openBrowser(app);
  for (let i = 0; i < 5; i++) await stranger.post("/login", { phone: PHONE, password: "не та" + i });
  t.is((await stranger.post("/login", { phone: PHONE, password: ANNA.password })).status, 429);
  await own.open("/login");
  t.is((await own.post("/login", { phone: PHONE, password: ANNA.password })).location, "/");
});

test("without remember-me the cookie lasts as long as the browser is open", async (t) => {
  const { app, register } = await opened();
  await register(openBrowser(app));
  const cookieOf = async (remember: string) => {
    const { answer } = await openBrowser(app).post("/login", { phone: PHONE, password: ANNA.password, remember });
    return [answer.headers["set-cookie"]].flat().find((line) => line?.startsWith("trapeza_session=")) ?? "";
  };
  t.regex(await cookieOf("1"), /Max-Age=2592000/);
  t.notRegex(await cookieOf(""), /Max-Age|Expires/);
});

test("a letter brings a forgotten password back, once, and ends every session", async (t) => {
  const { app, cloud, last, register } = await opened();
  const browser = openBrowser(app);
  await register(browser);
  await cloud.store.people.setContact(PHONE, { email: ANNA.email, isConfirmed: true, language: "ru" });
  const other = openBrowser(app);
  await other.submit("/restore", { email: "Anna@Example.ru" });
  const link = /https:\/\/meals\.example(\/restore\/\S+)/.exec((await last()).text)![1];
  t.true((await other.post(link, { password: "мало" })).text.includes("Слишком короткий"));
  t.true((await other.submit(link, { password: "новый пароль" })).text.includes("Пароль изменён"));
  t.is((await last()).subject, "Пароль изменён");
  t.is((await browser.open("/")).location, "/login", "the old session is over");
  t.is((await other.post(link, { password: "ещё новее" })).status, 400);
  t.is((await other.post("/login", { phone: PHONE, password: "новый пароль" })).location, "/");
});

/** A one-time password as the till prints it. */
function accessCode(code = CODE): EventBody {
  const salt = new Uint8Array(16).fill(3);
  const digest = new Uint8Array(scryptSync(code, salt, 32, { N: 16384, r: 8, p: 1 }));
  return { kind: "AccessCodeIssued", terminal: TILL, staff: 2, account: PUPIL, salt, digest, validThrough: (TODAY + 14) as BusinessDate };
}

test("the till's password links a child, once, and not another's", async (t) => {
  const { app, cloud, gateway, register } = await opened();
  gateway.write(accessCode());
  await cloud.intake.receive(gateway.row, gateway.upload());
  const browser = openBrowser(app);
  await register(browser);
  t.true((await browser.post("/link/code", { number: NUMBER, code: "1111111111" })).text.includes("Не нашли такого счёта"));
  t.true((await browser.submit("/link/code", { number: NUMBER, code: "04718 33902" })).text.includes("Счёт добавлен."));
  t.true((await browser.open("/")).text.includes("Иванов Иван Иванович"));
  await browser.open("/profile");
  const child = { school: SCHOOL, account: PUPIL };
  await cloud.store.statements.beginMonthly(PHONE, child, TODAY);
  t.true((await browser.submit(`/children/${SCHOOL}/${PUPIL}/unlink`, {})).text.includes("Счёт убран"));
  t.false(await cloud.store.statements.isMonthly(PHONE, child), "nor is its statement sent");
  t.is((await browser.open(`/children/${SCHOOL}/${PUPIL}`)).status, 404);
  t.is((await browser.post("/link/code", { number: NUMBER, code: CODE })).status, 400, "used up");
});

test("the till's password brings a forgotten one back for a child of that phone only", async (t) => {
  const { app, cloud, gateway, register } = await opened();
  gateway.write(accessCode());
  await cloud.intake.receive(gateway.row, gateway.upload());
  const browser = openBrowser(app);
  await register(browser);
  const form = { phone: PHONE, number: NUMBER, code: CODE, password: "новый пароль" };
  t.is((await browser.post("/restore/till", form)).status, 400, "not this phone's child");
  gateway.write(accessCode("1234567890"));
  await cloud.intake.receive(gateway.row, gateway.upload());
  await cloud.store.people.link(PHONE, { school: SCHOOL, account: PUPIL });
  t.true((await browser.submit("/restore/till", { ...form, code: "1234567890" })).text.includes("Пароль изменён"));
  t.is((await openBrowser(app).post("/login", { phone: PHONE, password: "новый пароль" })).location, "/");
});

test("the last payment links a child: a whole visit's notes, on its day", async (t) => {
  const { app, cloud, gateway, register } = await opened();
  for (const note of [10000, 5000])
    gateway.fact(KIOSK, {
      ...{ kind: "NoteStacked", payee: { kind: "card", uid: PUPIL_CARD }, purse: "main" },
      ...{ note: note as Kopecks, visit: 5, happenedMs: null },
    });
  await cloud.intake.receive(gateway.row, gateway.upload());
  const browser = openBrowser(app);
  await register(browser);
  const paid = { paidNumber: NUMBER, date: formatDate(TODAY), amount: "150" };
  t.is((await browser.post("/link/payment", { ...paid, amount: "50" })).status, 400);
  t.is((await browser.post("/link/payment", { ...paid, date: formatDate((TODAY - 1) as BusinessDate) })).status, 400);
  t.true((await browser.post("/link/payment", { ...paid, amount: "сто" })).text.includes("Напишите сумму так"));
  t.true((await browser.submit("/link/payment", paid)).text.includes("Счёт добавлен."));
});

test("a date and a sum are guessed five times a day by all guessers together", async (t) => {
  const { app, cloud, gateway, register } = await opened();
  gateway.fact(KIOSK, {
    ...{ kind: "NoteStacked", payee: { kind: "card", uid: PUPIL_CARD }, purse: "main" },
    ...{ note: 10000 as Kopecks, visit: 5, happenedMs: null },
  });
  await cloud.intake.receive(gateway.row, gateway.upload());
  const [one, two] = [openBrowser(app), openBrowser(app)];
  await register(one);
  await register(two, { ...ANNA, phone: "79001234568" });
  const paid = { paidNumber: NUMBER, date: formatDate(TODAY), amount: "100" };
  for (let i = 0; i < 5; i++) await (i % 2 ? one : two).post("/link/payment", { ...paid, amount: "1" + i });
  t.is((await two.post("/link/payment", paid)).status, 400);
});

test("sessions are seen and ended from another one; somebody else's id ends nothing", async (t) => {
  const { app, register } = await opened();
  const [first, second, other] = [openBrowser(app), openBrowser(app), openBrowser(app)];
  await register(first);
  await second.post("/login", { phone: PHONE, password: ANNA.password });
  await register(other, { ...ANNA, phone: "79001234568" });
  const profile = await first.open("/profile");
  const [, end] = /action="(\/profile\/sessions\/[0-9a-f]{16}\/end)"/.exec(profile.html)!;
  await other.open("/profile");
  await other.post(end, {});
  t.is((await second.open("/")).status, 200);
  await first.post(end, {});
  t.is((await second.open("/")).location, "/login");
  t.is((await first.open("/")).status, 200);
});

test("a new password needs the old one and ends the other sessions; an account is deleted with its password", async (t) => {
  const { app, cloud, register } = await opened();
  const [first, second] = [openBrowser(app), openBrowser(app)];
  await register(first);
  await second.post("/login", { phone: PHONE, password: ANNA.password });
  await first.open("/profile");
  t.is((await first.post("/profile/password", { oldPassword: "не та", newPassword: "новый пароль" })).status, 400);
  t.true(
    (await first.submit("/profile/password", { oldPassword: ANNA.password, newPassword: "новый пароль" })).text.includes("Пароль изменён"),
  );
  t.is((await second.open("/")).location, "/login");
  t.is((await first.post("/profile/erase", { erasePassword: ANNA.password })).status, 400);
  t.is((await first.post("/profile/erase", { erasePassword: "новый пароль" })).location, "/login");
  t.is(await cloud.store.people.guardian(PHONE), null);
});

test("a new password unlinks an identity that somebody else may have bound, and the page says so", async (t) => {
  const { app, cloud, register } = await opened();
  const browser = openBrowser(app);
  await register(browser);
  const identity = { issuer: "https://id.example", subject: "somebody" };
  await cloud.store.people.putIdentity(PHONE, identity, 1);
  const change = (oldPassword: string, newPassword: string) => browser.submit("/profile/password", { oldPassword, newPassword });
  await browser.open("/profile");
  await browser.post("/profile/password", { oldPassword: "не та", newPassword: "новый пароль" });
  t.is(await cloud.store.people.identified(identity), PHONE, "the old password is wrong");
  t.true((await change(ANNA.password, "новый пароль")).text.includes("Вход через Госуслуги отвязан"));
  t.is(await cloud.store.people.identified(identity), null);
  t.false((await change("новый пароль", "ещё новее")).text.includes("отвязан"));
});

test("what another page begins while an account is being erased is forgotten as well", async (t) => {
  const { cloud } = await opened();
  await cloud.registerGuardian({ phone: PHONE, name: "Анна", password: ANNA.password, children: [] });
  const orders = new Set(["old"]);
  const { people } = cloud.store;
  const desk = createAccountDesk({
    ...{
      store: { ...people, eraseGuardian: async (phone) => (orders.add("meanwhile"), people.eraseGuardian(phone)) },
      links: null as never,
    },
    ...{ messenger: createPinboard(cloud.now), now: cloud.now, url: () => "", onError: () => undefined },
    onErase: async () => orders.clear(),
  });
  t.true(await desk.erase((await people.guardian(PHONE))!, ANNA.password));
  t.deepEqual([...orders], []);
});

test("names and addresses that look like tags are shown as text", async (t) => {
  const { app, register } = await opened();
  const browser = openBrowser(app);
  const bad = `"><script>alert(1)</script>`;
  const typed = { ...ANNA, firstName: bad, surname: bad };
  const again = await browser.post("/register", { ...typed, email: bad });
  t.false(again.html.includes("<script>alert"));
  const home = await register(browser, typed);
  t.false(home.html.includes("<script>alert") || (await browser.open("/profile")).html.includes("<script>alert"));
  t.true(home.html.includes("&lt;script>") || home.html.includes("&lt;script&gt;"));
});

test("a code runs out after a quarter of an hour", async (t) => {
  const { cloud, code, app } = await opened();
  const browser = openBrowser(app);
  await browser.post("/register", ANNA);
  const right = await code();
  await cloud.store.people.dropExpired(NOW_MS + 15 * 60 * 1000);
  t.true((await browser.post("/register/code", { code: right })).text.includes("Код больше не действует"));
});
