import test from "ava";
import { formatDate, menuKey, tariffKey } from "@trapeza/protocol";
import type { BusinessDate } from "@trapeza/protocol";
import { PUPIL, SCHOOL, TODAY } from "../../../_gateway.test.js";
import { openBrowser } from "../../_browser.test.js";
import { PASSWORD, createTestOffice } from "../_office.test.js";
import type { TestOffice } from "../_office.test.js";

let all: TestOffice;
const at = "/office/" + SCHOOL;
const day = (later: number) => formatDate((TODAY + later) as BusinessDate);

test.before(async () => {
  all = await createTestOffice();
});
test.after.always(() => all?.close());

test.serial("a new price waits for its day, and what is sold today keeps today's", async (t) => {
  const dish = {
    code: "11",
    name: "Пицца 125 г",
    group: "1",
    price: "36,00",
    caterer: "1",
    offered: "1",
    allergens: "глютен, молоко",
    composition: "мука, сыр",
  };
  t.is((await all.post("caterer", at + "/menu", { ...dish, from: day(0) })).status, 400, "not today");
  for (const wrong of [{ price: "много" }, { price: "0" }, { code: "x" }, { group: "9" }, { caterer: "77" }])
    t.is((await all.post("caterer", at + "/menu", { ...dish, from: day(3), ...wrong })).status, 400, JSON.stringify(wrong));
  await all.cloud.enqueueDirectives(SCHOOL, [{ kind: "SetCaterer", id: 2, name: "ООО «Соседи»" }]);
  t.is((await all.post("caterer", at + "/menu", { ...dish, from: day(3), caterer: "2" })).status, 400, "nobody writes for another caterer");
  t.is((await all.post("caterer", at + "/menu", { ...dish, from: day(3) })).status, 303);
  t.is((await all.post("operator", at + "/menu", { ...dish, code: "31", name: "Булочка", caterer: "2", from: day(3) })).status, 303);
  const taken = { ...dish, code: "31", name: "Булочка", from: day(4) };
  t.is((await all.post("caterer", at + "/menu", taken)).status, 400, "nor takes another one's dish");
  await all.deliver();
  t.deepEqual(
    all.gateway.school.dishes.get(11)?.map(({ price, from }) => [price, from - TODAY]),
    [
      [3450, -30],
      [3600, 3],
    ],
  );
  const page = (await all.get("teacher", at + "/menu")).text;
  t.regex(page, /Пицца 125 гмука, сыр.*34,50 ₽с 21\.01\.2018: 36,00 ₽/);
});

test.serial("a cycle is written down and laid over the calendar", async (t) => {
  const plates = Object.fromEntries(Array.from({ length: 10 }, (_, index) => ["m1d" + index, "Каша " + index + "; Чай"]));
  t.is((await all.post("caterer", at + "/cycle/1", plates)).status, 303);
  t.is((await all.post("caterer", at + "/cycle/99", plates)).status, 404);
  t.is((await all.post("caterer", at + "/cycle/publish", { from: day(0), weeks: "2", holidays: "" })).status, 400);
  t.is((await all.post("caterer", at + "/cycle/publish", { from: day(4), weeks: "2", holidays: "31.02.2018" })).status, 400);
  t.is((await all.post("caterer", at + "/cycle/publish", { from: day(4), weeks: "2", holidays: "24.01.2018" })).status, 303);
  await all.deliver();
  const known = Array.from({ length: 14 }, (_, later) => all.gateway.school.mealMenus.get(menuKey(1, TODAY + 4 + later))?.dishes[0] ?? "");
  t.deepEqual(
    known.slice(0, 8),
    ["Каша 0", "Каша 1", "", "Каша 3", "Каша 4", "", "", "Каша 5"],
    "22 January 2018 was a Monday, the 24th is free",
  );
  t.true((await all.get("caterer", at + "/cycle")).html.includes("Каша 9; Чай"));
});

test.serial("a caterer plans, publishes and describes the meals that the tariffs give them, and no others", async (t) => {
  const tariff = { kind: "SetTariff", category: 1, share: 5000, subsidy: 0, program: 5, from: TODAY + 2 } as const;
  const lunch = { kind: "SetMeal", id: 2, name: "Обед", servedFrom: 720, closes: 800, cutOffDays: 1, cutOffMinute: 600 } as const;
  await all.cloud.enqueueDirectives(SCHOOL, [lunch, { ...tariff, meal: 2, caterer: 2 }] as never);
  await all.deliver();
  const plates = Object.fromEntries(Array.from({ length: 10 }, (_, index) => ["m2d" + index, "Борщ " + index]));
  t.is((await all.post("caterer", at + "/cycle/2", plates)).status, 404, "the neighbours cook lunch");
  t.is((await all.post("operator", at + "/cycle/2", plates)).status, 303);
  const recipe = { dish: "Борщ 1", composition: "свёкла", kcal: "", allergens: "" };
  t.is((await all.post("caterer", at + "/recipes", recipe)).status, 400);
  t.false((await all.get("caterer", at + "/recipes")).text.includes("Борщ"));
  t.is((await all.post("caterer", at + "/cycle/publish", { from: day(4), weeks: "1", holidays: "" })).status, 303);
  await all.deliver();
  const soup = () => all.gateway.school.mealMenus.get(menuKey(2, TODAY + 4))?.dishes[0];
  t.is(soup(), undefined, "publishing lays the own meals over the calendar");
  t.is((await all.post("operator", at + "/cycle/publish", { from: day(4), weeks: "1", holidays: "" })).status, 303);
  await all.deliver();
  t.is(soup(), "Борщ 0");
  await all.cloud.enqueueDirectives(SCHOOL, [{ ...tariff, meal: 2, caterer: 1, from: TODAY + 5 }] as never);
  await all.deliver();
  t.is((await all.post("caterer", at + "/cycle/2", plates)).status, 303, "theirs from next week: it can be planned");
  t.is((await all.post("caterer", at + "/recipes", recipe)).status, 303);
});

