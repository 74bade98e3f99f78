import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import { bring, runShown } from "./brought.js";
import { rootPath } from "./tree.js";
import { formatScores, scoresOf, type Report } from "./mutate/score.js";

const STRYKER = "@stryker-mutator/core@9.6.1";
const RULES = "protocol/dist/rules";
const TESTS = ["scenario", "check", "packed", "property"].map((name) => `${RULES}/${name}.test.js`);

/** Stryker writes its mutants into the files themselves: it gets a copy of what is compiled. */
function copyOfProtocol(): string {
  const folder = mkdtempSync(join(tmpdir(), "trapeza-mutate-"));
  for (const path of ["protocol/dist", "protocol/rules/scenarios", "protocol/package.json", "package.json"])
    cpSync(join(rootPath, path), join(folder, path), { recursive: true });
  symlinkSync(join(rootPath, "node_modules"), join(folder, "node_modules"));
  return folder;
}

function settings(only: readonly string[]): object {
  const files =
    only.length > 0 ? only.map((path) => `${RULES}/${path.replace(/\.ts$/, "")}.js`) : [`${RULES}/*.js`, `${RULES}/operations/*.js`];
  return {
    ...{ testRunner: "trapeza", plugins: [fileURLToPath(new URL("./mutate/runner.js", import.meta.url))], trapeza: { tests: TESTS } },
    ...{ mutate: [...files, `!${RULES}/*.test.js`], inPlace: true, coverageAnalysis: "perTest" },
    ...{ concurrency: 2, timeoutMS: 20000, dryRunTimeoutMinutes: 10 },
    ...{ reporters: ["progress", "json"], jsonReporter: { fileName: "mutation.json" }, warnings: { unknownOptions: false } },
  };
}

/**
 * `mutate [<file> …] [--least 90] [--json]`: puts small faults into the rules of money, one at a time, and counts which of them the tests of the rules
 * notice. Files are named as below protocol/rules: "operations/sale". Exit code 1 when the score is below `--least` per cent.
 */
export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { least: { type: "string", default: "90" }, json: { type: "boolean", default: false } },
  });
  const stryker = await bring(STRYKER, "bin/stryker.js");
  if (stryker === null) return 1;
  const folder = copyOfProtocol();
  try {
    writeFileSync(join(folder, "stryker.config.json"), JSON.stringify(settings(positionals)));
    if ((await runShown(process.execPath, [stryker, "run"], folder)) !== 0) return 1;
    const scores = scoresOf(JSON.parse(readFileSync(join(folder, "mutation.json"), "utf8")) as Report);
    console.log(values.json ? JSON.stringify(scores) : formatScores(scores));
    return scores.total.score >= Number(values.least) ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
