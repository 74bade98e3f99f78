/** A school day as its people see it: the bench and the parent's page in a real browser, on a demonstration in processes of its own. */
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import test from "ava";
import { chromium, type Browser, type BrowserContext, type Page } from "playwright-core";
import { startDemo, temporaryFolder, until, type Demo } from "./_demo.test.js";
import { screenOf } from "./pictures/screen.js";
import { rootPath } from "./tree.js";

const program = ["/usr/bin/chromium-headless-shell", "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(
  (path) => existsSync(path),
);
const FLAGS = (
  "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update " +
  "--disable-sync"
).split(" ");
const PHONE = { width: 360, height: 640 };
const BENCH = { width: 1440, height: 900 };
const LIVE_MS = 15_000;
const artifacts = join(rootPath, "artifacts", "browser");

const title = (what: string): string => (program ? what : `${what} (there is no chromium in /usr/bin)`);
const step = program ? test.serial : test.serial.skip;

const { folder, clear } = temporaryFolder();
let demo: Demo;
let browser: Browser;
let bench: Page;
let parent: BrowserContext;
let cards: Page;
let history: Page;

/** Cards as the printed advice names them. */
function named(pattern: RegExp): string {
  return pattern.exec(demo.said())?.[1] ?? "";
}
const older = (): string => named(/Терминал оплаты: карта «([^»]+)»/);
const cashier = (): string => named(/Терминал расчётов: карта «([^»]+)»/);
const young = (): string => named(/\n +карта «([^»]+)», «Подтвердить»/);
const teacher = (): string => named(/Информационный терминал: карта «([^»]+)»/);
const nameOn = (card: string): string => card.split(",")[0];

async function logIn(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  await page.goto(demo.parent);
  await page.fill("#phone", demo.phone);
  await page.fill("#password", demo.password);
  await page.click("button.main");
  await page.waitForURL(demo.parent + "/");
  return page;
}

/** Both purses of a child in kopecks, as the parent reads them. */
async function purses(page: Page, card: string): Promise<number[]> {
  const texts = await page
    .locator(".child", { hasText: nameOn(card) })
    .locator(".purse dd > .money")
    .allTextContents();
  return texts.map((text) => Number(text.replace("−", "-").replace(/[^-0-9]/g, "")));
}

async function openHistory(page: Page, card: string): Promise<void> {
  await page
    .locator(".child", { hasText: nameOn(card) })
    .locator("a", { hasText: "История" })
    .click();
  await page.locator(".statement").waitFor();
}

/** A page that is loaded anew forgets this mark. */
async function mark(page: Page): Promise<void> {
  await page.evaluate("document.body.dataset.mark = 'kept'");
}
async function isMarked(page: Page): Promise<boolean> {
  return (await page.evaluate("document.body.dataset.mark")) === "kept";
}

async function picture(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: join(artifacts, name + ".png"), fullPage: true });
}

test.before(async () => {
  if (!program) return;
  mkdirSync(artifacts, { recursive: true });
  demo = await startDemo(folder);
  browser = await chromium.launch({ executablePath: program, args: FLAGS });
  bench = await (await browser.newContext({ viewport: BENCH, locale: "ru-RU" })).newPage();
  await bench.goto(demo.bench);
  parent = await browser.newContext({ viewport: PHONE, locale: "ru-RU" });
  cards = await logIn(parent);
  history = await parent.newPage();
});

test.after.always(async () => {
  await browser?.close();
  await demo?.end("SIGINT");
  await clear();
});

step(title("at the kiosk a note of 100 is fed: it is on the screen, on the paper and on the parent's page"), async (t) => {
  const kiosk = screenOf(bench, "payment");
  const before = await purses(cards, older());
  await mark(cards);
  await kiosk.until("Приложите карту");
  await kiosk.tap(older());
  await kiosk.press("Дополнительный");
  await kiosk.until("Вставляйте");
  await kiosk.node.locator("output", { hasText: "ждёт купюру" }).waitFor();
  await kiosk.node.getByRole("button", { name: "Купюры: 100", exact: true }).click();
  await kiosk.until("100,00");
  // The screen is seen by everybody behind: no surname on it.
  t.false((await kiosk.read()).join(" ").includes(nameOn(older()).split(" ")[0]), (await kiosk.read()).join(" | "));
  await picture(bench, "kiosk");
  await kiosk.press("Готово");
  await kiosk.until("Возьмите чек");
  t.regex(await kiosk.paper("Итого"), /Итого, р\.\s+100,00/);
  // Before: in debt; the note goes there first.
  t.true(before[0] < 0);
  const wanted = [Math.min(0, before[0] + 10_000), before[1] + Math.max(0, before[0] + 10_000)];
  await until(
    async () => String(await purses(cards, older())) === String(wanted),
    () => `the purses ${wanted.join(", ")}`,
    LIVE_MS,
  );
  t.true(await isMarked(cards), "nobody reloaded the page");
});

