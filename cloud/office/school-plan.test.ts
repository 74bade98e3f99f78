import { readFileSync } from "node:fs";
import test from "ava";
import type { Directive } from "@trapeza/protocol";
import { WrongSetting } from "../config.js";
import { parseSchoolPlan, untold } from "./school-plan.js";

const example = readFileSync(new URL("../../deploy/school.jsonc", import.meta.url), "utf8");
const changed = (from: string | RegExp, to: string): string => {
  const text = example.replace(from, to);
  if (text === example) throw new Error("nothing to change: " + String(from));
  return text;
};

test("the example opens a school with its rules, meals, groups and terminals, and each part has its words before it", (t) => {
  const { number, name, directives } = parseSchoolPlan(example);
  t.deepEqual([number, name], [24, "Школа № 24"]);
  const kinds = directives.map(({ kind }) => kind);
  t.deepEqual([...new Set(kinds)], ["SetSchool", "SetFees", "SetMeal", "SetGroup", "SetTerminal"]);
  const lunch = directives.find((one) => one.kind === "SetMeal" && one.id === 2);
  t.like(lunch, { servedFrom: 660, closes: 1440, cutOffDays: 1, cutOffMinute: 900 });
  for (const paragraph of example.slice(example.indexOf("\n{\n") + 3).split("\n\n")) t.regex(paragraph.trimStart(), /^\/\/ /, paragraph);
});

const WRONG: readonly (readonly [string, string, RegExp])[] = [
  ['"number": 24', '"number": 0', /^number is "0"; it must be a whole number from 1/],
  ['"claimPhone": "8 (800) 000-00-24",', "", /^claimPhone is not set; it must be a line/],
  ['"debtLimitKopecks": 15000', '"debtLimitKopecks": 150.5', /^debtLimitKopecks is "150.5"; it must be a whole number/],
  ['"mercyMeals": false', '"mercyMeals": "no"', /^mercyMeals is .*; it must be true or false$/],
  ['"closes": "11:00"', '"closes": "25:00"', /^meals\[0\]\.closes is .*; it must be a time of the day/],
  ['"closes": "24:00"', '"closes": "10:00"', /^meals\[1\]\.closes is .*; it must be later than servedFrom$/],
  ['"kind": "payment"', '"kind": "kiosk"', /^terminals\[0\]\.kind is .*; it must be one of /],
  ['"number": 3', '"number": 2', /^terminals is .*; it must be things of different numbers$/],
  ['"fees": {', '"fee": {', /^fee is "fee"; it must be one of number, name/],
  ['"language": "ru",', '"language": "ru"', /^the file is not set; it must be well-formed JSON/],
];

for (const [from, to, message] of WRONG)
  test(`${to || "without " + from} is named with what is allowed`, (t) => {
    t.regex(t.throws(() => parseSchoolPlan(changed(from, to)), { instanceOf: WrongSetting }).message, message);
  });

test("whatever is cut out of the file or put into it is a plan or a sentence", (t) => {
  let sentences = 0;
  for (let at = 0; at < example.length; at += 7)
    for (const put of ["", "[", "null", '"', "-1"]) {
      try {
        parseSchoolPlan(example.slice(0, at) + put + example.slice(at + 5));
      } catch (error) {
        t.true(error instanceof WrongSetting, String(error));
        sentences++;
      }
    }
  t.true(sentences > 100);
});

test("only what is not so already is told, and an enrolment never goes down", (t) => {
  const plan = parseSchoolPlan(example);
  t.deepEqual(untold(plan, plan.directives), []);
  const raised = parseSchoolPlan(changed(/("number": 2, "kind".*"enrolment": )1/, "$12"));
  const news = untold(raised, plan.directives);
  t.is(news.length, 1);
  t.like(news[0], { kind: "SetTerminal", id: 2, enrolment: 2 });
  // Told once more than there and back: the last word counts.
  const told: Directive[] = [...plan.directives, ...news];
  t.deepEqual(untold(raised, told), []);
  t.throws(() => untold(plan, told), { message: /^terminal 2, enrolment is "1"; it must be at least 2/ });
});

test("whatever a school was told stays in the file: a line that is gone is named with the way out", (t) => {
  const { directives } = parseSchoolPlan(example);
  const without = (line: RegExp): void => void untold(parseSchoolPlan(changed(line, "")), directives);
  t.throws(() => without(/,\s*\{ "number": 3, "kind".*\}/), {
    message: /^terminal 3 is not set; it must be there still: "service": "closed"/,
  });
  t.throws(() => without(/,\s*\{ "number": 2, "name": "Обед".*\}/), { message: /^meal 2 is not set; it must be there still/ });
  t.throws(() => without(/, "Прочее"/), { message: /^group 4 is not set; it must be there still: another name/ });
});
