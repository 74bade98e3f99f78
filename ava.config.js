import { appendFileSync } from "node:fs";

/** `npm test` names a file here and counts from AVA's own events: a count read off the printed report would believe whatever a test prints. */
const recordPath = process.env.TRAPEZA_TEST_RECORD;

const plain = (key, value) => {
  if (value instanceof Map) return Object.fromEntries(value);
  return value instanceof Set ? [...value] : value;
};

async function observeRun({ events }) {
  for await (const { type, testFile, title, skip, stats } of events) {
    if (type === "worker-stdout" || type === "worker-stderr") continue;
    appendFileSync(recordPath, `${JSON.stringify({ type, testFile, title, skip, stats }, plain)}\n`);
  }
}

/** What takes longest is begun first: begun last, it would be waited for alone. */
const LONGEST = [
  "cloud/dist/web/office/browser.slow",
  "cloud/dist/web/parent/journeys.slow",
  "simulators/dist/day/mutation.slow",
  "tools/dist/verify.slow",
  "tools/dist/demo.slow",
  "simulators/dist/stories/power-cut",
];
const rankOf = (file) => LONGEST.findIndex((part) => file.includes(part)) + 1 || LONGEST.length + 1;

export default {
  files: ["*/dist/**/*.test.js"],
  // Two at a time where nothing else is said: a small machine that is out of breath fails tests that are right.
  concurrency: 2,
  sortTestFiles: (one, other) => rankOf(one) - rankOf(other) || (one < other ? -1 : 1),
  timeout: "120s",
  workerThreads: false,
  ...(recordPath ? { nonSemVerExperiments: { observeRunsFromConfig: true }, observeRun } : {}),
};
