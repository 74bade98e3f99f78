import test from "ava";
import { encode, decodeWhole, directiveSchema, luhnIsValid, parseDate } from "@trapeza/protocol";
import type { BusinessDate } from "@trapeza/protocol";
import { createRandom } from "../random.js";
import { directivesFor, inventSchool, platesFor } from "./school.js";

const school = inventSchool(createRandom(24));

test("the school has 30 classes and 703 pupils, each with a card and an account of their own", (t) => {
  t.is(school.classes.length, 30);
  t.is(school.pupils.length, 703);
  t.is(new Set(school.pupils.map((pupil) => pupil.account)).size, 703);
  t.is(new Set([...school.pupils, ...school.staff].map((person) => person.uid)).size, 703 + school.staff.length);
  t.true(school.pupils.every((pupil) => luhnIsValid(pupil.account)));
});

test("every class has a teacher, and somebody sells, collects, supervises and repairs", (t) => {
  for (const schoolClass of school.classes) t.truthy(school.staff.find((staff) => staff.class === schoolClass));
  for (const role of ["cashier", "supervisor", "collector", "technician"]) t.truthy(school.staff.find((staff) => staff.role === role));
});

test("nobody begins with a debt and savings side by side", (t) => {
  for (const pupil of school.pupils) t.true(pupil.mainKopecks >= 0 || pupil.additionalKopecks === 0);
  t.true(school.pupils.some((pupil) => pupil.mainKopecks < 0));
});

test("the same seed is the same school, and every directive survives the wire", (t) => {
  const directives = directivesFor(school, 20777 as BusinessDate);
  t.deepEqual(directivesFor(inventSchool(createRandom(24)), 20777 as BusinessDate), directives);
  for (const directive of directives)
    t.deepEqual(decodeWhole(directiveSchema, encode(directiveSchema, directive)), { ok: true, value: directive });
});

test("every school day of two weeks has a breakfast and a lunch of its own, weekends have none", (t) => {
  const monday = parseDate("2026-11-16") as BusinessDate;
  const weeks = Array.from({ length: 14 }, (_, day) => platesFor((monday + day) as BusinessDate));
  t.deepEqual(
    weeks.map((plates) => plates.length),
    [2, 2, 2, 2, 2, 0, 0, 2, 2, 2, 2, 2, 0, 0],
  );
  const plates = weeks.flat().map((plate) => JSON.stringify(plate.kind === "SetMealMenu" ? plate.dishes : []));
  t.is(new Set(plates).size, 20);
});

test("a school of some classes has nobody of the others, and still everybody who works there", (t) => {
  const small = inventSchool(createRandom(24), [1, 18, 30]);
  t.deepEqual(
    small.classes.map(({ name }) => name),
    ["1А", "6Б", "11Б"],
  );
  t.is(small.pupils.length, 65);
  t.is(small.staff.filter((one) => one.class !== null).length, 3);
  t.is(small.staff.filter((one) => one.class === null).length, 5);
});
