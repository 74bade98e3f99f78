/**
 * Bytes of a receipt printer that speaks ESC/POS: what a receipt needs, what printers say of themselves, and how models differ. Chip-safe.
 *
 * Paper speaks CP866 (page 17 on Epson TM and most clones) or windows-1251; the terminal's text is windows-1251, one character a byte.
 */
import { concat, copyOf } from "../wire/bytes.js";

/** What a model has, as bits: text in windows-1251 (CP866 without), a cutter, QR codes of its own. */
export const CP1251 = 1;
export const CUTTER = 2;
export const QR_CODES = 4;
/** It answers DLE EOT, even without paper · ESC v, in its turn behind what it prints. One that does neither prints unseen. */
export const ANSWERS_AT_ONCE = 8;
export const ANSWERS_IN_TURN = 16;

export interface Profile {
  /** Of `ESC t`: where it keeps its Russian letters. */
  readonly page: number;
  /** Letters of font A in a line. */
  readonly columns: number;
  /** Sum of the bits above. */
  readonly traits: number;
}

const USUAL = CUTTER + QR_CODES + ANSWERS_AT_ONCE;

/**
 * Models by name. Pages and widths are those of escpos-printer-db and of the CyberPlat kiosk client; `ttl-58` are modules such as QR701, CSN-A2 and EM5820. A
 * cutter, a code or an answer that is not known of a model is not relied upon.
 */
export const MODELS: { readonly [name: string]: Profile } = {
  "clone-58": { page: 17, columns: 32, traits: USUAL },
  "clone-58-page-59": { page: 59, columns: 32, traits: USUAL },
  "clone-80": { page: 17, columns: 48, traits: USUAL },
  "epson-tm": { page: 17, columns: 48, traits: USUAL },
  "epson-tm-42": { page: 17, columns: 42, traits: USUAL },
  "epson-tm-1251": { page: 46, columns: 48, traits: USUAL + CP1251 },
  "rongta-rp326": { page: 7, columns: 48, traits: USUAL },
  "ttl-58": { page: 17, columns: 32, traits: ANSWERS_IN_TURN },
  "zj-5870": { page: 17, columns: 32, traits: 0 },
};

/** CP866 for windows-1251 0x80…0xbf; what CP866 lacks becomes its plainest neighbour («» straight quotes, a dash a hyphen). */
const CP866 = "??'?\".++E??<?????''\"\"\xf9--?T?>????" + ' \xf6\xf7?\xfd??S\xf0c\xf2"--R\xf4\xf8+???uP\xfa\xf1\xfc\xf3"???\xf5';

/** CP866 for a windows-1251 character of 0x80 and more. Its Russian letters are in the same order, in two pieces. */
function cp866Of(code: number): number {
  return code < 0xc0 ? CP866.charCodeAt(code - 0x80) : code < 0xf0 ? code - 0x40 : code - 0x10;
}

const ESC = 0x1b;
const GS = 0x1d;
const FS = 0x1c;
const DLE = 0x10;
const LF = 0x0a;

/** windows-1251 text as the bytes of a printer with these traits. Control characters become "?": a name must never be a command. */
export function encodeText(text: string, traits: number): Uint8Array {
  const out = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    out[i] = code < 32 || code > 255 ? 63 : code < 128 || traits & CP1251 ? code : cp866Of(code);
  }
  return out;
}

/** Clears modes and the code page. */
export function initialise(): Uint8Array {
  return new Uint8Array([ESC, 0x40]);
}

/** DLE ENQ 2, heard at once: what waits in its buffers is thrown away, and an error it can get over is over. Then as new. */
export function recover(): Uint8Array {
  return new Uint8Array([DLE, 0x05, 2, ESC, 0x40]);
}

export function codePage(page: number): Uint8Array {
  return new Uint8Array([ESC, 0x74, page]);
}

/** Chinese clones pair up bytes above 0x7f until told not to. */
export function cancelKanji(): Uint8Array {
  return new Uint8Array([FS, 0x2e]);
}

export function bold(on: boolean): Uint8Array {
  return new Uint8Array([ESC, 0x45, on ? 1 : 0]);
}

/** 0 left, 1 centre, 2 right. */
export function align(side: 0 | 1 | 2): Uint8Array {
  return new Uint8Array([ESC, 0x61, side]);
}

/** 1…8 times as wide and as high. */
export function size(width: number, height: number): Uint8Array {
  return new Uint8Array([GS, 0x21, ((width - 1) << 4) | (height - 1)]);
}

export function lineFeed(): Uint8Array {
  return new Uint8Array([LF]);
}

export function feed(lines: number): Uint8Array {
  return new Uint8Array([ESC, 0x64, lines]);
}

/** Leaves one bridge of paper, so that a receipt does not fall on the floor. */
export function cut(): Uint8Array {
  return new Uint8Array([GS, 0x56, 0x01]);
}

/** A QR code of level M: model 2, `dots` a module, up to 700 bytes of data. */
export function qr(data: Uint8Array, dots: number): Uint8Array {
  const length = data.length + 3;
  return concat([
    new Uint8Array([GS, 0x28, 0x6b, 4, 0, 0x31, 0x41, 0x32, 0]),
    new Uint8Array([GS, 0x28, 0x6b, 3, 0, 0x31, 0x43, dots]),
    new Uint8Array([GS, 0x28, 0x6b, 3, 0, 0x31, 0x45, 0x31]),
    new Uint8Array([GS, 0x28, 0x6b, length & 255, length >> 8, 0x31, 0x50, 0x30]),
    data,
    new Uint8Array([GS, 0x28, 0x6b, 3, 0, 0x31, 0x51, 0x30]),
  ]);
}

