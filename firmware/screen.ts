/**
 * A picture as a list of rectangles with text, and the way from it to the display and back from a finger to a key. One grid for all three terminals:
 * head line, body, one row of big keys, status dot.
 */
import type { Canvas, Font } from "./board.js";
import { wrap } from "./receipt.js";

export const WIDTH = 320;
export const HEIGHT = 240;
export const HEAD = 32;
export const KEYS_TOP = 186;

/** RGB565. One accent on a calm ground; green, amber and red never without words. */
export const INK = 0x2124;
export const FAINT = 0x6b4d;
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
  /** Its share of the row's width, 1 unless given. */
  readonly share?: number;
}

/** The row at the bottom: one to five keys. */
export function keyRow(keys: ReadonlyArray<Key>): Item[] {
  let shares = 0;
  for (let i = 0; i < keys.length; i++) shares += keys[i].share || 1;
  const items: Item[] = [];
  let before = 0;
  for (let i = 0; i < keys.length; i++) {
    const x = Math.floor((before * WIDTH) / shares);
    before += keys[i].share || 1;
    const width = Math.floor((before * WIDTH) / shares) - x;
    items.push(button([x + 1, KEYS_TOP, width - 2, HEIGHT - KEYS_TOP - 4], keys[i], width < 100 ? "small" : "normal"));
  }
  return items;
}

export function button(box: readonly [number, number, number, number], key: Key, font: Font): Item {
  return item(box, key.label, font, { fill: key.main ? ACCENT : SHADE, color: key.main ? GROUND : INK, align: "centre", key: key.key });
}

/** As many letters of the small font as fit beside each other in a tile, and their usual width in pixels. */
const TILE_LETTERS = 21;
const LETTER_WIDTH = 8;

/** Keeps "250 g" together: a short last word sticks to the one before it. */
function glued(label: string): string {
  const at = label.lastIndexOf(" ");
  return at > 0 && label.length - at <= 3 ? label.slice(0, at) + "\u00a0" + label.slice(at + 1) : label;
}

/** A tile of two lines: as much of the label as there is room for, and `detail` in the lower right corner. */
function detailed(box: readonly [x: number, y: number, width: number, height: number], key: Key, detail: string): Item[] {
  const [x, y, width, height] = box;
  const look = { fill: key.main ? ACCENT : SHADE, color: key.main ? GROUND : INK, key: key.key };
  const lines = wrap(glued(key.label), TILE_LETTERS);
  const half = Math.floor(height / 2);
  const right = detail.length * LETTER_WIDTH + LETTER_WIDTH;
  return [
    item([x, y, width, half], " " + lines[0], "small", look),
    item([x, y + half, width - right, height - half], " " + lines.slice(1).join(" "), "small", look),
    item([x + width - right, y + half, right, height - half], detail + " ", "small", Object.assign({ align: "right" as const }, look)),
  ];
}

/** Tiles between head and key row, `columns` wide; two lines of text each when `detail` is given. */
export function tiles(keys: ReadonlyArray<Key & { readonly detail?: string }>, columns: number, rows: number): Item[] {
  const width = Math.floor(WIDTH / columns);
  const height = Math.floor((KEYS_TOP - HEAD - 4) / rows);
  let items: Item[] = [];
  for (let i = 0; i < keys.length && i < columns * rows; i++) {
    const key = keys[i];
    const box = [(i % columns) * width + 2, HEAD + 3 + Math.floor(i / columns) * height, width - 4, height - 4] as const;
    items = items.concat(key.detail === undefined ? [button(box, key, "normal")] : detailed(box, key, key.detail));
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

/** As much of the text as fits; dots stand for the rest. */
function fitted(canvas: Canvas, text: string, font: Font, width: number): string {
  if (canvas.textWidth(text, font) <= width) return text;
  const room = width - canvas.textWidth("\u2026", font);
  let fits = text;
  while (fits.length > 1 && canvas.textWidth(fits, font) > room) fits = fits.slice(0, fits.length - 1);
  return fits + "\u2026";
}

function drawItem(canvas: Canvas, one: Item): void {
  canvas.fill(one.x, one.y, one.width, one.height, one.fill);
  if (one.text === "") return;
  const text = fitted(canvas, one.text, one.font, one.width);
  const spare = one.width - canvas.textWidth(text, one.font);
  const x = one.x + (one.align === "left" ? 0 : one.align === "right" ? spare : Math.floor(spare / 2));
  canvas.text(x, one.y + Math.floor((one.height - canvas.fontHeight(one.font)) / 2), text, one.font, one.color);
}

/** What was drawn, as far as the next drawing needs it. A picture itself would take many times the variables, all the time that nobody is there. */
export interface Drawn {
  readonly boxes: string;
  readonly looks: readonly string[];
}

/** Draws what differs from what was drawn before; everything when the layout is another one. */
export function draw(canvas: Canvas, before: Drawn | null, now: Picture): Drawn {
  let boxes = "";
  const looks: string[] = [];
  for (let i = 0; i < now.length; i++) {
    const { x, y, width, height, text, font, fill, color, align } = now[i];
    boxes += x + "," + y + "," + width + "," + height + ";";
    looks.push(fill + "," + color + font.charAt(0) + align.charAt(0) + text);
  }
  const anew = !before || before.boxes !== boxes;
  if (anew) canvas.fill(0, 0, WIDTH, HEIGHT, GROUND);
  for (let i = 0; i < now.length; i++) if (anew || !before || before.looks[i] !== looks[i]) drawItem(canvas, now[i]);
  return { boxes, looks };
}
