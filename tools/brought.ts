import { spawn } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";

import { rootPath } from "./tree.js";

/** Runs a program to its end with what it says on this terminal, and answers with its exit code. */
export function runShown(command: string, args: readonly string[], cwd: string): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, stdio: ["ignore", "inherit", "inherit"] });
    child.on("error", () => resolve(1));
    child.on("close", (code) => resolve(code ?? 1));
  });
}

/**
 * A program of the npm registry that only a rarely run check needs: brought when it is first wanted and kept among the caches, so that nobody who only
 * builds or tests waits for its packages. `exact` is a name with its pinned version; answers where `program` (a path below its package) now is.
 */
export async function bring(exact: string, program: string): Promise<string | null> {
  const name = exact.slice(0, exact.lastIndexOf("@"));
  const home = join(rootPath, "node_modules", ".cache", "brought", exact.replace(/\W+/g, "-"));
  const path = join(home, "node_modules", ...name.split("/"), program);
  if (existsSync(path)) return path;
  mkdirSync(home, { recursive: true });
  const code = await runShown("npm", ["install", "--prefix", home, "--no-audit", "--no-fund", exact], rootPath);
  if (code === 0 && existsSync(path)) return path;
  console.error(`${exact} could not be brought from the registry.`);
  return null;
}
