/** "Check this receipt" in a real browser, which believes nothing but signatures and hashes. */
import test from "ava";
import type { Browser, BrowserContext, Page } from "playwright-core";
import type { Kopecks } from "@trapeza/protocol";
import { KIOSK, PUPIL, PUPIL_CARD, SCHOOL, createTestSchool } from "../../_gateway.test.js";
import type { TestGateway } from "../../_gateway.test.js";
import type { Cloud } from "../../cloud.js";
import { openBrowser } from "../_browser.test.js";
import { CHROMIUM, contextFor, openChromium, picture, troublesOf, withBrowser } from "../_chromium.test.js";
import { createApp } from "../app.js";

const step = CHROMIUM ? test.serial : test.serial.skip;
const PASSWORD = "каша манная";
const PHONES = ["79001234567", "79001234568"];
let cloud: Cloud;
let gateway: TestGateway;
let browser: Browser;
let url = "";
let path = "";
let close: () => Promise<void> = async () => undefined;
let app: Awaited<ReturnType<typeof createApp>>;

async function feed(): Promise<void> {
  const payee = { kind: "card", uid: PUPIL_CARD } as const;
  gateway.fact(KIOSK, { kind: "NoteStacked", payee, purse: "main", note: 10000 as Kopecks, visit: 1, happenedMs: null });
  await cloud.intake.receive(gateway.row, gateway.upload());
}

test.before(async () => {
  ({ cloud, gateway } = await createTestSchool());
  await feed();
  path = `/children/${SCHOOL}/${PUPIL}/proof/1/${gateway.entries.length - 1}`;
  const children = [{ school: SCHOOL, account: PUPIL }];
  await cloud.registerGuardian({ phone: PHONES[0], name: "Иванова Анна", password: PASSWORD, children });
  await cloud.registerGuardian({ phone: PHONES[1], name: "Чужая", password: PASSWORD, children: [] });
  app = await createApp({ cloud, secureCookies: false, onError: () => undefined });
  url = await app.listen({ host: "127.0.0.1", port: 0 });
  close = () => app.close();
  if (CHROMIUM) browser = await openChromium();
});

test.after.always(async () => {
  await browser?.close();
  await close();
});

async function opened(scripts = true): Promise<{ context: BrowserContext; page: Page; said: () => Promise<string | null> }> {
  const context = await contextFor(browser, { scripts });
  const page = await context.newPage();
  await page.goto(url + "/login");
  await page.fill("#phone", PHONES[0]);
  await page.fill("#password", PASSWORD);
  await page.click("button.main");
  await page.locator(".child").waitFor();
  const said = async () => {
    await page.goto(url + path);
    await page.locator("[data-said]").waitFor({ timeout: 30_000 });
    return page.locator("[data-said]").getAttribute("data-said");
  };
  return { context, page, said };
}

step(withBrowser("a receipt is found in the signed journal, and the next check sees that the journal has only grown"), async (t) => {
  const { context, page, said } = await opened();
  await page.goto(url + `/children/${SCHOOL}/${PUPIL}?from=2018-01-01&to=2018-01-31`);
  t.is(await page.locator("a.check").getAttribute("href"), path);
  t.is(await said(), "good");
  t.deepEqual(await troublesOf(page), []);
  await picture(page, "proof-good");
  await feed();
  t.is(await said(), "grown");
  t.true((await page.locator("[data-say=grown]").innerText()).includes("только дополнялся"));
  t.is(await page.locator("[data-say]:visible").count(), 1);
  await context.close();
});

step(withBrowser("a journal of another past, another key, another sum, and an entry that was changed are all found out"), async (t) => {
  const { context, page, said } = await opened();
  t.is(await said(), "good");
  const remember = (change: string) =>
    page.evaluate(`(() => { const key = Object.keys(localStorage)[0]; const kept = JSON.parse(localStorage.getItem(key)); ${change};
      localStorage.setItem(key, JSON.stringify(kept)); })()`);
  await remember("kept.root = '00'.repeat(32)");
  t.is(await said(), "bad", "the same size with another root");
  await remember("kept.size -= 1");
  t.is(await said(), "bad", "a smaller journal that this one has not grown out of");
  await remember("kept.key = '11'.repeat(32)");
  t.is(await said(), "bad", "another key than last time");
  await page.evaluate("localStorage.clear()");
  await page.route("**" + path, async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, body: (await answer.text()).replace('data-sum="10000"', 'data-sum="9000"') });
  });
  t.is(await said(), "other");
  await page.unroute("**" + path);
  await page.route("**" + path + "/text*", async (route) => {
    const answer = await route.fetch();
    // One letter in the middle of the entry.
    await route.fulfill({
      response: answer,
      body: (await answer.text()).replace(/(extra .{60})(.)/, (_, head, sign) => head + (sign === "A" ? "B" : "A")),
    });
  });
  t.is(await said(), "bad");
  await page.unroute("**" + path + "/text*");
  await page.route("**" + path + "/text*", (route) => route.abort());
  t.is(await said(), "away");
  await context.close();
});