step(title("at the till a card is tapped and two dishes are bought: the parent sees it without touching the page"), async (t) => {
  const till = screenOf(bench, "settlement");
  const before = await purses(cards, young());
  await history.goto(demo.parent);
  await openHistory(history, young());
  await Promise.all([mark(cards), mark(history)]);
  await till.until("Приложите карту кассира");
  await till.tap(cashier());
  await till.press("Код");
  for (const digit of "1151") await till.press(digit);
  await till.until("Сок в ассортименте");
  await till.press("Готово");
  await till.until("Пицца");
  await till.tap(young());
  await till.until(nameOn(young()));
  await picture(bench, "till");
  await till.press("Подтвердить");
  await till.until("Продано");
  const receipt = /№(24-[0-9]{6})/.exec((await till.read()).join(" "))?.[1] ?? "";
  const paper = await till.paper("Итого");
  t.true(paper.includes(`Чек №${receipt}`), paper);
  t.regex(paper, /Пицца 125 г\s+34,50/);
  t.regex(paper, /Сок в ассортименте 200 г\s+13,20/);
  t.regex(paper, /Итого, р\.\s+47,70/);

  const wanted = [before[0], before[1] - 4770];
  await until(
    async () => String(await purses(cards, young())) === String(wanted),
    () => `the purses ${wanted.join(", ")}`,
    LIVE_MS,
  );
  await history.locator(".statement", { hasText: `Чек №${receipt}` }).waitFor({ timeout: LIVE_MS });
  t.true((await isMarked(cards)) && (await isMarked(history)), "nobody reloaded the pages");
  await picture(cards, "parent-cards");
  await picture(history, "parent-history");
});

step(title("without JavaScript the parent sees the same after a reload, dish by dish"), async (t) => {
  const wall = screenOf(bench, "information");
  const plain = await browser.newContext({ viewport: PHONE, locale: "ru-RU", javaScriptEnabled: false });
  const page = await logIn(plain);
  const before = await purses(page, young());
  await openHistory(page, young());
  await page.locator("input[name=details]").check();
  await page.getByRole("button", { name: "Показать" }).click();
  const rows = (await page.locator(".statement tr").allInnerTexts()).map((row) => row.replace(/\s+/g, " "));
  t.true(
    rows.some((row) => /Пицца 125 г 34,50/.test(row)) && rows.some((row) => /Сок в ассортименте 200 г 13,20/.test(row)),
    rows.join("\n"),
  );
  await picture(page, "parent-dishes");

  await wall.until("Приложите карту");
  await wall.tap(teacher());
  await wall.press("Подтвердить");
  await wall.until("Накормлены");
  t.regex(await wall.paper("Учеников"), /Учеников\s+[0-9]+/);
  await picture(bench, "wall");
  await wall.press("Готово");
  t.true((await page.locator(".statement").innerText()).includes("Пицца"), "what is open stays as it was");
  const served = async (): Promise<boolean> => {
    await page.reload();
    return (await page.locator(".statement").innerText()).includes("Табель");
  };
  await until(served, () => "the breakfast in the history", LIVE_MS);
  await page.goto(demo.parent);
  const after = await purses(page, young());
  t.true(after[0] < before[0], `${before.join(", ")} became ${after.join(", ")}`);
  t.is(after[1], before[1]);
  await plain.close();
});

/** Texts of what the gateway has stored and the cloud has booked, of one kind of event, as they stand on the bench. */
async function bookOf(event: string): Promise<readonly { readonly stored: string; readonly booked: string }[]> {
  const rows = bench.locator(`#book li[data-event=${event}]`);
  const texts = async (of: string): Promise<string[]> => (await rows.locator(of).allInnerTexts()).map((text) => text.replace(/\s+/g, " "));
  const [stored, booked] = [await texts(".stored"), await texts(".ledger")];
  return stored.map((text, at) => ({ stored: text, booked: booked[at] }));
}

