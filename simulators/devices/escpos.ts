/**
 * The twin of a receipt printer: reads its line as a printer does, prints at a printer's speed and keeps the paper, line by line, as it would look.
 * Without paper or with an open cover it waits with what it has; it answers questions about its state all the same.
 */
import { escpos } from "@trapeza/protocol";
import type { SerialDevice } from "../board-serial.js";
import type { Clock, Timer } from "../clock.js";

export interface Span {
  readonly text: string;
  readonly bold: boolean;
  /** 1…8 times as wide and high as a plain letter. */
  readonly width: number;
  readonly height: number;
}

export type PaperLine =
  | { readonly kind: "text"; readonly spans: readonly Span[]; readonly align: "left" | "center" | "right" }
  | { readonly kind: "qr"; readonly data: Uint8Array; readonly dots: number; readonly align: "left" | "center" | "right" };

/** A piece of paper between two cuts. */
export interface Receipt {
  readonly lines: readonly PaperLine[];
}

export interface EscposTwin extends SerialDevice {
  /** Cut off and lying in the tray, oldest first. */
  readonly receipts: readonly Receipt[];
  /** Still in the printer. */
  readonly current: Receipt;
  /** Grows with every line: equal numbers, equal paper. */
  readonly version: number;
  paper: "ok" | "near-end" | "end";
  coverOpen: boolean;
  /** Modules that never answer: status unknown. */
  silent: boolean;
  /** Throws away what lies in the tray; what is still in the printer stays. */
  discard(): void;
}

/** Letters of font A on 58 mm paper. */
export const COLUMNS = 32;
/** 60 mm a second at 8 dots a millimetre and 30 dots a line. */
const LINE_MS = 60;
const QR_LINES = 8;
const CUT_MS = 300;
const STATUS_MS = 2;

const ALIGN = ["left", "center", "right"] as const;

/** CP866 from 0xB0 to 0xDF: shades and line drawing. */
const FRAMES = "░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀";
/** CP866 from 0xF0: letters of neighbours, signs. */
const SIGNS = "0401 0451 0404 0454 0407 0457 040e 045e 00b0 2219 00b7 221a 2116 00a4 25a0 00a0"
  .split(" ")
  .map((point) => parseInt(point, 16));
/** The alphabet stands at U+0410 to U+044F; on the page its last sixteen letters follow the line drawing. */
const ALPHABET = 0x410;

interface Style {
  page: number;
  bold: boolean;
  width: number;
  height: number;
  align: (typeof ALIGN)[number];
  dots: number;
  stored: Uint8Array;
}

function freshStyle(): Style {
  return { page: 0, bold: false, width: 1, height: 1, align: "left", dots: 3, stored: new Uint8Array(0) };
}

/** On another page than CP866 the upper half is not Russian: what stands there shows that the page was forgotten. */
function letter(byte: number, page: number): string {
  if (byte < 0x80) return String.fromCharCode(byte);
  if (page !== escpos.CODE_PAGE_866) return "\u2592";
  if (byte < 0xb0) return String.fromCharCode(ALPHABET + byte - 0x80);
  if (byte < 0xe0) return FRAMES[byte - 0xb0];
  return String.fromCharCode(byte < 0xf0 ? ALPHABET + byte - 0xb0 : SIGNS[byte - 0xf0]);
}

/** The paper in the printer and on the tray. */
interface Paper {
  readonly receipts: Receipt[];
  lines: PaperLine[];
  spans: Span[];
  column: number;
  style: Style;
  version: number;
}

function endLine(paper: Paper): void {
  paper.lines.push({ kind: "text", spans: paper.spans, align: paper.style.align });
  paper.spans = [];
  paper.column = 0;
  paper.version++;
}

function printText(paper: Paper, bytes: Uint8Array): void {
  const { bold, width, height, page } = paper.style;
  for (const byte of bytes) {
    if (paper.column + width > COLUMNS) endLine(paper);
    paper.column += width;
    const last = paper.spans[paper.spans.length - 1];
    const text = letter(byte, page);
    const goesOn = last && last.bold === bold && last.width === width && last.height === height;
    if (goesOn) paper.spans[paper.spans.length - 1] = { ...last, text: last.text + text };
    else paper.spans.push({ text, bold, width, height });
  }
}

function cut(paper: Paper): void {
  if (paper.spans.length > 0) endLine(paper);
  if (paper.lines.length > 0) paper.receipts.push({ lines: paper.lines });
  paper.lines = [];
  paper.version++;
}

function performQr(paper: Paper, part: number, data: Uint8Array): number {
  const { style } = paper;
  if (part === 0x43) style.dots = data[0];
  if (part === 0x50) style.stored = data.subarray(1);
  if (part !== 0x51) return 0;
  paper.lines.push({ kind: "qr", data: style.stored, dots: style.dots, align: style.align });
  paper.version++;
  return LINE_MS * QR_LINES;
}

