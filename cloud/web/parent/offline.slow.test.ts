/** The pages last seen, without the net: on a device that remembers its reader, until somebody leaves. */
import test from "ava";
import type { Browser, Page } from "playwright-core";
import { PUPIL, SCHOOL, createTestSchool } from "../../_gateway.test.js";
import { CHROMIUM, contextFor, landing, openChromium, picture, troublesOf, withBrowser } from "../_chromium.test.js";
import { createApp } from "../app.js";

const step = CHROMIUM ? test.serial : test.serial.skip;
const PHONE = "79001234567";
const PASSWORD = "каша манная";
const CHILD = `/children/${SCHOOL}/${PUPIL}`;
let browser: Browser;

test.before(async () => {
  if (CHROMIUM) browser = await openChromium();
});
test.after.always(() => browser?.close());

/** A parent who is logged in and has seen both pages while the worker was there; `goAway` ends the cloud. */
async function seen({ remember }: { remember: boolean }) {
  const { cloud, gateway } = await createTestSchool();
  await cloud.intake.receive(gateway.row, gateway.upload());
  await cloud.registerGuardian({ phone: PHONE, name: "Иванова Анна", password: PASSWORD, children: [{ school: SCHOOL, account: PUPIL }] });
  const app = await createApp({ cloud, secureCookies: false, onError: () => undefined });
  const url = await app.listen({ host: "127.0.0.1", port: 0 });
  const context = await contextFor(browser, { worker: true });
  const page = await context.newPage();
  await page.goto(url + "/login");
  await page.evaluate("navigator.serviceWorker.ready");
  await page.fill("#phone", PHONE);
  await page.fill("#password", PASSWORD);
  if ((await page.isChecked("[name=remember]")) !== remember) await page.click("[name=remember]");
  await landing(page, () => page.click("button.main"));
  for (const path of [CHILD, "/"]) await page.goto(url + path);
  return { page, url, context, goAway: () => app.close() };
}

const keptPages = (page: Page) =>
  page.evaluate("caches.open('pages').then((cache) => cache.keys()).then((all) => all.map(({ url }) => new URL(url).pathname).sort())");
const until = (page: Page, wanted: number) =>
  page.waitForFunction(`caches.open('pages').then((cache) => cache.keys()).then((all) => all.length === ${wanted})`, null, {
    timeout: 30_000,
  });

step(withBrowser("without the net the pages last seen are there, and say of when they are"), async (t) => {
  const { page, url, context, goAway } = await seen({ remember: true });
  await until(page, 2);
  t.deepEqual(await keptPages(page), ["/", CHILD]);
  await page.locator("[data-offline]").waitFor({ state: "hidden" });
  await goAway();
  await page.goto(url + "/");
  t.true((await page.locator(".child").innerText()).includes("Иванов Иван Иванович"));
  t.regex(await page.locator("[data-offline]").innerText(), /Нет связи\. Так было [а-я]{2}, \d+ [а-я]+.* \d\d:\d\d/);
  t.deepEqual(await troublesOf(page), []);
  await picture(page, "offline");
  await page.goto(url + CHILD);
  t.true(await page.locator(".statement").isVisible());
  await context.close();
});

step(withBrowser("after logging out nothing of the family is left in the browser"), async (t) => {
  const { page, url, context, goAway } = await seen({ remember: true });
  await until(page, 2);
  await landing(page, () => page.click("form[action='/logout'] button"));
  t.deepEqual(await keptPages(page), []);
  await goAway();
  await t.throwsAsync(page.goto(url + "/"));
  await context.close();
});

step(withBrowser("a login that is not to be remembered leaves no page behind"), async (t) => {
  const { page, context, goAway } = await seen({ remember: false });
  t.deepEqual(await keptPages(page), []);
  await goAway();
  await context.close();
});

step(withBrowser("the portal can be installed: a manifest with a name, an icon and where it starts"), async (t) => {
  const { page, context, goAway } = await seen({ remember: true });
  const devtools = await context.newCDPSession(page);
  const { errors } = await devtools.send("Page.getAppManifest");
  t.deepEqual(errors, []);
  const { installabilityErrors } = await devtools.send("Page.getInstallabilityErrors");
  // A private window, as this browser's, installs nothing whatever the page is like.
  t.deepEqual(installabilityErrors.map(({ errorId }) => errorId).filter((id) => id !== "in-incognito"), []); // prettier-ignore
  await goAway();
  await context.close();
});
