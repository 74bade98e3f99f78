import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import test from "ava";

const program = fileURLToPath(new URL("./main-server.js", import.meta.url));
/** Nobody listens on port 1, so that this cloud gets as far as its database and no further. */
const usual = {
  PATH: process.env.PATH,
  TRAPEZA_CLOUD_DATA: join(tmpdir(), "trapeza-no-cloud"),
  TRAPEZA_HOUSE: "meals.example",
  DATABASE_URL: "postgres://trapeza:secret@127.0.0.1:1/meals",
};

function ended(env: Readonly<Record<string, string | undefined>>, flags: readonly string[] = []) {
  const { status, stderr } = spawnSync(process.execPath, [...flags, program], { env, encoding: "utf8", timeout: 60_000 });
  return { status, stderr };
}

test("a wrong setting is one sentence and 78, which is not begun again", (t) => {
  const stderr = 'TRAPEZA_HOUSE is "X"; it must be a domain in small letters, as trapeza.example\n';
  t.deepEqual(ended({ ...usual, TRAPEZA_HOUSE: "X" }), { status: 78, stderr });
});

test("a database that does not listen yet, as after a power cut, is one sentence and 70, which is begun again", (t) => {
  const { status, stderr } = ended(usual);
  t.is(status, 70);
  t.regex(
    stderr,
    /^DATABASE_URL is postgres:\/\/trapeza:…@127\.0\.0\.1:1\/meals; it must be a database that lets us in \(.*ECONNREFUSED.*\)\n$/,
  );
});

const BREAKS = [
  ["an error that nobody has caught", "throw new Error('no card for \"Иванов\"')", "no card for …"],
  ["a promise that was refused", "void Promise.reject(new Error('no card for \"Иванов\"'))", "no card for …"],
  ["what is no error", 'throw "Иванов"', "what was thrown is no error"],
] as const;

for (const [what, breaks, why] of BREAKS)
  test(`${what} is complained of without anybody's name and ends it with 70, not with Node's 1`, (t) => {
    const preload = `process.on("newListener", (name) => { if (name === "uncaughtException") setImmediate(() => { ${breaks}; }); });`;
    const { status, stderr } = ended(usual, ["--import", "data:text/javascript," + encodeURIComponent(preload)]);
    t.is(status, 70);
    t.like(JSON.parse(stderr), { level: "error", why });
  });
