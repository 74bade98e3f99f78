/**
 * Pictures. A view says item by item what is on the screen; who listens paints what has changed, looks for the key under a finger, or (in a test) writes
 * it down. So no picture ever exists as a whole: on the chip it would take some twenty variables an item. One grid for all three terminals: head line,
 * body, one row of big keys, status dot.
 */
import { LARGE, NORMAL, SMALL } from "./board.js";
import type { Canvas, Font } from "./board.js";
import { wrap } from "./receipt.js";

export const WIDTH = 320;
export const HEIGHT = 240;
export const HEAD = 32;
export const KEYS_TOP = 186;

/** Where a portrait is drawn. */
export const PHOTO_X = 242;
export const PHOTO_Y = 34;
export const PHOTO_WIDTH = 72;
export const PHOTO_HEIGHT = 96;

/**
 * How an item looks: one number, a sum of a font (`SMALL`, `NORMAL`, `LARGE`), a side (`CENTRE`, `RIGHT`; left unless said), a colour of the letters (ink
 * unless said) and a ground (`ON_…`; the screen's own unless said). One accent on a calm ground; green, amber and red never without words.
 */
export type Look = number;
export const CENTRE = 4;
export const RIGHT = 8;
export const FAINT = 1 << 4;
export const ACCENT = 2 << 4;
export const GREEN = 3 << 4;
export const AMBER = 4 << 4;
export const RED = 5 << 4;
export const WHITE = 7 << 4;
export const ON_SHADE = 1 << 7;
export const ON_RED = 2 << 7;
export const ON_AMBER = 3 << 7;
export const ON_GREEN = 4 << 7;
export const ON_ACCENT = 5 << 7;
/** A key, and the one that a person most probably wants. */
export const KEY = ON_SHADE + CENTRE;
export const MAIN = ON_ACCENT + WHITE + CENTRE;

/** RGB565: ink, faint, accent, green, amber, red, shade, ground. Letters count from the front, grounds from the back. */
const COLORS = new Uint16Array([0x2124, 0x6b4d, 0x0b0f, 0x2d0a, 0xed00, 0xc126, 0xe73c, 0xffff]);
const GROUND = 0xffff;

/** Who listens to a view. Pixels from the upper left corner; `key` is what a finger in the rectangle means, "" for nothing. Later items lie on top. */
export interface Screen {
  item(x: number, y: number, width: number, height: number, text: string, look: Look, key: string): void;
}

/** Head line: who or what on the left, a number on the right, and the dot: green = connected, amber = working alone, red = out of service. */
export function headLine(screen: Screen, title: string, right: string, dot: Look): void {
  screen.item(0, 0, 200, HEAD, " " + title, SMALL + ON_SHADE, "");
  screen.item(200, 0, 96, HEAD, right, SMALL + ON_SHADE + RIGHT, "service");
  screen.item(296, 0, 24, HEAD, "", ON_SHADE, "");
  screen.item(302, 11, 10, 10, "", dot, "");
}

/** A line of the body, `row` counting from 0 in steps of 30 pixels. */
export function line(screen: Screen, row: number, text: string, look: Look): void {
  screen.item(8, HEAD + 6 + row * 30, WIDTH - 16, 28, text, NORMAL + look, "");
}

/** Icons of the large font, in the places of letters that it does not have: to be understood from farther away than words are read, and in no language. */
export const CARD_ICON = "a";
export const NOTE_ICON = "b";
export const DONE_ICON = "c";
export const PERSON_ICON = "d";
export const WAIT_ICON = "e";
export const PAPER_ICON = "f";
export const TROUBLE_ICON = "g";

/** A big line in the middle: figures or an icon; the large font has no letters. */
export function bigLine(screen: Screen, y: number, text: string, look: Look): void {
  screen.item(4, y, WIDTH - 8, 50, text, LARGE + CENTRE + look, "");
}

/** A letter of the normal font on a key is seldom broader, in pixels. */
const KEY_LETTER = 12;

