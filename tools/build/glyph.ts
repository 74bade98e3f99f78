import type { Font, PathCommand } from "opentype.js";

/** A glyph of one bit a pixel: `columns[x][y]`, y from the top. */
export interface Glyph {
  readonly columns: readonly (readonly boolean[])[];
}

/** The size of the em in pixels, the height of the line and how far below its top the letters stand; all whole pixels. */
export interface LineBox {
  readonly emPixels: number;
  readonly height: number;
  readonly baseline: number;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

const scansPerPixel = 8;
const stepsPerCurve = 12;

/** The outline as straight edges, in pixels, y downwards. */
function edgesOf(commands: readonly PathCommand[]): [Point, Point][] {
  const edges: [Point, Point][] = [];
  let start: Point = { x: 0, y: 0 };
  let at = start;
  const lineTo = (to: Point): void => {
    edges.push([at, to]);
    at = to;
  };
  for (const command of commands) {
    if (command.type === "M") start = at = command;
    else if (command.type === "Z") lineTo(start);
    else if (command.type === "L") lineTo(command);
    else {
      const from = at;
      for (let step = 1; step <= stepsPerCurve; step++) lineTo(curvePoint(from, command, step / stepsPerCurve));
    }
  }
  return edges;
}

function curvePoint(from: Point, curve: Extract<PathCommand, { type: "Q" | "C" }>, t: number): Point {
  const u = 1 - t;
  if (curve.type === "Q") {
    const blend = (a: number, b: number, c: number): number => u * u * a + 2 * u * t * b + t * t * c;
    return { x: blend(from.x, curve.x1, curve.x), y: blend(from.y, curve.y1, curve.y) };
  }
  const blend = (a: number, b: number, c: number, d: number): number =>
    u * u * u * a + 3 * u * u * t * b + 3 * u * t * t * c + t * t * t * d;
  return { x: blend(from.x, curve.x1, curve.x2, curve.x), y: blend(from.y, curve.y1, curve.y2, curve.y) };
}

/** Where a horizontal line is inside the outline (non-zero winding, as TrueType fills), as pairs of x. */
function spansAt(edges: readonly [Point, Point][], y: number): [number, number][] {
  const crossings: { x: number; turn: number }[] = [];
  for (const [a, b] of edges) {
    if (a.y <= y === b.y <= y) continue;
    crossings.push({ x: a.x + ((y - a.y) / (b.y - a.y)) * (b.x - a.x), turn: a.y < b.y ? 1 : -1 });
  }
  crossings.sort((one, other) => one.x - other.x);
  const spans: [number, number][] = [];
  let winding = 0;
  for (let i = 0; i + 1 < crossings.length; i++) {
    winding += crossings[i]!.turn;
    if (winding !== 0) spans.push([crossings[i]!.x, crossings[i + 1]!.x]);
  }
  return spans;
}

/** How much of each pixel is inked, 0 to 1, as columns. */
function coverage(edges: readonly [Point, Point][], width: number, height: number): number[][] {
  const inked = Array.from({ length: width }, () => new Array<number>(height).fill(0));
  for (let scan = 0; scan < height * scansPerPixel; scan++) {
    const row = Math.floor(scan / scansPerPixel);
    for (const [from, to] of spansAt(edges, (scan + 0.5) / scansPerPixel)) {
      for (let x = Math.max(0, Math.floor(from)); x < Math.min(width, to); x++)
        inked[x]![row]! += Math.max(0, Math.min(to, x + 1) - Math.max(from, x)) / scansPerPixel;
    }
  }
  return inked;
}

/** High when pixels are either full or empty: then stems fall on the grid and the threshold has little to decide. */
function crispness(inked: readonly number[][]): number {
  let sum = 0;
  for (const column of inked) for (const ink of column) sum -= ink * (1 - ink);
  return sum;
}

/**
 * Draws a character. Of the eight ways to lay it on the grid within a pixel the crispest is taken: the fonts carry hints for that, but this
 * rasteriser does not run them. `null` when the font has no such character.
 */
export function drawGlyph(font: Font, character: string, box: LineBox): Glyph | null {
  const glyph = font.charToGlyph(character);
  if (glyph.index === 0) return null;
  const advance = Math.max(1, Math.round(((glyph.advanceWidth ?? 0) * box.emPixels) / font.unitsPerEm));
  const { x1, x2 } = glyph.getPath(0, box.baseline, box.emPixels).getBoundingBox();
  // A letter that leans out of its box would be cut by the neighbour: the box grows instead.
  const lead = Math.max(0, Math.ceil(-x1 - 0.25));
  const width = Math.max(advance, Math.ceil(x2 - 0.25)) + lead;
  let best: number[][] = [];
  for (let shift = -3; shift <= 4; shift++) {
    const edges = edgesOf(glyph.getPath(lead + shift / 8, box.baseline, box.emPixels).commands);
    const inked = coverage(edges, width, box.height);
    if (best.length === 0 || crispness(inked) > crispness(best)) best = inked;
  }
  return { columns: best.map((column) => column.map((ink) => ink >= 0.5)) };
}
