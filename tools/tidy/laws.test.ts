import test from "ava";

import { floatMoney } from "./float-money.js";
import { forbiddenCode } from "./forbidden-code.js";
import { houseFrom, type Law } from "./house.js";
import { importDirection } from "./import-direction.js";
import { naming } from "./naming.js";
import { noCycle } from "./no-cycle.js";
import { purity } from "./purity.js";
import { readme } from "./readme.js";
import { size } from "./size.js";
import { twinDevice } from "./twin-device.js";
import { words } from "./words.js";

/** A law, what breaks it, where it is expected to point, and what its cure must say. */
interface Breach {
  title: string;
  law: Law;
  files: Record<string, string>;
  at: string;
  cure: RegExp;
}

const breaches: Breach[] = [
  {
    title: "the gateway may not know the cloud",
    law: importDirection,
    files: { "gateway/a.ts": 'import { b } from "@trapeza/cloud";' },
    at: "gateway/a.ts:1",
    cure: /move what both need into protocol/,
  },
  {
    title: "a package is entered through its door",
    law: importDirection,
    files: { "cloud/a.ts": '\nexport { b } from "@trapeza/protocol/dist/rules/b.js";' },
    at: "cloud/a.ts:2",
    cure: /import "@trapeza\/protocol"/,
  },
  {
    title: "a late import() is an import",
    law: importDirection,
    files: { "firmware/a.ts": 'const b = await import("@trapeza/gateway");' },
    at: "firmware/a.ts:1",
    cure: /firmware may not know gateway/,
  },
  {
    title: "an import of a type is an import",
    law: importDirection,
    files: { "firmware/a.ts": 'let b: import("@trapeza/gateway").B;' },
    at: "firmware/a.ts:1",
    cure: /firmware may not know gateway/,
  },
  {
    title: "a relative path may not leave its package",
    law: importDirection,
    files: { "tools/a.ts": 'import "../gateway/b.js";', "gateway/b.ts": "" },
    at: "tools/a.ts:1",
    cure: /import "@trapeza\/gateway"/,
  },
  {
    title: "the chip knows only the chip-safe door",
    law: importDirection,
    files: { "firmware/a.ts": 'import { b } from "@trapeza/protocol";' },
    at: "firmware/a.ts:1",
    cure: /@trapeza\/protocol\/chip/,
  },
  {
    title: "what is chip-safe may not reach what is not",
    law: importDirection,
    files: { "protocol/wire/a.ts": 'import "../rules/b.js";', "protocol/rules/b.ts": "" },
    at: "protocol/wire/a.ts:1",
    cure: /not chip-safe/,
  },
  {
    title: "protocol imports nothing, not even Node's cryptography",
    law: importDirection,
    files: { "protocol/a.ts": 'import { sign } from "node:crypto";' },
    at: "protocol/a.ts:1",
    cure: /pass it in as an argument/,
  },
  {
    title: "files do not import in a circle",
    law: noCycle,
    files: { "cloud/a.ts": 'import "./b.js";', "cloud/b.ts": 'import type { A } from "./a.js";' },
    at: "cloud/b.ts:1",
    cure: /cloud\/a.ts → cloud\/b.ts → cloud\/a.ts/,
  },
  {
    title: "protocol has no clock",
    law: purity,
    files: { "protocol/a.ts": "const now = Date.now();" },
    at: "protocol/a.ts:1",
    cure: /time as an argument/,
  },
  {
    title: "protocol has no chance",
    law: purity,
    files: { "protocol/a.ts": "Math.random();" },
    at: "protocol/a.ts:1",
    cure: /random numbers/,
  },
  {
    title: "a step file of the terminal has no process",
    law: purity,
    files: { "firmware/payment.ts": "const { env } = process;" },
    at: "firmware/payment.ts:1",
    cure: /setting as an argument/,
  },
  {
    title: "a device stands in all three rooms",
    law: twinDevice,
    files: { "protocol/devices/ccnet.ts": "", "firmware/devices/ccnet.ts": "" },
    at: "protocol/devices/ccnet.ts:1",
    cure: /simulators\/devices\/ccnet.ts/,
  },
  { title: "a file has a size", law: size, files: { "cloud/a.ts": "a;\n".repeat(401) }, at: "cloud/a.ts:400", cure: /401 lines/ },
  {
    title: "a function has a size",
    law: size,
    files: { "cloud/a.ts": `const sum = () => {\n${"a;\n".repeat(69)}};` },
    at: "cloud/a.ts:1",
    cure: /sum has 71 lines/,
  },
  { title: "a line has a size", law: size, files: { "cloud/a.ts": `// ${"a".repeat(158)}` }, at: "cloud/a.ts:1", cure: /161 characters/ },
  {
    title: "a file is named after its thing",
    law: naming,
    files: { "cloud/test-helpers.ts": "" },
    at: "cloud/test-helpers.ts:1",
    cure: /says nothing/,
  },
  {
    title: "a file name is kebab-case",
    law: naming,
    files: { "cloud/JournalFile.ts": "" },
    at: "cloud/JournalFile.ts:1",
    cure: /kebab-case/,
  },
  {
    title: "a class is named after its thing",
    law: naming,
    files: { "cloud/a.ts": "\nexport class CardManager {}" },
    at: "cloud/a.ts:2",
    cure: /plain noun/,
  },
  { title: "any is forbidden", law: forbiddenCode, files: { "cloud/a.ts": "let a: any;" }, at: "cloud/a.ts:1", cure: /unknown/ },
  {
    title: "enum is forbidden",
    law: forbiddenCode,
    files: { "cloud/a.ts": "enum A { B }" },
    at: "cloud/a.ts:1",
    cure: /union of literals/,
  },
  {
    title: "a test may not silence the others",
    law: forbiddenCode,
    files: { "cloud/a.test.ts": 'test.only("a", () => {});' },
    at: "cloud/a.test.ts:1",
    cure: /plain test/,
  },
  {
    title: "a page does not print",
    law: forbiddenCode,
    files: { "cloud/a.ts": "console.log(1);" },
    at: "cloud/a.ts:1",
    cure: /only tools and main files/,
  },
  {
    title: "no notes to oneself",
    law: forbiddenCode,
    files: { "cloud/a.ts": `// ${"TO"}${"DO"} later` },
    at: "cloud/a.ts:1",
    cure: /do it now/,
  },
  {
    title: "money is never a float",
    law: floatMoney,
    files: { "cloud/a.ts": "const r = parseFloat(x);" },
    at: "cloud/a.ts:1",
    cure: /two integers/,
  },
  {
    title: "money is not rounded out of sight",
    law: floatMoney,
    files: { "cloud/a.ts": "x.toFixed(2);" },
    at: "cloud/a.ts:1",
    cure: /format…/,
  },
  {
    title: "kopecks stay kopecks",
    law: floatMoney,
    files: { "cloud/a.ts": "const r = sum / 100;" },
    at: "cloud/a.ts:1",
    cure: /keep kopecks/,
  },
  {
    title: "a sentence stands in a words file",
    law: words,
    files: { "cloud/a.ts": "const a = `Баланс ${b}`;" },
    at: "cloud/a.ts:1",
    cure: /words.ru.ts/,
  },
  {
    title: "a sentence in a page counts too",
    law: words,
    files: { "cloud/a.tsx": "const a = <p>Баланс</p>;" },
    at: "cloud/a.tsx:1",
    cure: /words.ru.ts/,
  },
  {
    title: "a README names only files that exist",
    law: readme,
    files: { "cloud/README.md": "a\nsee `cloud/ledger/gone.ts`" },
    at: "cloud/README.md:2",
    cure: /does not exist/,
  },
  {
    title: "a page in docs names only files that exist",
    law: readme,
    files: { "docs/runbook.md": "see `cloud/ledger/gone.ts`" },
    at: "docs/runbook.md:1",
    cure: /does not exist/,
  },
  {
    title: "a README links only to what exists",
    law: readme,
    files: { "README.md": "[the gateway](gateway/README.md)" },
    at: "README.md:1",
    cure: /does not exist/,
  },
  {
    title: "a README names only commands that exist",
    law: readme,
    files: { "README.md": "    npm run fly", "package.json": '{"scripts":{"test":"x"}}' },
    at: "README.md:1",
    cure: /package.json does not have/,
  },
  {
    title: "a README names only subcommands that exist",
    law: readme,
    files: { "README.md": "npm run tool -- fly", "package.json": '{"scripts":{"tool":"x"}}' },
    at: "README.md:1",
    cure: /no tools\/fly.ts/,
  },
];