test.serial("a tariff holds from its day, the accountant sets it and the caterer does not", async (t) => {
  const tariff = { meal: "1", category: "1", share: "52,10", subsidy: "20", program: "5", caterer: "1", from: day(7) };
  t.is((await all.post("caterer", at + "/tariffs", tariff)).status, 403);
  t.is((await all.post("accountant", at + "/tariffs", { ...tariff, share: "52,101" })).status, 400);
  t.is((await all.post("accountant", at + "/tariffs", { ...tariff, category: "9" })).status, 400);
  t.is((await all.post("accountant", at + "/tariffs", tariff)).status, 303);
  t.is((await all.post("accountant", at + "/names/program", { idprogram: "5", nameprogram: "Городская дотация" })).status, 303);
  t.is((await all.post("accountant", at + "/names/SetCategory", { idSetCategory: "2", nameSetCategory: "5–11 классы" })).status, 303);
  t.is((await all.post("accountant", at + "/names/SetSchool", {})).status, 404);
  await all.deliver();
  const versions = all.gateway.school.tariffs.get(tariffKey(1, 1));
  t.deepEqual(
    versions?.map(({ share, subsidy, from }) => [share, subsidy, from - TODAY]),
    [
      [4961, 2000, -30],
      [5210, 2000, 7],
    ],
  );
  t.is(all.gateway.school.categories.get(2)?.name, "5–11 классы");
  t.regex((await all.get("auditor", at + "/tariffs")).text, /52,10 ₽20,00 ₽72,10 ₽Городская дотация/);
  t.deepEqual(all.errors, []);
});

test.serial(
  "what a dish is made of is written down in the office and read by the family, which is warned of what it has forbidden",
  async (t) => {
    const recipe = { dish: "Каша 3", composition: "крупа манная, молоко, масло", kcal: "210", allergens: "Молоко, глютен" };
    t.is((await all.post("teacher", at + "/recipes", recipe)).status, 403);
    for (const [wrong, field] of [
      [{ dish: "Омары" }, "dish"],
      [{ kcal: "много" }, "kcal"],
      [{ kcal: "5001" }, "kcal"],
      [{ allergens: Array.from({ length: 21 }, (_, i) => "а" + i).join() }, "allergens"],
      [{ composition: "м".repeat(1001) }, "composition"],
    ] as const) {
      const again = await all.post("caterer", at + "/recipes", { ...recipe, ...wrong });
      t.is(again.status, 400, field);
      t.regex(again.html, new RegExp(`id="${field}-say" class="say" role="alert"`));
    }
    const browser = openBrowser(all.app);
    const children = [{ school: SCHOOL, account: PUPIL }];
    await all.cloud.registerGuardian({ phone: "79001234567", name: "Анна", password: PASSWORD, children });
    await browser.submit("/login", { phone: "79001234567", password: PASSWORD });
    const child = `/children/${SCHOOL}/${PUPIL}`;
    t.false((await browser.open(child + "/menu")).text.includes("крупа манная"));
    const { database } = all.office;
    await database.insertInto("officeCompositions").values({ school: SCHOOL, dish: "КАША 3", composition: "?", kcal: null }).execute();
    t.is((await all.post("caterer", at + "/recipes", recipe)).status, 303);
    const written = await database.selectFrom("officeCompositions").select("dish").where("composition", "=", "?").execute();
    t.deepEqual(written, [], "it stands in place of what was written in other letters");
    t.true((await all.get("teacher", at + "/recipes")).text.includes("крупа манная, молоко, масломолоко, глютен210"));
    const menu = (await browser.open(child + "/menu")).text;
    t.true(menu.includes("Каша 3крупа манная, молоко, масло210 ккалаллергены: молоко, глютен"), menu);
    t.false(menu.includes("ребёнку это нельзя"));
    t.true((await browser.open(child + "/limits")).html.includes('value="глютен"'), "a breakfast's allergen can be chosen, too");
    t.true((await browser.submit(child + "/limits", { allergen: "глютен" })).text.includes("Сохранено"));
    await all.deliver();
    t.true((await browser.open(child + "/menu")).text.includes("Каша 3: глютен. Вы отметили"));
    t.true((await all.get("operator", "/office/trail")).text.includes("Каша 3"));
    t.deepEqual(all.errors, []);
  },
);
