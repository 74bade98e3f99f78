/**
 * The twin of a receipt printer: reads its line as a printer does, prints at a printer's speed and keeps the paper, line by line, as it would look.
 * Without paper or with an open cover it waits with what it has; it answers questions about its state all the same.
 */
import { escpos } from "@trapeza/protocol";
import type { SerialDevice } from "../board-serial.js";
import type { Clock } from "../clock.js";

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

/** CP866 above 0x7F: the alphabet, line drawing, the alphabet's rest, a few signs. */
const UPPER =
  "АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯабвгдежзийклмноп░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀рстуфхцчшщъыьэюяЁёЄєЇїЎў°∙·√№¤■\u00a0";

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
  return page === escpos.CODE_PAGE_866 ? UPPER[byte - 0x80] : "\u2592";
}

export function createEscposTwin(clock: Clock): EscposTwin {
  const receipts: Receipt[] = [];
  let lines: PaperLine[] = [];
  let spans: Span[] = [];
  let column = 0;
  let style = freshStyle();
  let rest: Uint8Array = new Uint8Array(0);
  let queue: escpos.Token[] = [];
  let busy = false;
  let powered = false;
  let version = 0;
  let send: (bytes: Uint8Array) => void = () => {};

  function endLine(): void {
    lines.push({ kind: "text", spans, align: style.align });
    spans = [];
    column = 0;
    version++;
  }

  function printText(bytes: Uint8Array): void {
    for (const byte of bytes) {
      if (column + style.width > COLUMNS) endLine();
      column += style.width;
      const { bold, width, height } = style;
      const last = spans[spans.length - 1];
      const text = letter(byte, style.page);
      if (last && last.bold === bold && last.width === width && last.height === height) {
        spans[spans.length - 1] = { ...last, text: last.text + text };
      } else spans.push({ text, bold, width, height });
    }
  }

  function cut(): void {
    if (spans.length > 0) endLine();
    if (lines.length > 0) receipts.push({ lines });
    lines = [];
    version++;
  }

  /** Does what `token` says and returns how many milliseconds it takes. */
  function perform(token: escpos.Token): number {
    switch (token.kind) {
      case "text":
        printText(token.bytes);
        return 0;
      case "line_feed":
        endLine();
        return LINE_MS * style.height;
      case "feed":
        for (let i = 0; i < token.value; i++) endLine();
        return LINE_MS * token.value;
      case "initialise":
        style = freshStyle();
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
        cut();
        return CUT_MS;
      case "qr":
        return performQr(token.part, token.data);
      default:
        return 0;
    }
  }

  function performQr(part: number, data: Uint8Array): number {
    if (part === 0x43) style.dots = data[0];
    if (part === 0x50) style.stored = data.subarray(1);
    if (part !== 0x51) return 0;
    lines.push({ kind: "qr", data: style.stored, dots: style.dots, align: style.align });
    version++;
    return LINE_MS * QR_LINES;
  }

  function work(): void {
    if (busy || !powered) return;
    while (queue.length > 0 && twin.paper !== "end" && !twin.coverOpen) {
      const token = queue.shift() as escpos.Token;
      const ms = perform(token);
      if (ms === 0) continue;
      busy = true;
      clock.after(ms, () => {
        busy = false;
        work();
      });
      return;
    }
    // Nothing tells a printer that its paper is back but its own sensor.
    if (queue.length > 0) clock.after(CUT_MS, work);
  }

  function statusByte(question: number): number {
    const end = twin.paper === "end";
    if (question === 1) return 0x12 | (end || twin.coverOpen ? 0x08 : 0);
    if (question === 2) return 0x12 | (twin.coverOpen ? 0x04 : 0) | (end ? 0x20 : 0);
    if (question === 4) return 0x12 | (twin.paper !== "ok" ? 0x0c : 0) | (end ? 0x60 : 0);
    return 0x12;
  }

  const twin: EscposTwin = {
    baud: 19200,
    paper: "ok",
    coverOpen: false,
    silent: false,
    receipts,
    get current() {
      return { lines: spans.length > 0 ? [...lines, { kind: "text" as const, spans, align: style.align }] : lines };
    },
    get version() {
      return version;
    },
    connect: (back) => void (send = back),
    power(on) {
      powered = on;
      // Its buffer is memory: what was not printed yet is gone.
      queue = [];
      rest = new Uint8Array(0);
      style = freshStyle();
      busy = false;
    },
    receive(bytes) {
      if (!powered) return;
      const scanned = escpos.scan(Buffer.concat([rest, bytes]));
      rest = scanned.rest;
      for (const token of scanned.tokens) {
        if (token.kind !== "ask_status") queue.push(token);
        else if (!twin.silent) {
          const answer = new Uint8Array([statusByte(token.value)]);
          clock.after(STATUS_MS, () => powered && send(answer));
        }
      }
      work();
    },
    discard() {
      receipts.length = 0;
      version++;
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
