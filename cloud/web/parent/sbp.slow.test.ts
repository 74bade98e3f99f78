/** Paying by SBP in a real browser: the code, the account that is bound while paying, and one tap from then on; by keyboard alone, too. */
import test from "ava";
import type { Browser, Page } from "playwright-core";
import { PUPIL, SCHOOL } from "../../_gateway.test.js";
import { openStreet } from "../../payments/_street.test.js";
import { CHROMIUM, contextFor, landing, openChromium, picture, troublesOf, withBrowser } from "../_chromium.test.js";
import { createApp } from "../app.js";

const PASSWORD = "каша манная";
const step = CHROMIUM ? test.serial : test.serial.skip;
let browser: Browser;
test.before(async () => {
  if (CHROMIUM) browser = await openChromium();
});
test.after.always(() => browser?.close());

/** Presses Tab until this is what a key would press. */
async function tabTo(page: Page, selector: string): Promise<boolean> {
  for (let i = 0; i < 60; i++) {
    await page.keyboard.press("Tab");
    if (await page.evaluate(`document.activeElement.matches(${JSON.stringify(selector)})`)) return true;
  }
  return false;
}

for (const [at, scripts] of [true, false].entries())
  step(
    withBrowser(`an account is bound while paying by SBP, pays by one tap, and is unbound, ${scripts ? "with" : "without"} scripts`),
    async (t) => {
      t.timeout(120_000);
      const phone = "7900123456" + at;
      const { cloud, sbp, sync } = await openStreet({}, undefined, true);
      const child = { school: SCHOOL, account: PUPIL };
      await cloud.registerGuardian({ phone, name: "Иванова Анна", password: PASSWORD, children: [child] });
      let url = "";
      const app = await createApp({ cloud, url: () => url, secureCookies: false, onError: () => undefined });
      url = await app.listen({ host: "127.0.0.1", port: 0 });
      const context = await contextFor(browser, { scripts });
      t.teardown(async () => {
        await context.close();
        await app.close();
      });
      // The bank's page is somebody else's: here it only has to open.
      await context.route("https://bank.example/**", (route) => route.fulfill({ contentType: "text/html", body: "<title>bank</title>" }));
      const page = await context.newPage();
      const look = async (name: string) => {
        if (scripts) t.deepEqual(await troublesOf(page), []);
        await picture(page, "sbp-" + name + (scripts ? "" : "-plain"));
      };
      await page.goto(url + "/login");
      await page.fill("#phone", phone);
      await page.fill("#password", PASSWORD);
      await landing(page, () => page.click("button.main"));
      await page.goto(url + "/pay?main-24-7=500&review=1");
      await page.check("input[name=remember]");
      await look("review");
      await page.click("button[value=sbp]");
      await page.waitForURL("https://bank.example/**");
      const [order] = await cloud.store.payments.ordersOf(phone, 1);
      sbp.accounts.set("b1", phone);
      sbp.say(order.number, { amount: order.total, bound: { id: "b1", bank: "Волга" } });
      await page.goto(url + "/pay/orders/" + order.key);
      t.regex(await page.locator("main").innerText(), /Оплачено/);

      await page.goto(url + "/pay?main-24-7=250&review=1");
      const buttons = await page.locator("main button[name=way]").allInnerTexts();
      t.regex(buttons[0].replace(/\s/g, " "), /^Списать 250,00 ₽ со счёта: Волга/, "what is quickest stands first");
      await look("one-tap");
      t.true(await tabTo(page, "button[value='sbp/b1']"), "by keyboard");
      await landing(page, () => page.keyboard.press("Enter"));
      t.regex(await page.locator("main").innerText(), /Оплачено/);
      await look("paid");
      t.is(sbp.charged.length, 1);
      await sync();

      await page.goto(url + "/profile");
      await look("bound");
      await landing(page, () => page.click("form[action='/profile/unbind'] button"));
      t.false(sbp.accounts.has("b1"));
      await page.goto(url + "/pay?main-24-7=250&review=1");
      t.is(await page.locator("button[value^='sbp/']").count(), 0);
    },
  );
