import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { toHex } from "@trapeza/protocol";
import { loadOrCreateSeed } from "./key-file.js";

test("a key is drawn once, for its owner alone; what a hand typed instead of one is refused and not shown", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "trapeza-key-"));
  const file = join(folder, "cloud.key");
  const seed = await loadOrCreateSeed(file);
  t.is((await stat(file)).mode & 0o777, 0o600);
  t.is(toHex(await loadOrCreateSeed(file)), toHex(seed));
  for (const typed of ["00".repeat(32), "0123456789abcdef".repeat(4), "secret", ""]) {
    await writeFile(file, typed);
    const { message } = (await t.throwsAsync(loadOrCreateSeed(file))) as Error;
    t.true(message.includes(file) && (typed === "" || !message.includes(typed)), message);
  }
  await rm(folder, { recursive: true });
});