/** A key of the row at the bottom. `left` and `width` in tens of pixels, of 32: so `0, 32` is the whole row. `look`: `KEY` or `MAIN`. */
export function rowKey(screen: Screen, left: number, width: number, key: string, label: string, look: Look): void {
  const font = width < 10 && label.length * KEY_LETTER > width * 10 ? SMALL : NORMAL;
  screen.item(left * 10 + 1, KEYS_TOP, width * 10 - 2, HEIGHT - KEYS_TOP - 4, label, font + look, key);
}

/** As many letters of the small font as fit beside each other in a tile, and their usual width in pixels. */
const TILE_LETTERS = 21;
const LETTER_WIDTH = 8;

/** Keeps "250 g" together: a short last word sticks to the one before it. */
function glued(label: string): string {
  const at = label.lastIndexOf(" ");
  return at > 0 && label.length - at <= 3 ? label.slice(0, at) + "\u00a0" + label.slice(at + 1) : label;
}

/**
 * A tile between head and key row: number `slot` from 0 of `columns` beside each other and `rows` below each other. With a `detail` ("" for none) it has two
 * lines: as much of the label as there is room for, and the detail in the lower right corner.
 */
export function tile(
  screen: Screen,
  slot: number,
  columns: number,
  rows: number,
  key: string,
  label: string,
  detail: string,
  look: Look,
): void {
  const height = Math.floor((KEYS_TOP - HEAD - 4) / rows);
  const width = Math.floor(WIDTH / columns) - 4;
  const x = (slot % columns) * (width + 4) + 2;
  const y = HEAD + 3 + Math.floor(slot / columns) * height;
  if (detail === "") return screen.item(x, y, width, height - 4, label, NORMAL + look, key);
  const lines = wrap(glued(label), TILE_LETTERS);
  const half = Math.floor((height - 4) / 2);
  const right = detail.length * LETTER_WIDTH + LETTER_WIDTH;
  const left = SMALL + look - CENTRE;
  screen.item(x, y, width, half, " " + lines[0], left, key);
  screen.item(x, y + half, width - right, height - 4 - half, " " + lines.slice(1).join(" "), left, key);
  screen.item(x + width - right, y + half, right, height - 4 - half, detail + " ", left + RIGHT, key);
}

/** On a key that takes back the last figure. */
export const BACK = "<";

/** Figures 1…9, 0, under an entry line. Their keys are "0" … "9". */
export function keypad(screen: Screen): void {
  for (let i = 0; i < 10; i++) {
    const digit = String((i + 1) % 10);
    screen.item((i % 5) * 64 + 2, 84 + Math.floor(i / 5) * 51, 60, 47, digit, NORMAL + KEY, digit);
  }
}

/** Anything with a picture. */
interface Viewed<S> {
  view(state: S, screen: Screen): void;
}

interface Finger extends Screen {
  readonly x: number;
  readonly y: number;
  key: string;
}

function underFinger(this: Finger, x: number, y: number, width: number, height: number, _text: string, _look: Look, key: string): void {
  if (key !== "" && this.x >= x && this.x < x + width && this.y >= y && this.y < y + height) this.key = key;
}

/** The key under a finger, "" for none. */
export function keyAt<S>(terminal: Viewed<S>, state: S, x: number, y: number): string {
  const finger: Finger = { item: underFinger, x, y, key: "" };
  terminal.view(state, finger);
  return finger.key;
}

/** Signs of a keypad that stand on no key of the screen in these letters. */
const OK = "k";
const CANCEL = "c";

interface Sought extends Screen {
  readonly sign: string;
  key: string;
  /** The key that leads to figures, where none stand on the screen. */
  opener: string;
}

