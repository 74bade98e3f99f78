/** The office in a real browser: what axe-core has against its pages, in both languages, light and dark. */
import test from "ava";
import type { Browser, Locator, Page } from "playwright-core";
import { accountNumber, cardUid, formatClaim, formatDate, kopecks } from "@trapeza/protocol";
import type { BusinessDate, NotePayee } from "@trapeza/protocol";
import { CASHIER_CARD, KIOSK, PUPIL, PUPIL_CARD, SCHOOL, TEACHER_CARD, TODAY, gatewayKey } from "../../_gateway.test.js";
import { drawFace } from "../../office/cards/_face.test.js";
import type { Role } from "../../office/roles.js";
import { codeOf, stepAt } from "../../office/totp.js";
import { createTestProvider } from "../../payments/_street.test.js";
import type { TestProvider } from "../../payments/_street.test.js";
import { MOTHER, OPERATOR } from "../../settlement/_parties.test.js";
import { USUAL_POLICY } from "../../payments/quote.js";
import { CHROMIUM, DESK, contextFor, landing, openChromium, picture, troublesInBoth, troublesOf, withBrowser } from "../_chromium.test.js";
import { PASSWORD, SECRET, createTestOffice, liveADay, photograph } from "./_office.test.js";
import type { TestOffice } from "./_office.test.js";
import { VISITS, at } from "./_visits.test.js";
import { OFFICE_ROUTES } from "./office-routes.js";

const step = CHROMIUM ? test.serial : test.serial.skip;

const LIST = "Класс;Фамилия;Имя\n3Б;Новикова;Мария\n13А;Петров;Пётр\n";

const LETTER = { phone: "79001234567", kind: "complaint", recipient: "school", text: "Каша холодная" } as const;

let all: TestOffice;
let browser: Browser;
let url: string;
let list: string;
let entry: string;

test.before(async () => {
  if (!CHROMIUM) return;
  const provider = createTestProvider();
  all = await createTestOffice({ providers: [provider], policy: { ...USUAL_POLICY, creditOn: "settlement" } });
  await pay(provider);
  await liveADay(all);
  await photograph(all, PUPIL);
  const papers = ["passport", "application", "consent"];
  const form = { applicant: "Иванова Анна Петровна", phone: "89001234567", mail: "", parent: "1", papers };
  await all.post("cards", at + "/people/" + PUPIL + "/card", { ...form, kind: "first" });
  await all.post("cards", at + "/employees/2/card", { ...form, kind: "defect", replaces: CASHIER_CARD });
  await all.post("operator", at + "/cards/2/register");
  await all.post("cards", at + "/employees/1/cards/" + TEACHER_CARD + "/hand-in");
  await all.cloud.registerGuardian({
    phone: LETTER.phone,
    name: "Иванова Анна",
    password: PASSWORD,
    children: [{ school: SCHOOL, account: PUPIL }],
  });
  await cook();
  await all.post("cards", at + "/people/91/card", { ...form, kind: "loss", paid: "чек 7" });
  await all.post("operator", at + "/cards/3/register");
  await all.post("operator", "/office/desks", { name: "Стол у окна" });
  await all.post("operator", at + "/batches", { desk: "1", chip: "mifare", application: "3" });
  await all.cloud.store.letters.add({ ...LETTER, school: SCHOOL, account: PUPIL, writtenMs: all.clock.ms, dueOn: TODAY });
  // The pages of claims are looked at with something in each of their tables.
  const held = all.gateway.events.find(({ body }) => body.kind === "TopUpHeld");
  const credited = all.gateway.events.find(({ body }) => body.kind === "TopUpCredited");
  entry = "1-" + held?.seq;
  const verdict = { verdict: "credit", number: "0242013137", purse: "main" };
  await all.post("dispatcher", at + "/claims/payment/1-" + credited?.seq, { said: "Отец с чеком", reason: "Чека нет", verdict: "refuse" });
  await all.post("dispatcher", at + "/claims/payment/" + entry, { ...verdict, said: "Мать", reason: "", verdict: "wait" });
  await all.post("teacher", at + "/announcements", { to: "class-3", title: "Экскурсия в пятницу", text: "Сбор в 8:30 у входа." });
  list = (await all.upload("cards", at + "/lists", { name: "список.csv", bytes: Buffer.from(LIST) })).location;
  url = await all.app.listen({ host: "127.0.0.1", port: 0 });
  browser = await openChromium();
});

