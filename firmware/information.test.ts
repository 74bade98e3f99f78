import test from "ava";
import { away, CHILD, decided, holder, list, open, opened, sent, served, TEACHER, ticked, TODAY, wall, type Mark } from "./_wall.test.js";
import { readyCommon } from "./stage.js";

test("a teacher's card opens the class with the ordered ones ticked", (t) => {
  const stage = wall();
  stage.hear({ kind: "card", uid: TEACHER }, { kind: "answer", tag: "tap", result: holder("teacher") });
  t.deepEqual(stage.effects(), ["ask Tap", "ask ClassList"]);
  stage.hear({ kind: "answer", tag: "list", result: list(["ordered", "plain", "ordered", "not_admitted"]) });
  t.deepEqual(ticked(stage), [1, 3]);
  t.regex(stage.screen(), /5A {2}Lunch \| 2\/4/);
});

test("in a class where nobody ordered, everybody who may eat is ticked", (t) => {
  t.deepEqual(ticked(opened("plain", "not_admitted", "plain")), [1, 3]);
});

test("a tick goes and comes with a touch; who is served or not admitted has none", (t) => {
  const stage = opened("ordered", "ordered", "served", "not_admitted");
  stage.press("id1", "id3", "id4");
  t.deepEqual(ticked(stage), [2]);
  stage.press("id1");
  t.deepEqual(ticked(stage), [2, 1]);
});

test("why somebody is not admitted is a number on the screen, for children read it too, and words on the paper", (t) => {
  const stage = opened("ordered", "not_admitted");
  stage.press("id2");
  t.regex(stage.screen(), /код 21/);
  t.notRegex(stage.screen(), /долг/);
  stage.press("confirm");
  decided(stage, 5, served([1]));
  t.true(stage.paper().join(" ").includes("Pupil2 Name Middle: Превышен"));
});

test("everybody is ticked or unticked with one touch", (t) => {
  const stage = opened("ordered", "plain", "not_admitted", "served");
  stage.press("actions", "all");
  t.deepEqual(ticked(stage), [1, 2]);
  stage.press("actions", "none");
  t.deepEqual(ticked(stage), []);
  stage.press("actions", "cancel");
  t.is(stage.state.at.kind, "list");
});

test("confirm sends the ticked ones in the list's order, and the paper has every field of the regulation", (t) => {
  const stage = opened("ordered", "ordered", "ordered");
  stage.press("id1", "id1", "confirm");
  t.like(sent(stage)[0], { kind: "MealConfirm", class: 14, meal: 2, date: TODAY, ids: [1, 2, 3], uid: TEACHER });
  decided(stage, 5, served([1, 3], [2]));
  t.regex(stage.screen(), /Накормлены: 2 \| Не накормлены: 1 \| Pupil2 Name \| код 21/);
  const paper = stage.paper();
  for (const line of [
    "School 24",
    "Школа                       № 24",
    "Питание класса 5A",
    "Lunch                 20.11.2026",
    "20.11.2026 08:05",
    "Карта учителя           24900014",
    "Paid: 2",
    "  родители 86,40 x 2      172,80",
    "  бюджет 10,00 x 2         20,00",
    "Итого                     192,80",
    "Учеников                       2",
    "2. Pupil3 Name Middle",
    "Код обращения            7-1-5-1",
  ]) {
    t.true(
      paper.some((one) => one.startsWith(line.slice(0, 24)) && one.length >= line.length - 1),
      `${line}\n${paper.join("\n")}`,
    );
  }
  t.true(paper.join(" ").includes("Pupil2 Name Middle: Превышен"));
});

test("nobody ticked is not confirmed", (t) => {
  const stage = opened("ordered");
  stage.press("id1", "confirm");
  t.deepEqual(sent(stage), []);
  t.regex(stage.screen(), /Отметьте, кто ест/);
});

test("a meal is undone as a whole from its own screen, with a paper that says so", (t) => {
  const stage = opened("ordered", "ordered");
  stage.press("confirm");
  decided(stage, 5, served([1, 2]));
  stage.raw();
  stage.press("undo");
  t.regex(stage.screen(), /Отменить питание\? \| 2/);
  stage.press("yes");
  t.like(sent(stage)[0], { kind: "MealUndo", ids: [1, 2] });
  decided(stage, 6, { kind: "Undone", ids: [1, 2], refused: [] });
  t.regex(stage.screen(), /Отменено: 2/);
  t.true(stage.paper().includes("Отмена питания 5A"));
});

test("single pupils are undone: from the answer, or later from the list", (t) => {
  const stage = opened("ordered", "ordered");
  stage.press("confirm");
  decided(stage, 5, served([1, 2]));
  stage.press("undo", "single");
  t.deepEqual(ticked(stage), [1, 2]);
  stage.raw();
  stage.press("id1", "confirm", "yes");
  t.like(sent(stage)[0], { kind: "MealUndo", ids: [2] });
  const later = opened("served", "plain", "served");
  later.press("actions", "undo", "id3", "confirm", "yes");
  t.like(sent(later)[0], { kind: "MealUndo", ids: [1] });
  const over = opened("served", "served");
  over.press("undo", "yes");
  t.like(sent(over)[0], { kind: "MealUndo", ids: [1, 2] });
});

test("after the meal has closed the undo is refused in words", (t) => {
  const stage = opened("served");
  stage.press("undo", "yes");
  decided(stage, 6, { kind: "Undone", ids: [], refused: [{ id: 1, reason: 23 }] });
  t.regex(stage.screen(), /Отменено: 0 \| Не накормлены: 1 \| Pupil1 Name \| код 23/);
});

