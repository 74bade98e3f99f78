import type { Glyph, LineBox } from "./glyph.js";

/** Negative inside, positive outside, in units of the icon's own grid of 40 × 40, y downwards. */
type Shape = (x: number, y: number) => number;

const side = 40;

function disc(cx: number, cy: number, r: number): Shape {
  return (x, y) => Math.hypot(x - cx, y - cy) - r;
}

/** A line with round ends, `w` broad. */
function stroke(x1: number, y1: number, x2: number, y2: number, w: number): Shape {
  const [dx, dy] = [x2 - x1, y2 - y1];
  return (x, y) => {
    const t = Math.max(0, Math.min(1, ((x - x1) * dx + (y - y1) * dy) / (dx * dx + dy * dy)));
    return Math.hypot(x - x1 - t * dx, y - y1 - t * dy) - w / 2;
  };
}

/** A rectangle from corner to corner with corners of radius `r`. */
function box(x1: number, y1: number, x2: number, y2: number, r: number): Shape {
  return (x, y) => {
    const dx = Math.abs(x - (x1 + x2) / 2) - (x2 - x1) / 2 + r;
    const dy = Math.abs(y - (y1 + y2) / 2) - (y2 - y1) / 2 + r;
    return Math.hypot(Math.max(dx, 0), Math.max(dy, 0)) + Math.min(Math.max(dx, dy), 0) - r;
  };
}

function any(...shapes: Shape[]): Shape {
  return (x, y) => Math.min(...shapes.map((shape) => shape(x, y)));
}

function both(one: Shape, other: Shape): Shape {
  return (x, y) => Math.max(one(x, y), other(x, y));
}

function without(one: Shape, other: Shape): Shape {
  return (x, y) => Math.max(one(x, y), -other(x, y));
}

/** A shape and its likeness on the right. */
function mirrored(shape: Shape): Shape {
  return any(shape, (x, y) => shape(side - x, y));
}

/** The outline of a shape, `w` broad, inside of it. */
function outline(shape: Shape, w: number): Shape {
  return without(shape, (x, y) => shape(x, y) + w);
}

function lines(points: readonly (readonly [number, number])[], w: number): Shape {
  return any(...points.slice(1).map(([x, y], i) => stroke(points[i]![0], points[i]![1], x, y, w)));
}

/** Waves that go out to the right of a point, within a right angle. */
function wave(cx: number, cy: number, r: number, w: number): Shape {
  return both(
    (x, y) => Math.abs(Math.hypot(x - cx, y - cy) - r) - w / 2,
    (x, y) => Math.abs(y - cy) - (x - cx),
  );
}

const card = any(
  outline(box(1, 9, 27, 31, 3), 3),
  box(6, 15, 13, 20, 1),
  stroke(7, 26, 20, 26, 2.5),
  wave(24, 20, 9, 3),
  wave(24, 20, 14.5, 3),
);
const note = any(outline(box(1, 10, 39, 30, 2), 3), outline(disc(20, 20, 6), 2.5), disc(8, 20, 1.8), disc(32, 20, 1.8));
const tick = lines(
  [
    [5, 21],
    [15, 32],
    [35, 8],
  ],
  6,
);
const person = any(disc(20, 11, 8), both(box(5, 22, 35, 60, 14), box(0, 0, 40, 38, 0)));
const sand = any(
  stroke(8, 4, 32, 4, 4),
  stroke(8, 36, 32, 36, 4),
  mirrored(
    lines(
      [
        [11, 5],
        [11, 11],
        [20, 20],
        [11, 29],
        [11, 35],
      ],
      3,
    ),
  ),
  stroke(17, 12, 23, 12, 3),
  stroke(20, 13, 20, 20, 2.5),
  stroke(15, 32, 25, 32, 4),
);
const paper = any(
  lines(
    [
      [8, 37],
      [8, 3],
      [32, 3],
      [32, 37],
      [28, 33],
      [24, 37],
      [20, 33],
      [16, 37],
      [12, 33],
      [8, 37],
    ],
    3,
  ),
  stroke(14, 11, 26, 11, 2.5),
  stroke(14, 18, 26, 18, 2.5),
  stroke(14, 25, 21, 25, 2.5),
);
const trouble = any(
  lines(
    [
      [20, 4],
      [37, 35],
      [3, 35],
      [20, 4],
    ],
    3.5,
  ),
  stroke(20, 15, 20, 24, 4),
  disc(20, 29.5, 2.2),
);

/**
 * The icons of the large font, in the places of letters, which it does not have: firmware/screen.ts names them. What a person at a metre
 * has to know at a glance is said by one of these beside the words.
 */
const icons: Readonly<Record<string, Shape>> = { a: card, b: note, c: tick, d: person, e: sand, f: paper, g: trouble };

/** The icon in the place of a character, as high as a capital and a little more; `null` where there is none. */
export function drawIcon(byte: number, { emPixels, height }: LineBox): Glyph | null {
  const shape = icons[String.fromCharCode(byte)];
  if (!shape) return null;
  const top = Math.floor((height - emPixels) / 2);
  const inked = (x: number, y: number): boolean => shape(((x + 0.5) * side) / emPixels, ((y - top + 0.5) * side) / emPixels) < 0;
  return { columns: Array.from({ length: emPixels }, (_, x) => Array.from({ length: height }, (_, y) => inked(x, y))) };
}
