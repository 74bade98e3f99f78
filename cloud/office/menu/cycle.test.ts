import test from "ava";
import { createSchool, dateFromCivil, menuKey } from "@trapeza/protocol";
import { layCycle, mondayOf } from "./cycle.js";

const MONDAY = dateFromCivil(2026, 11, 30);
const plates = Array.from({ length: 10 }, (_, day) => ["каша " + day, "чай"]);
const laying = { from: MONDAY, weeks: 4, holidays: new Set<never>() };

test("two weeks come round, from Monday to Friday", (t) => {
  const told = layCycle(new Map([[1, plates]]), laying, createSchool());
  t.is(told.length, 20);
  const dates = told.map((one) => (one.kind === "SetMealMenu" ? one.date - MONDAY : -1));
  t.deepEqual(dates.slice(0, 7), [0, 1, 2, 3, 4, 7, 8]);
  const dishes = told.map((one) => (one.kind === "SetMealMenu" ? one.dishes[0] : ""));
  t.deepEqual([dishes[0], dishes[9], dishes[10], dishes[19]], ["каша 0", "каша 9", "каша 0", "каша 9"]);
});

test("the past stays, holidays are empty, and what is known is not told again", (t) => {
  const school = createSchool();
  const wednesday = dateFromCivil(2026, 12, 2);
  school.mealMenus.set(menuKey(1, wednesday), { meal: 1, date: wednesday, dishes: ["каша 2", "чай"] });
  const thursday = dateFromCivil(2026, 12, 3);
  school.mealMenus.set(menuKey(1, thursday), { meal: 1, date: thursday, dishes: ["рыба"] });
  const told = layCycle(new Map([[1, plates]]), { from: wednesday, weeks: 1, holidays: new Set([thursday]) }, school);
  t.deepEqual(told, [
    { kind: "SetMealMenu", meal: 1, date: thursday, dishes: [] },
    { kind: "SetMealMenu", meal: 1, date: dateFromCivil(2026, 12, 4), dishes: ["каша 4", "чай"] },
  ]);
});

test("every day of a week has one Monday", (t) => {
  for (let day = 0; day < 7; day++) t.is(mondayOf((MONDAY + day) as typeof MONDAY), MONDAY);
});
