import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { NoDatabase, openDatabase, withDatabase } from "./own.js";

test("a hand makes no database where there is none: it says so, and leaves the folder as it was", async (t) => {
  const dataDir = mkdtempSync(join(tmpdir(), "trapeza-own-"));
  t.teardown(() => rmSync(dataDir, { recursive: true, force: true }));
  const error = await t.throwsAsync(
    withDatabase({ dataDir, databaseUrl: null }, () => Promise.reject(new Error("it was opened"))),
    { instanceOf: NoDatabase },
  );
  t.regex(error.message, /There is no database in .*postgres: .*DATABASE_URL not set/);
  t.deepEqual(readdirSync(dataDir), []);
});

test("a database elsewhere is taken at its word", async (t) => {
  const { url, close } = await openDatabase({ dataDir: "/nowhere", databaseUrl: "postgres://elsewhere/meals" });
  t.is(url, "postgres://elsewhere/meals");
  await close();
});
