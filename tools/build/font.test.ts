import { toByteText } from "@trapeza/protocol";
import test from "ava";
import { characterCount, drawFont, firstCharacter, fontPlans, packFont } from "./font.js";
import type { Glyph } from "./glyph.js";

const fonts = fontPlans.map((plan) => ({ plan, glyphs: drawFont(plan) }));

function glyphFor(glyphs: readonly Glyph[], letter: string): Glyph {
  return glyphs[toByteText(letter).charCodeAt(0) - firstCharacter]!;
}

/** A glyph as a picture, a row a line: what a person checks a letter by. */
function pictureOf(glyph: Glyph): string[] {
  const height = glyph.columns[0]?.length ?? 0;
  return Array.from({ length: height }, (_, y) => glyph.columns.map((column) => (column[y] ? "#" : ".")).join(""));
}

test("columns are packed one after another without padding, the top pixel in the highest bit", (t) => {
  const [ink, none] = [true, false];
  const two: Glyph = {
    columns: [
      [ink, none, ink],
      [none, none, ink],
    ],
  };
  const one: Glyph = { columns: [[ink, ink, none]] };
  // 101 001 | 110 → 1010 0111 0…
  t.deepEqual([...packFont([two, one, { columns: [] }], 3)], [3, 32, 2, 1, 0, 0b10100111, 0]);
});

test("every font has a width for each of the 224 bytes and as many bits as the widths ask for", (t) => {
  for (const { plan, glyphs } of fonts) {
    const file = packFont(glyphs, plan.box.height);
    const widths = [...file.subarray(2, 2 + characterCount)];
    const bits = widths.reduce((sum, width) => sum + width, 0) * plan.box.height;
    t.is(file.length, 2 + characterCount + Math.ceil(bits / 8), plan.size);
    t.true(glyphs.every((glyph) => glyph.columns.every((column) => column.length === plan.box.height)));
  }
});

test("the three fonts together stay within 24 kB of flash", (t) => {
  const total = fonts.reduce((sum, { plan, glyphs }) => sum + packFont(glyphs, plan.box.height).length, 0);
  t.true(total <= 24 * 1024, `${total} bytes`);
});

test("figures and the rouble sign are there in every size; the large one has icons for letters", (t) => {
  for (const { plan, glyphs } of fonts) {
    const isLarge = plan.size === "large";
    for (const letter of "АЯаяЁё") t.is(glyphFor(glyphs, letter).columns.length > 0, !isLarge, `${plan.size} ${letter}`);
    for (const letter of "0123456789 ,-№") t.true(glyphFor(glyphs, letter).columns.length > 0, `${plan.size} ${letter}`);
    t.true(glyphs[0x98 - firstCharacter]!.columns.length > 0, `${plan.size} rouble`);
    t.is(glyphFor(glyphs, "Q").columns.length > 0, !isLarge, plan.size);
  }
});

test("each icon stands within its box, with air above and below, and no two are alike", (t) => {
  const large = fonts.find(({ plan }) => plan.size === "large")!;
  const icons = [..."abcdefg"].map((sign) => pictureOf(glyphFor(large.glyphs, sign)));
  for (const icon of icons) {
    t.true(icon.some((row) => row.includes("##########")));
    for (const row of [...icon.slice(0, 3), ...icon.slice(-3)]) t.false(row.includes("#"));
  }
  t.is(new Set(icons.map((icon) => icon.join("\n"))).size, icons.length);
  t.is(glyphFor(large.glyphs, "h").columns.length, 0);
});

test("the small Н is two stems and a bar, standing on the baseline", (t) => {
  const stem = ".#.....#.";
  t.deepEqual(pictureOf(glyphFor(fonts[0]!.glyphs, "Н")), [
    ...Array<string>(3).fill("........."),
    ...Array<string>(4).fill(stem),
    ".#######.",
    ".#######.",
    ...Array<string>(4).fill(stem),
    ...Array<string>(3).fill("........."),
  ]);
});

test("nothing is drawn outside its box: й keeps its breve and щ its tail", (t) => {
  for (const { glyphs, plan } of fonts) {
    if (plan.size === "large") continue;
    const breve = pictureOf(glyphFor(glyphs, "Й")).slice(0, plan.box.baseline - Math.round(plan.box.emPixels * 0.75));
    const tail = pictureOf(glyphFor(glyphs, "щ")).slice(plan.box.baseline);
    t.true(breve.some((row) => row.includes("#")) && tail.some((row) => row.includes("#")), plan.size);
  }
});