function underSign(this: Sought, _x: number, y: number, _width: number, _height: number, text: string, look: Look, key: string): void {
  const { sign } = this;
  // The number in the head line opens the technician's menu.
  if (key === "" || y < HEAD) return;
  if (key === "code" || key === "number") this.opener = key;
  // OK is the accented key of the bottom row.
  const bears =
    sign === OK
      ? y > KEYS_TOP - 20 && (look | 3) === MAIN + 3
      : sign === CANCEL && text !== BACK
        ? key === "cancel" || key === "back"
        : text === sign;
  if (bears) this.key = key;
}

/**
 * The keys that a sign of a keypad presses, one after the other: the one that bears it, or for a figure the one that leads to figures and then the figure.
 * So nothing can be typed that could not be touched.
 */
export function keysFor<S>(terminal: Viewed<S>, state: S, sign: string): string[] {
  const sought: Sought = { item: underSign, sign, key: "", opener: "" };
  terminal.view(state, sought);
  if (sought.key !== "") return [sought.key];
  return sought.opener !== "" && sign >= "0" && sign <= "9" ? [sought.opener, sign] : [];
}

/** As much of the text as fits; dots stand for the rest. */
function fitted(canvas: Canvas, text: string, font: Font, width: number): string {
  if (canvas.textWidth(text, font) <= width) return text;
  const room = width - canvas.textWidth("\u2026", font);
  let fits = text;
  while (fits.length > 1 && canvas.textWidth(fits, font) > room) fits = fits.slice(0, fits.length - 1);
  return fits + "\u2026";
}

/** So many items are remembered; a fuller picture would be painted anew each time. */
const MOST_ITEMS = 48;

/** Paints on a canvas what differs from what it painted before. Of that it remembers two numbers an item: where, and a sum of what. */
export interface Painter extends Screen {
  readonly canvas: Canvas;
  readonly places: Int32Array;
  readonly sums: Int32Array;
  /** Items of the last picture, −1 before the first. */
  count: number;
  /** The next item of this picture. */
  at: number;
  /** Onto an empty screen. */
  anew: boolean;
  /** This picture has another layout than the last: nothing more is painted of it until the screen is empty. */
  other: boolean;
}

function paintItem(this: Painter, x: number, y: number, width: number, height: number, text: string, look: Look): void {
  const at = this.at++;
  if (this.other) return;
  const { canvas } = this;
  const place = (y * WIDTH + x) ^ ((height * WIDTH + width) << 15);
  const sum = canvas.sum(look + text) | 0;
  if (!this.anew) {
    this.other = at >= this.count || this.places[at] !== place;
    if (this.other || this.sums[at] === sum) return;
  }
  if (at < MOST_ITEMS) {
    this.places[at] = place;
    this.sums[at] = sum;
  }
  canvas.fill(x, y, width, height, COLORS[7 - (look >> 7)]);
  if (text === "") return;
  const font = (look & 3) as Font;
  const shown = fitted(canvas, text, font, width);
  const spare = width - canvas.textWidth(shown, font);
  const indent = look & RIGHT ? spare : look & CENTRE ? Math.floor(spare / 2) : 0;
  canvas.text(x + indent, y + Math.floor((height - canvas.fontHeight(font)) / 2), shown, font, COLORS[(look >> 4) & 7]);
}

export function createPainter(canvas: Canvas): Painter {
  const places = new Int32Array(MOST_ITEMS);
  const sums = new Int32Array(MOST_ITEMS);
  return { item: paintItem, canvas, places, sums, count: -1, at: 0, anew: false, other: false };
}

/** Brings the screen up to date. A layout other than the last is noticed at its first item, and the view speaks once more, onto an empty screen. */
export function paint<S>(painter: Painter, terminal: Viewed<S>, state: S): void {
  painter.at = 0;
  painter.other = false;
  terminal.view(state, painter);
  if (!painter.other && painter.at === painter.count) return;
  painter.canvas.fill(0, 0, WIDTH, HEIGHT, GROUND);
  painter.at = 0;
  painter.other = false;
  painter.anew = true;
  terminal.view(state, painter);
  painter.anew = false;
  painter.count = painter.at;
}
