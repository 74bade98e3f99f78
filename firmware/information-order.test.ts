import test from "ava";
import { CHILD, decided, holder, list, open, opened, sent, ticked, TODAY, wall } from "./_wall.test.js";

const MEALS = [
  { meal: 1, name: "Breakfast", date: TODAY, share: 4961, mark: "served", open: false },
  { meal: 2, name: "Lunch", date: TODAY, share: 9852, mark: "ordered", open: true },
  { meal: 2, name: "Lunch", date: TODAY + 3, share: 9852, mark: "ordered", open: true },
  { meal: 2, name: "Lunch", date: TODAY + 4, share: 9852, mark: "ordered", open: true },
];

function day(fields: object = {}): never {
  return { kind: "Today", meals: MEALS, sections: ["Lunch", "Pastry"], rows: [], pages: 0, ...fields } as never;
}

test("a coming day is chosen; its list shows who has ordered and until when that can be changed", (t) => {
  const stage = opened("ordered", "plain", "plain");
  stage.press("actions", "days");
  t.regex(stage.screen(), /Сегодня \| сб 21\.11 \| вс 22\.11 \| пн 23\.11/);
  stage.press("c3");
  t.like(sent(stage).pop(), { kind: "ClassList", ahead: 3, meal: 2, class: 14 });
  stage.hear({ kind: "answer", tag: "list", result: list(["ordered", "plain", "plain"], { date: TODAY + 3 }) });
  t.deepEqual(ticked(stage), [1]);
  t.regex(stage.screen(), /5A {2}Lunch пн 23\.11 \| 1\/3 .*Заказ и отмена до 20\.11 15:00 .*Заказать/);
});

test("what has changed is ordered and cancelled, one after the other, and summed up", (t) => {
  const stage = wall();
  open(stage, list(["plain"]));
  stage.press("actions", "days", "c3");
  stage.hear({ kind: "answer", tag: "list", result: list(["ordered", "plain", "plain"], { date: TODAY + 3 }) });
  stage.raw();
  stage.press("confirm");
  t.regex(stage.screen(), /Ничего не изменилось/);
  stage.press("id1", "id2", "id3", "confirm");
  t.like(sent(stage)[0], { kind: "PreOrder", cancel: false, date: TODAY + 3, ids: [2, 3] });
  decided(stage, 5, { kind: "Ordered", ids: [2], refused: [{ id: 3, reason: 24 }] });
  t.like(sent(stage)[0], { kind: "PreOrder", cancel: true, ids: [1] });
  decided(stage, 6, { kind: "Ordered", ids: [1], refused: [] });
  t.regex(stage.screen(), /Учтено: 2 \| Не накормлены: 1 \| Pupil3 Name \| код 24/);
  t.is(stage.paper().length, 0, "an order costs nothing and has no receipt");
  t.deepEqual(stage.state.owed, []);
});

test("ordering twice is one order: the second time there is no event and no refusal", (t) => {
  const stage = opened("plain");
  stage.press("actions", "days", "c1");
  stage.hear({ kind: "answer", tag: "list", result: list(["plain"], { date: TODAY + 1 }) });
  stage.press("id1", "confirm");
  decided(stage, 5, { kind: "Ordered", ids: [], refused: [] });
  t.regex(stage.screen(), /Учтено: 1/);
});

test("past the cut-off the list can be read and nothing else", (t) => {
  const stage = opened("plain");
  stage.press("actions", "days", "c1");
  const orders = { open: false, date: TODAY, minute: 480 };
  stage.hear({ kind: "answer", tag: "list", result: list(["ordered", "plain"], { date: TODAY + 1, orders }) });
  stage.press("id2");
  t.deepEqual(ticked(stage), [1]);
  t.regex(stage.screen(), /Заказ на этот день закрыт/);
  t.notRegex(stage.screen(), /Заказать/);
});

test("somebody is ill: one name, the orders that can still be cancelled, one key; today's tick is gone", (t) => {
  const stage = opened("ordered", "ordered");
  stage.press("actions", "sick");
  t.regex(stage.screen(), /Кто заболел\?/);
  stage.raw();
  stage.press("id2");
  t.like(sent(stage)[0], { kind: "Today", pupil: 2 });
  stage.hear({ kind: "answer", tag: "sick", result: day() });
  t.regex(stage.screen(), /Pupil2 Name .*пт 20\.11 Lunch \| пн 23\.11 Lunch \| вт 24\.11 Lunch .*Отменить заказы/);
  const { at } = stage.state;
  t.deepEqual(at.kind === "sick" && [at.roll.ticked, at.ticked], [[1], [0, 1, 2]], "places among the orders, all ticked");
  stage.press("c2", "confirm");
  t.like(sent(stage)[0], { kind: "PreOrder", cancel: true, meal: 2, date: TODAY, ids: [2] });
  decided(stage, 5, { kind: "Ordered", ids: [2], refused: [] });
  t.like(sent(stage)[0], { kind: "PreOrder", cancel: true, meal: 2, date: TODAY + 3, ids: [2] });
  decided(stage, 6, { kind: "Refused", reason: 24 });
  t.regex(stage.screen(), /Учтено: 1 .*Pupil2 Name \| код 24/);
});

test("who is ill and has nothing ordered is only unticked", (t) => {
  const stage = opened("plain", "plain");
  stage.press("actions", "sick", "id1");
  stage.hear({ kind: "answer", tag: "sick", result: day({ meals: [] }) });
  t.regex(stage.screen(), /Заказов нет/);
  stage.press("cancel");
  t.is(stage.state.at.kind, "list");
});

test("a pupil's card shows both purses, then today's meals, then the menu by its pages, and goes back to rest by itself", (t) => {
  const stage = wall();
  stage.hear({ kind: "card", uid: CHILD }, { kind: "answer", tag: "tap", result: holder("pupil") });
  t.regex(stage.screen(), /Основной \| -18,52 \| Доп\. \| 50,00/);
  stage.raw();
  stage.press("today");
  t.like(sent(stage)[0], { kind: "Today", uid: CHILD, pupil: 0, section: 0 });
  stage.hear({ kind: "answer", tag: "today", result: day() });
  t.regex(stage.screen(), /Breakfast: получен \| 49,61 \| Lunch: заказан \| 98,52 \| пн 23\.11 Lunch/);
  stage.press("menu");
  t.regex(stage.screen(), /Lunch \| Pastry/);
  stage.press("c1");
  t.like(sent(stage)[0], { kind: "Today", section: 2, page: 0 });
  const rows = [{ name: "Pizza 125 g", price: 3450 }];
  stage.hear({ kind: "answer", tag: "menu", result: day({ meals: [], rows, pages: 2 }) });
  t.regex(stage.screen(), /Pastry .*Pizza 125 g \| 34,50 .*1\/2 >/);
  stage.press("more");
  t.like(sent(stage)[0], { kind: "Today", section: 2, page: 1 });
  stage.hear({ kind: "answer", tag: "menu", result: day({ meals: [], rows, pages: 2 }) }, { kind: "timer" });
  t.is(stage.state.at.kind, "idle");
});

test("no word for what a child owes stands on any screen that a child can open", (t) => {
  const stage = wall();
  stage.hear({ kind: "card", uid: CHILD }, { kind: "answer", tag: "tap", result: holder("pupil") });
  t.notRegex(stage.screen(), /долг|debt/i);
  stage.press("today");
  stage.hear({ kind: "answer", tag: "today", result: day({ meals: [] }) });
  t.notRegex(stage.screen(), /долг|debt/i);
  t.regex(stage.screen(), /Сегодня питания нет/);
});