test("another meal of the day is chosen from a page of tiles", (t) => {
  const stage = opened("ordered");
  stage.press("actions", "meals");
  t.regex(stage.screen(), /Lunch \| Snack/);
  stage.raw();
  stage.press("c1");
  t.like(sent(stage)[0], { kind: "ClassList", ahead: 0, meal: 3, class: 14 });
});

test("a supervisor says for which class; every operation then bears that class and card", (t) => {
  const stage = wall();
  stage.hear({ kind: "card", uid: "0a0b0c0d" }, { kind: "answer", tag: "tap", result: holder("supervisor") });
  const classes = Array.from({ length: 11 }, (_, i) => ({ id: i + 1, name: `${i + 1}A` }));
  stage.hear({ kind: "answer", tag: "list", result: { kind: "Classes", classes } as never });
  t.regex(stage.screen(), /1A \| 2A .* 8A \| Назад \| 1\/2 >/);
  stage.raw();
  stage.press("more", "c9");
  t.like(sent(stage)[0], { kind: "ClassList", uid: "0a0b0c0d", class: 10 });
  stage.hear({ kind: "answer", tag: "list", result: list(["ordered"]) });
  stage.press("confirm");
  t.like(sent(stage)[0], { kind: "MealConfirm", class: 14, uid: "0a0b0c0d" });
});

test("a refused card is answered by what to do, never by why: it may be a child's", (t) => {
  const stage = wall();
  stage.hear({ kind: "card", uid: CHILD }, { kind: "answer", tag: "tap", result: { kind: "Refused", reason: 31 } });
  t.regex(stage.screen(), /Подойди к учителю \(31\)/);
  t.deepEqual(stage.effects(), ["ask Tap", "beep refused"]);
});

test("a class of twenty-eight takes three pages", (t) => {
  const stage = opened(...Array.from({ length: 28 }, (): Mark => "ordered"));
  t.regex(stage.screen(), /1\/3 >/);
  stage.press("more", "more");
  t.regex(stage.screen(), /Pupil28 N\./);
  stage.press("more");
  t.notRegex(stage.screen(), /Pupil28/);
});

test("namesakes are told apart by their given names", (t) => {
  const stage = wall();
  const two = list(["ordered", "ordered", "ordered"]) as unknown as { pupils: { name: string }[] };
  [two.pupils[0].name, two.pupils[1].name, two.pupils[2].name] = ["Ivanov Ilya Petrovich", "Ivanov Igor Petrovich", "Petrova Anna"];
  open(stage, two as never);
  t.regex(stage.screen(), /Ivanov Ilya \| \+ \| Ivanov Igor \| \+ \| Petrova A\./);
});

test("a list that somebody left open gives way to the next card, but not to its own", (t) => {
  const stage = opened("ordered");
  stage.hear({ kind: "card", uid: TEACHER });
  t.is(stage.state.at.kind, "list");
  stage.hear({ kind: "card", uid: CHILD });
  t.is(stage.state.at.kind, "asking");
});

test("the language changes under a list that is on the screen, and back", (t) => {
  const stage = opened("ordered");
  t.regex(stage.screen(), /Подтвердить/);
  stage.hear({ kind: "common", common: readyCommon({ acceptor: "none", language: "en" }) });
  t.regex(stage.screen(), /Back \| More \| Confirm/);
  stage.press("confirm");
  decided(stage, 5, served([], [1]));
  t.true(stage.paper().join(" ").includes("Debt limit exceeded"));
  stage.hear(away(true));
  t.regex(stage.screen(), /Не накормлены: 1/);
});

test("without room in flash nothing is sent and the teacher is told", (t) => {
  const stage = opened("ordered");
  stage.press("confirm");
  stage.hear({ kind: "stored", tag: "class", n: 0 });
  t.regex(stage.screen(), /Терминал не обслуживается/);
});

test("a copied card sees no balance and opens no class", (t) => {
  const pupil = wall();
  pupil.hear({ kind: "card", uid: "11223344" }, { kind: "answer", tag: "tap", result: holder("pupil") }, { kind: "suspect" });
  t.is(pupil.state.at.kind, "idle");
  const teacher = opened("ordered");
  teacher.hear({ kind: "suspect" });
  t.is(teacher.state.at.kind, "idle");
});

test("a teacher has the last paper once more, marked; another card finds none of it", (t) => {
  const stage = opened("ordered", "plain");
  stage.press("confirm");
  decided(stage, 5, served([1]));
  const first = stage.paper();
  stage.hear({ kind: "printed", tag: "paper:5", ok: false });
  t.true(stage.effects().includes("beep attention"));
  stage.press("done");
  open(stage, list(["served", "plain"]));
  stage.press("actions");
  t.regex(stage.screen(), /Копия чека/);
  stage.raw();
  stage.press("copy");
  t.deepEqual(stage.effects(), ["print copy"]);
  t.deepEqual(stage.paper(), ["КОПИЯ", ...first, "-".repeat(32), "КОПИЯ"]);
  stage.hear({ kind: "printed", tag: "copy", ok: true });
  t.deepEqual(stage.effects(), []);
  stage.press("cancel");
  stage.hear({ kind: "card", uid: "0a0b0c0d" }, { kind: "answer", tag: "tap", result: holder("teacher") });
  stage.hear({ kind: "answer", tag: "list", result: list(["plain"]) });
  stage.press("actions");
  t.notRegex(stage.screen(), /Копия/);
});
