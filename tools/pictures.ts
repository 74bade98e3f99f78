/** `npm run tool -- pictures`: a demonstration is played a few steps in a real browser, and its screens and pages are kept as pictures for the README. */
import { existsSync, mkdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { chromium, type Browser, type BrowserContext, type Page } from "playwright-core";
import { codeOf, stepAt } from "@trapeza/cloud";
import { fromHex } from "@trapeza/protocol";
import { demoSchool, PARENT_PHONE } from "./demo/school.js";
import { loadSecrets, type DemoSecrets } from "./demo/secrets.js";
import { peopleToTry } from "./demo/terminal.js";
import { openDemonstration, type Demonstration } from "./pictures/demonstration.js";
import { screenOf } from "./pictures/screen.js";
import { LABELS } from "./pictures/words.ru.js";
import { rootPath } from "./tree.js";

const PROGRAMS = ["/usr/bin/chromium-headless-shell", "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const FLAGS = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-sync".split(
  " ",
);
const PHONE = { width: 390, height: 760 };
const DESK = { width: 1080, height: 480 };
const BENCH = { width: 1440, height: 900 };
const LOCALES = { ru: "ru-RU", en: "en-GB" } as const;
type Language = keyof typeof LOCALES;

interface Studio {
  readonly demo: Demonstration;
  readonly secrets: DemoSecrets;
  readonly browser: Browser;
  /** Keeps what is seen of a page, or of one part of it. */
  readonly keep: (name: string, of: Pick<Page, "screenshot">) => Promise<void>;
}

export async function run(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { to: { type: "string", default: join(rootPath, "docs", "pictures") } } });
  const executablePath = PROGRAMS.find((path) => existsSync(path));
  if (executablePath === undefined) {
    console.error("There is no chromium in /usr/bin: apt-get install chromium");
    return 1;
  }
  const folder = resolve(values.to);
  mkdirSync(folder, { recursive: true });
  let bytes = 0;
  const keep: Studio["keep"] = async (name, of) => {
    const path = join(folder, name + ".png");
    await of.screenshot({ path, animations: "disabled" });
    bytes += statSync(path).size;
    console.log(`${name}.png ${statSync(path).size}`);
  };
  const demo = await openDemonstration();
  const browser = await chromium.launch({ executablePath, args: FLAGS });
  try {
    const secrets = loadSecrets(join(demo.folder, "secrets.json")) as DemoSecrets;
    const studio = { demo, secrets, browser, keep };
    await terminals(studio);
    await parents(studio);
    await office(studio);
    await status(studio);
  } finally {
    await browser.close();
    await demo.close();
  }
  console.log(`${bytes} bytes in ${folder}`);
  return 0;
}

function seenBy(browser: Browser, language: Language, viewport: { width: number; height: number }): Promise<BrowserContext> {
  return browser.newContext({ viewport, locale: LOCALES[language], reducedMotion: "reduce" });
}

/** Kiosk, till and wall, each in the middle of its work; then the bench with all three. */
async function terminals({ demo, browser, keep }: Studio): Promise<void> {
  const page = await (await seenBy(browser, "ru", BENCH)).newPage();
  await page.goto(demo.addresses.bench);
  const english = await (await seenBy(browser, "en", BENCH)).newPage();
  // In Russian until it is told otherwise, whatever the browser speaks.
  await english.goto(demo.addresses.bench + "/?lang=en");
  const { older, young, teacher, cashier } = peopleToTry(demoSchool());
  const kiosk = screenOf(page, "payment");
  await kiosk.until(LABELS.holdCard);
  await kiosk.tap(older);
  await kiosk.press(LABELS.additional);
  await kiosk.until(LABELS.feed);
  await kiosk.node.locator("output", { hasText: LABELS.waitsForNote }).waitFor();
  await kiosk.node.getByRole("button", { name: LABELS.note, exact: true }).click();
  await kiosk.until(LABELS.fed);
  const till = screenOf(page, "settlement");
  await till.until(LABELS.cashierCard);
  await till.tap(cashier);
  for (const dish of LABELS.dishes) {
    await till.press(LABELS.code);
    for (const digit of dish) await till.press(digit);
    await till.press(LABELS.done);
  }
  await till.tap(young);
  await till.until(LABELS.confirm);
  const wall = screenOf(page, "information");
  await wall.until(LABELS.holdCard);
  await wall.tap(teacher);
  await wall.until(LABELS.confirm);
  for (const [name, { node }] of Object.entries({ kiosk, till, wall })) await keep(name, node.locator(".glass canvas"));
  await keep("bench.ru", page);
  await keep("bench.en", english);
  // One after the other: a paper that comes out moves what lies below it.
  await kiosk.press(LABELS.done);
  await kiosk.until(LABELS.takePaper);
  await till.press(LABELS.confirm);
  await till.until(LABELS.sold);
  await page.context().close();
  await english.context().close();
}

async function parents({ demo, secrets, browser, keep }: Studio): Promise<void> {
  for (const language of ["ru", "en"] as const) {
    const page = await (await seenBy(browser, language, PHONE)).newPage();
    await page.goto(demo.addresses.parent);
    await page.fill("#phone", PARENT_PHONE);
    await page.fill("#password", secrets.password);
    await page.click("button.main");
    await page.waitForURL(demo.addresses.parent + "/");
    await keep("parent." + language, page);
    await page.context().close();
  }
}

/** A code of the authenticator is good once, so one login serves both languages. */
async function office({ demo, secrets, browser, keep }: Studio): Promise<void> {
  const russian = await seenBy(browser, "ru", DESK);
  const page = await russian.newPage();
  await page.goto(demo.addresses.parent + "/office/login");
  await page.fill("#login", "operator");
  await page.fill("#password", secrets.password);
  await page.click("button.main");
  await page.locator("#code").waitFor();
  await page.fill("#code", codeOf(fromHex(secrets.officeSecret) as Uint8Array, stepAt(Date.now())));
  await page.click("button.main");
  await page.waitForURL(demo.addresses.parent + "/office");
  const at = `/office/${demoSchool().number}`;
  const pages = { people: at + "/people?class=1" };
  const storageState = await russian.storageState();
  const english = await (await browser.newContext({ viewport: DESK, locale: LOCALES.en, storageState })).newPage();
  for (const [name, path] of Object.entries(pages))
    for (const [language, one] of [
      ["ru", page],
      ["en", english],
    ] as const) {
      await one.goto(demo.addresses.parent + path);
      await keep(`office-${name}.${language}`, one);
    }
  await russian.close();
  await english.context().close();
}

async function status({ demo, secrets, browser, keep }: Studio): Promise<void> {
  const page = await (await seenBy(browser, "ru", DESK)).newPage();
  await page.goto(demo.addresses.status);
  await page.fill("input[type=password]", secrets.password);
  await page.click("button");
  await page.locator("table").first().waitFor();
  await keep("status", page);
  await page.context().close();
}