/** A week of breakfasts with a recipe, of which the family has forbidden something. */
async function cook(): Promise<void> {
  const plates = Object.fromEntries(Array.from({ length: 10 }, (_, day) => ["m1d" + day, "Каша овсяная; Чай с лимоном"]));
  await all.post("caterer", at + "/cycle/1", plates);
  await all.post("caterer", at + "/cycle/publish", { from: formatDate((TODAY + 4) as BusinessDate), weeks: "1", holidays: "" });
  const recipe = { dish: "Каша овсяная", composition: "хлопья овсяные, молоко, масло сливочное, сахар", kcal: "245" };
  await all.post("caterer", at + "/recipes", { ...recipe, allergens: "молоко, глютен" });
  const leaver = { number: accountNumber("0240000018"), name: "Выпускников Пётр", shortName: "Пётр В.", class: 91, category: 1 } as const;
  await all.cloud.enqueueDirectives(SCHOOL, [
    { kind: "SetClass", id: 91, name: "11В-2017" },
    {
      kind: "SetAccount",
      ...leaver,
      ...OTHER,
      name: "Петров Пётр Петрович",
      shortName: "Пётр П.",
      class: 3,
      holder: "pupil",
      debtLimit: null,
      status: "open",
    },
    { kind: "SetAccount", id: 91, ...leaver, holder: "pupil", debtLimit: null, status: "open" },
  ]);
  const limits = { stopList: false, dailyLimit: null, bannedDishes: [], bannedAllergens: ["молоко"] };
  await all.cloud.enqueueDirectives(SCHOOL, [{ kind: "SetLimits", account: PUPIL, ...limits }]);
  await all.deliver();
}

/** Money on its way, and a registry of the day that knows something else. */
async function pay(provider: TestProvider): Promise<void> {
  const lines = [{ school: SCHOOL, account: PUPIL, purse: "main" as const, sum: kopecks(70000) }];
  const begun = await all.cloud.payments.begin({ key: "k", way: "card", payer: null, lines, returnUrl: null, email: null });
  provider.say(100001, { amount: kopecks(70000) });
  await all.cloud.payments.check(begun.ok ? begun.order.number : 0);
  const bytes = Buffer.from("Номер заказа;Операция;Сумма\n100002;Оплата;1 500,00\n100001;Возврат;-100,00\n");
  const list = Buffer.from("Номер операции;Лицевой счёт;Сумма;Плательщик\n7;0249999999;300,00;Иванова М. Л.\n;0242013137;много;\n");
  await all.upload("accountant", at + "/bank", { name: "банк.csv", bytes: list }, { day: formatDate(TODAY) });
  await all.upload("accountant", "/office/money", { name: "card-18.01.csv", bytes }, { way: "card", day: formatDate(TODAY) });
}

test.after.always(async () => {
  await browser?.close();
  await all?.close();
});

test("every page is among those that the browser opens", (t) => {
  const opened: readonly string[] = Object.values(VISITS).flat();
  const pages = OFFICE_ROUTES.filter(({ method, path }) => method === "GET" && !/\/(paper|faces?|live)$/.test(path));
  const named = (path: string) =>
    path
      .replace(":school", String(SCHOOL))
      .replace(":account", String(PUPIL))
      .replace(":staff", "2")
      .replace(":list", "list")
      .replace(":entry", "entry")
      .replace(":id", "1")
      .replace(":batch", "1")
      .replace(":terminal", "1");
  for (const { path } of pages) t.true(opened.includes(named(path)), path);
});

/** So many pages a test: a machine that is out of breath takes seconds for each. */
const A_TEST = 8;

