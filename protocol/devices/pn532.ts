/**
 * Bytes of the NXP PN532 card reader on a UART (HSU): frames, the few commands a terminal needs, and their answers; and what goes through it to a MIFARE
 * Classic card or an NTAG 424 DNA. Chip-safe.
 *
 * UM0701-02 §6.2: `00 00 FF LEN LCS TFI data DCS 00`. A frame that fails its sums is a value (`bad`), and scanning goes on behind it.
 */
import { concat, copyOf, fromHex, latinText, NO_BYTES, toHex } from "../wire/bytes.js";

/** First byte of the data: who speaks. */
export const FROM_HOST = 0xd4;
export const FROM_READER = 0xd5;

/** Command codes (UM0701-02 §7); the answer carries the code plus one. */
export const GET_FIRMWARE_VERSION = 0x02;
export const SET_PARAMETERS = 0x12;
export const SAM_CONFIGURATION = 0x14;
export const RF_CONFIGURATION = 0x32;
export const IN_DATA_EXCHANGE = 0x40;
export const IN_LIST_PASSIVE_TARGET = 0x4a;
export const IN_RELEASE = 0x52;

/** Error byte of an exchange (UM0701-02 §7.1): the key was not the sector's. Any error sends a MIFARE card to sleep: it must be looked for again. */
export const WRONG_KEY = 0x14;
/** The card does not answer any more. */
export const NO_ANSWER = 0x01;

/** A bit of a card's SAK: it speaks ISO 14443-4, so what goes to it are APDUs. */
export const SPEAKS_APDU = 0x20;

/** 264 bytes of data and the TFI: the largest extended frame. */
const LONGEST = 265;

export type Pn532Frame =
  | { readonly kind: "ack" }
  | { readonly kind: "nack" }
  /** The reader did not understand the command's syntax. */
  | { readonly kind: "error" }
  /** `tfi` and what follows it: the command or answer code first. */
  | { readonly kind: "data"; readonly tfi: number; readonly data: Uint8Array }
  | { readonly kind: "bad"; readonly what: string };

export const ACK = new Uint8Array([0x00, 0x00, 0xff, 0x00, 0xff, 0x00]);
export const NACK = new Uint8Array([0x00, 0x00, 0xff, 0xff, 0x00, 0x00]);
export const ERROR = new Uint8Array([0x00, 0x00, 0xff, 0x01, 0xff, 0x7f, 0x81, 0x00]);

