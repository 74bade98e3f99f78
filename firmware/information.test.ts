import test from "ava";
import type { Result } from "@trapeza/protocol/chip";
import { beginInformation, informationRests, type InformationState } from "./information-state.js";
import { viewInformation } from "./information-view.js";
import { stepInformation } from "./information.js";
import { createStage, readyCommon, type Stage } from "./stage.js";
import type { Common } from "./terminal.js";

const TEACHER = "aabbccdd";
const PROOF = { epoch: 1, index: 9, leaf: new Uint8Array(16) };
type Mark = "plain" | "ordered" | "served" | "not_admitted";

function holder(kind: "teacher" | "pupil"): Result {
  const fields = {
    handle: 1,
    name: "Petrov Ivan",
    className: "5A",
    cardNumber: "24",
    account: "",
    main: -1852,
    additional: 5000,
    verdict: 0,
  };
  return { kind: "Holder", holder: kind, ...fields } as unknown as Result;
}

function list(...marks: Mark[]): Result {
  const pupils = marks.map((mark, at) => ({ id: at + 1, name: `Pupil ${at + 1} Middle`, mark, reason: mark === "not_admitted" ? 21 : 0 }));
  const fields = { class: 14, className: "5A", meal: 2, mealName: "Lunch", date: 20777, teacherCard: "24900014", pupils };
  return { kind: "Class", ...fields } as unknown as Result;
}

function served(ids: number[], refused: number[]): Result {
  return {
    kind: "Served",
    served: ids.map((id) => ({ id, category: 3 })),
    refused: refused.map((id) => ({ id, reason: 21 })),
    categories: [{ category: 3, name: "Paid", share: 8640, subsidy: 1000, count: ids.length }],
    atMs: 0,
    proof: PROOF,
  } as unknown as Result;
}

function wall(fields: Partial<Common> = {}): Stage<InformationState> {
  return createStage(
    { begin: beginInformation, step: stepInformation, view: viewInformation, rests: informationRests },
    readyCommon({ acceptor: "none", ...fields }),
  );
}

function opened(...marks: Mark[]): Stage<InformationState> {
  const stage = wall();
  stage.hear({ kind: "card", uid: TEACHER }, { kind: "answer", tag: "tap", result: holder("teacher") });
  stage.hear({ kind: "answer", tag: "list", result: list(...marks) });
  stage.raw();
  return stage;
}

function ticked(stage: Stage<InformationState>): readonly number[] {
  return stage.state.at.kind === "list" ? stage.state.at.roll.ticked : [];
}

test("a pupil's card shows both purses and goes back to rest by itself", (t) => {
  const stage = wall();
  stage.hear({ kind: "card", uid: "11223344" }, { kind: "answer", tag: "tap", result: holder("pupil") });
  t.regex(stage.screen(), /Основной \| -18,52 \| Доп\. \| 50,00/);
  stage.hear({ kind: "timer" });
  t.is(stage.state.at.kind, "idle");
});

test("a teacher's card opens the class with the ordered ones ticked", (t) => {
  const stage = wall();
  stage.hear({ kind: "card", uid: TEACHER }, { kind: "answer", tag: "tap", result: holder("teacher") });
  t.deepEqual(stage.effects(), ["ask Tap", "ask ClassList"]);
  stage.hear({ kind: "answer", tag: "list", result: list("ordered", "plain", "ordered", "not_admitted") });
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

test("confirm sends the ticked ones in the list's order, and the paper names prices, pupils and who was not served", (t) => {
  const stage = opened("ordered", "ordered", "ordered");
  stage.press("id1", "id1", "confirm");
  t.like(
    stage.raw().find((effect) => effect.kind === "submit"),
    { operation: { kind: "MealConfirm", class: 14, meal: 2, date: 20777, ids: [1, 2, 3], uid: TEACHER } },
  );
  stage.hear({ kind: "stored", tag: "meal", n: 5 }, { kind: "outcome", n: 5, result: served([1, 3], [2]) });
  t.regex(stage.screen(), /Накормлены: 2 \| Не накормлены: 1 \| Pupil 2 Middle/);
  t.true(stage.paper().includes("Карта учителя           24900014"));
  t.true(stage.paper().includes("  родители 86,40 x 2      172,80"));
  t.true(stage.paper().includes("  бюджет 10,00 x 2         20,00"));
  t.true(stage.paper().includes("2. Pupil 3 Middle"));
  t.true(stage.paper().join(" ").includes("Pupil 2 Middle: Превышен"));
});

test("nobody ticked is not confirmed", (t) => {
  const stage = opened("ordered");
  stage.press("id1", "confirm");
  t.false(stage.effects().includes("submit MealConfirm"));
  t.regex(stage.screen(), /Отметьте, кто ест/);
});

test("a confirmed meal is undone from its own screen, or later from the list, after a question", (t) => {
  const stage = opened("ordered");
  stage.press("confirm");
  stage.hear({ kind: "stored", tag: "meal", n: 5 }, { kind: "outcome", n: 5, result: served([1], []) });
  stage.press("undo");
  stage.raw();
  stage.press("yes");
  t.like(stage.raw()[0], { operation: { kind: "MealUndo", ids: [1] } });
  stage.hear({ kind: "stored", tag: "meal", n: 6 }, { kind: "outcome", n: 6, result: { kind: "Undone", ids: [1], refused: [] } });
  t.regex(stage.screen(), /Отменено \| 1/);
  const again = opened("served", "plain");
  again.press("undo", "yes");
  t.like(
    again.raw().find((effect) => effect.kind === "submit"),
    { operation: { kind: "MealUndo", ids: [1] } },
  );
});

test("the cable pulled after confirming: the list is saved, the paper says so, the teacher may go", (t) => {
  const stage = opened("ordered", "ordered");
  stage.press("confirm");
  stage.hear(
    { kind: "stored", tag: "meal", n: 5 },
    { kind: "common", common: readyCommon({ acceptor: "none", up: false }) },
    { kind: "timer" },
  );
  t.regex(stage.screen(), /Сохранено, будет учтено/);
  t.true(stage.paper().includes("Сохранено, будет учтено"));
  t.true(stage.paper().some((line) => line.startsWith("7-1-5-")));
});

test("with the gateway away a card is answered by a sentence", (t) => {
  const stage = wall({ up: false });
  stage.hear({ kind: "card", uid: TEACHER });
  t.regex(stage.screen(), /Нет связи/);
});

test("a refusal is told in words", (t) => {
  const stage = wall();
  stage.hear({ kind: "card", uid: TEACHER }, { kind: "answer", tag: "tap", result: { kind: "Refused", reason: 31 } });
  t.regex(stage.screen(), /Карта заявлена потерянной/);
});

test("a class of twenty-eight takes three pages", (t) => {
  const stage = opened(...Array.from({ length: 28 }, (): Mark => "ordered"));
  t.regex(stage.screen(), /1\/3 >/);
  stage.press("more", "more");
  t.regex(stage.screen(), /Pupil 28/);
  stage.press("more");
  t.notRegex(stage.screen(), /Pupil 28/);
});

test("a copied card sees no balance and opens no class", (t) => {
  const pupil = wall();
  pupil.hear({ kind: "card", uid: "11223344" }, { kind: "answer", tag: "tap", result: holder("pupil") }, { kind: "suspect" });
  t.is(pupil.state.at.kind, "idle");
  const teacher = opened("ordered");
  teacher.hear({ kind: "suspect" });
  t.is(teacher.state.at.kind, "idle");
});