for (const language of ["ru", "en"] as const) {
  for (const [role, pages] of Object.entries(VISITS) as [string, readonly string[]][]) {
    for (let from = 0; from < pages.length; from += A_TEST) {
      const some = pages.slice(from, from + A_TEST);
      const which = [language, role, from + 1 + "–" + (from + some.length)].join(", ");
      step(withBrowser("no page of the office has anything that axe-core objects to, or is wider than a desk: " + which), async (t) => {
        const context = await contextFor(browser, { language, screen: DESK });
        const page = await context.newPage();
        const keepNothing = async () => undefined;
        await logIn(page, role, async () => t.deepEqual(await troublesInBoth(page, keepNothing), []));
        for (const one of some) {
          await page.goto(url + (one.endsWith("/list") ? list : one.replace(/entry$/, entry)));
          t.is(await page.locator("h1").count(), 1, one);
          const keep = (scheme: string) => picture(page, ["office", ...one.split("/").slice(2), language, scheme].join("-"));
          t.deepEqual(await troublesInBoth(page, keep), [], one);
        }
        await context.close();
      });
    }
  }
}

step(
  withBrowser("a family reads on its telephone what a breakfast is made of, is warned, and reads what the school has written"),
  async (t) => {
    for (const dark of [false, true]) {
      const context = await contextFor(browser, { dark });
      const page = await context.newPage();
      await page.goto(url + "/login");
      await page.fill("#phone", LETTER.phone);
      await page.fill("#password", PASSWORD);
      await landing(page, () => page.click("button.main"));
      await page.goto(url + `/children/${SCHOOL}/${PUPIL}/menu`);
      await page.locator(".recipes summary").first().click();
      t.true((await page.locator(".recipes").first().innerText()).includes("хлопья овсяные"));
      t.true((await page.locator(".meal .note.warning").first().innerText()).includes("Каша овсяная: молоко"));
      t.deepEqual(await troublesOf(page), []);
      await picture(page, "menu-recipes" + (dark ? "-dark" : ""));
      for (const path of ["/", "/announcements", "/announcements/1"]) {
        await page.goto(url + path);
        t.true((await page.innerText("main")).includes(dark && path === "/" ? "Сообщения школы" : "Экскурсия в пятницу"), path);
        t.deepEqual(await troublesOf(page), []);
        await picture(page, "announcements" + path.replace(/\W/g, "-") + (dark ? "-dark" : ""));
      }
      await context.close();
    }
  },
);

/** Through both doors; `look` is asked at each. */
async function logIn(page: Page, role: string, look: () => Promise<unknown>): Promise<void> {
  await page.goto(url + "/office/login");
  await look();
  await page.fill("#login", role);
  await page.fill("#password", PASSWORD);
  await page.click("button.main");
  await page.locator("#code").waitFor();
  await look();
  // A code opens once: the second visit is a minute later.
  all.clock.ms += 60_000;
  await page.fill("#code", codeOf(SECRET, stepAt(all.clock.ms)));
  await page.click("button.main");
  await page.waitForURL(url + "/office");
}

step(withBrowser("without a script, too, the operator's many sections stand in menus of which one is open"), async (t) => {
  const context = await contextFor(browser, { scripts: false, screen: DESK });
  const page = await context.newPage();
  await logIn(page, "operator", async () => undefined);
  await landing(page, () => page.locator("td a").first().click());
  const link = (name: string) => page.locator(".sections").getByRole("link", { name, exact: true });
  t.false(await link("Возвраты").isVisible());
  await page.locator("summary", { hasText: "Деньги" }).click();
  await link("Возвраты").waitFor({ state: "visible" });
  await picture(page, "office-menu-ru");
  await page.locator("summary", { hasText: "Карты" }).click();
  await link("Возвраты").waitFor({ state: "hidden" });
  await landing(page, () => link("Фотографии").click());
  t.is(page.url(), url + at + "/photos");
  t.is(await page.locator("summary[aria-current]").textContent(), "Карты");
  await context.close();
});

/** Somebody new, for the walk of a card from application to signature. */
const NEWCOMER = {
  id: 8,
  number: accountNumber("0242013142"),
  name: "Новикова Мария Олеговна",
  shortName: "Мария Н.",
  class: 3,
  category: 1,
};

/** Whose money it was. */
const OTHER = { id: 92, number: accountNumber("0242013152") };

