import test from "ava";
import { dateFromCivil } from "@trapeza/protocol";
import { dueOn, stateOf } from "./letter.js";

test("a question has five working days, a complaint fifteen, and holidays do not count", (t) => {
  const thursday = dateFromCivil(2026, 4, 30);
  // 1 May and 11 May are a holiday and a Monday; 9 May is a Saturday.
  t.is(dueOn("question", thursday), dateFromCivil(2026, 5, 8));
  t.is(dueOn("complaint", thursday), dateFromCivil(2026, 5, 22));
});

test("a letter is late on the day after its last one, and never when it was answered", (t) => {
  const due = dateFromCivil(2026, 5, 8);
  const after = dateFromCivil(2026, 5, 9);
  t.is(stateOf({ answer: null, dueOn: due }, due), "open");
  t.is(stateOf({ answer: null, dueOn: due }, after), "late");
  t.is(stateOf({ answer: { text: "", atMs: 0 }, dueOn: due }, after), "answered");
});
