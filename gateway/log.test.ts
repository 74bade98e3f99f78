import { spawn } from "node:child_process";
import { once } from "node:events";
import test from "ava";

const LOG = new URL("./log.js", import.meta.url).href;

/** A process with a log of its own; it goes on with `body` when its standard input ends. */
function start(body: string) {
  const program = `
    const { createLog } = await import(${JSON.stringify(LOG)});
    const { log, flush, fatal } = createLog("info", 24);
    process.stderr.write("ready");
    process.stdin.resume();
    process.stdin.once("end", async () => {${body}});`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", program], { stdio: "pipe" });
  return { child, ended: once(child, "exit") };
}

const line = /"level":(\d+),.*"school":24,.*"msg":"([^"]+)"/g;

test("what was said before the end is read, in its order", async (t) => {
  const { child, ended } = start(`for (const n of [1, 2, 3]) log.info("line " + n); await flush(); process.exit(0);`);
  let said = "";
  child.stdout.on("data", (chunk: Buffer) => (said += chunk.toString()));
  child.stdin.end();
  await Promise.all([ended, once(child.stdout, "close")]);
  t.deepEqual(
    [...said.matchAll(line)].map(([, level, words]) => [level, words]),
    [
      ["30", "line 1"],
      ["30", "line 2"],
      ["30", "line 3"],
    ],
  );
});

test("a last word is there although nobody waits for it", async (t) => {
  const { child, ended } = start(`fatal({ reason: "x" }, "no disk"); process.exit(70);`);
  let said = "";
  child.stdout.on("data", (chunk: Buffer) => (said += chunk.toString()));
  child.stdin.end();
  const [[code]] = await Promise.all([ended, once(child.stdout, "close")]);
  t.is(code, 70);
  t.deepEqual(
    [...said.matchAll(line)].map(([, level, words]) => [level, words]),
    [["60", "no disk"]],
  );
});

for (const [name, body] of [
  ["it ends as always", `for (const n of [1, 2, 3]) log.warn("nobody hears " + n); await flush(); log.warn("nor this"); process.exit(3);`],
  ["it dies as always", `for (const n of [1, 2, 3]) log.warn("nobody hears " + n); fatal({}, "nor this"); process.exit(3);`],
] as const)
  test(`when whoever read the log is gone, ${name}`, async (t) => {
    const { child, ended } = start(body);
    await once(child.stderr, "data");
    child.stdout.destroy();
    child.stdin.end();
    t.deepEqual(await ended, [3, null]);
  });

test("a reader that has stalled keeps neither the process nor its memory", async (t) => {
  const { child, ended } = start(
    `for (let n = 0; n < 100; n++) log.info("x".repeat(100_000)); process.stderr.write(String(process.memoryUsage().external)); process.exit(0);`,
  );
  child.stdin.end();
  child.stdout.pause();
  t.deepEqual(await ended, [0, null]);
});
