import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import test, { type ExecutionContext } from "ava";

import { packageNames, rootPath } from "./tree.js";

/** A compiler that writes what the real one would write, or complains when it meets the word "wrong". */
const fakeCompiler = `
const { mkdirSync, readFileSync, writeFileSync } = require("node:fs");
for (const name of ${JSON.stringify(packageNames)}) {
  if (readFileSync(name + "/index.ts", "utf8").includes("wrong")) { console.log(name + ": that is wrong"); process.exit(1); }
  mkdirSync(name + "/dist", { recursive: true });
  writeFileSync(name + "/dist/index.js", "");
}`;

const loads = "module.exports = class { prepare() { return { get() {} }; } };";

class Checkout {
  readonly path = mkdtempSync(join(tmpdir(), "trapeza-setup-"));

  constructor() {
    mkdirSync(join(this.path, "tools"));
    cpSync(join(rootPath, "tools", "setup.mjs"), join(this.path, "tools", "setup.mjs"));
    for (const name of packageNames) this.write(`${name}/index.ts`, "export {};");
    this.lock("1.0.0", "1.0.0");
    this.write("node_modules/typescript-7/bin/tsc", fakeCompiler);
    this.write("node_modules/better-sqlite3/index.js", loads);
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.path, path)), { recursive: true });
    writeFileSync(join(this.path, path), text);
  }

  /** What the lock file names, and what npm says is installed. */
  lock(wanted: string, installed: string): void {
    const lockOf = (version: string): string => JSON.stringify({ packages: { "node_modules/better-sqlite3": { version } } });
    this.write("package-lock.json", lockOf(wanted));
    this.write("node_modules/.package-lock.json", lockOf(installed));
  }

  /** Puts a program called npm in front of the real one. */
  fakeNpm(script: string): void {
    this.write("bin/npm", `#!/bin/sh\n${script}\n`);
    chmodSync(join(this.path, "bin/npm"), 0o755);
  }

  setUp(): { code: number | null; said: string } {
    const env = { ...process.env, PATH: `${join(this.path, "bin")}:${process.env.PATH ?? ""}` };
    const child = spawnSync(process.execPath, [join(this.path, "tools/setup.mjs"), "lint"], { encoding: "utf8", env });
    return { code: child.status, said: child.stderr };
  }
}

const scene = (title: string, play: (t: ExecutionContext, checkout: Checkout) => void): void =>
  test(title, (t) => {
    const checkout = new Checkout();
    t.teardown(() => rmSync(checkout.path, { recursive: true, force: true }));
    play(t, checkout);
  });

scene("the first run builds, the second does nothing and says nothing", (t, checkout) => {
  const first = checkout.setUp();
  t.is(first.code, 0);
  t.regex(first.said, /compile done/);
  t.deepEqual(checkout.setUp(), { code: 0, said: "" });
});

scene("a changed source, a deleted source and a deleted dist are each built again", (t, checkout) => {
  checkout.write("cloud/page.ts", "");
  checkout.setUp();
  checkout.write("cloud/page.ts", "export const changed = true;");
  t.regex(checkout.setUp().said, /compile done/);
  rmSync(join(checkout.path, "cloud/page.ts"));
  t.regex(checkout.setUp().said, /compile done/);
  rmSync(join(checkout.path, "gateway/dist"), { recursive: true });
  t.regex(checkout.setUp().said, /compile done/);
  t.deepEqual(checkout.setUp(), { code: 0, said: "" });
});

scene("a compiled test whose source is gone does not run on", (t, checkout) => {
  checkout.write("cloud/old.test.ts", "");
  checkout.write("cloud/dist/index.js", "");
  checkout.write("cloud/dist/old.test.js", "");
  checkout.write("cloud/dist/older.test.js", "");
  checkout.setUp();
  t.true(existsSync(join(checkout.path, "cloud/dist/old.test.js")));
  t.false(existsSync(join(checkout.path, "cloud/dist/older.test.js")));
});

scene("a source that does not compile stops the run each time, with the compiler's words", (t, checkout) => {
  checkout.write("cloud/index.ts", "wrong");
  for (const attempt of [1, 2]) {
    const { code, said } = checkout.setUp();
    t.is(code, 1, `attempt ${attempt}`);
    t.regex(said, /cloud: that is wrong/);
    t.regex(said, /does not compile/);
  }
});

scene("what a developer installed by hand is accepted without tearing it down", (t, checkout) => {
  checkout.fakeNpm("echo npm was called; exit 1");
  const { code, said } = checkout.setUp();
  t.is(code, 0);
  t.notRegex(said, /dependencies/);
});

scene("another lock file is installed once", (t, checkout) => {
  checkout.lock("2.0.0", "1.0.0");
  checkout.fakeNpm("exit 0");
  t.regex(checkout.setUp().said, /dependencies.* done/);
  t.deepEqual(checkout.setUp(), { code: 0, said: "" });
});

scene("an installation that fails is explained in one sentence, after npm's own words", (t, checkout) => {
  checkout.lock("2.0.0", "1.0.0");
  checkout.fakeNpm("echo the registry is away; exit 1");
  const { code, said } = checkout.setUp();
  t.is(code, 1);
  t.regex(said, /the registry is away[\s\S]*The dependencies could not be installed/);
});

scene("a native module that does not load is named, and not taken for installed", (t, checkout) => {
  checkout.fakeNpm("exit 0");
  checkout.write("node_modules/better-sqlite3/index.js", 'throw new Error("wrong version of Node");');
  for (const attempt of [1, 2]) {
    const { code, said } = checkout.setUp();
    t.is(code, 1, `attempt ${attempt}`);
    t.regex(said, /wrong version of Node[\s\S]*SQLite module/);
  }
});
