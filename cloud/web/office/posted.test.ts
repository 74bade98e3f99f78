/** That each form of the office is sent by a test, at least once: a page that opens says nothing of what its button does. */
import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import test from "ava";
import { OFFICE_ROUTES } from "./office-routes.js";

const CLOUD = fileURLToPath(new URL("../../../", import.meta.url));
/** A line that sends something; helpers of the tests begin so, too. */
const SENDS = /\b(post|upload|submit|send|asOperator)\w*\(/;
/** Forms whose address stands on another line than the sending, and the line that sends them. */
const ELSEWHERE: { readonly [path: string]: readonly [file: string, line: string] } = {
  "/office/:school/moves": ["web/office/money/period.slow.test.ts", 'all.post("operator", moves, form)'],
  "/office/:school/periods": ["web/office/money/period.slow.test.ts", 'all.post("accountant", at, { last:'],
  "/office/:school/receipts/:transaction": ["fiscal/fiscal.slow.test.ts", 'office.post("accountant", home + "/" + made.transaction)'],
  "/office/:school/people/:account/cards/:uid/block": [
    "web/office/people/people.slow.test.ts",
    'all.post("cards", block, { how: "block" })',
  ],
};

const FORMS = OFFICE_ROUTES.filter(({ method }) => method === "POST").map(({ path }) => path);

async function tests(): Promise<Map<string, string>> {
  const names = (await readdir(CLOUD, { recursive: true })).filter((name) => /^(?!dist).*(?<!\/_\w+)\.test\.ts$/.test(name));
  return new Map(await Promise.all(names.map(async (name) => [name, await readFile(CLOUD + name, "utf8")] as const)));
}

/** A test sends to the last word of the address on one line, and names the others somewhere. */
function isSentIn(text: string, path: string): boolean {
  const words = path.split("/").filter((word) => word !== "" && word !== "office" && !word.startsWith(":"));
  const last = words.at(-1) ?? "";
  const sends = text.split("\n").some((line) => SENDS.test(line) && new RegExp("/" + last + '(["/`]|$)').test(line));
  return sends && words.every((word) => text.includes("/" + word));
}

test("a test sends each form of the office", async (t) => {
  const all = await tests();
  t.true(all.size > 50 && FORMS.length > 70);
  const unsent = FORMS.filter((path) => !(path in ELSEWHERE) && ![...all.values()].some((text) => isSentIn(text, path)));
  t.deepEqual(unsent, []);
  for (const [path, [file, line]] of Object.entries(ELSEWHERE)) {
    t.true(FORMS.includes(path), path);
    t.true(all.get(file)?.includes(line), path + " is no longer sent by that line of " + file);
  }
});
