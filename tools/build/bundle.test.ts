import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import vm from "node:vm";
import test from "ava";
import { unpackUp } from "@trapeza/protocol/chip";
import { bundle, checkTypes } from "./bundle.js";
import { roomPlan } from "./room-plan.js";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "trapeza-bundle-"));
test.after.always(() => rmSync(folder, { recursive: true, force: true }));

let written = 0;

function source(text: string, name = `sample-${written++}`): string {
  const path = join(folder, `${name}.ts`);
  writeFileSync(path, `${text}\nexport {};\n`);
  return path;
}

const uncompilable: readonly [title: string, text: string, because: RegExp][] = [
  ["array spread", "const a = [1]; globalThis.x = [...a, 2];", /__spreadArray/],
  ["object spread", "const a = { b: 1 }; globalThis.x = { ...a };", /__assign/],
  ["object rest", "const { a, ...rest } = { a: 1, b: 2 }; void a, rest;", /__rest/],
  ["extends", "class A {} class B extends A {} void B;", /__extends/],
  ["async", "async function f() {} void f;", /Promise|__awaiter/],
  ["a generator", "function* f() { yield 1; } void f;", /Generator|__generator|Iterable/],
  ["#private", "class A { #a = 1; b() { return this.#a; } } void A;", /ECMAScript 2015|__classPrivateField/],
  ["a bigint", "const a = 1n; void a;", /BigInt/],
  ["a Map", "const m = new Map(); void m;", /'Map'/],
  ["a Date", "void new Date();", /'Date'/],
  ["a timer outside espruino.ts", "setTimeout(() => {}, 1);", /'setTimeout'/],
  ["Math.pow by name", "void Math.pow(2, 53);", /'pow'/],
  ["an array cut by its length", "const a = [1, 2]; a.length = 1;", /read-only/],
  ["a typed array's slice", "void new Uint8Array(2).slice(1);", /'slice'/],
  ["an error's name", "void new Error('x').name;", /'name'/],
  ["a replacer", "void JSON.stringify({}, null, 2);", /Expected 1 argument/],
  ["a money fraction made text", "void (1.5).toFixed(2);", /'toFixed'/],
];

test("what Espruino lacks does not compile: each sample is refused with the name of what it used", (t) => {
  for (const [title, text, because] of uncompilable) {
    const complaints = checkTypes(root, [source(text)]);
    t.true(
      complaints.some((one) => because.test(one)),
      `${title}: ${JSON.stringify(complaints)} should say ${because.source}`,
    );
  }
});

test("what the compiler can say in ES5 compiles: destructuring, defaults, for-of, templates, ?., classes", (t) => {
  const path = source(
    `import { toHex } from "@trapeza/protocol/chip";
     class Point { constructor(readonly x = 1) {} get twice(): number { return this.x * 2; } }
     function f({ a, b = 2 }: { a: number; b?: number }, ...more: number[]): string {
       let sum = a + b; for (const one of more) sum += one;
       return \`\${sum} \${toHex(new Uint8Array([sum]))} \${new Point().twice}\`;
     }
     const maybe: { deep?: string }[] = [];
     (globalThis as unknown as { out: string }).out = f({ a: 1 }, 3) + (maybe[0]?.deep ?? "");`,
  );
  t.deepEqual(checkTypes(root, [path]), []);
});

test("Russian words leave as windows-1251 bytes in ASCII, and the program says the same", async (t) => {
  const built = await bundle(root, source(`(globalThis as unknown as { print(text: string): void }).print("Обед №" + \`\${7}Б «ещё»\`);`));
  t.true(built.ok);
  if (!built.ok) return;
  // Only what the board names keeps its name.
  let said = "";
  vm.runInNewContext(built.code, { print: (text: string) => (said = text) });
  t.is(Buffer.from(said, "latin1").toString("hex"), Buffer.from("cee1e5e420b937c120abe5f9b8bb", "hex").toString("hex"));
  t.regex(built.code, /^[\x20-\x7e\n]*$/);
});

