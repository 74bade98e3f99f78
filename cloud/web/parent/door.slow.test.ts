/** The door and the children's cards in a real browser. */
import test from "ava";
import type { Browser, Page } from "playwright-core";
import { PUPIL, SCHOOL, createTestSchool } from "../../_gateway.test.js";
import { CHROMIUM, DESK, contextFor, openChromium, picture, troublesOf, withBrowser } from "../_chromium.test.js";
import { createApp } from "../app.js";

const step = CHROMIUM ? test.serial : test.serial.skip;
let browser: Browser;
let url: string;
let close: () => Promise<void> = async () => undefined;

test.before(async () => {
  if (!CHROMIUM) return;
  const { cloud, gateway } = await createTestSchool();
  await cloud.registerGuardian({
    ...{ phone: "79001234567", name: "Иванова Анна", password: "каша манная" },
    children: [{ school: SCHOOL, account: PUPIL }],
  });
  await cloud.intake.receive(gateway.row, gateway.upload());
  const app = await createApp({ cloud, secureCookies: false, onError: () => undefined });
  url = await app.listen({ host: "127.0.0.1", port: 0 });
  close = () => app.close();
  browser = await openChromium();
});

test.after.always(async () => {
  await browser?.close();
  await close();
});

async function logIn(page: Page): Promise<void> {
  await page.goto(url + "/login");
  await page.fill("#phone", "8 900 123-45-67");
  await page.fill("#password", "каша манная");
  await page.click("button.main");
  await page.locator(".child").waitFor();
}

step(withBrowser("login, cards and history have nothing that axe-core objects to, in both languages, light and dark"), async (t) => {
  for (const language of ["ru", "en"] as const)
    for (const dark of [false, true]) {
      const context = await contextFor(browser, { language, dark });
      const page = await context.newPage();
      const look = async (name: string) => {
        t.deepEqual(await troublesOf(page), []);
        await picture(page, [name, language, dark ? "dark" : "light"].join("-"));
      };
      await page.goto(url + "/login");
      await look("login");
      await logIn(page);
      await look("cards");
      await page.locator(".foot a").click();
      await page.locator(".statement").waitFor();
      await look("history");
      await page.setViewportSize(DESK);
      await look("history-wide");
      await context.close();
    }
});
