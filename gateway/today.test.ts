import test from "ava";
import { REASONS, toByteText } from "@trapeza/protocol";
import type { CardUid, Directive, Kopecks, Result } from "@trapeza/protocol";
import { openWorld, PUPIL, rub, SCHOOL, Speaker, TEACHER, TODAY, WALL, when, type World } from "./_school.test.js";

const HEAD = "04000009" as CardUid;
const validThrough = (TODAY + 300) as typeof TODAY;
const from = (TODAY - 30) as typeof TODAY;
const MORE: readonly Directive[] = [
  ...SCHOOL,
  { kind: "SetStaff", id: 9, name: "Завуч", role: "supervisor", class: null },
  { kind: "SetCard", uid: HEAD, number: "9", holder: "supervisor", account: null, staff: 9, state: "active", by: "operator", validThrough },
  { kind: "SetClass", id: 12, name: "3 Б" },
  { kind: "SetMeal", id: 2, name: "Полдник", servedFrom: 900, closes: 1020, cutOffDays: 0, cutOffMinute: 600 },
  { kind: "SetTariff", meal: 2, category: 1, share: rub(40), subsidy: rub(0), program: 1, caterer: 1, from },
  { kind: "SetMealMenu", meal: 1, date: TODAY, dishes: ["Борщ", "Котлета с пюре", "Компот"] },
  ...Array.from({ length: 7 }, (_, i): Directive => {
    const dish = { kind: "SetDish", code: 110 + i, name: `Пирожок ${i}`, price: rub(30), group: 0, caterer: 1 } as const;
    return { ...dish, allergens: [], offered: true, from };
  }),
];

function wallIn(world: World): Speaker {
  const wall = new Speaker(world, WALL, "information");
  wall.greet();
  return wall;
}

function list(wall: Speaker, uid: CardUid, more: { ahead?: number; meal?: number; class?: number } = {}): Result | null {
  return wall.ask({ kind: "ClassList", uid, ahead: 0, meal: 0, class: 0, ...more });
}

function today(wall: Speaker, uid: CardUid, more: { pupil?: number; section?: number; page?: number } = {}): Result | null {
  return wall.ask({ kind: "Today", uid, pupil: 0, section: 0, page: 0, ...more });
}

function order(wall: Speaker, n: number, ahead: number, ids: number[], cancel = false): Result | null {
  return wall.ask({ kind: "PreOrder", n, when, class: 11, meal: 1, date: TODAY + ahead, ids, cancel, uid: TEACHER });
}

test("a class is listed for another meal of today, with both to choose from", (t) => {
  const wall = wallIn(openWorld(":memory:", MORE));
  const lunch = list(wall, TEACHER);
  t.like(lunch, { kind: "Class", meal: 1, meals: [{ meal: 1 }, { meal: 2 }] });
  t.like(lunch, { orders: { open: false, date: TODAY - 1, minute: 900 } });
  t.like(list(wall, TEACHER, { meal: 2 }), { meal: 2, orders: { open: true, date: TODAY, minute: 600 } });
  t.deepEqual(list(wall, TEACHER, { meal: 7 }), { kind: "Refused", reason: REASONS.meal_closed });
});

test("a class is told by surname and given name; namesakes bear their patronymics", (t) => {
  const named = (id: number, name: string): Directive => {
    const account = MORE.find((one) => one.kind === "SetAccount" && one.id === id);
    return { ...(account as Extract<Directive, { kind: "SetAccount" }>), name };
  };
  const names = ["Иванов Пётр Ильич", "Иванов Пётр Олегович", "Яшина Анна Львовна"];
  const wall = wallIn(openWorld(":memory:", [...MORE, ...names.map((name, i) => named(i + 1, name))]));
  const told = list(wall, TEACHER);
  t.deepEqual(
    told?.kind === "Class" ? told.pupils.map((pupil) => pupil.name) : [],
    ["Иванов Пётр Ильич", "Иванов Пётр Олегович", "Яшина Анна"].map((name) => toByteText(name)),
  );
});

test("when all meals are over the teacher still gets a list, from which days ahead can be reached", (t) => {
  const world = openWorld(":memory:", MORE);
  world.time.nowMs += 9 * 3600000;
  const over = list(wallIn(world), TEACHER);
  t.like(over, { kind: "Class", meal: 2, meals: [] });
  t.is(over?.kind === "Class" ? over.pupils[0].mark : "", "not_admitted");
});