/** Each at the own desk, one after another: each moves the clock for the own code. */
async function atWork(...roles: readonly Role[]): Promise<Page[]> {
  const pages: Page[] = [];
  for (const role of roles) {
    const page = await (await contextFor(browser, { screen: DESK })).newPage();
    await logIn(page, role, async () => undefined);
    pages.push(page);
  }
  return pages;
}
const goHome = (pages: readonly Page[]) => Promise.all(pages.map((page) => page.context().close()));
const press = (page: Page, name: string) => landing(page, () => page.getByRole("button", { name, exact: true }).click());
const said = (page: Page) => page.locator("[role=status], [role=alert]").first().innerText();
const cardOf = (uid: string) => all.gateway.school.cards.get(cardUid(uid));
const PAPERS = ["паспорт заявителя предъявлен", "заявление подписано", "согласие на участие", "согласие на обработку данных"];

/** On the page with the form, which then leads to the list of applications. */
async function apply(page: Page, kind: string, papers: readonly string[] = PAPERS): Promise<void> {
  await page.goto(url + at + "/people/" + NEWCOMER.id + "/card");
  await page.getByLabel("Карта", { exact: true }).selectOption(kind);
  await page.getByLabel("Заявитель", { exact: true }).fill("новикова ольга сергеевна");
  await page.getByLabel("Телефон").fill("8 900 111-22-33");
  for (const paper of papers) await page.getByLabel(paper).check();
  await press(page, "Принять заявление");
}

step(withBrowser("R3, R4: one card from the application to the signature, each step by the person whose it is"), async (t) => {
  const rest = { holder: "pupil", debtLimit: null, status: "open" } as const;
  await all.cloud.enqueueDirectives(SCHOOL, [{ kind: "SetAccount", ...NEWCOMER, ...rest }]);
  await all.deliver();
  const [responsible, teacher, operator] = await atWork("cards", "teacher", "operator");
  await responsible.goto(url + at + "/people");
  await landing(responsible, () => responsible.getByRole("link", { name: NEWCOMER.name }).click());
  t.is(await responsible.getByRole("link", { name: "Принять заявление на карту" }).getAttribute("href"), at + "/people/8/card");
  await apply(responsible, "first");
  const line = responsible.locator("tbody tr", { hasText: NEWCOMER.name });
  t.regex(await line.innerText(), /принято в школе[^]*Не хватает: фотография/);

  await operator.goto(url + at + "/photos");
  const face = { name: NEWCOMER.number + ".jpg", mimeType: "image/jpeg", buffer: Buffer.from(await drawFace("#b3541e")) };
  await operator.locator("input[name=photos]").setInputFiles([face, { ...face, name: "IMG_0001.jpg" }]);
  await press(operator, "Загрузить");
  t.regex(await said(operator), /Записано: 1, не принято: 1[^]*IMG_0001\.jpg/);
  await teacher.goto(url + at + "/photos");
  await press(teacher, "Подтвердить остальные");
  t.regex(await said(teacher), /Подтверждено: 1, неверных: 0/);

  await responsible.getByLabel("Листов в приложениях").fill("3");
  await press(responsible, "Составить сводное заявление");
  t.regex(await said(responsible), /Сводное заявление № 1 составлено/);
  await operator.goto(url + at + "/cards");
  await press(operator, "Зарегистрировать: 1");
  await picture(operator, "office-cards-walk-ru");
  const faces = operator.waitForEvent("download");
  await operator.getByRole("link", { name: "Карты, PDF 1" }).click();
  t.is((await faces).suggestedFilename(), "faces-1.pdf");
  await operator.getByLabel("UID карты: 4").fill("04 DD 00 01");
  await press(operator, "Карта готова: 4");
  await press(operator, "Передать изготовленные по акту");
  // R4.7: the responsible gives the cards to the class teachers, and they to the holders.
  await teacher.goto(url + at + "/cards");
  await picture(teacher, "office-cards-teacher-ru");
  await press(teacher, "Выдана под роспись: 4");
  await all.deliver();
  t.like(cardOf("04dd0001"), { state: "active", account: NEWCOMER.id, number: NEWCOMER.number });
  await goHome([responsible, teacher, operator]);
});

