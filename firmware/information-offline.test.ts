import test from "ava";
import { away, CHILD, decided, holder, list, open, opened, sent, served, TEACHER, TODAY, wall } from "./_wall.test.js";
import { readyCommon, type Stage } from "./stage.js";
import type { InformationState } from "./information-state.js";

/** Confirmed with the cable pulled: in flash as operation 5, on a slip. */
function saved(): Stage<InformationState> {
  const stage = opened("ordered", "ordered");
  stage.hear(away());
  stage.press("confirm");
  stage.hear({ kind: "stored", tag: "class", n: 5 }, { kind: "timer" }, { kind: "printed", tag: "saved:5", ok: true });
  return stage;
}

function tapped(stage: Stage<InformationState>): void {
  stage.raw();
  stage.hear({ kind: "card", uid: TEACHER }, { kind: "answer", tag: "tap", result: holder("teacher") });
}

test("the cable pulled after confirming: the list is saved, the slip says so, the teacher may go", (t) => {
  const stage = saved();
  t.regex(stage.screen(), /Сохранено, будет учтено .*7-1-5-/);
  t.true(stage.paper().includes("Сохранено, будет учтено"));
  t.true(stage.paper().includes("1. Pupil1 Name Middle"));
  t.false(stage.effects().includes("submit Receipt"), "a slip is no receipt");
});

test("the last list of today can be opened without the gateway, by its own card only, with who has eaten", (t) => {
  const stage = saved();
  stage.press("done");
  stage.hear({ kind: "card", uid: TEACHER });
  t.regex(stage.screen(), /= \| Pupil1 N\. \| = \| Pupil2 N\..*прежний список/);
  stage.press("cancel");
  stage.hear({ kind: "card", uid: CHILD });
  t.regex(stage.screen(), /Нет связи/);
});

test("the kept list has no reasons in it and is of no use on another day", (t) => {
  const stage = opened("plain", "not_admitted");
  stage.press("cancel");
  stage.hear(away(), { kind: "card", uid: TEACHER });
  stage.press("id2");
  t.notRegex(stage.screen(), /код/);
  stage.press("cancel");
  stage.hear({ kind: "common", common: readyCommon({ acceptor: "none", up: false, localMs: (TODAY + 1) * 86400000 }) });
  stage.hear({ kind: "card", uid: TEACHER });
  t.regex(stage.screen(), /Нет связи/);
});

test("a list of a coming day is never kept", (t) => {
  const stage = opened("plain");
  stage.press("actions", "days", "c1");
  stage.hear({ kind: "answer", tag: "list", result: list(["plain"], { date: TODAY + 1, meal: 9 }) });
  stage.press("cancel");
  stage.hear(away(), { kind: "card", uid: TEACHER });
  t.is(stage.state.at.kind === "list" ? stage.state.at.roll.list.meal : 0, 2);
});

test("what came of it is told at the next touch of the card: a screen, a receipt, and only then is it settled", (t) => {
  const stage = saved();
  stage.press("done");
  t.regex(stage.screen(), /Чек ждёт учителя: 7-1-5-/);
  stage.hear(away(true), { kind: "outcome", n: 5, result: served([1], [2]) });
  tapped(stage);
  t.like(sent(stage).pop(), { kind: "ClassList", meal: 2, class: 14 });
  stage.hear({ kind: "answer", tag: "report", result: list(["served", "plain"]) });
  t.regex(stage.screen(), /Накормлены: 1 \| Не накормлены: 1 \| Pupil2 Name \| код 21/);
  t.true(stage.paper().join(" ").includes("Pupil2 Name Middle: Превышен"));
  stage.raw();
  stage.hear({ kind: "printed", tag: "paper:5", ok: true });
  t.like(sent(stage)[0], { kind: "Receipt", of: 5, outcome: "printed" });
  stage.hear({ kind: "stored", tag: "receipt", n: 6 });
  t.deepEqual(stage.raw(), [{ kind: "keep", n: 0 }]);
  stage.press("done");
  t.notRegex(stage.screen(), /Чек ждёт/);
});

test("while nothing is decided yet the card opens the list as ever", (t) => {
  const stage = saved();
  stage.press("done");
  stage.hear(away(true));
  tapped(stage);
  t.like(sent(stage).pop(), { kind: "ClassList", meal: 0 });
});

test("a start after a power cut knows whose paper is owed, shows its code, and prints it at the next touch", (t) => {
  const stage = wall();
  stage.hear({ kind: "interrupted", notes: [], meals: [{ n: 5, uid: TEACHER, class: 14, meal: 2, date: TODAY, undo: false }] });
  t.regex(stage.screen(), /Чек ждёт учителя: 7-1-5-/);
  stage.hear({ kind: "outcome", n: 5, result: served([1, 2]) });
  tapped(stage);
  stage.hear({ kind: "answer", tag: "report", result: list(["served", "served"]) });
  t.true(stage.paper().includes("2. Pupil2 Name Middle"));
  t.regex(stage.screen(), /Накормлены: 2/);
});

test("a confirmation that was refused whole is told as well, with its reason on the paper", (t) => {
  const stage = saved();
  stage.press("done");
  stage.hear(away(true), { kind: "outcome", n: 5, result: { kind: "Refused", reason: 7 } });
  tapped(stage);
  stage.hear({ kind: "answer", tag: "report", result: list(["plain", "plain"]) });
  t.regex(stage.screen(), /Накормлены: 0/);
  t.true(stage.paper().includes("Карта заблокирована"));
});

test("an undo with the cable pulled is saved too and does not hold up the wall", (t) => {
  const stage = opened("served");
  stage.hear(away());
  stage.press("undo", "yes");
  stage.hear({ kind: "stored", tag: "class", n: 6 }, { kind: "timer" });
  t.regex(stage.screen(), /Сохранено/);
  t.true(stage.paper().includes("Отмена питания 5A"));
});

test("a paper that did not come out leaves its code on the screen and is not owed for ever", (t) => {
  const stage = opened("ordered");
  stage.press("confirm");
  decided(stage, 5, served([1]));
  stage.raw();
  stage.hear({ kind: "printed", tag: "paper:5", ok: false });
  t.regex(stage.screen(), /Чек не напечатан 7-1-5-/);
  t.like(sent(stage)[0], { kind: "Receipt", of: 5, outcome: "failed" });
  t.deepEqual(stage.state.owed, []);
});

test("offline the screen offers what works without the gateway and nothing else", (t) => {
  const stage = opened("ordered");
  stage.press("cancel");
  stage.hear(away(), { kind: "card", uid: TEACHER });
  stage.press("actions");
  t.regex(stage.screen(), /Отметить всех \| Снять всех \| Назад/);
  t.notRegex(stage.screen(), /заболел|Другой день/);
  open(stage, list(["ordered"]));
});
