/** What a family asks of the school: limits, a blocked card, meals ordered and cancelled. */
import test from "ava";
import { decodeEntry, decodeWhole, directiveSchema } from "@trapeza/protocol";
import type { Directive, DirectiveOf } from "@trapeza/protocol";
import { PUPIL, PUPIL_CARD, SCHOOL, TEACHER_CARD, TODAY, createTestSchool } from "../../_gateway.test.js";
import { openBrowser, saying } from "../_browser.test.js";
import { createApp } from "../app.js";

const CHILD = `/children/${SCHOOL}/${PUPIL}`;

async function opened(...more: Directive[]) {
  const { cloud, gateway } = await createTestSchool();
  gateway.direct(
    { kind: "SetMealMenu", meal: 1, date: TODAY, dishes: ["Каша манная", "Чай"] },
    {
      ...{ kind: "SetDish", code: 13, name: "Йогурт", price: 4000, group: 1, allergens: ["молоко"], caterer: 1, offered: true },
      from: TODAY - 30,
    } as unknown as Directive,
    ...more,
  );
  await cloud.intake.receive(gateway.row, gateway.upload());
  const app = await createApp({ cloud, secureCookies: false, onError: () => undefined });
  await cloud.registerGuardian({
    ...{ phone: "79001234567", name: "Анна", password: "каша манная" },
    children: [{ school: SCHOOL, account: PUPIL }],
  });
  // What the school was told before it is not in the cloud's own log here: its numbers begin with the state's.
  const known = (await cloud.library.book(SCHOOL)).state.directives;
  await cloud.enqueueDirectives(
    SCHOOL,
    Array.from({ length: known }, () => ({ kind: "SetCaterer", id: 1, name: "Столовая" }) as const),
  );
  const told = async () => {
    const rows = await cloud.store.directives(SCHOOL, known, 100);
    return rows.map(({ bytes }) => {
      const entry = decodeEntry(bytes);
      const read = entry.ok ? decodeWhole(directiveSchema, entry.value.event) : entry;
      return read.ok ? (read.value as Directive) : null;
    });
  };
  const browser = openBrowser(app);
  await browser.submit("/login", { phone: "79001234567", password: "каша манная" });
  return { app, cloud, gateway, browser, told };
}

test("limits are sent as they were chosen, shown as on their way, and then with the school's own time", async (t) => {
  const { browser, told, gateway, cloud } = await opened();
  await browser.open(CHILD + "/limits");
  const chosen = { stopList: "", dailyLimit: "150,50", allergen: ["молоко", "придуманное"], dish: ["11", "9999"] };
  const sent = await browser.submit(CHILD + "/limits", chosen);
  const limits: DirectiveOf<"SetLimits"> = {
    ...{ kind: "SetLimits", account: PUPIL, dailyLimit: 15050 as never, stopList: false },
    ...{ bannedDishes: [11], bannedAllergens: ["молоко"] },
  };
  t.deepEqual(await told(), [limits]);
  t.true(sent.text.includes("Отправлено в школу, ещё не применено"), sent.text);
  t.regex(sent.html, /name="dailyLimit"[^>]*value="150,50"/);
  gateway.direct(limits);
  await cloud.intake.receive(gateway.row, gateway.upload());
  t.regex((await browser.open(CHILD + "/limits")).text, /Действует в школе с \d\d:\d\d, чт, 18 января/);
  const menu = (await browser.open(CHILD + "/menu")).text;
  t.regex(menu, /Пицца 125 г\s*запрещено вами/);
  t.regex(menu, /Йогурт\s*аллергены: молоко\s*запрещено вами/);
});

test("a sum that is none changes nothing and says how to write it", async (t) => {
  const { browser, told } = await opened();
  await browser.open(CHILD + "/limits");
  const visit = await browser.post(CHILD + "/limits", { dailyLimit: "сто" });
  t.is(visit.status, 400);
  t.regex(visit.html, /id="dailyLimit-say" class="say" role="alert">Напишите сумму так/);
  t.true(visit.html.includes('value="сто"'));
  t.deepEqual(await told(), []);
});