step(withBrowser("R4.3.4, R5, R6: returned with a reason, lost, broken: the same card, by the people whose it is"), async (t) => {
  const [responsible, operator] = await atWork("cards", "operator");
  // Lost: blocked at once, applied for, returned because something is wrong, mended, paid, made again.
  await responsible.goto(url + at + "/people/" + NEWCOMER.id);
  await press(responsible, "Заблокировать: " + NEWCOMER.number);
  await all.deliver();
  t.deepEqual(cardOf("04dd0001")?.blockedBy, ["school"]);
  await apply(responsible, "loss");
  await operator.goto(url + at + "/cards");
  await press(operator, "Зарегистрировать: 5");
  await operator.getByLabel("Причина: 5").fill("подпись не та");
  await press(operator, "Вернуть: 5");
  await responsible.goto(url + at + "/cards");
  t.regex(await responsible.locator("tbody tr", { hasText: NEWCOMER.name }).first().innerText(), /подпись не та/);
  await press(responsible, "Исправлено, принять снова: 5");
  await operator.goto(url + at + "/cards");
  await press(operator, "Зарегистрировать: 5");
  await operator.getByLabel("UID карты: 5").fill("04DD0002");
  await press(operator, "Карта готова: 5");
  t.regex(await said(operator), /изготавливается после оплаты/);
  await operator.getByLabel("UID карты: 5").fill("04DD0002");
  await operator.getByLabel("Оплата: номер чека: 5").fill("чек 12");
  await press(operator, "Карта готова: 5");
  await press(operator, "Выдана под роспись: 5");
  await all.deliver();
  t.deepEqual([cardOf("04dd0001")?.state, cardOf("04dd0002")?.state], ["lost", "active"]);

  // Broken: the operator finds why, and the finding makes the next one free.
  await apply(responsible, "defect");
  await operator.goto(url + at + "/cards");
  await press(operator, "Зарегистрировать: 6");
  await operator.getByLabel("Заключение экспертизы: 6").selectOption("manufacture");
  await press(operator, "Записать заключение: 6");
  await picture(operator, "office-cards-defect-ru");
  await operator.getByLabel("UID карты: 6").fill("04DD0003");
  await press(operator, "Карта готова: 6");
  await press(operator, "Выдана под роспись: 6");
  await all.deliver();
  t.is(cardOf("04dd0003")?.state, "active");
  await goHome([responsible, operator]);
});

step(withBrowser("R5.1, R7: a card for a new name, and duplicates of an employee's that end no other card"), async (t) => {
  const [responsible, operator] = await atWork("cards", "operator");
  await responsible.goto(url + at + "/people/" + NEWCOMER.id);
  await responsible.getByLabel("Фамилия").fill("Орлова");
  await press(responsible, "Записать");
  await all.deliver();
  t.is(all.gateway.school.accounts.get(NEWCOMER.id)?.name, "Орлова Мария Олеговна");
  await apply(responsible, "name");
  const line = responsible.locator("tbody tr", { hasText: "Орлова Мария" }).first();
  t.regex(await line.innerText(), /изменились данные[^]*Не хватает: документ о перемене имени/);
  await operator.goto(url + at + "/cards");
  await press(operator, "Зарегистрировать: 7");
  await operator.getByLabel("Причина: 7").fill("нет документа о перемене имени");
  await press(operator, "Вернуть: 7");
  await responsible.goto(url + at + "/cards");
  await line.getByLabel("документ о перемене имени").check();
  await press(responsible, "Исправлено, принять снова: 7");
  await operator.goto(url + at + "/cards");
  await press(operator, "Зарегистрировать: 7");
  await operator.getByLabel("UID карты: 7").fill("04DD0004");
  await operator.getByLabel("Оплата: номер чека: 7").fill("чек 13");
  await press(operator, "Карта готова: 7");
  await press(operator, "Выдана под роспись: 7");
  await all.deliver();
  t.deepEqual([cardOf("04dd0003")?.blockedBy, cardOf("04dd0004")?.state], [["operator"], "active"]);

  await responsible.goto(url + at + "/employees/1/card");
  await responsible.getByLabel("Карта", { exact: true }).selectOption("duplicate");
  await responsible.getByLabel("Сколько дублирующих карт").fill("2");
  await responsible.getByLabel("Телефон").fill("8 900 111-22-34");
  await responsible.getByLabel("заявление подписано").check();
  await press(responsible, "Принять заявление");
  await press(responsible, "Составить сводное заявление");
  await operator.goto(url + at + "/cards");
  await press(operator, "Зарегистрировать: 2");
  for (const id of [8, 9]) {
    await operator.getByLabel("UID карты: " + id).fill("04EE000" + id);
    await press(operator, "Карта готова: " + id);
  }
  await press(operator, "Передать изготовленные по акту");
  await responsible.goto(url + at + "/cards");
  for (const id of [8, 9]) await press(responsible, "Выдана под роспись: " + id);
  await all.deliver();
  t.deepEqual([8, 9].map((id) => cardOf("04ee000" + id)?.state), ["active", "active"]); // prettier-ignore
  await goHome([responsible, operator]);
});