/** Does what `token` says and returns how many milliseconds it takes. */
function perform(paper: Paper, token: escpos.Token): number {
  const { style } = paper;
  switch (token.kind) {
    case "text":
      printText(paper, token.bytes);
      return 0;
    case "line_feed":
      endLine(paper);
      return LINE_MS * style.height;
    case "feed":
      for (let i = 0; i < token.value; i++) endLine(paper);
      return LINE_MS * token.value;
    case "initialise":
      paper.style = freshStyle();
      return 0;
    case "code_page":
      style.page = token.value;
      return 0;
    case "bold":
      style.bold = (token.value & 1) === 1;
      return 0;
    case "align":
      style.align = ALIGN[token.value % 48] ?? "left";
      return 0;
    case "size":
      style.width = (token.value >> 4) + 1;
      style.height = (token.value & 15) + 1;
      return 0;
    case "cut":
      cut(paper);
      return CUT_MS;
    case "qr":
      return performQr(paper, token.part, token.data);
    default:
      return 0;
  }
}

function statusByte(question: number, { paper, coverOpen }: EscposTwin): number {
  const end = paper === "end";
  if (question === 1) return 0x12 | (end || coverOpen ? 0x08 : 0);
  if (question === 2) return 0x12 | (coverOpen ? 0x04 : 0) | (end ? 0x20 : 0);
  if (question === 4) return 0x12 | (paper !== "ok" ? 0x0c : 0) | (end ? 0x60 : 0);
  return 0x12;
}

/** What has been read and not yet printed. */
interface Buffered {
  add(token: escpos.Token): void;
  /** The buffer is memory: a loss of power empties it. */
  clear(): void;
}

function createBuffer(clock: Clock, paper: Paper, canPrint: () => boolean): Buffered {
  let queue: escpos.Token[] = [];
  let working: Timer | null = null;
  function work(): void {
    working = null;
    while (queue.length > 0 && canPrint()) {
      const ms = perform(paper, queue.shift() as escpos.Token);
      if (ms === 0) continue;
      working = clock.after(ms, work);
      return;
    }
    // Nothing tells a printer that its paper is back but its own sensor.
    if (queue.length > 0) working = clock.after(CUT_MS, work);
  }
  return {
    add(token) {
      queue.push(token);
      if (!working) work();
    },
    clear() {
      working?.cancel();
      working = null;
      queue = [];
    },
  };
}

export function createEscposTwin(clock: Clock): EscposTwin {
  const paper: Paper = { receipts: [], lines: [], spans: [], column: 0, style: freshStyle(), version: 0 };
  const buffer = createBuffer(clock, paper, () => twin.paper !== "end" && !twin.coverOpen);
  let rest: Uint8Array = new Uint8Array(0);
  let powered = false;
  let send: (bytes: Uint8Array) => void = () => {};
  const twin: EscposTwin = {
    baud: 19200,
    paper: "ok",
    coverOpen: false,
    silent: false,
    receipts: paper.receipts,
    get current() {
      const { lines, spans, style } = paper;
      return { lines: spans.length > 0 ? [...lines, { kind: "text" as const, spans, align: style.align }] : lines };
    },
    get version() {
      return paper.version;
    },
    connect: (back) => void (send = back),
    power(on) {
      powered = on;
      buffer.clear();
      rest = new Uint8Array(0);
      paper.style = freshStyle();
    },
    receive(bytes) {
      if (!powered) return;
      const scanned = escpos.scan(Buffer.concat([rest, bytes]));
      rest = scanned.rest;
      for (const token of scanned.tokens) {
        if (token.kind !== "ask_status") buffer.add(token);
        else if (!twin.silent) {
          const status = new Uint8Array([statusByte(token.value, twin)]);
          clock.after(STATUS_MS, () => powered && send(status));
        }
      }
    },
    discard() {
      paper.receipts.length = 0;
      paper.version++;
    },
  };
  return twin;
}

/** A receipt as plain text, one line a line, centred and right-aligned by blanks; a QR code stands as its size in bytes. */
export function receiptText(receipt: Receipt): string {
  return receipt.lines.map(lineText).join("\n");
}

function lineText(line: PaperLine): string {
  const text = line.kind === "qr" ? `[QR ${line.data.length}]` : line.spans.map((span) => span.text).join("");
  const width = line.kind === "qr" ? text.length : line.spans.reduce((sum, span) => sum + span.text.length * span.width, 0);
  const free = Math.max(0, COLUMNS - width);
  const indent = line.align === "left" ? 0 : line.align === "right" ? free : Math.floor(free / 2);
  return " ".repeat(indent) + text.trimEnd();
}