test("orders of a coming day: ordered, listed, cancelled; debt refuses none of them; the cut-off does", (t) => {
  const world = openWorld(":memory:", [
    ...MORE,
    { kind: "ForcedDebit", account: 2, purse: "main", amount: 15000 as Kopecks, cause: "chargeback", reference: "x" },
  ]);
  const wall = wallIn(world);
  const marks = (ahead: number): string[] => {
    const result = list(wall, TEACHER, { ahead, meal: 1 });
    return result?.kind === "Class" ? result.pupils.map((pupil) => pupil.mark) : [];
  };
  t.deepEqual(marks(1), ["plain", "plain", "plain"]);
  t.deepEqual(order(wall, 1, 1, [1, 2]), { kind: "Ordered", ids: [1, 2], refused: [] });
  t.deepEqual(marks(1), ["ordered", "ordered", "plain"]);
  t.deepEqual(order(wall, 2, 1, [2], true), { kind: "Ordered", ids: [2], refused: [] });
  t.deepEqual(marks(1), ["ordered", "plain", "plain"]);
  world.time.nowMs += 6 * 3600000;
  t.like(list(wall, TEACHER, { ahead: 1, meal: 1 }), { orders: { open: false, date: TODAY, minute: 900 } });
  t.deepEqual(order(wall, 3, 1, [1], true), { kind: "Ordered", ids: [], refused: [{ id: 1, reason: REASONS.past_cut_off }] });
  t.is(world.journal.admissions().length, 0, "nobody is admitted to a meal of tomorrow");
});

test("a supervisor stands in for any teacher and has to say for which class; a teacher sees no other class", (t) => {
  const wall = wallIn(openWorld(":memory:", MORE));
  const classes = list(wall, HEAD);
  t.deepEqual(classes?.kind === "Classes" ? classes.classes.map((one) => one.id) : classes, [11]);
  t.like(list(wall, HEAD, { class: 11 }), { kind: "Class", class: 11, teacherCard: "9" });
  t.deepEqual(list(wall, HEAD, { class: 99 }), { kind: "Refused", reason: REASONS.wrong_holder });
  t.deepEqual(list(wall, TEACHER, { class: 12 }), { kind: "Refused", reason: REASONS.wrong_holder });
  t.like(wall.ask({ kind: "MealConfirm", n: 1, when, class: 11, meal: 1, date: TODAY, ids: [1], uid: HEAD }), { served: [{ id: 1 }] });
});

test("a pupil sees today's meals with their price, what is ordered, and the menu in pages", (t) => {
  const wall = wallIn(openWorld(":memory:", MORE));
  order(wall, 1, 1, [1]);
  list(wall, TEACHER);
  wall.ask({ kind: "MealConfirm", n: 2, when, class: 11, meal: 1, date: TODAY, ids: [1], uid: TEACHER });
  const own = today(wall, PUPIL);
  if (own?.kind !== "Today") return t.fail();
  t.deepEqual(
    own.meals.map(({ meal, date, share, mark, open }) => [meal, date - TODAY, share as number, mark, open]),
    [
      [1, 0, 9800, "served", false],
      [2, 0, 4000, "none", true],
      [1, 1, 9800, "ordered", true],
    ],
  );
  t.deepEqual(
    own.sections,
    ["Обед", "Выпечка"].map((name) => toByteText(name)),
  );
  const dishes = today(wall, PUPIL, { section: 1 });
  t.like(dishes, { pages: 1, meals: [] });
  t.deepEqual(dishes?.kind === "Today" ? dishes.rows[0] : null, { name: toByteText("Борщ"), price: rub(0) });
  const second = today(wall, PUPIL, { section: 2, page: 1 });
  t.is(second?.kind === "Today" ? second.rows.length : 0, 3);
  t.like(today(wall, PUPIL, { section: 9 }), { rows: [], pages: 0 });
});

test("a teacher asks for a pupil of the own class, nobody for anybody else's", (t) => {
  const wall = wallIn(openWorld(":memory:", MORE));
  t.is(today(wall, TEACHER, { pupil: 2 })?.kind, "Today");
  t.is(today(wall, HEAD, { pupil: 2 })?.kind, "Today");
  const refused = { kind: "Refused", reason: REASONS.wrong_holder };
  t.deepEqual(today(wall, PUPIL, { pupil: 2 }), refused);
  t.deepEqual(today(wall, TEACHER, { pupil: 99 }), refused);
  t.deepEqual(today(wall, TEACHER), refused, "this card has no purse");
});
