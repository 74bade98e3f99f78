import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import vm from "node:vm";
import test from "ava";
import { bundle } from "./bundle.js";
import { takeWords } from "./words.js";

const root = fileURLToPath(new URL("../../../", import.meta.url));

test("a word becomes a number, the same word the same number, and only what is mentioned is kept", (t) => {
  const { code, file, complaints } = takeWords('var W = { a: ["а", "a"], b: ["б", "b"], c: ["в", "c"] };\nuse(W.c, W.a, W.c);');
  t.deepEqual(complaints, []);
  t.true(code.endsWith("use(0, 1, 0);"));
  t.is(Buffer.from(file!.content).toString("hex"), "000a000b000c000d000e" + "e2" + "63" + "e0" + "61");
});

test("a list of words keeps its order and its length", (t) => {
  const { code, file } = takeWords('var L = [["а", "a"], ["б", "b"]];\nuse(L[n < L.length ? n : 0]);');
  t.true(code.endsWith("use((0+(n < 2 ? n : 0)));"));
  t.is(file!.content.length, 10 + 4);
});

test("refused: a table that is used whole, a word that it lacks, a letter that windows-1251 lacks", (t) => {
  t.is(takeWords('var W = { a: ["а", "a"] };\nuse(W);').complaints.length, 1);
  t.is(takeWords('var W = { a: ["а", "a"] };\nuse(W.b);').complaints.length, 1);
  t.regex(takeWords('var W = { a: ["→", "a"] };\nuse(W.a);').complaints.join(), /no "→"/);
});

test("the chip finds a word in its file, in both languages, under a name that changes with the words", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "trapeza-words-"));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const say = async (table: string): Promise<{ text: string; name: string }> => {
    const entry = join(folder, "sample.ts");
    const from = JSON.stringify(join(relative(folder, root), "firmware/say.js"));
    const both = '["ru", "en"].map((language) => say({ language: language as "ru" }, W.done)).join("|")';
    writeFileSync(
      entry,
      `import { say } from ${from};\nconst W = ${table} as const;\n(globalThis as unknown as { print(text: string): void }).print(${both});\nexport {};\n`,
    );
    const built = await bundle(root, entry);
    if (!built.ok) throw new Error(built.complaints.join("\n"));
    const { name, content } = built.words!;
    const read = (file: string): string | undefined => (file === name ? Buffer.from(content).toString("latin1") : undefined);
    let said = "";
    vm.runInNewContext(built.code, { require: () => ({ read }), print: (text: string) => (said = text) });
    return { text: new TextDecoder("windows-1251").decode(Buffer.from(said, "latin1")), name };
  };
  const first = await say('{ no: ["нет", "no"], done: ["Готово №", "Done"] }');
  t.is(first.text, "Готово №|Done");
  const second = await say('{ done: ["Сделано", "Done"] }');
  t.is(second.text, "Сделано|Done");
  t.not(first.name, second.name);
});