test("a lost card is blocked in the family's name and let go again; nobody else's card is", async (t) => {
  const { browser, told, gateway, cloud } = await opened();
  await browser.open(CHILD + "/limits");
  const blocked = await browser.submit(`${CHILD}/cards/${PUPIL_CARD}/block`, {});
  t.regex(blocked.text, /Карта 24-0007 — заблокирована вами/);
  const [order] = (await told()) as DirectiveOf<"SetCard">[];
  t.like(order, { kind: "SetCard", uid: PUPIL_CARD, state: "blocked", by: "parent", account: PUPIL, number: "24-0007" });
  gateway.direct(order);
  await cloud.intake.receive(gateway.row, gateway.upload());
  t.deepEqual((await cloud.library.book(SCHOOL)).state.cards.get(PUPIL_CARD)?.blockedBy, ["parent"]);
  await browser.submit(`${CHILD}/cards/${PUPIL_CARD}/unblock`, {});
  const freed = (await told()).at(-1) as DirectiveOf<"SetCard">;
  gateway.direct(freed);
  await cloud.intake.receive(gateway.row, gateway.upload());
  t.deepEqual((await cloud.library.book(SCHOOL)).state.cards.get(PUPIL_CARD)?.blockedBy, []);
  t.is((await browser.post(`${CHILD}/cards/${TEACHER_CARD}/block`, {})).status, 404);
  t.is((await told()).length, 2);
});

test("a card that the school holds blocked is not let go by the family", async (t) => {
  const { browser, gateway, cloud } = await opened();
  const card = gateway.school.cards.get(PUPIL_CARD)!;
  const { uid, number, holder, account, staff, validThrough } = card;
  gateway.direct({ kind: "SetCard", uid, number, holder, account, staff, state: "blocked", by: "school", validThrough });
  await cloud.intake.receive(gateway.row, gateway.upload());
  await browser.open(CHILD + "/limits");
  t.true((await browser.open(CHILD + "/limits")).text.includes("заблокирована школой"));
});

test("a meal is ordered and cancelled, and the page says at once what was wished", async (t) => {
  const { browser, told } = await opened();
  const before = await browser.open(CHILD + "/menu");
  t.regex(before.text, /Завтрак младшая школа\s*49,61 ₽\s*Каша манная, Чай/);
  const ordered = await browser.submit(CHILD + "/orders", { meal: "1", date: String(TODAY), cancel: "0" });
  t.regex(ordered.text, /✓ заказано\s*передаётся в школу/);
  t.true(saying(ordered.html)?.done);
  await browser.submit(CHILD + "/orders", { meal: "1", date: String(TODAY), cancel: "1" });
  t.deepEqual(
    (await told()).map((one) => one?.kind === "OrderMeal" && [one.account, one.meal, one.date as number, one.cancel]),
    [
      [PUPIL, 1, TODAY as number, false],
      [PUPIL, 1, TODAY as number, true],
    ],
  );
  t.is((await browser.post(CHILD + "/orders", { meal: "2", date: String(TODAY), cancel: "0" })).status, 404);
});

test("a dish that the family has banned is named beside the meal it comes with, from the moment of the ban", async (t) => {
  const { browser } = await opened({ kind: "SetMealMenu", meal: 1, date: TODAY, dishes: ["Каша манная", "йогурт"] });
  t.false((await browser.open(CHILD + "/menu")).text.includes("вы запретили"));
  await browser.open(CHILD + "/limits");
  await browser.submit(CHILD + "/limits", { dailyLimit: "", dish: "13" });
  t.regex((await browser.open(CHILD + "/menu")).text, /йогурт: вы запретили это блюдо/);
});

test("behind the cut-off nothing is ordered", async (t) => {
  const early = { kind: "SetMeal", id: 1, name: "Завтрак", servedFrom: 0, closes: 1440, cutOffDays: 0, cutOffMinute: 1 } as const;
  const { browser, told } = await opened(early);
  t.true((await browser.open(CHILD + "/menu")).text.includes("изменить уже нельзя"));
  const late = await browser.submit(CHILD + "/orders", { meal: "1", date: String(TODAY), cancel: "0" });
  t.regex(saying(late.html)?.sentence ?? "", /Уже поздно/);
  t.false(saying(late.html)?.done);
  t.deepEqual(await told(), []);
});
