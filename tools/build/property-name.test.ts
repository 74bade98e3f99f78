import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { rootPath } from "../tree.js";
import { checkTypes } from "./bundle.js";
import { keptPropertyNames } from "./property-name.js";

test("names of the board and of tables of cases are kept, all others may be shortened", (t) => {
  const kept = keptPropertyNames(rootPath, 'var a={Tap:[2,0],Sale:[16,0]};var b={valueKopecks:2,kind:"Tap"};');
  for (const name of ["Tap", "Sale", "D36", "erasePage", "indexOf", "Serial1", "setFontCustom", "port"]) t.true(kept.includes(name), name);
  for (const name of ["valueKopecks", "kind"]) t.false(kept.includes(name), name);
});

const refused: readonly [title: string, text: string][] = [
  ["a property looked up by a text", 'const a = { long: 1 }; const at: "long" | "longer" = "long"; globalThis.x = a[at];'],
  ["a property that nobody has declared", "declare const a: { readonly [name: string]: number }; globalThis.x = a.long;"],
  ["one that is taken apart", "declare const a: { readonly [name: string]: number }; const { long } = a; globalThis.x = long;"],
  ["long names out of JSON", 'globalThis.x = (JSON.parse("{}") as { long: number }).long;'],
];
for (const [title, text] of refused)
  test(`refused, because it would look for a long name in vain: ${title}`, (t) => {
    const folder = mkdtempSync(join(tmpdir(), "trapeza-names-"));
    t.teardown(() => rmSync(folder, { recursive: true, force: true }));
    const path = join(folder, "sample.ts");
    writeFileSync(path, `declare namespace globalThis { let x: unknown; }\n${text}\nexport {};\n`);
    t.regex(checkTypes(rootPath, [path]).join(), /shortened in an image/);
  });