/** Debits minus credits of every transaction of this kind on the bench, in kopecks. */
async function differencesOf(event: string): Promise<number[]> {
  const rows = await bench.locator(`#book li[data-event=${event}] .ledger`).all();
  const amountOf = (text: string): number => Number(text.replace(/[^0-9]/g, ""));
  return Promise.all(
    rows.map(async (row) => {
      const [accounts, sums] = [await row.locator("span").allInnerTexts(), await row.locator("b").allInnerTexts()];
      return sums.reduce((sum, text, at) => sum + (accounts[at].startsWith("Дт") ? amountOf(text) : -amountOf(text)), 0);
    }),
  );
}

/** The same once there are so many and the cloud has booked them all. */
async function booked(event: string, count: number): ReturnType<typeof bookOf> {
  const isDone = async (): Promise<boolean> => {
    const rows = await bookOf(event);
    return rows.length >= count && rows.every((row) => row.booked !== "" && row.booked !== "в пути");
  };
  await until(isDone, () => `${count} of ${event} in both books`, LIVE_MS);
  return bookOf(event);
}

step(title("a newcomer is led through a top-up, a power cut and an internet cut, and every step sees that it was done"), async (t) => {
  const before = (await bookOf("TopUpCredited")).length;
  await screenOf(bench, "payment").until("Приложите карту");
  const tour = bench.locator("#tour");
  const [show, next] = [tour.getByRole("button", { name: "Показать" }), tour.locator(".next")];
  await bench.getByRole("button", { name: "Экскурсия" }).click();
  const seen: string[] = [];
  for (const wanted of ["карту", "счёт", "купюру", "питание", "Включите", "Отключите", "класс", "Включите"]) {
    const text = await tour.getByRole("status").innerText();
    t.true(text.includes(wanted), text);
    seen.push(text);
    // A class is fed elsewhere in this file, once a day as in life.
    if (wanted !== "класс") {
      await show.click();
      const kiosk = screenOf(bench, "payment");
      const where = async (): Promise<string> =>
        `${text} | ${(await kiosk.read()).join(" | ")} | ${await kiosk.node.locator("output").innerText()}`;
      await bench
        .locator("#tour.done")
        .waitFor({ timeout: 2 * LIVE_MS })
        .catch(async () => t.fail(await where()));
    }
    if (wanted === "Отключите") t.false(await bench.getByRole("checkbox", { name: "Интернет" }).isChecked());
    await next.click();
  }
  t.is(new Set(seen).size, 8);
  t.true(await bench.getByRole("checkbox", { name: "Интернет" }).isChecked());
  await tour.getByRole("button", { name: "Закончить" }).click();
  t.true(await tour.isHidden());
  t.is((await booked("TopUpCredited", before + 2)).length, before + 2);
});

step(
  title("a note jams at the cassette and the power fails: a paper with a claim code, no kopeck moved, and the note is in both books"),
  async (t) => {
    const kiosk = screenOf(bench, "payment");
    const before = await purses(cards, older());
    const credited = (await bookOf("TopUpCredited")).length;
    const state = kiosk.node.getByRole("status", { name: "Купюроприёмник" });
    await kiosk.until("Приложите карту");
    await kiosk.tap(older());
    await kiosk.press("Дополнительный");
    await kiosk.until("Вставляйте");
    await state.filter({ hasText: "ждёт купюру" }).waitFor();
    // From here on by keyboard alone.
    await kiosk.key(kiosk.node.locator("summary"), "Enter");
    const jam = kiosk.node.getByRole("checkbox", { name: "Замять купюру у кассеты" });
    await kiosk.key(jam, "Space");
    await kiosk.key(kiosk.node.getByRole("button", { name: "Купюры: 500", exact: true }), "Enter");
    await state.filter({ hasText: "замята у кассеты" }).waitFor();
    await kiosk.until("приёмник неисправен");
    await picture(bench, "kiosk-jammed");
    const power = kiosk.node.getByRole("checkbox", { name: "Питание" });
    await kiosk.key(power, "Space");
    await state.filter({ hasText: "нет питания" }).waitFor();
    await until(
      async () => (await kiosk.read()).length === 0,
      () => "a dark screen",
      LIVE_MS,
    );
    await kiosk.key(power, "Space");
    await kiosk.until("Деньги не принимаются");

    await kiosk.paper("приёмник не подтвердил");
    // Paper comes out line by line; the code is what is waited for.
    const paper = await kiosk.paper("1-1-");
    t.regex(paper, /Купюра, Дополнительный\s+500,00\s+приёмник не подтвердил/);
    t.regex(paper, /Итого, р\.\s+0,00/);
    t.regex(paper, /Код обращения\s+1-1-\d+-\d+/);
    const held = await booked("TopUpHeld", 1);
    t.regex(held[0].stored, /Купюра до выяснения · 500,00/);
    t.is(held[0].booked, "принято, денег не касается");
    await kiosk.key(jam, "Space");
    await kiosk.node.locator(".tally", { hasText: /1\s200\s₽ в кассете/ }).waitFor();
    t.is((await bookOf("TopUpCredited")).length, credited, "what nobody saw arrive waits for whoever opens the cassette");
    t.deepEqual(await purses(cards, older()), before);
  },
);

