/** docs/threats.md is held to the tree: each test that it names is there and tests, each secret that the code knows has its row. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { rootPath, sourceFiles } from "./tree.js";

const read = (path: string): string => readFileSync(join(rootPath, path), "utf8");
const page = read("docs/threats.md");

test("every row about somebody names tests, and every test that is named exists and has a case", (t) => {
  const [who] = page.split("## Where secrets lie");
  const rows = who.split("\n").filter((line) => line.startsWith("| **"));
  t.true(rows.length >= 12);
  for (const row of rows) t.regex(row.split("|").at(-2) ?? "", /\.test\.ts`/, row);
  for (const [, path] of page.matchAll(/`([a-z/-]+\.test\.ts|[a-z/-]+\.slow\.test\.ts)`/g))
    t.true(existsSync(join(rootPath, path)) && /test(\.serial)?\(/.test(read(path)), path);
});

test("every secret that a setting carries has its row", (t) => {
  const code = sourceFiles().filter((path) => /\.tsx?$/.test(path) && !path.includes(".test.") && !path.startsWith("simulators/"));
  const named = new Set(
    code.flatMap((path) => [...read(path).matchAll(/TRAPEZA_[A-Z_]*(?:KEY|PASSWORD|SECRET)\b/g)].map(([name]) => name)),
  );
  t.true(named.size >= 6);
  for (const name of [...named, "schoolSecret", "gatewaySeed", "statusPassword", "recoveryKey", "influx", "DATABASE_URL", "cloud.key"])
    t.true(page.includes("`" + name + "`"), name);
});
