/** Packages of others: whoever declares one uses it, whoever uses one declares it, and docs/dependencies.md says what for and under which licence. */
import { existsSync, readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { join } from "node:path";
import test from "ava";
import ts from "typescript";
import { packageNames, rootPath, sourceFiles } from "./tree.js";

const read = (path: string): string => readFileSync(join(rootPath, path), "utf8");

interface Manifest {
  readonly dependencies?: Record<string, string>;
  readonly devDependencies?: Record<string, string>;
}

function declaredBy(folder: string): string[] {
  const { dependencies, devDependencies } = JSON.parse(read(join(folder, "package.json"))) as Manifest;
  return [...Object.keys(dependencies ?? {}), ...Object.keys(devDependencies ?? {})].filter((name) => !name.startsWith("@trapeza/"));
}

/** "@scope/name/file" → "@scope/name". */
function packageOf(specifier: string): string {
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}

/** What a file wants of others: by import, and by the functions that look a package's folder up. Modules of the chip begin with a capital. */
function namedIn(path: string): string[] {
  const text = read(path);
  const imported = ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName);
  const lookedUp = [...text.matchAll(/(?:resolve|import\.meta\.url\)|packageFolder)\(\s*"([^"]+)"/g)].map(([, name]) => name!);
  return [...imported, ...lookedUp].filter((name) => !/^[./A-Z]|^@trapeza\//.test(name) && !isBuiltin(name)).map(packageOf);
}

function usedBy(owner: string): Set<string> {
  const code = sourceFiles().filter((path) => path.startsWith(`${owner}/`) && /\.(tsx?|m?js)$/.test(path));
  return new Set(code.flatMap(namedIn));
}

const shared = declaredBy(".");

for (const owner of packageNames) {
  const declared = declaredBy(owner);
  const used = usedBy(owner);

  test(`${owner} uses all that it declares`, (t) => {
    const idle = declared.filter((name) => !used.has(name.replace(/^@types\//, "")));
    t.deepEqual(idle, []);
  });

  test(`${owner} declares all that it uses`, (t) => {
    t.deepEqual(
      [...used].filter((name) => !declared.includes(name) && !shared.includes(name)),
      [],
    );
  });
}

/** The lock file's own words for what may be given on with a product under Apache-2.0, whether as it is or as a library beside it. */
const LICENCES = new Set(
  "MIT MIT-0 ISC 0BSD BSD-2-Clause BSD-3-Clause Apache-2.0 BlueOak-1.0.0 CC0-1.0 WTFPL OFL-1.1 Python-2.0".split(" "),
);

/** Licences that ask something of whoever gives the package on, and for whom that has been thought through on the page. Any other copyleft is refused. */
const WEAK_COPYLEFT = new Set(["MPL-2.0", "LGPL-3.0-or-later"]);
const THOUGHT_THROUGH = /^node_modules\/(web-push|axe-core|@img\/sharp-[a-z0-9-]+)$/;

interface Lock {
  readonly packages: Record<string, { readonly license?: string; readonly link?: boolean }>;
}

const lock = (JSON.parse(read("package-lock.json")) as Lock).packages;
const licenceOf = (name: string): string => lock[`node_modules/${name}`]?.license ?? "";

test("docs/dependencies.md has a line for each of them, with its licence, and no other", (t) => {
  const rows = [...read("docs/dependencies.md").matchAll(/^\| (?!package|---)([^ |]+) +\| ([^|]+) \|/gm)].map(
    ([, name, licence]) => `${name} ${licence!.trim()}`,
  );
  const all = new Set([...shared, ...packageNames.flatMap(declaredBy)].filter((name) => !name.startsWith("@types/")));
  t.deepEqual(
    rows,
    [...all].sort().map((name) => `${name} ${licenceOf(name)}`),
  );
});

test("nothing that is installed has a licence that we could not keep", (t) => {
  for (const [path, { license, link }] of Object.entries(lock)) {
    if (!path.includes("node_modules/") || link === true) continue;
    // png-js says it in its LICENSE file only.
    const words = license ?? (path.endsWith("/png-js") ? "MIT" : "none");
    for (const word of words.replace(/[()]/g, "").split(/ AND | OR /))
      t.true(LICENCES.has(word) || (WEAK_COPYLEFT.has(word) && THOUGHT_THROUGH.test(path)), `${path}: ${words}`);
  }
  const page = read("docs/dependencies.md");
  for (const name of ["web-push", "axe-core", "@img/sharp-libvips"]) t.true(page.includes("`" + name), name);
});

/** A package says its licence as a word, in the old way as an object, or in the oldest as a list of them. */
interface Licensed {
  readonly license?: string | { readonly type?: string };
  readonly licenses?: readonly { readonly type?: string }[];
}

test("what each installed package says of its own licence is what the lock file says", (t) => {
  let seen = 0;
  for (const [path, { license, link }] of Object.entries(lock)) {
    const file = join(rootPath, path, "package.json");
    if (!path.includes("node_modules/") || link === true || !existsSync(file)) continue;
    const own = JSON.parse(readFileSync(file, "utf8")) as Licensed;
    const said = typeof own.license === "string" ? own.license : (own.license?.type ?? own.licenses?.map(({ type }) => type).join(" OR "));
    t.is(said, license, path);
    seen++;
  }
  t.true(seen > 100);
});