step(withBrowser("R8, P5.1: who leaves hands in the card, and what is left is applied for and paid out within its term"), async (t) => {
  const [responsible, operator, accountant] = await atWork("cards", "operator", "accountant");
  const money = { kind: "OpeningBalance", account: NEWCOMER.id, main: kopecks(12345), additional: kopecks(0) } as const;
  await all.cloud.enqueueDirectives(SCHOOL, [money]);
  await all.deliver();
  await responsible.goto(url + at + "/people/" + NEWCOMER.id);
  await press(responsible, "Карта сдана, выбыл");
  await all.deliver();
  t.is(cardOf("04dd0004")?.state, "returned");
  await operator.goto(url + at + "/cards");
  await press(operator, "Карты у оператора");
  t.regex(await said(operator), /Принято от школы карт: [1-9]/);

  const fill = async (form: string, fields: { readonly [label: string]: string }) => {
    for (const [label, text] of Object.entries(fields)) await accountant.getByRole("form", { name: form }).getByLabel(label).fill(text);
    await press(accountant, form);
  };
  const bank = { Банк: OPERATOR.bank, БИК: OPERATOR.bic, "Корр. счёт": OPERATOR.correspondent };
  const own = { Наименование: OPERATOR.name, ИНН: OPERATOR.inn, КПП: OPERATOR.kpp, "Расчётный счёт": OPERATOR.account };
  await accountant.goto(url + at + "/settlement");
  await fill("Записать реквизиты", { ...own, ...bank });
  await accountant.goto(url + at + "/refunds");
  t.regex((await accountant.innerText("main")).replace(/\s/g, " "), /Орлова Мария Олеговна 0242013142 123,45 ₽/);
  const payee = { Наименование: MOTHER.name, ИНН: MOTHER.inn, "Расчётный счёт": MOTHER.account };
  const asked = { "Лицевой счёт": NEWCOMER.number, Заявитель: MOTHER.name, "Расходы на перевод, ₽": "10" };
  await fill("Записать заявление", { ...asked, ...payee, ...bank });
  await all.deliver();
  await accountant.reload();
  await picture(accountant, "office-refund-ru");
  await press(accountant, "Выплатить");
  t.regex(await said(accountant), /Выплачено: платёжное поручение/);
  t.regex((await accountant.innerText("main")).replace(/\s/g, " "), /113,45 ₽ выплачено, п\/п № 1/);
  t.is(all.gateway.school.accounts.get(NEWCOMER.id)?.status, "closed");
  await goHome([responsible, operator, accountant]);
});

