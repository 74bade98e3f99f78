/**
 * A picture as a list of rectangles with text, and the way from it to the display and back from a finger to a key. One grid for all three terminals:
 * head line, body, one row of big keys, status dot.
 */
import type { Canvas, Font } from "./board.js";

export const WIDTH = 320;
export const HEIGHT = 240;
export const HEAD = 32;
export const KEYS_TOP = 186;

/** RGB565. One accent on a calm ground; green, amber and red never without words. */
export const INK = 0x2124;
export const FAINT = 0x8410;
export const GROUND = 0xffff;
export const SHADE = 0xe73c;
export const ACCENT = 0x0b0f;
export const GREEN = 0x2d0a;
export const AMBER = 0xed00;
export const RED = 0xc126;

export interface Item {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Background of the rectangle. */
  readonly fill: number;
  readonly text: string;
  readonly font: Font;
  readonly color: number;
  readonly align: "left" | "centre" | "right";
  /** What a finger in it means; "" for nothing. */
  readonly key: string;
}

export type Picture = ReadonlyArray<Item>;

export function item(
  box: readonly [x: number, y: number, width: number, height: number],
  text: string,
  font: Font,
  look: { readonly fill?: number; readonly color?: number; readonly align?: Item["align"]; readonly key?: string },
): Item {
  return {
    x: box[0],
    y: box[1],
    width: box[2],
    height: box[3],
    fill: look.fill === undefined ? GROUND : look.fill,
    text,
    font,
    color: look.color === undefined ? INK : look.color,
    align: look.align || "left",
    key: look.key || "",
  };
}

/** Head line: who or what on the left, a number on the right, and the dot: green = connected, amber = working alone, red = out of service. */
export function headLine(title: string, right: string, dot: number): Item[] {
  return [
    item([0, 0, 200, HEAD], " " + title, "small", { fill: SHADE }),
    item([200, 0, 96, HEAD], right, "small", { fill: SHADE, align: "right" }),
    item([296, 0, 24, HEAD], "", "small", { fill: SHADE }),
    item([302, 11, 10, 10], "", "small", { fill: dot }),
  ];
}

/** A line of the body, `row` counting from 0 in steps of 30 pixels. */
export function line(row: number, text: string, look?: { readonly color?: number; readonly align?: Item["align"] }): Item {
  return item([8, HEAD + 6 + row * 30, WIDTH - 16, 28], text, "normal", look || {});
}

/** A big line in the middle: figures, or a short Russian word; the large font has no Latin letters. */
export function bigLine(y: number, text: string, color: number): Item {
  return item([4, y, WIDTH - 8, 50], text, "large", { color, align: "centre" });
}

export interface Key {
  readonly key: string;
  readonly label: string;
  /** The one that a person most probably wants: in the accent colour. */
  readonly main?: boolean;
  /** Twice as wide as its neighbours. */
  readonly wide?: boolean;
}

/** The row at the bottom: one to five keys. */
export function keyRow(keys: ReadonlyArray<Key>): Item[] {
  let parts = 0;
  for (let i = 0; i < keys.length; i++) parts += keys[i].wide ? 2 : 1;
  const width = Math.floor(WIDTH / parts);
  const items: Item[] = [];
  let x = 0;
  for (let i = 0; i < keys.length; i++) {
    const own = keys[i].wide ? width * 2 : width;
    items.push(button([x + 1, KEYS_TOP, own - 2, HEIGHT - KEYS_TOP - 4], keys[i], own < 100 ? "small" : "normal"));
    x += own;
  }
  return items;
}

export function button(box: readonly [number, number, number, number], key: Key, font: Font): Item {
  return item(box, key.label, font, { fill: key.main ? ACCENT : SHADE, color: key.main ? GROUND : INK, align: "centre", key: key.key });
}

/** Tiles between head and key row, `columns` wide; two lines of text each when `detail` is given. */
export function tiles(keys: ReadonlyArray<Key & { readonly detail?: string }>, columns: number, rows: number): Item[] {
  const width = Math.floor(WIDTH / columns);
  const height = Math.floor((KEYS_TOP - HEAD - 4) / rows);
  const items: Item[] = [];
  for (let i = 0; i < keys.length && i < columns * rows; i++) {
    const x = (i % columns) * width + 2;
    const y = HEAD + 3 + Math.floor(i / columns) * height;
    const key = keys[i];
    if (key.detail === undefined) {
      items.push(button([x, y, width - 4, height - 4], key, "normal"));
      continue;
    }
    const half = Math.floor((height - 4) / 2);
    items.push(button([x, y, width - 4, half], key, "small"));
    items.push(button([x, y + half, width - 4, height - 4 - half], { key: key.key, label: key.detail, main: key.main }, "small"));
  }
  return items;
}

/** Figures 1…9, 0 and a way back, under an entry line. Keys are "0" … "9" and "back". */
export function keypad(): Item[] {
  const items: Item[] = [];
  for (let i = 0; i < 10; i++) {
    const digit = String((i + 1) % 10);
    items.push(button([(i % 5) * 64 + 2, 84 + Math.floor(i / 5) * 51, 60, 47], { key: digit, label: digit }, "normal"));
  }
  return items;
}

/** The key under a finger, "" for none. The last item on top wins. */
export function keyAt(picture: Picture, x: number, y: number): string {
  for (let i = picture.length - 1; i >= 0; i--) {
    const one = picture[i];
    if (one.key !== "" && x >= one.x && x < one.x + one.width && y >= one.y && y < one.y + one.height) return one.key;
  }
  return "";
}

/** As much of the text as fits, its end cut off. */
function fitted(canvas: Canvas, text: string, font: Font, width: number): string {
  let fits = text;
  while (fits.length > 1 && canvas.textWidth(fits, font) > width) fits = fits.slice(0, fits.length - 1);
  return fits;
}

function drawItem(canvas: Canvas, one: Item): void {
  canvas.fill(one.x, one.y, one.width, one.height, one.fill);
  if (one.text === "") return;
  const text = fitted(canvas, one.text, one.font, one.width);
  const spare = one.width - canvas.textWidth(text, one.font);
  const x = one.x + (one.align === "left" ? 0 : one.align === "right" ? spare : Math.floor(spare / 2));
  canvas.text(x, one.y + Math.floor((one.height - canvas.fontHeight(one.font)) / 2), text, one.font, one.color);
}

function sameBox(a: Item, b: Item): boolean {
  return a.x === b.x && a.y === b.y && a.width === b.width && a.height === b.height;
}

function same(a: Item, b: Item): boolean {
  return a.text === b.text && a.fill === b.fill && a.color === b.color && a.font === b.font && a.align === b.align;
}

/** Draws what differs from the picture before; everything when the layout is another one. */
export function draw(canvas: Canvas, before: Picture | null, now: Picture): void {
  let anew = !before || before.length !== now.length;
  for (let i = 0; !anew && before && i < now.length; i++) anew = !sameBox(before[i], now[i]);
  if (anew) canvas.fill(0, 0, WIDTH, HEIGHT, GROUND);
  for (let i = 0; i < now.length; i++) if (anew || !before || !same(before[i], now[i])) drawItem(canvas, now[i]);
}
