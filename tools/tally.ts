/** What a test run came to. Counted in tests; `skipped` are the titles, whose words give the reason. */
export interface Tally {
  passed: number;
  failed: number;
  skipped: string[];
  /** What failed, a line each: a test by its title, or what is no test (a file that would not load, a runner that died). */
  faults: string[];
}

/** The counters that AVA keeps for one test file (ava/types/state-change-events). */
interface FileStats {
  declaredTests: number;
  passedTests: number;
  passedKnownFailingTests: number;
  failedTests: number;
  remainingTests: number;
  todoTests: number;
  failedHooks: number;
  internalErrors: number;
  uncaughtExceptions: number;
  unhandledRejections: number;
  unexpectedProcessExits: number;
}

interface RunEvent {
  type: string;
  testFile?: string;
  title?: string;
  skip?: boolean;
  stats?: { byFile: Record<string, FileStats> };
}

export function emptyTally(): Tally {
  return { passed: 0, failed: 0, skipped: [], faults: [] };
}

export function addTally(left: Tally, right: Tally): Tally {
  return {
    passed: left.passed + right.passed,
    failed: left.failed + right.failed,
    skipped: [...left.skipped, ...right.skipped],
    faults: [...left.faults, ...right.faults],
  };
}

/** The last line of `npm test`. */
export function formatTally(tally: Tally): string {
  const skipped = tally.skipped.length > 0 ? `, ${tally.skipped.length} skipped` : "";
  return `${tally.passed} passed, ${tally.failed} failed${skipped}`;
}

/** Lines that do not parse are dropped: a runner killed while writing leaves half a line, and its missing `end` is what gets reported. */
function parseEvents(record: string): RunEvent[] {
  const events: RunEvent[] = [];
  for (const line of record.split("\n")) {
    try {
      const event: unknown = JSON.parse(line);
      if (typeof event === "object" && event !== null && "type" in event) events.push(event as RunEvent);
    } catch {
      continue;
    }
  }
  return events;
}

/**
 * A test that began and never ended has failed, whether it ran out of time or took its process with it. A file can also fail without failing a
 * test (an exception at load, a rejection after the last test, no test at all); that counts as one, so that it cannot go by unseen.
 */
function tallyFile(file: string, stats: FileStats): Tally {
  const tally = emptyTally();
  tally.passed = stats.passedTests + stats.passedKnownFailingTests;
  tally.failed = stats.failedTests + stats.remainingTests + stats.todoTests;
  const stray =
    stats.failedHooks + stats.internalErrors + stats.uncaughtExceptions + stats.unhandledRejections + stats.unexpectedProcessExits;
  if (stats.remainingTests > 0) tally.faults.push(`${file}: ${stats.remainingTests} tests did not finish`);
  if (tally.failed > 0) return tally;
  if (stray > 0) tally.faults.push(`${file}: failed outside its tests (hook, exception or exit)`);
  else if (stats.declaredTests === 0) tally.faults.push(`${file}: contains no test`);
  tally.failed = tally.faults.length;
  return tally;
}

/**
 * Counts one run of AVA from the events that it recorded (JSON lines, see ava.config.js) and from how it ended. `exitCode` is null when a signal
 * ended it. Never answers "nothing failed" for a run that did not come to its end.
 */
export function tallyRun(record: string, exitCode: number | null): Tally {
  const events = parseEvents(record);
  let tally = emptyTally();
  const byFile = events.findLast((event) => event.stats !== undefined)?.stats?.byFile ?? {};
  for (const [file, stats] of Object.entries(byFile)) tally = addTally(tally, tallyFile(file, stats));
  for (const event of events) {
    if (event.type === "selected-test" && event.skip === true) tally.skipped.push(event.title ?? "(no title)");
    // Said again at the end, where it is still to be seen when a log has been cut to its last lines.
    if (event.type === "test-failed") tally.faults.push(`${event.testFile ?? "?"}: ${event.title ?? "(no title)"}`);
  }
  if (!events.some((event) => event.type === "end")) {
    tally.faults.push("the test runner ended before its tests did");
    tally.failed += 1;
  } else if (exitCode !== 0 && tally.failed === 0) {
    tally.faults.push(`the test runner ended with code ${exitCode ?? "none (killed)"} although no test failed`);
    tally.failed += 1;
  }
  return tally;
}
