import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fromByteText } from "@trapeza/protocol";
import opentype, { type Font } from "opentype.js";
import { drawGlyph, type Glyph, type LineBox } from "./glyph.js";
import { drawIcon } from "./icon.js";

export const firstCharacter = 32;
export const characterCount = 224;
/** 0x98 has no letter in windows-1251: the terminals' fonts draw the rouble sign there. */
const roubleByte = 0x98;

export interface FontPlan {
  readonly size: "small" | "normal" | "large";
  readonly weight: "400Regular" | "700Bold";
  readonly box: LineBox;
  readonly has: (byte: number) => boolean;
}

const everything = (): boolean => true;
/** Sums, numbers and codes: no word is large, and a large letter weighs a hundred bytes. */
const figures = (byte: number): boolean => byte < 0x40 || byte === 0xb9 || byte === roubleByte;

/** At 14, 20 and 40 pixels to the em the heights of small letters and capitals (500 and 700 of 1000) are whole pixels. */
export const fontPlans: readonly FontPlan[] = [
  { size: "small", weight: "400Regular", box: { emPixels: 14, height: 16, baseline: 13 }, has: everything },
  { size: "normal", weight: "700Bold", box: { emPixels: 20, height: 23, baseline: 18 }, has: everything },
  { size: "large", weight: "700Bold", box: { emPixels: 40, height: 45, baseline: 36 }, has: figures },
];

function openFont(weight: FontPlan["weight"]): Font {
  const family = createRequire(import.meta.url).resolve("@expo-google-fonts/pt-sans/package.json");
  const file = readFileSync(new URL(`${weight}/PTSans_${weight}.ttf`, `file://${family}`));
  return opentype.parse(file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength));
}

function characterOf(byte: number): string {
  return byte === roubleByte ? "\u20bd" : fromByteText(String.fromCharCode(byte));
}

/** One glyph for each byte from 32 to 255; without columns where the font or the plan has none. The large font has icons in the places of letters. */
export function drawFont(plan: FontPlan): Glyph[] {
  const font = openFont(plan.weight);
  return Array.from({ length: characterCount }, (_, i) => {
    const byte = firstCharacter + i;
    const isLetter = byte !== 0x7f && plan.has(byte);
    if (isLetter) return drawGlyph(font, characterOf(byte), plan.box) ?? { columns: [] };
    return (plan.size === "large" ? drawIcon(byte, plan.box) : null) ?? { columns: [] };
  });
}

/**
 * The file that firmware reads: byte 0 the height, byte 1 the first character (32), bytes 2–225 the widths, then the bitmap as
 * `Graphics.setFontCustom` wants it: column after column through all glyphs, the top pixel first, most significant bit first, and no padding
 * between columns or glyphs (Espruino, jswrap_graphics_drawString: a glyph begins at bit height × the sum of the widths before it).
 */
export function packFont(glyphs: readonly Glyph[], height: number): Uint8Array {
  const bits = glyphs.flatMap((glyph) => glyph.columns.flat());
  const bitmap = new Uint8Array(Math.ceil(bits.length / 8));
  bits.forEach((ink, at) => {
    if (ink) bitmap[at >> 3]! |= 0x80 >> (at & 7);
  });
  return Uint8Array.from([height, firstCharacter, ...glyphs.map((glyph) => glyph.columns.length), ...bitmap]);
}