test("minified names keep clear of the board's own", async (t) => {
  // Enough top-level names to come round to one-letter capitals and to pairs like D4.
  const many = Array.from({ length: 900 }, (_, i) => `let v${i} = board.next(); board.keep(() => v${i}++);`).join("\n");
  const built = await bundle(
    root,
    source(`const board = globalThis as unknown as { next(): number; keep(f: () => number): void };\n${many}`),
  );
  t.deepEqual(built.ok ? [] : built.complaints, []);
});

async function complaintsOf(path: string, limitBytes?: number): Promise<string> {
  const built = await bundle(root, path, limitBytes);
  return built.ok ? "" : built.complaints.join("\n");
}

test("refused: a letter that windows-1251 lacks, with the letter", async (t) => {
  t.regex(await complaintsOf(source(`(globalThis as unknown as { out: string }).out = "→";`)), /no "→"/);
});

test("refused: an image that exports, or one over its budget", async (t) => {
  t.regex(await complaintsOf(source("export const a = (globalThis as unknown as { a: number }).a;")), /exports a/);
  t.regex(await complaintsOf(source("(globalThis as unknown as { out: number }).out = 12345;"), 10), /the limit is 10/);
});

test("refused: an import of anything but firmware's own files and the protocol's chip door", async (t) => {
  t.regex(await complaintsOf(source('import { readFileSync } from "node:fs"; void readFileSync;')), /"node:fs", which is not for the chip/);
  t.regex(await complaintsOf(source('import { decide } from "@trapeza/protocol"; void decide;')), /not for the chip/);
});

test("refused: modules that import each other, which have no order of declaration", async (t) => {
  source('import { b } from "./cycle-b.js"; export const a = () => b;', "cycle-a");
  source('import { a } from "./cycle-a.js"; export const b = () => a;', "cycle-b");
  t.regex(await complaintsOf(source('import { a } from "./cycle-a.js"; a();')), /Circular/);
});

interface Published {
  readonly messages: readonly { readonly direction: "up" | "down"; readonly body: string; readonly frame: string }[];
}

test("with its rooms a program reads every message that a terminal may have stored, after a start and without a connection", async (t) => {
  const { messages } = JSON.parse(readFileSync(join(root, "protocol/vectors/wire.json"), "utf8")) as Published;
  const packed = messages
    .filter(({ direction }) => direction === "up")
    .map(({ body, frame }) => ({ kind: parseInt(frame.slice(0, 2), 16) & 63, body: new Uint8Array(Buffer.from(body, "hex")) }));
  const known = packed.map((one) => unpackUp(one)).map((read) => (read.ok ? read.value : null));
  // An image reads the kinds that it names, also those within.
  const named = new Set<string>();
  JSON.stringify(known, (field, value: string) => (field === "kind" ? (named.add(value), value) : value));
  const built = await bundle(
    root,
    source(
      `import { packUp, unpackUp } from "@trapeza/protocol/chip";
       const board = globalThis as unknown as { print(text: string): void };
       const named = ${JSON.stringify([...named])};
       const bodies = ${JSON.stringify(packed.map(({ kind, body }) => [kind, ...body]))};
       const stored = [];
       for (let i = 0; i < bodies.length; i++) stored.push(unpackUp({ kind: bodies[i][0], body: new Uint8Array(bodies[i].slice(1)) }));
       for (let i = 0; i < stored.length; i++) {
         const read = stored[i];
         const again = read.ok && named.indexOf(read.value.kind) >= 0 ? packUp(read.value).body : [];
         board.print(again.join() === bodies[i].slice(1).join() ? "the same" : "another " + i);
       }`,
    ),
    undefined,
    roomPlan,
  );
  t.deepEqual(built.ok ? [] : built.complaints, []);
  if (!built.ok) return;
  const heard: string[] = [];
  vm.runInNewContext(built.code, { print: (text: string) => void heard.push(text), boot: { code: built.code } });
  t.deepEqual(
    heard,
    packed.map(() => "the same"),
  );
});
