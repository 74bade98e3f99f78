import { spawn } from "node:child_process";
import { join } from "node:path";

import { rootPath } from "./tree.js";
import { run as tidy } from "./tidy.js";

/** What it says comes all at once when it ends: the checks run beside each other. */
function runNode(script: string[], args: string[]): Promise<boolean> {
  const said: Buffer[] = [];
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join("node_modules", ...script), ...args], { cwd: rootPath, stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => said.push(chunk));
    child.on("error", () => resolve(false));
    child.on("close", (code) => {
      process.stdout.write(Buffer.concat(said));
      resolve(code === 0);
    });
  });
}

/** By content: a rebase gives files a new time and not a new fault. Under names of our own: prettier keeps a folder of its name there. */
const cache = (name: string): string[] => {
  const path = join("node_modules", ".cache", `lint-${name}`);
  return ["--cache", "--cache-location", path, "--cache-strategy", "content"];
};

/** Each check answers true when it has nothing to say. The compiler is not here: the set-up has already compiled everything. */
const checks: readonly (readonly [string, () => Promise<boolean>])[] = [
  ["eslint", () => runNode(["eslint", "bin", "eslint.js"], [".", "--max-warnings", "0", "--no-warn-ignored", ...cache("eslint")])],
  [
    "prettier (npm run format mends it)",
    () => runNode(["prettier", "bin", "prettier.cjs"], ["--check", "--log-level", "warn", ".", ...cache("prettier")]),
  ],
  ["tidy (the laws of the house)", async () => (await tidy([])) === 0],
];

/** Runs the checks beside each other and answers the names of those that failed. */
export async function runChecks(): Promise<string[]> {
  const failed: string[] = [];
  const run = async ([name, check]: (typeof checks)[number]): Promise<void> => {
    const sinceMs = performance.now();
    const clean = await check();
    console.log(`${clean ? "✔" : "✘"} ${name}, ${Math.round(performance.now() - sinceMs)} ms`);
    if (!clean) failed.push(name);
  };
  await Promise.all(checks.map(run));
  return failed;
}

/** Exit code 0 if every check is content. */
export async function run(): Promise<number> {
  return (await runChecks()).length === 0 ? 0 : 1;
}