step(
  withBrowser(
    "P3.2, P3.3: a note is found by its receipt and credited by two, what went astray is moved, and a purse is filled from another",
  ),
  async (t) => {
    const [dispatcher, accountant] = await atWork("dispatcher", "accountant");
    const feed = async (payee: NotePayee, roubles: number) => {
      all.gateway.fact(KIOSK, {
        kind: "NoteStacked",
        payee,
        purse: "additional",
        note: kopecks(roubles * 100),
        visit: 1,
        happenedMs: null,
      });
      await all.deliver();
      const { terminal, incarnation, n } = all.gateway.events.at(-1)!.operation!;
      return formatClaim(terminal, incarnation, n);
    };
    const additional = (account: number): number => all.gateway.school.accounts.get(account)!.additional;
    const find = async (code: string) => {
      await dispatcher.goto(url + at + "/claims");
      await dispatcher.getByLabel("Код с чека").fill(code);
      await press(dispatcher, "Найти");
      await landing(dispatcher, () => dispatcher.locator("table", { hasText: "Найденные платежи" }).locator("tbody a").first().click());
    };
    const decide = async (verdict: string, number = "") => {
      await dispatcher.getByLabel("Что говорит заявитель").fill("Мама с чеком");
      await dispatcher.getByLabel(verdict, { exact: true }).check();
      await dispatcher.getByLabel("Лицевой счёт, чьи это деньги").fill(number);
      await dispatcher.getByLabel("Основание").fill("чек и пересчёт кассеты");
      await press(dispatcher, "Записать");
      return said(dispatcher);
    };
    const OWNER = { id: PUPIL, number: all.gateway.school.accounts.get(PUPIL)!.number };
    const before = additional(OWNER.id);
    await find(await feed({ kind: "none" }, 5000));
    t.regex((await dispatcher.innerText("main")).replace(/\s/g, " "), /Сумма больше 1 000,00 ₽/);
    const payment = dispatcher.url();
    t.regex(await decide("Зачислить на счёт", OWNER.number), /ждёт второго сотрудника/);
    await dispatcher.goto(payment);
    t.regex(await dispatcher.innerText("main"), /подтвердить его должен другой/);
    t.is(await dispatcher.getByRole("button", { name: "Подтвердить решение" }).count(), 0, "not one's own");
    await accountant.goto(payment);
    await picture(accountant, "office-claim-second-ru");
    await press(accountant, "Подтвердить решение");
    await all.deliver();
    t.is(additional(OWNER.id), before + 500000);

    await find(await feed({ kind: "card", uid: PUPIL_CARD }, 100));
    t.regex(await decide("Отказать"), /Отказ записан/);
    await find(await feed({ kind: "card", uid: PUPIL_CARD }, 500));
    const [from, to] = [additional(OWNER.id), additional(OTHER.id)];
    t.regex(await decide("Перенести на другой счёт", OTHER.number), /Решено/);
    await all.deliver();
    t.deepEqual([additional(OWNER.id), additional(OTHER.id)], [from - 50000, to + 50000]);

    const own = { account: OWNER.id, main: kopecks(5000), additional: kopecks(0), source: "payment", reference: "order/walk" } as const;
    await all.cloud.enqueueDirectives(SCHOOL, [{ kind: "TopUp", ...own }]);
    await all.deliver();
    const main = (): number => all.gateway.school.accounts.get(OWNER.id)!.main;
    const [had, more] = [main(), additional(OWNER.id)];
    await accountant.goto(url + at + "/refunds");
    const form = accountant.getByRole("form", { name: "Перенос с основного на дополнительный" });
    await form.getByLabel("Лицевой счёт").fill(OWNER.number);
    await form.getByLabel("Сумма, ₽").fill("10");
    await form.getByLabel("Заявление").fill("№ 3 от 18.01.2018");
    await press(accountant, "Перенести");
    t.regex(await said(accountant), /Отправлено в школу/);
    await all.deliver();
    t.deepEqual([main(), additional(OWNER.id)], [had - 1000, more + 1000]);
    await goHome([dispatcher, accountant]);
  },
);