/** Leaves LowVbat; the chip answers nothing until SAMConfiguration, which must follow in the same burst (libnfc's length). */
export const WAKE_UP = new Uint8Array([0x55, 0x55, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);

/** `data` without the TFI, at most 264 bytes; an extended frame is used only when it must be. */
export function encodeFrame(tfi: number, data: Uint8Array): Uint8Array {
  const length = data.length + 1;
  const head = length > 255 ? [0, 0, 0xff, 0xff, 0xff, length >> 8, length & 255, 256 - (((length >> 8) + length) & 255)] : null;
  const start = head || [0, 0, 0xff, length, 256 - length];
  const out = new Uint8Array(start.length + length + 2);
  out.set(start, 0);
  out[start.length] = tfi;
  out.set(data, start.length + 1);
  let sum = tfi;
  for (let i = 0; i < data.length; i++) sum += data[i];
  out[start.length + length] = -sum & 255;
  return out;
}

/** What has come in and is not yet a whole frame. */
export interface Pn532Scanner {
  pending: Uint8Array;
}

export function createScanner(): Pn532Scanner {
  return { pending: NO_BYTES };
}

type Step = { readonly frame: Pn532Frame | null; readonly next: number };

function bad(what: string, next: number): Step {
  return { frame: { kind: "bad", what }, next };
}

/** The frame whose start code `00 FF` stands at `at`; `null` when more bytes are needed. */
function frameAt(bytes: Uint8Array, at: number): Step | null {
  if (at + 4 > bytes.length) return null;
  let length = bytes[at + 2];
  let body = at + 4;
  const check = bytes[at + 3];
  if (length === 0 && check === 0xff) return { frame: { kind: "ack" }, next: body };
  if (length === 0xff && check === 0) return { frame: { kind: "nack" }, next: body };
  if (length === 0xff && check === 0xff) {
    if (at + 7 > bytes.length) return null;
    length = bytes[at + 4] * 256 + bytes[at + 5];
    if (((bytes[at + 4] + bytes[at + 5] + bytes[at + 6]) & 255) !== 0) return bad("length check", at + 2);
    body = at + 7;
  } else if (((length + check) & 255) !== 0) return bad("length check", at + 2);
  if (length === 0 || length > LONGEST) return bad("length", at + 2);
  if (body + length + 1 > bytes.length) return null;
  let sum = 0;
  for (let i = body; i <= body + length; i++) sum += bytes[i];
  if ((sum & 255) !== 0) return bad("data check", at + 2);
  const next = body + length + 1;
  if (length === 1 && bytes[body] === 0x7f) return { frame: { kind: "error" }, next };
  return { frame: { kind: "data", tfi: bytes[body], data: copyOf(bytes, body + 1, body + length) }, next };
}

/** Takes what the port delivered, however it was cut, and returns the frames that are now complete, oldest first. */
export function scan(scanner: Pn532Scanner, chunk: Uint8Array): Pn532Frame[] {
  const bytes = scanner.pending.length ? concat([scanner.pending, chunk]) : chunk;
  const frames: Pn532Frame[] = [];
  let at = 0;
  while (at + 1 < bytes.length) {
    if (bytes[at] !== 0 || bytes[at + 1] !== 0xff) {
      at++;
      continue;
    }
    const step = frameAt(bytes, at);
    if (!step) break;
    if (step.frame) frames.push(step.frame);
    at = step.next;
  }
  scanner.pending = copyOf(bytes, at, bytes.length);
  return frames;
}

/** Asks for IC, version and revision. */
export function getFirmwareVersion(): Uint8Array {
  return encodeFrame(FROM_HOST, new Uint8Array([GET_FIRMWARE_VERSION]));
}

/** Normal mode, 1 s time-out, IRQ pin in use; with the wake-up in front, because only one burst leaves LowVbat. */
export function wakeAndConfigure(): Uint8Array {
  return concat([WAKE_UP, encodeFrame(FROM_HOST, new Uint8Array([SAM_CONFIGURATION, 0x01, 0x14, 0x01]))]);
}

/** How often a passive card is looked for before the answer says "none"; 0xff = until one comes. */
export function setPassiveRetries(retries: number): Uint8Array {
  return encodeFrame(FROM_HOST, new Uint8Array([RF_CONFIGURATION, 0x05, 0xff, 0x01, retries]));
}

/** The reader itself brings an ISO 14443-4 card to the point where it takes APDUs (bit 4), as after its reset; bit 2 likewise for another kind. */
export function setParameters(): Uint8Array {
  return encodeFrame(FROM_HOST, new Uint8Array([SET_PARAMETERS, 0x14]));
}

/** Looks for one ISO 14443 type A card at 106 kbit/s. */
export function listPassiveTarget(): Uint8Array {
  return encodeFrame(FROM_HOST, new Uint8Array([IN_LIST_PASSIVE_TARGET, 0x01, 0x00]));
}

export function release(): Uint8Array {
  return encodeFrame(FROM_HOST, new Uint8Array([IN_RELEASE, 0x00]));
}

export interface FirmwareVersion {
  readonly ic: number;
  readonly version: number;
  readonly revision: number;
}

/** The answer to GetFirmwareVersion, `null` when it is another one. */
export function decodeFirmwareVersion(data: Uint8Array): FirmwareVersion | null {
  if (data.length < 5 || data[0] !== GET_FIRMWARE_VERSION + 1) return null;
  return { ic: data[1], version: data[2], revision: data[3] };
}

export type Target =
  | { readonly kind: "none" }
  /** `uid` lower-case hex of 4, 7 or 10 bytes; `sak` tells the card's family. */
  | { readonly kind: "card"; readonly uid: string; readonly sak: number; readonly atqa: number }
  | { readonly kind: "malformed"; readonly what: string };

/** The answer to InListPassiveTarget: `4B NbTg [Tg ATQA(2) SAK UIDlen UID …]`. */
export function decodeTarget(data: Uint8Array): Target {
  if (data.length < 2 || data[0] !== IN_LIST_PASSIVE_TARGET + 1) return { kind: "malformed", what: "another answer" };
  if (data[1] === 0) return { kind: "none" };
  const length = data.length > 6 ? data[6] : 0;
  if (length !== 4 && length !== 7 && length !== 10) return { kind: "malformed", what: "uid length" };
  if (data.length < 7 + length) return { kind: "malformed", what: "truncated" };
  return { kind: "card", uid: toHex(copyOf(data, 7, 7 + length)), sak: data[5], atqa: data[3] * 256 + data[4] };
}

/** A telephone (ISO 14443-4 without MIFARE Classic) or a UID made up anew at each tap (`08…`, ISO/IEC 14443-3 §6.5.4): never a school card. */
export function isRandomUid(uid: string): boolean {
  return uid.length === 8 && uid.slice(0, 2) === "08";
}

/** Something for the card that was found; nothing at all asks for the rest of an answer that was too long for one frame. */
export function exchange(request: Uint8Array): Uint8Array {
  return encodeFrame(FROM_HOST, concat([new Uint8Array([IN_DATA_EXCHANGE, 1]), request]));
}

/** What the card said. `status` 0 when it did, else the error byte; `more`: the answer goes on. */
export interface Exchanged {
  readonly status: number;
  readonly more: boolean;
  readonly data: Uint8Array;
}

/** The answer to InDataExchange, `41 status data…`; `null` when it is another one. */
export function decodeExchange(data: Uint8Array): Exchanged | null {
  if (data.length < 2 || data[0] !== IN_DATA_EXCHANGE + 1) return null;
  return { status: data[1] & 0x3f, more: (data[1] & 0x40) !== 0, data: copyOf(data, 2, data.length) };
}

/** Opens a MIFARE Classic sector, named by any of its blocks, with its key B; `uid` in hex: only its last four bytes count (AN10833 §3). */
export function authenticate(block: number, key: Uint8Array, uid: string): Uint8Array {
  const id = fromHex(uid.slice(uid.length - 8));
  return concat([new Uint8Array([0x61, block]), key, id || new Uint8Array(4)]);
}

/** 16 bytes come back. */
export function readBlock(block: number): Uint8Array {
  return new Uint8Array([0x30, block]);
}

/** 16 bytes. A card that is pulled away meanwhile may hold the old ones, the new ones or neither. */
export function writeBlock(block: number, data: Uint8Array): Uint8Array {
  return concat([new Uint8Array([0xa0, block]), data]);
}

/** Selects the NDEF application and its file, and reads 128 bytes of it (ISO/IEC 7816-4, NFC Forum Type 4 Tag §5): an NTAG 424 makes a new message for that. */
export function readNdef(): Uint8Array[] {
  return ["00a4040007d276000085010100", "00a4000c02e104", "00b0000080"].map(function (hex) {
    return fromHex(hex) as Uint8Array;
  });
}

/**
 * The 24 bytes, PICC data ‖ MAC, out of a file whose address ends in `<32 hex digits>&m=<16 hex digits>`, whatever letter the `m` is. `null` when there
 * are none.
 */
export function sunIn(file: Uint8Array): Uint8Array | null {
  const text = latinText(file);
  for (let i = 0; i + 51 <= text.length; i++) {
    // Looked at first, because on the chip a try costs a millisecond.
    const picc = text.charAt(i + 32) === "&" && fromHex(text.slice(i, i + 32));
    const mac = picc && fromHex(text.slice(i + 35, i + 51));
    if (picc && mac) return concat([picc, mac]);
  }
  return null;
}