for (const { title, law, files, at, cure } of breaches) {
  test(`caught: ${title}`, (t) => {
    const found = law(houseFrom(files)).map((violation) => ({ at: `${violation.path}:${violation.line}`, cure: violation.cure }));
    t.is(found[0]?.at, at);
    t.regex(found[0]?.cure ?? "", cure);
    t.is(found.length, 1);
  });
}

const peaceful: Record<string, [Law, Record<string, string>]> = {
  "tools may know everybody, and the chip door is a door": [
    importDirection,
    { "tools/a.ts": 'import "@trapeza/cloud"; import "@trapeza/gateway";', "firmware/a.ts": 'import "@trapeza/protocol/chip";' },
  ],
  "the protocol's tests may use Node": [
    importDirection,
    { "protocol/a.test.ts": 'import test from "ava"; import "node:crypto"; import "fast-check";' },
  ],
  "a diamond is not a circle": [
    noCycle,
    {
      "cloud/a.ts": 'import "./b.js"; import "./c.js";',
      "cloud/b.ts": 'import "./d.js";',
      "cloud/c.ts": 'import "./d.js";',
      "cloud/d.ts": "",
    },
  ],
  "a field may be called process, a test may know the time": [
    purity,
    {
      "protocol/a.ts": "const a = { process: 1 }; a.process;",
      "protocol/a.test.ts": "Date.now();",
      "firmware/run.ts": "console.log(Date.now());",
    },
  ],
  "a device in three rooms, and a keypad in two": [
    twinDevice,
    {
      "protocol/devices/ccnet.ts": "",
      "firmware/devices/ccnet.ts": "",
      "simulators/devices/ccnet.ts": "",
      "simulators/devices/ccnet.test.ts": "",
      "firmware/devices/keypad.ts": "",
      "simulators/devices/keypad.ts": "",
    },
  ],
  "a test may be longer than what it tests": [size, { "cloud/a.test.ts": "a;\n".repeat(600) }],
  "names of things": [
    naming,
    {
      "cloud/index.ts": "interface Invoice {}",
      "cloud/words.ru.ts": "",
      "cloud/_ledger.test.ts": "",
      "protocol/GLOSSARY.md": "",
      ".gitignore": "",
    },
  ],
  "main files and tools print": [forbiddenCode, { "gateway/main.ts": "console.log(1);", "tools/a.ts": "console.log(1);" }],
  "text is made where text is made": [
    floatMoney,
    {
      "protocol/money-text.ts": "x / 100;",
      "cloud/a.ts": "function formatRoubles(k: number) { return k / 100; }",
      "cloud/b.ts": "delayMs / 100; yearOfEra / 100;",
    },
  ],
  "words files, tests, the demo school and comments speak Russian": [
    words,
    {
      "cloud/web/words.ru.ts": 'const a = "Баланс";',
      "cloud/a.test.ts": 'const a = "Баланс";',
      "simulators/school/dish.ts": 'const a = "Борщ";',
      "cloud/a.ts": "// табель: attendance",
    },
  ],
  "a README speaks of topics, accounts and its own files": [
    readme,
    {
      "cloud/README.md":
        "`holder/N/main` `t/7/up` `store/sql.ts` `sql.ts` `data/cloud` [up](../README.md#map) [web](https://example.org) npm test",
      "cloud/store/sql.ts": "",
      "README.md": "npm ci, then `npm run tool -- tidy`",
      "tools/tidy.ts": "",
      "package.json": '{"scripts":{"test":"x","tool":"x"}}',
    },
  ],
};

for (const [title, [law, files]] of Object.entries(peaceful)) {
  test(`left in peace: ${title}`, (t) => {
    t.deepEqual(law(houseFrom(files)), []);
  });
}