step(withBrowser("P5.3: a pupil goes to another school, with the account"), async (t) => {
  const next = SCHOOL + 1;
  await all.cloud.registerGateway({ id: "g25", school: next, key: gatewayKey(1) });
  await all.cloud.enqueueDirectives(next, [{ kind: "SetCategory", id: 4, name: "1–4" }, { kind: "SetClass", id: 9, name: "04А" }]); // prettier-ignore
  const [operator] = await atWork("operator");
  await operator.goto(url + at + "/moves");
  await operator.getByLabel("Лицевой счёт").fill(OTHER.number);
  await operator.getByLabel("В школу").selectOption(String(next));
  await operator.getByLabel("Класс в новой школе").fill("11я");
  await press(operator, "Перевести");
  t.regex(await operator.innerText("main"), /Такого класса в новой школе нет/);
  await operator.getByLabel("Класс в новой школе").fill("4а");
  await press(operator, "Перевести");
  const line = () => operator.locator("tbody tr", { hasText: OTHER.number }).innerText();
  t.regex(await line(), /ждём прежнюю школу/);
  await picture(operator, "office-move-ru");
  await all.deliver();
  t.is(all.gateway.school.accounts.get(OTHER.id)?.status, "moved");
  await operator.reload();
  t.regex(await line(), /остаток в пути/);
  await goHome([operator]);
});

/** Presses Tab until this is where the keyboard is; then the keys. */
async function reach(page: Page, what: Locator, ...keys: readonly string[]): Promise<void> {
  for (let left = 200; left > 0; left--) {
    if (await what.evaluate((element) => element === element.ownerDocument.activeElement)) {
      for (const key of keys) await (/^[A-Z]\w+$/.test(key) ? page.keyboard.press(key) : page.keyboard.type(key));
      return;
    }
    await page.keyboard.press("Tab");
  }
  throw new Error("no way by keyboard to " + String(what));
}

step(
  withBrowser("by keyboard alone: two doors, a list carried out, an application from its form to the journal, and a report taken away"),
  async (t) => {
    const page = await (await contextFor(browser, { screen: DESK })).newPage();
    const button = (name: string) => page.getByRole("button", { name, exact: true });
    const link = (name: string) => page.getByRole("link", { name, exact: true });
    const enter = (what: Locator) => landing(page, () => reach(page, what, "Enter"));
    const through = async (role: Role) => {
      await page.goto(url + "/office/login");
      await reach(page, page.locator("#login"), role, "Tab", PASSWORD);
      await landing(page, () => page.keyboard.press("Enter"));
      all.clock.ms += 60_000;
      await reach(page, page.locator("#code"), codeOf(SECRET, stepAt(all.clock.ms)));
      await landing(page, () => page.keyboard.press("Enter"));
    };
    await through("cards");
    await enter(page.locator("td a").first());
    await enter(link("Списки"));
    const chooser = page.waitForEvent("filechooser");
    await reach(page, page.getByLabel("Файл"), "Enter");
    const rows = "Класс;Фамилия;Имя\n3Б;Клавишина;Вера\n";
    await (await chooser).setFiles({ name: "список.csv", mimeType: "text/csv", buffer: Buffer.from(rows) });
    await enter(button("Прочитать"));
    await enter(button("Внести всё, кроме вопросов"));
    t.regex(await said(page), /Внесено: новых 1/);
    await enter(link("Ученики"));
    await enter(link("Клавишина Вера"));
    await enter(link("Принять заявление на карту"));
    await reach(page, page.getByLabel("Карта", { exact: true }), "ArrowDown", "ArrowDown");
    await reach(page, page.getByLabel("Заявитель", { exact: true }), "Клавишина Анна");
    await reach(page, page.getByLabel("Телефон"), "89001112235");
    for (const paper of PAPERS) await reach(page, page.getByLabel(paper), "Space");
    await enter(button("Принять заявление"));
    t.regex(await page.locator("tbody tr", { hasText: "Клавишина" }).innerText(), /новая: утрата[^]*принято в школе/);

    await through("operator");
    await page.goto(url + at + "/cards");
    const registering = page.locator("tbody tr", { hasText: "Клавишина" }).getByRole("button", { name: /^Зарегистрировать/ });
    await enter(registering);
    t.regex(await page.locator("tbody tr", { hasText: "Клавишина" }).innerText(), /зарегистрировано/);
    await page.goto(url + at + "/reports");
    await enter(page.locator("main a").first());
    const taken = page.waitForEvent("download");
    await reach(page, page.getByRole("link", { name: /xlsx|Excel|таблиц/i }).first(), "Enter");
    t.regex((await taken).suggestedFilename(), /\.xlsx$/);
    await page.context().close();
  },
);