/** DLE EOT n: one byte back, even without paper. 1 printer, 2 cause of being offline, 3 error, 4 paper. */
export function askStatus(n: 1 | 2 | 3 | 4): Uint8Array {
  return new Uint8Array([DLE, 0x04, n]);
}

/** ESC v: one byte back, once everything before it is printed. */
export function askInTurn(): Uint8Array {
  return new Uint8Array([ESC, 0x76]);
}

/** `false` for whatever else may come up the line: flow control, automatic status, noise. */
export function isStatusByte(byte: number): boolean {
  return (byte & 0x93) === 0x12;
}

/** The answer to n = 2. */
export function decodeOfflineCause(byte: number): { readonly coverOpen: boolean; readonly paperEnd: boolean; readonly error: boolean } {
  return { coverOpen: (byte & 0x04) !== 0, paperEnd: (byte & 0x20) !== 0, error: (byte & 0x40) !== 0 };
}

/** The answer to n = 4. */
export function decodePaper(byte: number): { readonly nearEnd: boolean; readonly end: boolean } {
  return { nearEnd: (byte & 0x0c) !== 0, end: (byte & 0x60) !== 0 };
}

/** The answer to ESC v, if it is one. */
export function isPaperByte(byte: number): boolean {
  return (byte & 0xf0) === 0;
}

export function decodePaperInTurn(byte: number): { readonly nearEnd: boolean; readonly end: boolean } {
  return { nearEnd: (byte & 0x03) !== 0, end: (byte & 0x0c) !== 0 };
}

/** What a printer reads out of its line; `text` and `data` as raw bytes in the printer's code page. */
export type Token =
  | { readonly kind: "text"; readonly bytes: Uint8Array }
  | { readonly kind: "line_feed" }
  | { readonly kind: "initialise" }
  | { readonly kind: "cancel_kanji" | "ask_in_turn" }
  | { readonly kind: "code_page" | "bold" | "align" | "size" | "feed" | "cut" | "ask_status" | "recover"; readonly value: number }
  /** One function of GS ( k: 0x41 model, 0x43 dots, 0x45 level, 0x50 store, 0x51 print. */
  | { readonly kind: "qr"; readonly part: number; readonly data: Uint8Array }
  | { readonly kind: "unknown"; readonly bytes: Uint8Array };

type Found = { readonly token: Token; readonly length: number };

const ESC_ONE: { readonly [code: number]: "code_page" | "bold" | "align" | "feed" } = {
  0x74: "code_page",
  0x45: "bold",
  0x61: "align",
  0x64: "feed",
};

/** The command at the front of `bytes`; `null` = it is not all there yet. */
function commandAt(bytes: Uint8Array): Found | null {
  const [lead, code] = [bytes[0], bytes[1]];
  if (bytes.length < 2) return null;
  if (lead === ESC && code === 0x40) return { token: { kind: "initialise" }, length: 2 };
  if (lead === ESC && code === 0x76) return { token: { kind: "ask_in_turn" }, length: 2 };
  if (lead === FS && code === 0x2e) return { token: { kind: "cancel_kanji" }, length: 2 };
  const one = lead === ESC ? ESC_ONE[code] : lead === GS && code === 0x21 ? "size" : lead === GS && code === 0x56 ? "cut" : undefined;
  const kind = lead === DLE && code === 0x04 ? "ask_status" : lead === DLE && code === 0x05 ? "recover" : one;
  if (kind) return bytes.length < 3 ? null : { token: { kind, value: bytes[2] }, length: 3 };
  if (lead !== GS || code !== 0x28) return { token: { kind: "unknown", bytes: copyOf(bytes, 0, 2) }, length: 2 };
  if (bytes.length < 5) return null;
  const length = 5 + bytes[3] + bytes[4] * 256;
  if (bytes.length < length) return null;
  if (bytes[2] !== 0x6b || length < 7) return { token: { kind: "unknown", bytes: copyOf(bytes, 0, length) }, length };
  return { token: { kind: "qr", part: bytes[6], data: copyOf(bytes, 7, length) }, length };
}

/** The printer's side, used where one is imitated: tokens that are complete, and the bytes that wait for more. */
export function scan(bytes: Uint8Array): { readonly tokens: Token[]; readonly rest: Uint8Array } {
  const tokens: Token[] = [];
  let at = 0;
  while (at < bytes.length) {
    let end = at;
    while (end < bytes.length && bytes[end] >= 32) end++;
    if (end > at) tokens.push({ kind: "text", bytes: copyOf(bytes, at, end) });
    at = end;
    if (at >= bytes.length) break;
    const lead = bytes[at];
    if (lead !== ESC && lead !== GS && lead !== FS && lead !== DLE) {
      tokens.push(lead === LF ? { kind: "line_feed" } : { kind: "unknown", bytes: copyOf(bytes, at, at + 1) });
      at++;
      continue;
    }
    const found = commandAt(bytes.subarray(at));
    if (!found) break;
    tokens.push(found.token);
    at += found.length;
  }
  return { tokens, rest: copyOf(bytes, at, bytes.length) };
}
