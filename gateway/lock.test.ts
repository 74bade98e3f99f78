import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { AlreadyRunning, lockFolder } from "./lock.js";

test("a second gateway on the same data says so; when the first has gone it may come", (t) => {
  const folder = mkdtempSync(join(tmpdir(), "trapeza-lock-"));
  const unlock = lockFolder(folder);
  const error = t.throws(() => lockFolder(folder), { instanceOf: AlreadyRunning });
  t.is(error?.message, "another gateway is running on the data in " + folder);
  unlock();
  lockFolder(folder)();
});
