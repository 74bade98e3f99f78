import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { availableCommands, commands } from "./command.js";
import { rootPath } from "./tree.js";

test("whatever is a command can be typed: each file with a run(args) is in the list, and nothing else", (t) => {
  const folder = join(rootPath, "tools");
  const files = readdirSync(folder).filter((name) => /^[a-z-]+\.ts$/.test(name));
  const runnable = files.filter((name) => /^export async function run\(/m.test(readFileSync(join(folder, name), "utf8")));
  const names = runnable.map((name) => name.slice(0, -".ts".length)).sort();
  t.deepEqual(names, [...commands.keys()].sort());
  t.deepEqual(availableCommands().sort(), names);
});
