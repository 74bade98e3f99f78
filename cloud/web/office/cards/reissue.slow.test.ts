/** Another card that a family orders and pays for, from its own page to the desk that makes it. */
import test from "ava";
import type { Browser } from "playwright-core";
import { kopecks } from "@trapeza/protocol";
import { PUPIL, SCHOOL } from "../../../_gateway.test.js";
import { openBrowser } from "../../_browser.test.js";
import { CHROMIUM, contextFor, landing, openChromium, picture, troublesOf, withBrowser } from "../../_chromium.test.js";
import { PASSWORD, createTestOffice } from "../_office.test.js";
import type { TestOffice } from "../_office.test.js";

const [MOTHER, GRANDMOTHER] = ["79001234567", "79001234568"];
const at = "/office/" + SCHOOL;
const card = `/children/${SCHOOL}/${PUPIL}/card`;
const step = CHROMIUM ? test.serial : test.serial.skip;
let all: TestOffice;
let browser: Browser | null = null;

test.before(async () => {
  all = await createTestOffice();
  await all.cloud.enqueueDirectives(SCHOOL, [
    { kind: "SetFees", activation: kopecks(0), reissue: kopecks(25000) },
    { kind: "OpeningBalance", account: PUPIL, main: kopecks(30000), additional: kopecks(10000) },
  ]);
  await all.deliver();
  const children = [{ school: SCHOOL, account: PUPIL }];
  await all.cloud.registerGuardian({ phone: MOTHER, name: "Иванова Анна", password: PASSWORD, children });
  await all.cloud.registerGuardian({ phone: GRANDMOTHER, name: "Петрова Вера", password: PASSWORD, children: [] });
});
test.after.always(async () => {
  await browser?.close();
  await all?.close();
});

async function as(phone: string) {
  const visitor = openBrowser(all.app);
  await visitor.submit("/login", { phone, password: PASSWORD });
  return visitor;
}

test.serial("a second adult orders no card, whatever their rights; nor does a stranger", async (t) => {
  const tokenHash = "1".repeat(64);
  const rights = ["see", "pay", "order", "limits"] as const;
  await all.cloud.store.people.putInvitation({ tokenHash, school: SCHOOL, account: PUPIL, givenBy: MOTHER, rights, expiresMs: 1 });
  const grandmother = await as(GRANDMOTHER);
  t.is((await grandmother.open(card)).status, 404, "a stranger");
  await all.cloud.store.people.takeInvitation(tokenHash, GRANDMOTHER);
  t.is((await grandmother.open(card.replace("/card", "/limits"))).status, 200);
  t.false((await grandmother.open(card.replace("/card", "/limits"))).html.includes(`href="${card}"`));
  t.is((await grandmother.open(card)).status, 404);
  t.is((await grandmother.post(card, { cause: "loss", purse: "main", fee: "25000" })).status, 404);
  t.is((await openBrowser(all.app).open(card)).location, "/login");
});

test.serial("what cannot be paid so, or costs something else by now, is said beside its field and changes nothing", async (t) => {
  const mother = await as(MOTHER);
  const page = await mother.open(card);
  t.true(page.text.includes("250,00 ₽") && page.text.includes("с основного счёта, на нём 300,00 ₽"));
  t.false(page.text.includes("с дополнительного счёта"), "which has too little");
  for (const [fields, say] of [
    [{ cause: "boredom", purse: "main", fee: "25000" }, "cause-say"],
    [{ cause: "loss", purse: "additional", fee: "25000" }, "purse-say"],
    [{ cause: "loss", purse: "main", fee: "1" }, "purse-say"],
    [{ cause: "loss", purse: "main", fee: "x" }, "purse-say"],
  ] as const) {
    const again = await mother.post(card, fields);
    t.is(again.status, 400, JSON.stringify(fields));
    t.true(again.html.includes(say), JSON.stringify(fields));
  }
  t.deepEqual(await all.deliver(), []);
  t.deepEqual(await all.office.database.selectFrom("officeApplications").selectAll().execute(), []);
});

step(
  withBrowser("the order is paid from the purse that was chosen, once, and waits at the desk until the school has taken the money"),
  async (t) => {
    browser = await openChromium();
    const url = await all.app.listen({ host: "127.0.0.1", port: 0 });
    for (const scripts of [true, false]) {
      const context = await contextFor(browser, { scripts, dark: !scripts });
      const page = await context.newPage();
      await page.goto(url + "/login");
      await page.fill("#phone", MOTHER);
      await page.fill("#password", PASSWORD);
      await landing(page, () => page.click("button.main"));
      await page.goto(url + card.replace("/card", "/limits"));
      await landing(page, () => page.click(`a[href='${card}']`));
      if (scripts) {
        t.deepEqual(await troublesOf(page), []);
        await picture(page, "reissue-order");
        // Without scripts the same form is posted, below.
        await context.close();
        continue;
      }
      await page.check("input[value=loss]");
      await page.check("input[value=main]");
      await landing(page, () => page.click("button.main"));
      t.true((await page.locator("main").innerText()).includes("Деньги спишутся"));
      await picture(page, "reissue-under-way");
      const again = await (await as(MOTHER)).post(card, { cause: "loss", purse: "main", fee: "25000" });
      t.is(again.status, 400, "one is under way");
      await all.post("operator", at + "/cards/1/register");
      const made = { uid: "04aabb01" };
      await all.post("operator", at + "/cards/1/make", made);
      t.is(
        (await all.office.database.selectFrom("officeApplications").select("state").executeTakeFirst())?.state,
        "registered",
        "not paid",
      );
      const told = await all.deliver();
      t.deepEqual(told, [
        { kind: "Fee", account: PUPIL, purse: "main", amount: kopecks(25000), service: "reissue", reference: "reissue/1" },
      ]);
      t.is(all.gateway.school.accounts.get(PUPIL)?.main, kopecks(5000));
      const balances = await all.cloud.store.balances(SCHOOL);
      t.is([...balances].find(([name]) => name === "income/cards")?.[1], -25000);
      await page.reload();
      t.true((await page.locator("main").innerText()).includes("Оплачено."));
      t.true((await all.get("operator", at + "/cards")).text.includes("Иванов Иван Иванович"));
      await all.post("operator", at + "/cards/1/make", made);
      t.is((await all.office.database.selectFrom("officeApplications").select("state").executeTakeFirst())?.state, "made");
      await page.reload();
      t.true((await page.locator("main").innerText()).includes("карта готова"));
      await context.close();
    }
    t.deepEqual(all.errors, []);
  },
);
