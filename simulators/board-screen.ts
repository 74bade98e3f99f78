/**
 * The board's display: Espruino's `Graphics` on 320 × 240 pixels of RGB565, drawn pixel for pixel as libs/graphics does, so that what the bench
 * shows is what hangs on the wall.
 */
import { fromByteText } from "@trapeza/protocol";
import { byteString, bytesOf } from "./board-bytes.js";
import { glyphPixel } from "./board-glyph.js";
import type { Session } from "./board-session.js";

/** Something written on the screen that nothing has covered since: what a person reads there, and where. Corners in pixels, both included. */
export interface Inscription {
  readonly text: string;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export interface Screen {
  readonly width: number;
  readonly height: number;
  /** RGB565, row by row. */
  readonly pixels: Uint16Array;
  /** Grows with every drawing: equal numbers, equal pictures. */
  version: number;
  /** What can be read, in the order in which it was written. */
  inscriptions: readonly Inscription[];
  blank(): void;
  /** The object `g` of a new life of the board. */
  open(session: Session): Record<string, unknown>;
}

interface CustomFont {
  readonly kind: "custom";
  readonly bitmap: string;
  readonly first: number;
  readonly widths: string | number;
  readonly height: number;
  readonly scale: number;
}
type Font = { readonly kind: "4x6" | "6x8"; readonly scale: number } | CustomFont;

interface Pen {
  fg: number;
  bg: number;
  font: Font;
  alignX: number;
  alignY: number;
  clip: { x1: number; y1: number; x2: number; y2: number };
}

const WHITE = 0xffff;
const CELLS = { "4x6": [4, 6], "6x8": [6, 8] } as const;

/** Truncates like a C cast; what is no number is 0. */
function whole(value: unknown): number {
  return Math.trunc(Number(value)) || 0;
}

/** RGB565 of what setColor was given: three numbers 0…1, an integer, "#rgb" or "#rrggbb" (jswrap_graphics_toColor). */
export function colorOf(r: unknown, g?: unknown, b?: unknown): number {
  if (typeof r === "string") {
    const short = /^#([0-9a-f])([0-9a-f])([0-9a-f])$/i
      .exec(r)
      ?.slice(1)
      .map((digit) => parseInt(digit, 16) / 15);
    const long = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i
      .exec(r)
      ?.slice(1)
      .map((digits) => parseInt(digits, 16) / 255);
    const parts = short ?? long;
    if (!parts) throw new Error("If Color is a String, it must be of the form '#rrggbb' or '#rgb'");
    return colorOf(parts[0], parts[1], parts[2]);
  }
  if (g === undefined || b === undefined) return whole(r) & 0xffff;
  const [red, green, blue] = [r, g, b].map((part) => Math.max(0, Math.min(255, Math.trunc(Number(part) * 256))));
  return (blue >> 3) | ((green >> 2) << 5) | ((red >> 3) << 11);
}

export function createScreen(width = 320, height = 240): Screen {
  const pixels = new Uint16Array(width * height);
  const screen: Screen = {
    width,
    height,
    pixels,
    version: 0,
    inscriptions: [],
    blank() {
      screen.inscriptions = [];
      pixels.fill(0);
      screen.version++;
    },
    open(session) {
      const pen = freshPen(width, height);
      const fill = fillFor(screen, pen);
      const g: Record<string, unknown> = {};
      const methods = { ...shapeMethods(screen, pen, fill), ...textMethods(screen, pen, fill), ...imageMethods(pen, fill) };
      for (const [name, method] of Object.entries(methods)) {
        // Without an answer of its own a method returns the Graphics, so that calls can be chained.
        g[name] = session.api((...args: unknown[]) => {
          const answer = (method as (...args: unknown[]) => unknown)(...args);
          return answer === undefined ? g : answer;
        });
      }
      screen.blank();
      return g;
    },
  };
  return screen;
}

function freshPen(width: number, height: number): Pen {
  const clip = { x1: 0, y1: 0, x2: width - 1, y2: height - 1 };
  return { fg: WHITE, bg: 0, font: { kind: "4x6", scale: 1 }, alignX: 3, alignY: 3, clip };
}

/** In pixels: narrower than this, writing takes less than calling. */
const NARROW = 8;

type Fill = (x1: number, y1: number, x2: number, y2: number, color: number) => void;

/** Both corners are included and may come in any order (graphicsFillRectDevice). */
function fillFor(screen: Screen, pen: Pen): Fill {
  return (x1, y1, x2, y2, color) => {
    const left = Math.max(pen.clip.x1, Math.min(x1, x2));
    const right = Math.min(pen.clip.x2, Math.max(x1, x2));
    const top = Math.max(pen.clip.y1, Math.min(y1, y2));
    const bottom = Math.min(pen.clip.y2, Math.max(y1, y2));
    if (right < left || bottom < top) return;
    for (let y = top; y <= bottom; y++) {
      const [from, to] = [y * screen.width + left, y * screen.width + right];
      // Letters are drawn dot by dot.
      if (to - from < NARROW) for (let at = from; at <= to; at++) screen.pixels[at] = color;
      else screen.pixels.fill(color, from, to + 1);
    }
    screen.version++;
  };
}

interface Corners {
  readonly x: number;
  readonly y: number;
  readonly x2?: number;
  readonly y2?: number;
  readonly w?: number;
  readonly h?: number;
}

/** Corners given as four numbers or as one object with x2, y2 or w, h. */
function corners(a: unknown, y1: unknown, x2: unknown, y2: unknown): [number, number, number, number] {
  if (typeof a !== "object" || a === null) return [whole(a), whole(y1), whole(x2), whole(y2)];
  const box = a as Corners;
  return [whole(box.x), whole(box.y), whole(box.x2 ?? box.x + (box.w ?? 1) - 1), whole(box.y2 ?? box.y + (box.h ?? 1) - 1)];
}

function shapeMethods(screen: Screen, pen: Pen, fill: Fill) {
  const reset = (): void => void Object.assign(pen, freshPen(screen.width, screen.height));
  const paint = (box: [number, number, number, number], color: number): void => {
    fill(...box, color);
    cover(screen, box);
  };
  return {
    getWidth: () => screen.width,
    getHeight: () => screen.height,
    getBPP: () => 16,
    getColor: () => pen.fg,
    getBgColor: () => pen.bg,
    getPixel: (x: unknown, y: unknown) => screen.pixels[whole(y) * screen.width + whole(x)] ?? 0,
    flip: () => undefined,
    reset,
    toColor: colorOf,
    setColor: (r: unknown, g: unknown, b: unknown) => void (pen.fg = colorOf(r, g, b)),
    setBgColor: (r: unknown, g: unknown, b: unknown) => void (pen.bg = colorOf(r, g, b)),
    clear(resetState: unknown) {
      if (resetState) reset();
      // The chip clears past the clip rectangle, too.
      screen.pixels.fill(pen.bg);
      screen.inscriptions = [];
      screen.version++;
    },
    setClipRect(x1: unknown, y1: unknown, x2: unknown, y2: unknown) {
      const x = [whole(x1), whole(x2)].map((v) => Math.max(0, Math.min(screen.width - 1, v))).sort((a, b) => a - b);
      const y = [whole(y1), whole(y2)].map((v) => Math.max(0, Math.min(screen.height - 1, v))).sort((a, b) => a - b);
      pen.clip = { x1: x[0], y1: y[0], x2: x[1], y2: y[1] };
    },
    setPixel: (x: unknown, y: unknown, color: unknown) =>
      fill(whole(x), whole(y), whole(x), whole(y), color === undefined ? pen.fg : whole(color)),
    fillRect: (a: unknown, y1: unknown, x2: unknown, y2: unknown) => paint(corners(a, y1, x2, y2), pen.fg),
    clearRect: (a: unknown, y1: unknown, x2: unknown, y2: unknown) => paint(corners(a, y1, x2, y2), pen.bg),
    drawRect(a: unknown, b: unknown, c: unknown, d: unknown) {
      const [x1, y1, x2, y2] = corners(a, b, c, d);
      fill(x1, y1, x2, y1, pen.fg);
      fill(x2, y1, x2, y2, pen.fg);
      fill(x1, y2, x2, y2, pen.fg);
      fill(x1, y2, x1, y1, pen.fg);
    },
    drawLine: (x1: unknown, y1: unknown, x2: unknown, y2: unknown) => drawLine(fill, pen.fg, whole(x1), whole(y1), whole(x2), whole(y2)),
    fillCircle: (x: unknown, y: unknown, r: unknown) => fillCircle(fill, pen.fg, whole(x), whole(y), whole(r)),
  };
}

/** 8.8 fixed point along the longer axis (graphicsDrawLine). */
function drawLine(fill: Fill, color: number, x1: number, y1: number, x2: number, y2: number): void {
  const wide = Math.abs(x2 - x1) > Math.abs(y2 - y1);
  const ends = wide ? [x1, y1, x2, y2] : [y1, x1, y2, x2];
  const [from, fromOther, to, toOther] = ends[0] > ends[2] ? [ends[2], ends[3], ends[0], ends[1]] : ends;
  let position = (fromOther << 8) + 128;
  const step = Math.trunc(((toOther - fromOther) << 8) / Math.max(1, to - from));
  for (let at = from; at <= to; at++) {
    const other = position >> 8;
    if (wide) fill(at, other, at, other, color);
    else fill(other, at, other, at, color);
    position += step;
  }
}

function fillCircle(fill: Fill, color: number, x: number, y: number, radius: number): void {
  for (let dy = -radius; dy <= radius; dy++) {
    const dx = Math.floor(Math.sqrt(radius * radius - dy * dy + radius));
    fill(x - dx, y + dy, x + dx, y + dy, color);
  }
}

function charWidth(font: Font, code: number): number {
  if (font.kind !== "custom") return CELLS[font.kind][0] * font.scale;
  if (typeof font.widths === "number") return font.widths * font.scale;
  return code >= font.first ? (font.widths.charCodeAt(code - font.first) || 0) * font.scale : 0;
}

function lineHeight(font: Font): number {
  return (font.kind === "custom" ? font.height : CELLS[font.kind][1]) * font.scale;
}

function lineWidth(font: Font, line: string): number {
  let width = 0;
  for (let i = 0; i < line.length; i++) width += charWidth(font, line.charCodeAt(i) & 255);
  return width;
}

function stringSize(font: Font, text: string): { width: number; height: number } {
  const lines = text.split("\n");
  return { width: Math.max(...lines.map((line) => lineWidth(font, line))), height: lines.length * lineHeight(font) };
}

/** Forgets what a filled rectangle has hidden wholly; what it only touches can still be read. */
function cover(screen: Screen, [x1, y1, x2, y2]: [number, number, number, number]): void {
  const [left, right, top, bottom] = [Math.min(x1, x2), Math.max(x1, x2), Math.min(y1, y2), Math.max(y1, y2)];
  const hidden = (word: Inscription): boolean => word.left >= left && word.right <= right && word.top >= top && word.bottom <= bottom;
  screen.inscriptions = screen.inscriptions.filter((word) => !hidden(word));
}

function inscribe(screen: Screen, pen: Pen, line: string, left: number, top: number): void {
  const [right, bottom] = [left + lineWidth(pen.font, line) - 1, top + lineHeight(pen.font) - 1];
  if (line.trim() !== "") screen.inscriptions = [...screen.inscriptions, { text: fromByteText(line), left, top, right, bottom }];
}

function textMethods(screen: Screen, pen: Pen, fill: Fill) {
  return {
    setFont(name: unknown, size: unknown) {
      const [, kind, scale] = /^(4x6|6x8)(?::(\d+))?$/.exec(String(name)) ?? [];
      if (!kind) throw new Error("Unknown font " + String(name));
      pen.font = { kind: kind as "4x6" | "6x8", scale: whole(size) || Number(scale ?? 1) };
    },
    setFontCustom(bitmap: unknown, first: unknown, widths: unknown, height: unknown) {
      if (typeof bitmap !== "string") throw new Error("Font bitmap must be a String");
      if (whole(first) < 0 || whole(first) > 255) throw new Error("First character out of range");
      if (typeof widths !== "string" && typeof widths !== "number") throw new Error("Font width must be a String or an integer");
      if (whole(height) >> 16 > 1) throw new Error("only fonts of 1 bit a pixel are imitated");
      const scale = Math.max(1, (whole(height) >> 8) & 255);
      pen.font = { kind: "custom", bitmap, first: whole(first), widths, height: whole(height) & 255, scale };
    },
    setFontAlign(x: unknown, y: unknown) {
      pen.alignX = Math.max(-1, Math.min(1, whole(x)));
      pen.alignY = Math.max(-1, Math.min(1, whole(y)));
    },
    getFontHeight: () => lineHeight(pen.font),
    stringWidth: (text: unknown) => stringSize(pen.font, String(text)).width,
    stringMetrics: (text: unknown) => stringSize(pen.font, String(text)),
    drawString(value: unknown, x: unknown, y: unknown, solid: unknown) {
      const text = String(value);
      // C divides towards zero; alignment 3 means never set, the same as left and top.
      let top = whole(y);
      if (pen.alignY < 2) top -= Math.trunc((stringSize(pen.font, text).height * (pen.alignY + 1)) / 2);
      for (const line of text.split("\n")) {
        let left = whole(x);
        if (pen.alignX < 2) left -= Math.trunc((lineWidth(pen.font, line) * (pen.alignX + 1)) / 2);
        inscribe(screen, pen, line, left, top);
        for (let i = 0; i < line.length; i++) {
          const code = line.charCodeAt(i);
          if (code > 255) throw new RangeError(`drawString: character ${code} is no byte`);
          if (isInClip(pen, code, left, top)) drawChar(pen, fill, code, left, top, Boolean(solid));
          left += charWidth(pen.font, code);
        }
        top += lineHeight(pen.font);
      }
    },
  };
}

/** The interpreter's own test: a letter that begins in the last column is left out whole. */
function isInClip({ font, clip }: Pen, code: number, left: number, top: number): boolean {
  return left > clip.x1 - charWidth(font, code) && left < clip.x2 && top > clip.y1 - lineHeight(font) && top <= clip.y2;
}

function drawChar(pen: Pen, fill: Fill, code: number, left: number, top: number, solid: boolean): void {
  const { font } = pen;
  const { scale } = font;
  const dot = (x: number, y: number, set: boolean): void => {
    if (!set && !solid) return;
    fill(left + x * scale, top + y * scale, left + x * scale + scale - 1, top + y * scale + scale - 1, set ? pen.fg : pen.bg);
  };
  if (font.kind !== "custom") {
    const [cellWidth, cellHeight] = CELLS[font.kind];
    for (let y = 0; y < cellHeight; y++) for (let x = 0; x < cellWidth; x++) dot(x, y, x < 3 && y < 5 && glyphPixel(code, x, y));
    return;
  }
  if (code < font.first) return;
  // Columns of all glyphs stand in one stream of bits, most significant first, without padding between glyphs.
  let column = 0;
  if (typeof font.widths === "number") column = font.widths * (code - font.first);
  else for (let i = 0; i < code - font.first; i++) column += font.widths.charCodeAt(i) || 0;
  const width = charWidth(font, code) / scale;
  let bit = column * font.height;
  for (let x = 0; x < width; x++) {
    for (let y = 0; y < font.height; y++, bit++) dot(x, y, ((font.bitmap.charCodeAt(bit >> 3) >> (7 - (bit & 7))) & 1) === 1);
  }
}

interface Picture {
  readonly width: number;
  readonly height: number;
  readonly bpp?: number;
  readonly buffer: unknown;
  readonly transparent?: number;
  readonly palette?: ArrayLike<number>;
}

function imageMethods(pen: Pen, fill: Fill) {
  return {
    /** Pictures of 1, 2, 4, 8 or 16 bits, rows from the top, most significant bit first; a 1-bit picture takes the pen's two colours. */
    drawImage(image: unknown, x: unknown, y: unknown, options: unknown) {
      const picture = image as Picture;
      const bpp = picture.bpp ?? 1;
      const data = bytesOf(typeof picture.buffer === "string" ? picture.buffer : byteString(bytesOf(picture.buffer)));
      const scale = whole((options as { scale?: number } | undefined)?.scale ?? 1);
      let bit = 0;
      for (let row = 0; row < picture.height; row++) {
        for (let column = 0; column < picture.width; column++, bit += bpp) {
          const value = bitsAt(data, bit, bpp);
          if (value === picture.transparent) continue;
          const plain = bpp === 1 ? (value ? pen.fg : pen.bg) : value;
          const color = picture.palette ? picture.palette[value] : plain;
          const [left, top] = [whole(x) + column * scale, whole(y) + row * scale];
          fill(left, top, left + scale - 1, top + scale - 1, color);
        }
      }
    },
  };
}

function bitsAt(data: Uint8Array, bit: number, count: number): number {
  let value = 0;
  for (let i = bit; i < bit + count; i++) value = (value << 1) | (((data[i >> 3] ?? 0) >> (7 - (i & 7))) & 1);
  return value;
}
