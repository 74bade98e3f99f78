import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of the whole checkout, without a slash at its end. This module runs from tools/dist. */
export const rootPath = fileURLToPath(new URL("../..", import.meta.url)).replace(/[/\\]$/, "");

/** The packages in the order in which they may be imported: each may use those before it. */
export const packageNames = ["protocol", "firmware", "gateway", "cloud", "simulators", "tools"] as const;
export type PackageName = (typeof packageNames)[number];

const notSource = new Set(["node_modules", "dist", "data", "artifacts", "coverage", ".git"]);

/** Every file of the checkout that a person wrote, as paths from the root with forward slashes, sorted. */
export function sourceFiles(folder = rootPath, prefix = ""): string[] {
  const found: string[] = [];
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (notSource.has(entry.name)) continue;
    if (entry.isDirectory()) found.push(...sourceFiles(join(folder, entry.name), `${prefix}${entry.name}/`));
    else found.push(`${prefix}${entry.name}`);
  }
  return found.sort();
}

/** The compiled tests whose source still exists, as paths from the root. A name that begins with an underscore is what tests share. */
export function testFiles(): string[] {
  return sourceFiles()
    .map((path) => /^([^/]+)\/((?:.+\/)?[^_/][^/]*\.test)\.tsx?$/.exec(path))
    .filter((match) => match !== null)
    .map(([, owner, rest]) => `${owner}/dist/${rest}.js`)
    .filter((path) => existsSync(join(rootPath, path)));
}
