import test from "ava";

import { addTally, emptyTally, formatTally, tallyRun } from "./tally.js";

const quiet = {
  declaredTests: 0,
  passedTests: 0,
  passedKnownFailingTests: 0,
  failedTests: 0,
  remainingTests: 0,
  todoTests: 0,
  failedHooks: 0,
  internalErrors: 0,
  uncaughtExceptions: 0,
  unhandledRejections: 0,
  unexpectedProcessExits: 0,
};

const record = (...events: object[]): string => events.map((event) => JSON.stringify(event)).join("\n");
const statsOf = (byFile: Record<string, object>): object => ({ type: "stats", stats: { byFile } });
const end = { type: "end" };

test("counts what passed and what failed over all files, from the last counters", (t) => {
  const early = statsOf({ a: { ...quiet, declaredTests: 3, passedTests: 1, remainingTests: 2 } });
  const late = statsOf({
    a: { ...quiet, declaredTests: 3, passedTests: 3 },
    b: { ...quiet, declaredTests: 2, passedTests: 1, failedTests: 1 },
  });
  t.is(formatTally(tallyRun(record(early, late, end), 1)), "4 passed, 1 failed");
});

test("a test that was begun and never finished has failed", (t) => {
  const stats = statsOf({ a: { ...quiet, declaredTests: 3, passedTests: 1, remainingTests: 2 } });
  const tally = tallyRun(record(stats, end), 1);
  t.is(formatTally(tally), "1 passed, 2 failed");
  t.deepEqual(tally.faults, ["a: 2 tests did not finish"]);
});

test("an exception outside every test counts as one failure", (t) => {
  const stats = statsOf({ a: { ...quiet, declaredTests: 1, passedTests: 1, uncaughtExceptions: 1 } });
  t.is(formatTally(tallyRun(record(stats, end), 1)), "1 passed, 1 failed");
});

test("a test file without a test is a failure", (t) => {
  t.is(formatTally(tallyRun(record(statsOf({ a: quiet }), end), 1)), "0 passed, 1 failed");
});

test("a test still to be written is a failure", (t) => {
  const stats = statsOf({ a: { ...quiet, declaredTests: 1, todoTests: 1 } });
  t.is(formatTally(tallyRun(record(stats, end), 0)), "0 passed, 1 failed");
});

test("a test that failed is named by its title, so that the end of a log says which", (t) => {
  const failed = { type: "test-failed", testFile: "a.test.js", title: "two and two are four" };
  const stats = statsOf({ "a.test.js": { ...quiet, declaredTests: 1, failedTests: 1 } });
  const tally = tallyRun(record(failed, stats, end), 1);
  t.is(formatTally(tally), "0 passed, 1 failed");
  t.deepEqual(tally.faults, ["a.test.js: two and two are four"]);
});

test("skipped tests are counted apart and named", (t) => {
  const skip = { type: "selected-test", title: "the parent's page (no chromium here)", skip: true };
  const stats = statsOf({ a: { ...quiet, declaredTests: 2, passedTests: 1 } });
  const tally = tallyRun(record(skip, stats, end), 0);
  t.is(formatTally(tally), "1 passed, 0 failed, 1 skipped");
  t.deepEqual(tally.skipped, ["the parent's page (no chromium here)"]);
});

test("a runner that dies on the way has failed, however much had passed, and half a line does no harm", (t) => {
  const stats = statsOf({ a: { ...quiet, declaredTests: 5, passedTests: 5 } });
  t.is(formatTally(tallyRun(`${record(stats)}\n{"type":"en`, null)), "5 passed, 1 failed");
  t.is(formatTally(tallyRun("", 1)), "0 passed, 1 failed");
});

test("an exit code that nothing explains is a failure", (t) => {
  const stats = statsOf({ a: { ...quiet, declaredTests: 1, passedTests: 1 } });
  t.is(formatTally(tallyRun(record(stats, end), 3)), "1 passed, 1 failed");
  t.is(formatTally(tallyRun(record(stats, end), 0)), "1 passed, 0 failed");
});

test("two parts add up", (t) => {
  const left = { passed: 2, failed: 1, skipped: ["x"], faults: ["y"] };
  t.deepEqual(addTally(left, emptyTally()), left);
  t.is(formatTally(addTally(left, left)), "4 passed, 2 failed, 2 skipped");
});
