import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { createFlash, loadProgram } from "@trapeza/simulators";
import { deadPort, listened, openTwin, until, whyNoPty } from "./_board.test.js";
import { run as flash } from "./flash.js";

const onTwin = whyNoPty === "" ? test.serial : test.serial.skip;
const named = (what: string, why: string): string => (why === "" ? what : `${what} (${why})`);
/** A twin answers at once. */
const run = (args: string[]): Promise<number> => flash(args, { answerMs: 500, knockMs: 800 });
process.env.LANG = "en_GB.UTF-8";

onTwin(named("a bare board gets program, words and fonts, each read back; a second time nothing is written", whyNoPty), async (t) => {
  const bench = await openTwin("ESP32_CYD");
  t.teardown(() => bench.close());
  bench.flash.writeFile("words-00000000", new Uint8Array(100));
  const flashing = () => listened(() => run(["--port", bench.path, "--kind", "settlement", "--no-start"]));
  const first = await flashing();
  t.is(first.code, 0, first.said);
  const program = loadProgram("settlement");
  t.is(Buffer.from(bench.flash.files.get("program") ?? []).toString("latin1"), program.image);
  for (const [name, data] of Object.entries(program.files)) t.deepEqual(bench.flash.files.get(name), data);
  t.false(bench.flash.files.has("words-00000000"), "words of an older program are taken away");
  t.regex(first.said, /ESP32_CYD, Espruino 2v29/);
  t.regex(first.said, /font-large: \d+ bytes, read back/);
  t.regex(first.said, /enrol/);
  const writes = () => bench.repl.lines.filter((line) => /\.(write|erase)\(/.test(line)).length;
  const before = writes();
  const second = await flashing();
  t.regex(second.said, /\.bootcde: there already/);
  t.is(writes(), before);
});

onTwin(named("a cable that comes out in the middle is waited for, and what is there is not written again", whyNoPty), async (t) => {
  const bench = await openTwin("ESP32_CYD");
  t.teardown(() => bench.close());
  bench.repl.unplugAfter = 40;
  // Put back by whoever reads what the tool says: sooner, it might not have noticed.
  const { code, said } = await listened(
    () => run(["--port", bench.path, "--kind", "information", "--no-start"]),
    (line) => void (/cable is out/.test(line) && (bench.repl.unplugAfter = -1)),
  );
  t.is(code, 0, said);
  t.regex(said, /cable is out/);
  t.is(Buffer.from(bench.flash.files.get("program") ?? []).toString("latin1"), loadProgram("information").image);
  const first = bench.repl.lines.filter((line) => line.includes('.write("font-small"') && line.includes(",0,"));
  t.is(first.length, 1, "written once");
});

onTwin(
  named("the wrong board, another kind's enrolment and a foreign image are refused before anything is written", whyNoPty),
  async (t) => {
    const flash = createFlash();
    flash.writeFile("config", new Uint8Array(Buffer.from(JSON.stringify({ terminal: 7, kind: "information", key: "ab".repeat(32) }))));
    const bench = await openTwin("ESP32_CYD", flash);
    t.teardown(() => bench.close());
    const folder = mkdtempSync(join(tmpdir(), "trapeza-image-"));
    t.teardown(() => rmSync(folder, { recursive: true }));
    const image = (name: string, text: string): string => {
      writeFileSync(join(folder, name), text, "latin1");
      return join(folder, name);
    };
    const settlement = loadProgram("settlement").image;
    const refusals: readonly [string[], RegExp][] = [
      [["--kind", "payment"], /runs on ESP32S3, and this is ESP32_CYD/],
      [["--kind", "settlement"], /enrolled as information terminal 7/],
      [["--kind", "information", "--image", image("other.js", settlement)], /not an image of the information terminal/],
      [["--kind", "settlement", "--image", image("large.js", settlement + " ".repeat(65536))], /budget is 65536/],
      [["--kind", "settlement", "--image", image("odd.js", "\xd0" + settlement)], /outside ASCII at 0/],
      [["--kind", "till"], /no "till" terminal/],
      [["--kind", "settlement", "--image", join(folder, "none.js")], /cannot be opened/],
    ];
    for (const [args, why] of refusals) {
      const { code, said } = await listened(() => run(["--port", bench.path, ...args]));
      t.is(code, 1, said);
      t.regex(said, why);
      t.false(said.includes("abab"), "no key is printed");
    }
    t.deepEqual([...bench.flash.files.keys()], ["config"]);
  },
);

onTwin(named("a board that has closed its console is told how to open it", whyNoPty), async (t) => {
  const flash = createFlash();
  flash.writeFile(".bootcde", new Uint8Array(Buffer.from("E.setConsole(null,{force:true});")));
  const bench = await openTwin("ESP32_CYD", flash);
  t.teardown(() => bench.close());
  await until(() => bench.board.console?.open === false);
  const { code, said } = await listened(() => run(["--port", bench.path, "--kind", "settlement"]));
  t.is(code, 1);
  t.regex(said, /hold BOOT/);
});

test.serial("a port that is not there, an address that is none and a missing cable are told in one sentence", async (t) => {
  const cases: readonly [string[], RegExp][] = [
    [["--port", "/dev/no-such-tty"], /\/dev\/no-such-tty cannot be opened/],
    [["--tcp", `127.0.0.1:${await deadPort()}`], /cannot be opened: .*ECONNREFUSED/],
    [["--tcp", "somewhere"], /must look like/],
    [["--port", "x", "--baud", "fast"], /--baud is "fast"/],
    [[], /Which cable/],
  ];
  for (const [args, why] of cases) {
    const { code, said } = await listened(() => run([...args, "--kind", "settlement"]));
    t.is(code, 1);
    t.regex(said, why);
    t.notRegex(said, /\n {4}at /);
  }
});

onTwin(named("what the slots of releases need is not given to files", whyNoPty), async (t) => {
  const flash = createFlash();
  flash.writeFile("photo", new Uint8Array(650 * 1024).fill(1));
  const bench = await openTwin("ESP32_CYD", flash);
  t.teardown(() => bench.close());
  const { code, said } = await listened(() => run(["--port", bench.path, "--kind", "settlement"]));
  t.is(code, 1, said);
  t.regex(said, /tidies up/);
  t.regex(said, /has \d+ bytes left and \d+ are needed/);
});

onTwin(named("Bluetooth that is on is switched off first, because that takes a program out of flash", whyNoPty), async (t) => {
  const bench = await openTwin("ESP32_CYD");
  t.teardown(() => bench.close());
  bench.board.radio.bluetooth = true;
  const { code, said } = await listened(() => run(["--port", bench.path, "--kind", "settlement", "--no-start"]));
  t.is(code, 0, said);
  t.regex(said, /Bluetooth is on/);
  t.false(bench.board.radio.bluetooth);
  t.true(bench.flash.files.has(".bootcde"));
});
