/**
 * The twin of a receipt printer of some model: reads its line as that printer does, prints at its speed and keeps the paper, line by line, as it would look.
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
  /** Letters of font A in a line. */
  readonly columns: number;
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
  /** The paper ends behind so many more bytes of what is printed. */
  bytesLeft: number;
  /** Modules that never answer: status unknown. */
  silent: boolean;
  /** Its program has stopped: it neither answers nor prints until it is told to recover, or loses its power. */
  hung: boolean;
  /** Throws away what lies in the tray; what is still in the printer stays. */
  discard(): void;
  /** Somebody tears off what hangs out of a printer without a cutter. */
  tear(): void;
}

/** As it left its factory. */
interface Make {
  readonly columns: number;
  /** What stands in the upper half of which page; on any other page no Russian letter. */
  readonly pages: { readonly [page: number]: "cp866" | "windows-1251" };
  readonly cuts: boolean;
  readonly drawsCodes: boolean;
  /** Which questions it answers. */
  readonly answers: "at once" | "in turn" | "nothing";
}

const USUAL = { cuts: true, drawsCodes: true, answers: "at once" } as const;
const PLAIN = { cuts: false, drawsCodes: false } as const;
/** Written down apart from the protocol's table of profiles: what a terminal believes of its printer is one thing, what the printer does is another. */
const MAKES: { readonly [model: string]: Make } = {
  "clone-58": { ...USUAL, columns: 32, pages: { 17: "cp866" } },
  "clone-58-page-59": { ...USUAL, columns: 32, pages: { 59: "cp866" } },
  "clone-80": { ...USUAL, columns: 48, pages: { 17: "cp866" } },
  "epson-tm": { ...USUAL, columns: 48, pages: { 17: "cp866", 46: "windows-1251" } },
  "epson-tm-42": { ...USUAL, columns: 42, pages: { 17: "cp866", 46: "windows-1251" } },
  "epson-tm-1251": { ...USUAL, columns: 48, pages: { 17: "cp866", 46: "windows-1251" } },
  "rongta-rp326": { ...USUAL, columns: 48, pages: { 7: "cp866" } },
  "ttl-58": { ...PLAIN, columns: 32, pages: { 17: "cp866" }, answers: "in turn" },
  "zj-5870": { ...PLAIN, columns: 32, pages: { 17: "cp866" }, answers: "nothing" },
};

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

const WINDOWS = new TextDecoder("windows-1251");

/** On another page the upper half is not Russian: what stands there shows that the page was forgotten. */
function letter(byte: number, letters: "cp866" | "windows-1251" | undefined): string {
  if (byte < 0x80) return String.fromCharCode(byte);
  if (letters === undefined) return "\u2592";
  if (letters === "windows-1251") return WINDOWS.decode(new Uint8Array([byte]));
  if (byte < 0xb0) return String.fromCharCode(ALPHABET + byte - 0x80);
  if (byte < 0xe0) return FRAMES[byte - 0xb0];
  return String.fromCharCode(byte < 0xf0 ? ALPHABET + byte - 0xb0 : SIGNS[byte - 0xf0]);
}

/** The paper in the printer and on the tray. */
interface Paper {
  readonly make: Make;
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
    if (paper.column + width > paper.make.columns) endLine(paper);
    paper.column += width;
    const last = paper.spans[paper.spans.length - 1];
    const text = letter(byte, paper.make.pages[page]);
    const goesOn = last && last.bold === bold && last.width === width && last.height === height;
    if (goesOn) paper.spans[paper.spans.length - 1] = { ...last, text: last.text + text };
    else paper.spans.push({ text, bold, width, height });
  }
}

function cut(paper: Paper): void {
  if (paper.spans.length > 0) endLine(paper);
  if (paper.lines.length > 0) paper.receipts.push({ columns: paper.make.columns, lines: paper.lines });
  paper.lines = [];
  paper.version++;
}

function performQr(paper: Paper, part: number, data: Uint8Array): number {
  const { style } = paper;
  if (!paper.make.drawsCodes) {
    // An unknown command's data are letters to it.
    printText(paper, data);
    return 0;
  }
  if (part === 0x43) style.dots = data[0];
  if (part === 0x50) style.stored = data.subarray(1);
  if (part !== 0x51) return 0;
  paper.lines.push({ kind: "qr", data: style.stored, dots: style.dots, align: style.align });
  paper.version++;
  return LINE_MS * QR_LINES;
}

