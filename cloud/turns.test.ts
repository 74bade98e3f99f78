import test from "ava";
import { createTurns } from "./turns.js";

test("under one key work waits for its turn, also behind a failure; another key does not wait", async (t) => {
  const turns = createTurns<string>();
  const seen: string[] = [];
  const gates = new Map<string, () => void>();
  const work = (name: string) => async () => {
    seen.push("begin " + name);
    await new Promise<void>((done) => gates.set(name, done));
    seen.push("end " + name);
    if (name === "a") throw new Error(name);
    return name;
  };
  const first = turns("school", work("a"));
  const second = turns("school", work("b"));
  const other = turns("office", work("c"));
  await new Promise((done) => setImmediate(done));
  t.deepEqual(seen, ["begin a", "begin c"]);
  gates.get("a")?.();
  await t.throwsAsync(first, { message: "a" });
  await new Promise((done) => setImmediate(done));
  gates.get("b")?.();
  gates.get("c")?.();
  t.deepEqual(await Promise.all([second, other]), ["b", "c"]);
  t.deepEqual(seen, ["begin a", "begin c", "end a", "begin b", "end b", "end c"]);
});
