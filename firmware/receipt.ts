/**
 * Paper: lines of a receipt, and their bytes for the printer. 32 columns of font A, the 58 mm roll.
 */
import { createWriter, escpos, latinBytes, writeRaw, written } from "@trapeza/protocol/chip";
import type { Writer } from "@trapeza/protocol/chip";

export type PaperLine =
  | { readonly kind: "text"; readonly text: string; readonly bold?: boolean; readonly centre?: boolean; readonly large?: boolean }
  /** Left and right edge; the left part gives way, or moves to a line of its own. */
  | { readonly kind: "pair"; readonly left: string; readonly right: string; readonly bold?: boolean }
  | { readonly kind: "rule" }
  | { readonly kind: "qr"; readonly text: string };

const COLUMNS = 32;
const QR_DOTS = 5;

export function text(line: string): PaperLine {
  return { kind: "text", text: line };
}

export function title(line: string): PaperLine {
  return { kind: "text", text: line, bold: true, centre: true };
}

export function pair(left: string, right: string): PaperLine {
  return { kind: "pair", left, right };
}

export const RULE: PaperLine = { kind: "rule" };

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
function spread(left: string, right: string): string[] {
  const room = COLUMNS - right.length - 1;
  if (left.length <= room) return [left + repeat(" ", COLUMNS - left.length - right.length) + right];
  const lines = wrap(left, COLUMNS);
  lines.push(repeat(" ", COLUMNS - right.length) + right);
  return lines;
}

/** What a line looks like on paper, for a test or a picture of it. */
export function layout(line: PaperLine): string[] {
  if (line.kind === "rule") return [repeat("-", COLUMNS)];
  if (line.kind === "pair") return spread(line.left, line.right);
  if (line.kind === "qr") return [line.text];
  return wrap(line.text, line.large ? COLUMNS / 2 : COLUMNS);
}

function writeLine(paper: Writer, line: PaperLine): void {
  if (line.kind === "qr") {
    writeRaw(paper, escpos.align(1));
    writeRaw(paper, escpos.qr(latinBytes(line.text), QR_DOTS));
    writeRaw(paper, escpos.lineFeed());
    writeRaw(paper, escpos.align(0));
    return;
  }
  const bold = line.kind !== "rule" && line.bold === true;
  const centre = line.kind === "text" && line.centre === true;
  const large = line.kind === "text" && line.large === true;
  if (bold) writeRaw(paper, escpos.bold(true));
  if (centre) writeRaw(paper, escpos.align(1));
  if (large) writeRaw(paper, escpos.size(2, 2));
  const rows = layout(line);
  for (let i = 0; i < rows.length; i++) {
    writeRaw(paper, escpos.encodeText(rows[i]));
    writeRaw(paper, escpos.lineFeed());
  }
  if (large) writeRaw(paper, escpos.size(1, 1));
  if (centre) writeRaw(paper, escpos.align(0));
  if (bold) writeRaw(paper, escpos.bold(false));
}

/** The whole receipt, code page and cut included; written piece by piece, because a class's pieces together would not fit into the chip. */
export function encodeReceipt(lines: ReadonlyArray<PaperLine>): Uint8Array {
  const paper = createWriter(512);
  writeRaw(paper, escpos.initialise());
  writeRaw(paper, escpos.cancelKanji());
  writeRaw(paper, escpos.codePage(escpos.CODE_PAGE_866));
  for (let i = 0; i < lines.length; i++) writeLine(paper, lines[i]);
  writeRaw(paper, escpos.feed(4));
  writeRaw(paper, escpos.cut());
  return written(paper);
}
