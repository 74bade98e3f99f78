import test from "ava";
import { dateFromCivil } from "@trapeza/protocol";
import { APPLICATION_STATES, afterDeed, dueOf, isExamined, isPaid, missingPapers } from "./application.js";
import type { Deed } from "./application.js";
import { afterWorkingDays, isWorkingDay } from "./working-days.js";

test("a term skips weekends and holidays, and does not count its first day", (t) => {
  const friday = dateFromCivil(2026, 12, 25);
  t.is(afterWorkingDays(friday, 0), friday);
  t.is(afterWorkingDays(friday, 1), dateFromCivil(2026, 12, 28));
  t.is(afterWorkingDays(friday, 5), dateFromCivil(2027, 1, 11), "past the new year's holidays");
  t.false(isWorkingDay(dateFromCivil(2026, 11, 4)));
});

test("a first card goes by the school, a card made again by the operator's office", (t) => {
  const walk = (kind: "first" | "again" | "duplicate", ...deeds: Deed[]) =>
    deeds.reduce<string | null>((state, deed) => (state === null ? null : afterDeed({ state: state as never, kind }, deed)), "received");
  t.is(walk("first", "send", "register", "make", "hand", "issue"), "issued");
  t.is(walk("again", "register", "make", "issue"), "issued");
  t.is(walk("duplicate", "send", "register", "make", "hand", "issue"), "issued");
  t.is(walk("first", "send", "register", "return", "mend", "send"), "sent");
  for (const wrong of [["register"], ["make"], ["send", "make"], ["send", "register", "make", "issue"]] as Deed[][])
    t.is(walk("first", ...wrong), null, wrong.join());
  t.is(walk("again", "send"), null);
  for (const state of APPLICATION_STATES) t.is(afterDeed({ state, kind: "again" }, "hand"), null);
});

test("papers are asked for only where the regulation asks for them", (t) => {
  const papers = ["passport", "application", "consent", "data"] as const;
  const pupil = { isParent: true, cause: null, staff: null, kind: "first" } as const;
  t.deepEqual(missingPapers({ ...pupil, papers }), []);
  t.deepEqual(missingPapers({ ...pupil, papers: [] }), papers);
  t.deepEqual(missingPapers({ ...pupil, papers, isParent: false, cause: "name" }), ["authority", "name"]);
  t.deepEqual(missingPapers({ ...pupil, papers: [], staff: 1, isParent: false }), ["passport", "application", "data"]);
  t.deepEqual(missingPapers({ ...pupil, papers: [], staff: 1, kind: "duplicate" }), ["application"]);
});

test("a first card, a duplicate and one in place of a badly made one are free; all others are paid before", (t) => {
  t.true(isPaid({ kind: "first", finding: null, paid: null }));
  t.true(isPaid({ kind: "duplicate", finding: null, paid: null }));
  t.true(isPaid({ kind: "again", finding: "manufacture", paid: null }));
  for (const finding of [null, "holder", "third"] as const) {
    t.false(isPaid({ kind: "again", finding, paid: null }));
    t.true(isPaid({ kind: "again", finding, paid: "чек 17" }));
  }
  t.false(isExamined({ cause: "defect", finding: null }));
  t.true(isExamined({ cause: "loss", finding: null }));
});

test("every step has its term by the regulation", (t) => {
  const monday = dateFromCivil(2026, 11, 30);
  const due = (state: (typeof APPLICATION_STATES)[number], kind: "first" | "again" = "first") => dueOf({ state, stateOn: monday, kind });
  t.deepEqual(due("received"), { by: dateFromCivil(2026, 12, 3), clause: "R3.7", who: "school" });
  t.deepEqual(due("sent"), { by: monday, clause: "R3.11", who: "operator" });
  t.deepEqual(due("registered"), { by: dateFromCivil(2027, 1, 19), clause: "R4.4.1", who: "operator" });
  t.deepEqual(due("made"), { by: dateFromCivil(2026, 12, 7), clause: "R4.6", who: "operator" });
  const promised = dueOf({ state: "registered", stateOn: monday, kind: "first" }, 5);
  t.is(promised?.by, dateFromCivil(2026, 12, 7), "P2.1: an operator may promise less than the regulation allows");
  t.is(dueOf({ state: "received", stateOn: monday, kind: "first" }, 5)?.by, dateFromCivil(2026, 12, 3), "which hurries nobody else");
  t.is(due("issued"), null);
  t.is(due("made", "again"), null);
});