step(
  title("the gateway loses its power while a class is confirmed: the paper says so, and all of it is stored and booked once it is back"),
  async (t) => {
    const wall = screenOf(bench, "information");
    const before = [await purses(cards, older()), (await bookOf("MealServed")).length] as const;
    const className = older().split(", ")[1];
    await wall.until("Приложите карту");
    await wall.node.locator("h2").click();
    await bench.locator(".card", { hasText: className }).filter({ hasText: "Учитель" }).click();
    await wall.until("Подтвердить");
    const gateway = bench.getByRole("checkbox", { name: "Шлюз" });
    await wall.key(gateway, "Space");
    await wall.press("Подтвердить");
    await wall.until("Сохранено, будет учтено");
    const paper = await wall.paper("Код обращения");
    t.true(paper.includes("Сохранено, будет учтено"), paper);
    const pupils = Number(/Учеников\s+([0-9]+)/.exec(paper)?.[1]);
    t.true(pupils > 10, paper);
    t.is((await bookOf("MealServed")).length, before[1], "there is nobody to store it");
    await picture(bench, "wall-alone");
    await wall.key(gateway, "Space");
    const meals = await booked("MealServed", before[1] + pupils);
    t.is(meals.length, before[1] + pupils);
    t.true(
      meals.every(({ booked }) => /^Дт .* Кт /.test(booked)),
      meals.map(({ booked }) => booked).join("\n"),
    );
    t.deepEqual(new Set(await differencesOf("MealServed")), new Set([0]));
    await picture(bench, "books");
    await until(
      async () => (await purses(cards, older()))[0] < before[0][0],
      () => "the breakfast on the parent's page",
      LIVE_MS,
    );
    t.is((await purses(cards, older()))[1], before[0][1]);
  },
);

step(title("time on the table stands still, goes on by a step, and hurries"), async (t) => {
  const wall = screenOf(bench, "information");
  const rate = (name: string): Promise<void> => bench.getByRole("button", { name, exact: true }).click();
  const clock = async (): Promise<string> => bench.locator("#clock").innerText();
  await rate("стоп");
  await bench.getByRole("button", { name: "шаг" }).and(bench.locator(":enabled")).waitFor();
  const [began, shown] = [await clock(), await wall.read()];
  await wall.tap(teacher());
  await bench.locator(".information .pad[data-card]").waitFor();
  t.is(await clock(), began);
  t.deepEqual(await wall.read(), shown, "a card that lies there is not seen while time stands still");
  const steps = async (): Promise<boolean> => {
    await rate("шаг");
    return String(await wall.read()) !== String(shown);
  };
  await until(steps, () => "what the card brings", LIVE_MS);
  await rate("×60");
  // A list that nobody touches is put away after a minute.
  await wall.until("Приложите карту");
  await rate("×1");
  t.not(await clock(), began);
});

step(title("nobody is kept out of the bench: axe finds nothing, in both languages, by day and by night"), async (t) => {
  const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
  for (const [language, colorScheme] of [
    ["ru", "light"],
    ["en", "dark"],
  ] as const) {
    await bench.emulateMedia({ colorScheme });
    await bench.goto(`${demo.bench}/?lang=${language}`);
    await bench.locator("#book .booked").first().waitFor();
    await bench.locator(".payment summary").click();
    await bench.evaluate(axe);
    const { violations } = (await bench.evaluate("axe.run(document, {})")) as { violations: { id: string; nodes: { html: string }[] }[] };
    t.deepEqual(
      violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`),
      [],
    );
    await picture(bench, `bench-${language}-${colorScheme}`);
  }
});

step(title("the screens stand on the bench's page as text, and nothing on a telephone is wider than it"), async (t) => {
  for (const kind of ["payment", "settlement", "information"] as const) t.true((await screenOf(bench, kind).read()).length > 2, kind);
  for (const page of [cards, history]) {
    const [wide, room] = (await page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")) as number[];
    t.true(wide <= room, `${page.url()} is ${wide} pixels wide`);
  }
});
