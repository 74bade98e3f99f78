/** The pages for people who run schools are held to the programs: what they type exists, in both languages alike, and every alarm has its row. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { rootPath } from "./tree.js";

const read = (path: string): string => readFileSync(join(rootPath, path), "utf8");

/** Each `npm run tool --` of a page: the command, the word after it, its options. */
function typedIn(path: string): { command: string; word: string; options: string[] }[] {
  const text = read(path).replace(/\\\n\s*/g, " ");
  return [...text.matchAll(/npm run tool -- ([a-z-]+)(?: ([a-z-]+))?([^\n`#]*)/g)].map(([, command, word = "", rest]) => ({
    ...{ command, word: word.startsWith("-") ? "" : word },
    options: [...`${word} ${rest}`.matchAll(/--([a-z-]+)/g)].map(([, option]) => option),
  }));
}

function sourceOf(command: string): string {
  const folder = join(rootPath, "tools", command);
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => /^[a-z-]+\.ts$/.test(name)) : [];
  const own = [read(`tools/${command}.ts`), ...files.map((name) => read(`tools/${command}/${name}`))].join("\n");
  // What the tools for a board have in common.
  return own.includes("./board/") ? own + read("tools/board/option.ts") : own;
}

for (const page of ["docs/handbook", "docs/runbook"]) {
  for (const path of [page + ".md", page + ".ru.md"])
    test(`${path} types only what there is`, (t) => {
      const typed = typedIn(path);
      t.true(typed.length > 8);
      for (const { command, word, options } of typed) {
        const source = sourceOf(command);
        t.true(word === "" || new RegExp(`["' ]?\\b${word}\\b["':]`).test(source), `${command} ${word}`);
        for (const option of options) t.true(new RegExp(`["' ]${option}["':]`).test(source), `${command} --${option}`);
      }
    });

  test(`${page} has the same commands in both languages`, (t) => {
    const said = (path: string): string[] => typedIn(path).map(({ command, word, options }) => [command, word, ...options].join(" "));
    t.deepEqual(said(page + ".ru.md").sort(), said(page + ".md").sort());
  });
}

/** Words of the status page that the page of advice repeats, by the kind of alarm. */
const ROWS: Readonly<Record<string, string>> = {
  disk: "Диск шлюза заполнен",
  journal: "Журнал на диске изменён или повреждён",
  replaced: "Место этого шлюза занял другой",
  recovering: "Шлюз только что занял место другого",
  link: "Связь с облаком остановлена",
  unsent: "Не передано в облако",
  away: "нет связи",
  claim: "утверждает, что слышал о записях",
  cards: "Возможно, подделаны карты",
  device: "застряла купюра",
  cashBox: "кассета почти полна",
  deaf: "Облако не слышно",
  day: "Школа всё ещё работает датой",
  wave: "раздача остановлена",
};

test("each kind of alarm of the status page has its row", (t) => {
  const [, union = ""] = /export type Alarm =\n((?: {2}.*\n)+)/.exec(read("gateway/status/status.ts")) ?? [];
  const kinds = [...union.matchAll(/^ {2}\| \{ readonly kind: "(\w+)"/gm)].map(([, kind]) => kind);
  t.deepEqual([...kinds].sort(), Object.keys(ROWS).sort());
  const [page, words] = [read("docs/runbook.ru.md"), read("gateway/status/words.ru.ts")];
  for (const [kind, phrase] of Object.entries(ROWS)) {
    t.true(words.includes(phrase), `${kind}: the status page does not say "${phrase}" any more`);
    t.true(page.includes(phrase), kind);
  }
});
