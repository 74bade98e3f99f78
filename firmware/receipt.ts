/**
 * Paper: lines of a receipt, and their bytes for the printer that the terminal has.
 */
import { createWriter, escpos, latinBytes, writeRaw, written } from "@trapeza/protocol/chip";
import type { Writer } from "@trapeza/protocol/chip";

/** A line in one text, because the chip keeps a few dozen of them: a letter that says how it looks, then what it says. Made by the functions below. */
export type PaperLine = string;

const BOLD = 1;
const CENTRED = 2;
const BIG = 4;
/** Left and right part with a line feed between them. */
const PAIR = 8;
const QR = 16;
const RULED = 32;
/** "@": so that every look is a letter. */
const BASE = 64;

const QR_DOTS = 5;

/** Stands in no line: control characters do not come over the wire. */
const BETWEEN = "\t";

/** A paper is kept and printed as one text, which takes half the memory that its lines take. */
export function paperOf(lines: ReadonlyArray<PaperLine>): string {
  return lines.join(BETWEEN);
}

export function linesOf(paper: string): PaperLine[] {
  return paper.split(BETWEEN);
}

function styled(look: number, line: string): PaperLine {
  return String.fromCharCode(BASE + look) + line;
}

export function text(line: string): PaperLine {
  return styled(0, line);
}

export function title(line: string): PaperLine {
  return styled(BOLD + CENTRED, line);
}

/** Twice as wide and high: a code that is read out over the telephone. */
export function big(line: string): PaperLine {
  return styled(BOLD + BIG, line);
}

/** Left and right edge; the left part gives way, or moves to a line of its own. */
export function pair(left: string, right: string): PaperLine {
  return styled(PAIR, left + "\n" + right);
}

/** A pair that is looked for: bold. */
export function boldPair(left: string, right: string): PaperLine {
  return styled(PAIR + BOLD, left + "\n" + right);
}

export function qr(line: string): PaperLine {
  return styled(QR, line);
}

export const RULE: PaperLine = styled(RULED, "");

function repeat(what: string, count: number): string {
  let out = "";
  for (let i = 0; i < count; i++) out += what;
  return out;
}

/** Breaks at blanks where it can; a longer word is cut. */
export function wrap(line: string, columns: number): string[] {
  const out: string[] = [];
  let rest = line;
  while (rest.length > columns) {
    let at = rest.slice(0, columns + 1).lastIndexOf(" ");
    if (at <= 0) at = columns;
    out.push(rest.slice(0, at));
    rest = rest.slice(rest.charAt(at) === " " ? at + 1 : at);
  }
  out.push(rest);
  return out;
}

/** The lines of a pair, filled with blanks to the full width. */
function spread(left: string, right: string, columns: number): string[] {
  const room = columns - right.length - 1;
  if (left.length <= room) return [left + repeat(" ", columns - left.length - right.length) + right];
  const lines = wrap(left, columns);
  lines.push(repeat(" ", columns - right.length) + right);
  return lines;
}

/** What a line looks like on paper of so many columns. A code that its printer cannot draw is text like any other. */
export function layout(line: PaperLine, { columns, traits }: escpos.Profile): string[] {
  const look = line.charCodeAt(0) - BASE;
  const said = line.slice(1);
  if (look & RULED) return [repeat("-", columns)];
  const between = said.lastIndexOf("\n");
  if (look & PAIR) return spread(said.slice(0, between), said.slice(between + 1), columns);
  return look & QR && traits & escpos.QR_CODES ? [said] : wrap(said, look & BIG ? columns / 2 : columns);
}

function writeLine(paper: Writer, line: PaperLine, profile: escpos.Profile): void {
  const { traits } = profile;
  const look = line.charCodeAt(0) - BASE;
  if (look & BOLD) writeRaw(paper, escpos.bold(true));
  if (look & (CENTRED + QR)) writeRaw(paper, escpos.align(1));
  if (look & BIG) writeRaw(paper, escpos.size(2, 2));
  const rows = layout(line, profile);
  for (let i = 0; i < rows.length; i++) {
    writeRaw(paper, look & QR && traits & escpos.QR_CODES ? escpos.qr(latinBytes(rows[i]), QR_DOTS) : escpos.encodeText(rows[i], traits));
    writeRaw(paper, escpos.lineFeed());
  }
  if (look & BIG) writeRaw(paper, escpos.size(1, 1));
  if (look & (CENTRED + QR)) writeRaw(paper, escpos.align(0));
  if (look & BOLD) writeRaw(paper, escpos.bold(false));
}

/** A paper on its way into the printer, and where its next piece begins; −1: nothing of it is out. */
export interface Feed {
  readonly paper: string;
  at: number;
}

/**
 * The next piece for the printer, code page and cut included, until one is empty. The bytes of a class's receipt together would not fit into the chip, nor
 * would its lines beside the text.
 */
export function receiptPiece(feed: Feed, profile: escpos.Profile): Uint8Array {
  const { paper, at } = feed;
  const out = createWriter(64);
  if (at < 0) {
    writeRaw(out, escpos.initialise());
    writeRaw(out, escpos.cancelKanji());
    writeRaw(out, escpos.codePage(profile.page));
  } else if (at <= paper.length) {
    const found = paper.indexOf(BETWEEN, at);
    const end = found < 0 ? paper.length : found;
    writeLine(out, paper.slice(at, end), profile);
    feed.at = end;
  } else if (at === paper.length + 1) {
    writeRaw(out, escpos.feed(4));
    if (profile.traits & escpos.CUTTER) writeRaw(out, escpos.cut());
  }
  feed.at++;
  return written(out);
}
