import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import vm from "node:vm";
import test, { type ExecutionContext } from "ava";
import { boot, whyNoInterpreter } from "./_espruino.test.js";
import { bundle } from "./bundle.js";
import { drawFont, fontPlans, packFont } from "./font.js";
import type { Glyph } from "./glyph.js";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const why = whyNoInterpreter();
const onEspruino = why === "" ? test.serial : test.skip;
const title = (what: string): string => (why === "" ? what : `${what} (${why})`);

async function bundled(name: string): Promise<string> {
  const built = await bundle(root, join(root, `tools/build/conformance/${name}.ts`));
  if (!built.ok) throw new Error(built.complaints.join("\n"));
  return built.code;
}

/** A program that has the published vectors in it, and checks them. */
async function vectorProgram(t: ExecutionContext, vectors: object): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "trapeza-vectors-"));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const from = JSON.stringify(join(relative(folder, root), "tools/build/conformance/vectors.js"));
  const entry = join(folder, "entry.ts");
  // A name in quotation marks would keep its length.
  const literal = JSON.stringify(vectors).replace(/"([A-Za-z][A-Za-z0-9]*)":/g, "$1:");
  writeFileSync(entry, `import { checkVectors } from ${from};\ncheckVectors(${literal} as never);\n`);
  const built = await bundle(root, entry, 200_000);
  if (!built.ok) throw new Error(built.complaints.join("\n"));
  return built.code;
}

test("the language probes bundle and run in Node to the end", async (t) => {
  const lines: string[] = [];
  vm.runInNewContext(await bundled("language"), { print: (line: string) => lines.push(line) });
  t.is(lines[lines.length - 1], "probe end");
  t.true(lines.length > 20);
});

onEspruino(title("Espruino prints what Node prints for every language probe"), async (t) => {
  const code = await bundled("language");
  const expected: string[] = [];
  vm.runInNewContext(code, { print: (line: string) => expected.push(line) });
  const lines = await boot(code, (line) => line === "probe end");
  t.deepEqual(
    lines.filter((line) => line.startsWith("probe ")),
    expected,
  );
});

onEspruino(title("Espruino seals and opens every published wire vector to the letter"), async (t) => {
  const vectors = JSON.parse(readFileSync(join(root, "protocol/vectors/wire.json"), "utf8")) as { messages: unknown[] };
  const lines = await boot(await vectorProgram(t, vectors), (line) => line.startsWith("compared "));
  t.deepEqual(
    lines.filter((line) => line.startsWith("differs ")),
    [],
  );
  // Two for each handshake, two keys, a password, three for each message.
  t.is(lines[lines.length - 1], `compared ${7 + 3 * vectors.messages.length}`);
});

/** Draws the bytes on a picture of one bit a pixel and prints its rows. */
function drawing(file: Uint8Array, text: string, width: number): string {
  // `\xNN`, never `\u00NN`: the second makes a Unicode string on builds that have them, and its bytes are two for one.
  const literal = (bytes: Uint8Array): string => `"${[...bytes].map((byte) => `\\x${byte.toString(16).padStart(2, "0")}`).join("")}"`;
  const words = literal(Buffer.from(text, "latin1"));
  return (
    `var f=${literal(file)},h=f.charCodeAt(0);var g=Graphics.createArrayBuffer(${width},h,1);` +
    `g.setFontCustom(f.substring(226),f.charCodeAt(1),f.substring(2,226),h);g.drawString(${words},0,0);` +
    `for(var y=0;y<h;y++){var r="";for(var x=0;x<${width};x++)r+=g.getPixel(x,y)?"#":".";print("row "+r)}print("drawn "+g.stringWidth(${words}));`
  );
}

onEspruino(title("Espruino draws from the packed font the pixels that were rasterised"), async (t) => {
  const plan = fontPlans[0]!;
  const glyphs = drawFont(plan);
  const text = "\xcf\xf0\xe8\x41 75,50 \x98";
  const drawn: Glyph["columns"][number][] = [...text].flatMap((letter) => glyphs[letter.charCodeAt(0) - 32]!.columns);
  const expected = Array.from({ length: plan.box.height }, (_, y) => `row ${drawn.map((column) => (column[y] ? "#" : ".")).join("")}`);
  const lines = await boot(drawing(packFont(glyphs, plan.box.height), text, drawn.length), (line) => line.startsWith("drawn "));
  t.deepEqual(
    lines.filter((line) => line.startsWith("row ")),
    expected,
  );
  t.is(lines[lines.length - 1], `drawn ${drawn.length}`);
});