/** Does what `token` says and returns how many milliseconds it takes. */
function perform(paper: Paper, token: escpos.Token, say: (byte: number) => void): number {
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
      // A line that is not printed yet is in the print buffer, and that is cleared (ESC/POS, ESC @).
      paper.spans = [];
      paper.column = 0;
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
      if (!paper.make.cuts) return 0;
      cut(paper);
      return CUT_MS;
    case "qr":
      return performQr(paper, token.part, token.data);
    case "ask_in_turn":
      say(IN_TURN);
      return 0;
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

/** What it says of its paper once it has come to the question: without paper it never comes there. */
const IN_TURN = 0x00;
const IN_TURN_NEAR_END = 0x03;

/** What has been read and not yet printed. */
interface Buffered {
  add(token: escpos.Token): void;
  /** The buffer is memory: a loss of power empties it. */
  clear(): void;
}

/** Bytes of a token on the line. */
function sizeOf(token: escpos.Token): number {
  if (token.kind === "text" || token.kind === "unknown") return token.bytes.length;
  if (token.kind === "qr") return 7 + token.data.length;
  if (token.kind === "line_feed") return 1;
  return "value" in token ? 3 : 2;
}

function createBuffer(
  clock: Clock,
  paper: Paper,
  canPrint: () => boolean,
  wear: (token: escpos.Token) => escpos.Token | null,
  say: (byte: number) => void,
): Buffered {
  let queue: escpos.Token[] = [];
  let working: Timer | null = null;
  function work(): void {
    working = null;
    while (queue.length > 0 && canPrint()) {
      const next = queue.shift() as escpos.Token;
      const now = wear(next);
      if (!now) {
        queue.unshift(next);
        continue;
      }
      if (now !== next && now.kind === "text" && next.kind === "text")
        queue.unshift({ kind: "text", bytes: next.bytes.subarray(now.bytes.length) });
      const ms = perform(paper, now, say);
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

export function createEscposTwin(clock: Clock, model = "clone-58"): EscposTwin {
  const make = MAKES[model];
  if (!make) throw new Error(`there is no printer called ${model}`);
  const paper: Paper = { make, receipts: [], lines: [], spans: [], column: 0, style: freshStyle(), version: 0 };
  const answer = (byte: number): void => {
    if (!twin.silent) clock.after(STATUS_MS, () => powered && send(new Uint8Array([byte])));
  };
  const inTurn = (byte: number): void => {
    if (make.answers === "in turn") answer(twin.paper === "near-end" ? IN_TURN_NEAR_END : byte);
  };
  /** Uses up paper: what can still be printed of a token, `null` when it ends before it. */
  const wear = (token: escpos.Token): escpos.Token | null => {
    const size = sizeOf(token);
    const left = twin.bytesLeft;
    twin.bytesLeft = Math.max(0, left - size);
    if (left >= size) return token;
    twin.paper = "end";
    twin.bytesLeft = Infinity;
    return token.kind === "text" && left > 0 ? { kind: "text", bytes: token.bytes.subarray(0, left) } : null;
  };
  const buffer = createBuffer(clock, paper, () => twin.paper !== "end" && !twin.coverOpen, wear, inTurn);
  let rest: Uint8Array = new Uint8Array(0);
  let powered = false;
  let send: (bytes: Uint8Array) => void = () => {};
  const twin: EscposTwin = {
    baud: 19200,
    paper: "ok",
    coverOpen: false,
    bytesLeft: Infinity,
    silent: false,
    hung: false,
    receipts: paper.receipts,
    get current() {
      const { lines, spans, style } = paper;
      return { columns: make.columns, lines: spans.length > 0 ? [...lines, { kind: "text" as const, spans, align: style.align }] : lines };
    },
    get version() {
      return paper.version;
    },
    connect: (back) => void (send = back),
    power(on) {
      powered = on;
      twin.hung = false;
      buffer.clear();
      rest = new Uint8Array(0);
      paper.style = freshStyle();
    },
    receive(bytes) {
      if (!powered) return;
      const scanned = escpos.scan(Buffer.concat([rest, bytes]));
      rest = scanned.rest;
      for (const token of scanned.tokens) {
        if (token.kind === "recover" && token.value === 2) {
          twin.hung = false;
          buffer.clear();
        } else if (twin.hung) continue;
        else if (token.kind !== "ask_status") buffer.add(token);
        else if (make.answers === "at once") answer(statusByte(token.value, twin));
      }
    },
    discard() {
      paper.receipts.length = 0;
      paper.version++;
    },
    tear: () => cut(paper),
  };
  return twin;
}

/** A receipt as plain text, one line a line, centred and right-aligned by blanks; a QR code stands as its size in bytes. */
export function receiptText(receipt: Receipt): string {
  return receipt.lines.map((line) => lineText(line, receipt.columns)).join("\n");
}

function lineText(line: PaperLine, columns: number): string {
  const text = line.kind === "qr" ? `[QR ${line.data.length}]` : line.spans.map((span) => span.text).join("");
  const width = line.kind === "qr" ? text.length : line.spans.reduce((sum, span) => sum + span.text.length * span.width, 0);
  const free = Math.max(0, columns - width);
  const indent = line.align === "left" ? 0 : line.align === "right" ? free : Math.floor(free / 2);
  return " ".repeat(indent) + text.trimEnd();
}
