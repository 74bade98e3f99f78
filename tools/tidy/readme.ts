import { dirname, join } from "node:path";

import { packageNames } from "../tree.js";
import type { House, Law, Violation } from "./house.js";

/** Subcommands of npm that are not scripts of ours. */
const npmOwn = /^(ci|install|i|help|audit|outdated|ls|exec)$/;
const fileEnding = /\.(tsx?|mjs|js|json|sql|txt|md|html|css|sh)$/;

function exists(house: House, path: string): boolean {
  const plain = path.replace(/\/$/, "").replace(/^\.\//, "");
  if (plain === "." || plain === "" || house.paths.has(plain)) return true;
  for (const known of house.paths) if (known.startsWith(`${plain}/`)) return true;
  return false;
}

/** A word in code quotes is taken for a path if it starts in a package of ours or ends like a file; topics and account names are left alone. */
function looksLikePath(word: string): boolean {
  if (!/^[\w.@/-]+$/.test(word) || word.startsWith("@") || word.startsWith("/") || word.startsWith("data/") || word.includes("dist/"))
    return false;
  const first = word.split("/")[0] ?? "";
  const inPackage = word.includes("/") && (packageNames as readonly string[]).includes(first);
  return inPackage || fileEnding.test(word);
}

function missingPath(house: House, from: string, target: string): string | undefined {
  const beside = join(dirname(from), target).replaceAll("\\", "/");
  if (exists(house, beside) || exists(house, target)) return undefined;
  // A file named without its folder is fine as long as the package has exactly such a file somewhere.
  const folder = dirname(from) === "." ? "" : `${dirname(from)}/`;
  if (!target.includes("/") && [...house.paths].some((path) => path.startsWith(folder) && path.endsWith(`/${target}`))) return undefined;
  return `names "${target}", which does not exist: mend the name or remove it`;
}

function missingCommand(house: House, line: string, scripts: Record<string, string>): string[] {
  const cures: string[] = [];
  for (const [, run, name = ""] of line.matchAll(/\bnpm (run )?([a-z][\w:-]*)/g)) {
    if (run === undefined && npmOwn.test(name)) continue;
    if (!(name in scripts)) cures.push(`names "npm ${run ?? ""}${name}", which package.json does not have: mend the name or remove it`);
  }
  for (const [, name = ""] of line.matchAll(/\bnpm run tool -- ([a-z][\w-]*)/g)) {
    if (name !== "help" && !house.paths.has(`tools/${name}.ts`))
      cures.push(`names the command "${name}", but there is no tools/${name}.ts`);
  }
  return cures;
}

function checkPage(house: House, path: string, scripts: Record<string, string>): Violation[] {
  return house
    .read(path)
    .split("\n")
    .flatMap((line, index) => {
      const cures = missingCommand(house, line, scripts);
      for (const [, target = ""] of line.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)) {
        const cure = /^[a-z]+:/.test(target) ? undefined : missingPath(house, path, target);
        if (cure !== undefined) cures.push(cure);
      }
      for (const [, word = ""] of line.matchAll(/`([^`]+)`/g)) {
        const cure = looksLikePath(word) ? missingPath(house, path, word) : undefined;
        if (cure !== undefined) cures.push(cure);
      }
      return cures.map((cure) => ({ path, line: index + 1, cure }));
    });
}

/** Every path and every command that a README, or a page in docs, names is really there. */
export const readme: Law = (house) => {
  const manifest = JSON.parse(house.read("package.json") || "{}") as { scripts?: Record<string, string> };
  const pages = [...house.paths].filter((path) => /(^|\/)(README|CONTRIBUTING)(\.[a-z]+)?\.md$|^docs\/.*\.md$/.test(path));
  return pages.flatMap((path) => checkPage(house, path, manifest.scripts ?? {}));
};