step(withBrowser("without scripts the page says what to do, and the proof can be taken away"), async (t) => {
  const { context, page } = await opened(false);
  await page.goto(url + path);
  t.true((await page.locator("noscript").innerText()).includes("включите скрипты"));
  t.deepEqual(await page.locator("main a[href$='/text']").count(), 1);
  await context.close();
});

step(
  withBrowser("the auditor's page checks a journal by itself, sees it grow, and finds out another past, key and signature"),
  async (t) => {
    const context = await contextFor(browser, {});
    const page = await context.newPage();
    const audit = "/audit/" + SCHOOL;
    const said = async () => {
      await page.goto(url + audit);
      await page.locator("[data-said]").waitFor({ timeout: 30_000 });
      return page.locator("[data-said]").getAttribute("data-said");
    };
    t.is(await said(), "good");
    t.deepEqual(await troublesOf(page), []);
    await picture(page, "audit-school");
    await feed();
    t.is(await said(), "grown");
    const remember = (change: string) =>
      page.evaluate(`(() => { const key = Object.keys(localStorage)[0]; const kept = JSON.parse(localStorage.getItem(key)); ${change};
      localStorage.setItem(key, JSON.stringify(kept)); })()`);
    await remember("kept.root = '00'.repeat(32)");
    t.is(await said(), "bad", "the same size with another root");
    await remember("kept.size -= 1");
    t.is(await said(), "bad", "a smaller journal that this one has not grown out of");
    await remember("kept.size += 1000");
    t.is(await said(), "bad", "a longer journal than there is now");
    await remember("kept.key = '11'.repeat(32)");
    t.is(await said(), "bad", "another key than last time");
    await page.evaluate("localStorage.clear()");
    await page.route("**/consistency*", async (route) => {
      const answer = await route.fetch();
      const body = (await answer.text()).replace(/(— [^ ]+ )(.{20})(.)/, (_, name, head, sign) => name + head + (sign === "A" ? "B" : "A"));
      await route.fulfill({ response: answer, body });
    });
    t.is(await said(), "bad", "a signature that was changed");
    await page.unroute("**/consistency*");
    await page.route("**/consistency*", (route) => route.abort());
    t.is(await said(), "away");
    await context.close();
    for (const dark of [false, true]) {
      const quiet = await contextFor(browser, { dark, language: dark ? "en" : "ru" });
      const other = await quiet.newPage();
      for (const path of ["/audit", audit]) {
        await other.goto(url + path);
        t.deepEqual(await troublesOf(other), []);
        await picture(other, "audit" + (path === audit ? "-one" : "s") + (dark ? "-dark" : ""));
      }
      await quiet.close();
    }
    const plain = await contextFor(browser, { scripts: false });
    const reader = await plain.newPage();
    await reader.goto(url + audit);
    t.true((await reader.locator("noscript").innerText()).includes("включите скрипты"));
    await reader.goto(url + audit + "/1/checkpoint");
    t.true((await reader.locator("body").innerText()).includes("/school/" + SCHOOL + "/journal/1"));
    await plain.close();
  },
);

test.serial("the proof of an entry is only for those whose history it stands in", async (t) => {
  const visitor = openBrowser(app);
  await visitor.submit("/login", { phone: PHONES[0], password: PASSWORD });
  const own = await visitor.open(path + "/text");
  t.regex(own.html, /^c2sp\.org\/tlog-proof@v1\n/);
  // Entry 1 is the opening of a day: it is signed like any other and no row of this child.
  for (const other of ["/1", "/999999", "/x", "/-1"])
    t.is((await visitor.open(path.replace(/\/[0-9]+$/, other) + "/text")).status, 404, other);
  const stranger = openBrowser(app);
  await stranger.submit("/login", { phone: PHONES[1], password: PASSWORD });
  for (const one of [path, path + "/text"]) t.is((await stranger.open(one)).status, 404);
});
