import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";

import { runChecks } from "./lint.js";
import { rootPath, testFiles } from "./tree.js";
import { addTally, emptyTally, formatTally, tallyRun, type Tally } from "./tally.js";

/** AVA warns about the observer that counts (see ava.config.js) at every run; to the reader of a test report that is noise. */
const noise = /Experiments are enabled/;

const ava = join("node_modules", "ava", "entrypoints", "cli.mjs");

/** The slow tests wait for disks, browsers and other processes a third of their time: a third one at a time fills it. */
const fastAtOnce = 2;
const slowAtOnce = 3;

/** Runs AVA on the given compiled files, passing its report through as it comes, and counts from the events that it recorded. */
async function runPart(name: string, files: string[], atOnce: number): Promise<Tally> {
  if (files.length === 0) return emptyTally();
  console.log(`\n${name}: ${files.length} files`);
  const folder = mkdtempSync(join(tmpdir(), "trapeza-test-"));
  const record = join(folder, "events.jsonl");
  const sinceMs = performance.now();
  try {
    const exitCode = await new Promise<number | null>((resolve) => {
      const child = spawn(process.execPath, [ava, "--concurrency", String(atOnce), ...files], {
        cwd: rootPath,
        env: { ...process.env, TRAPEZA_TEST_RECORD: record },
        stdio: ["ignore", "pipe", "inherit"],
      });
      createInterface({ input: child.stdout }).on("line", (line) => {
        if (!noise.test(line)) console.log(line);
      });
      child.on("error", () => resolve(null));
      child.on("close", (code) => resolve(code));
    });
    const tally = tallyRun(existsSync(record) ? readFileSync(record, "utf8") : "", exitCode);
    console.log(`${name}: ${formatTally(tally)} in ${Math.round((performance.now() - sinceMs) / 1000)} s`);
    return tally;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Checks the laws of the house, then runs the quick tests, then (without --fast) the slow ones: whole schools with real processes and a browser.
 * The last line is always "N passed, N failed", with ", N skipped" when tests were skipped. Exit code 0 only if nothing failed and something ran.
 */
export async function run(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: { fast: { type: "boolean", default: false }, "no-lint": { type: "boolean", default: false } },
  });
  let total = emptyTally();
  if (!values["no-lint"]) {
    const failedChecks = await runChecks();
    total.failed += failedChecks.length;
    total.faults.push(...failedChecks.map((check) => `${check}: see above`));
  }
  const files = testFiles();
  total = addTally(
    total,
    await runPart(
      "Fast tests",
      files.filter((file) => !file.endsWith(".slow.test.js")),
      fastAtOnce,
    ),
  );
  if (!values.fast)
    total = addTally(
      total,
      await runPart(
        "Slow tests",
        files.filter((file) => file.endsWith(".slow.test.js")),
        slowAtOnce,
      ),
    );
  if (total.passed + total.failed === 0) {
    total.faults.push("not one test was found");
    total.failed += 1;
  }

  console.log("");
  for (const title of total.skipped) console.log(`skipped: ${title}`);
  for (const fault of total.faults) console.log(`failed: ${fault}`);
  console.log(formatTally(total));
  return total.failed === 0 ? 0 : 1;
}
