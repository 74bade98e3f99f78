/**
 * Bytes of CCNET (CashCode NET), the line between a terminal and its bill validator. Chip-safe.
 *
 * `02 ADR LNG CMD data CRC CRC`, CRC least significant byte first. The line has no sequence numbers: whether an answer is a repeat is the
 * driver's business, not this file's. A device's "illegal command" looks exactly like a host's RESET, so a frame's meaning depends on who sent it.
 */
import { concat, copyOf, NO_BYTES } from "../wire/bytes.js";

const SYNC = 0x02;
/** Address of a bill validator on the bus, in both directions. */
export const BILL_VALIDATOR = 0x03;

export const RESET = 0x30;
export const GET_STATUS = 0x31;
export const POLL = 0x33;
export const ENABLE_BILL_TYPES = 0x34;
export const STACK = 0x35;
export const RETURN = 0x36;
export const IDENTIFICATION = 0x37;
export const HOLD = 0x38;
export const GET_BILL_TABLE = 0x41;
export const ACK = 0x00;
export const NAK = 0xff;
/** The device's refusal of a command it does not know or cannot do now. */
export const ILLEGAL = 0x30;

/** Longest frame accepted; the bill table needs 125 bytes. */
const LONGEST = 512;

/** CRC-16/KERMIT: reflected 0x1021, start 0; of "123456789" it is 0x2189. */
export function crc16(bytes: Uint8Array, from: number, to: number): number {
  let crc = 0;
  for (let i = from; i < to; i++) {
    crc ^= bytes[i];
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >> 1) ^ 0x8408 : crc >> 1;
  }
  return crc;
}

/** A frame to or from the bill validator. `payload` = command or status byte and its data, at most 250 bytes. */
export function encodeFrame(payload: Uint8Array): Uint8Array {
  const length = payload.length + 5;
  const out = new Uint8Array(length);
  out[0] = SYNC;
  out[1] = BILL_VALIDATOR;
  out[2] = length;
  out.set(payload, 3);
  const crc = crc16(out, 0, length - 2);
  out[length - 2] = crc & 255;
  out[length - 1] = crc >> 8;
  return out;
}

/** A command without data. */
export function command(code: number): Uint8Array {
  return encodeFrame(new Uint8Array([code]));
}

/** Accept these bill types (bits 0…23) and hold each in escrow until told; an empty mask disables the unit. */
export function enableBillTypes(mask: number): Uint8Array {
  const high = (mask >> 16) & 255;
  const middle = (mask >> 8) & 255;
  const low = mask & 255;
  return encodeFrame(new Uint8Array([ENABLE_BILL_TYPES, high, middle, low, high, middle, low]));
}

export type CcnetFrame =
  /** What stands between LNG and CRC; `address` says which device on the bus. */
  { readonly kind: "frame"; readonly address: number; readonly payload: Uint8Array } | { readonly kind: "bad"; readonly what: string };

/** What has come in and is not yet a whole frame. A new command or 50 ms of silence should begin with a fresh one. */
export interface CcnetScanner {
  pending: Uint8Array;
}

export function createScanner(): CcnetScanner {
  return { pending: NO_BYTES };
}

/** Length of the frame that begins at `at`: 0 = more bytes needed, −1 = cannot be one. LNG 0 announces two bytes of length behind the command. */
function lengthAt(bytes: Uint8Array, at: number): number {
  if (at + 3 > bytes.length) return 0;
  let length = bytes[at + 2];
  if (length === 0) {
    if (at + 6 > bytes.length) return 0;
    length = bytes[at + 4] * 256 + bytes[at + 5];
    if (length < 8) return -1;
  }
  if (length < 6 || length > LONGEST) return -1;
  return at + length > bytes.length ? 0 : length;
}

/** Takes what the port delivered, however it was cut, and returns the complete frames, oldest first: two glued answers are two frames. */
export function scan(scanner: CcnetScanner, chunk: Uint8Array): CcnetFrame[] {
  const bytes = scanner.pending.length ? concat([scanner.pending, chunk]) : chunk;
  const frames: CcnetFrame[] = [];
  let at = 0;
  while (at < bytes.length) {
    if (bytes[at] !== SYNC) {
      at++;
      continue;
    }
    const length = lengthAt(bytes, at);
    if (length === 0) break;
    if (length < 0) {
      frames.push({ kind: "bad", what: "length" });
      at++;
      continue;
    }
    const end = at + length;
    if (crc16(bytes, at, end - 2) !== bytes[end - 2] + bytes[end - 1] * 256) {
      frames.push({ kind: "bad", what: "crc" });
      at++;
      continue;
    }
    frames.push({ kind: "frame", address: bytes[at + 1], payload: copyOf(bytes, at + 3, end - 2) });
    at = end;
  }
  scanner.pending = copyOf(bytes, at, bytes.length);
  return frames;
}

/** Words of one byte. `null` = the byte means nothing to us; the driver takes an unknown status for a failure, never for nothing. */
function plainStatus(code: number): PlainStatus | null {
  switch (code) {
    case 0x00:
      return "ack";
    case 0x10:
      return "power_up";
    case 0x11:
      return "power_up_bill_in_validator";
    case 0x12:
      return "power_up_bill_in_stacker";
    case 0x13:
      return "initialize";
    case 0x14:
      return "idling";
    case 0x15:
      return "accepting";
    case 0x17:
      return "stacking";
    case 0x18:
      return "returning";
    case 0x19:
      return "disabled";
    case 0x1a:
      return "holding";
    case 0x30:
      return "illegal";
    case 0x41:
      return "cassette_full";
    case 0x42:
      return "cassette_out";
    case 0x43:
      return "validator_jammed";
    case 0x44:
      return "cassette_jammed";
    case 0x45:
      return "cheated";
    case 0x46:
      return "paused";
    case 0xff:
      return "nak";
    default:
      return null;
  }
}

export type PlainStatus =
  | "ack"
  | "power_up"
  | "power_up_bill_in_validator"
  | "power_up_bill_in_stacker"
  | "initialize"
  | "idling"
  | "accepting"
  | "stacking"
  | "returning"
  | "disabled"
  | "holding"
  | "illegal"
  | "cassette_full"
  | "cassette_out"
  | "validator_jammed"
  | "cassette_jammed"
  | "cheated"
  | "paused"
  | "nak";

/** What the validator says of itself. */
export type Status =
  | { readonly kind: PlainStatus }
  | { readonly kind: "busy"; readonly delayMs: number }
  /** A note pushed back; 0x60…0x6d, 0x92…0x95 say why. */
  | { readonly kind: "rejecting"; readonly reason: number }
  | { readonly kind: "failure"; readonly code: number }
  /** Held before the cassette, waiting for STACK or RETURN for 10 s. Not money yet. */
  | { readonly kind: "escrow"; readonly billType: number }
  /** The only proof that a note is in the cassette. */
  | { readonly kind: "stacked"; readonly billType: number }
  | { readonly kind: "returned"; readonly billType: number }
  | { readonly kind: "unknown"; readonly code: number };

/** Status bytes with one byte behind them. */
const BUSY = 0x1b;
const REJECTING = 0x1c;
const FAILURE = 0x47;
const ESCROW = 0x80;
const STACKED = 0x81;
const RETURNED = 0x82;

/** The answer to POLL or to a control command. */
export function decodeStatus(payload: Uint8Array): Status {
  if (payload.length === 0) return { kind: "unknown", code: -1 };
  const code = payload[0];
  const plain = plainStatus(code);
  if (plain) return { kind: plain };
  if (payload.length < 2) return { kind: "unknown", code };
  const detail = payload[1];
  if (code === BUSY) return { kind: "busy", delayMs: detail * 100 };
  if (code === REJECTING) return { kind: "rejecting", reason: detail };
  if (code === FAILURE) return { kind: "failure", code: detail };
  if (code === ESCROW) return { kind: "escrow", billType: detail };
  if (code === STACKED) return { kind: "stacked", billType: detail };
  if (code === RETURNED) return { kind: "returned", billType: detail };
  return { kind: "unknown", code };
}

/** The payload of a status: what a validator would send. */
export function encodeStatus(status: Status): Uint8Array {
  if (status.kind === "busy") return new Uint8Array([BUSY, status.delayMs / 100]);
  if (status.kind === "rejecting") return new Uint8Array([REJECTING, status.reason]);
  if (status.kind === "failure") return new Uint8Array([FAILURE, status.code]);
  if (status.kind === "escrow") return new Uint8Array([ESCROW, status.billType]);
  if (status.kind === "stacked") return new Uint8Array([STACKED, status.billType]);
  if (status.kind === "returned") return new Uint8Array([RETURNED, status.billType]);
  if (status.kind === "unknown") return new Uint8Array([status.code & 255]);
  for (let code = 0; code < 256; code++) if (plainStatus(code) === status.kind) return new Uint8Array([code]);
  return new Uint8Array([NAK]);
}

export interface Bill {
  /** 0…23: its bit in the masks and its number in status answers. */
  readonly billType: number;
  readonly valueKopecks: number;
  /** Three ASCII letters: "RUS" or "RUB" on Russian units. */
  readonly currency: string;
}

const BILL_TYPES = 24;

/** The 120-byte answer to GET BILL TABLE: 24 × {digits, country(3), exponent}; empty records are left out. `null` = not a bill table. */
export function decodeBillTable(payload: Uint8Array): Bill[] | null {
  if (payload.length !== BILL_TYPES * 5) return null;
  const bills: Bill[] = [];
  for (let billType = 0; billType < BILL_TYPES; billType++) {
    const at = billType * 5;
    let valueKopecks = payload[at] * 100;
    const exponent = payload[at + 4] & 127;
    // Bit 7 divides: coins. Larger exponents than 7 are no banknote on earth.
    if (exponent > 7) continue;
    for (let i = 0; i < exponent; i++) valueKopecks = payload[at + 4] & 128 ? valueKopecks / 10 : valueKopecks * 10;
    if (valueKopecks === 0 || valueKopecks !== Math.floor(valueKopecks)) continue;
    const currency = String.fromCharCode(payload[at + 1]) + String.fromCharCode(payload[at + 2]) + String.fromCharCode(payload[at + 3]);
    bills.push({ billType, valueKopecks, currency });
  }
  return bills;
}

/** The mirror of {@link decodeBillTable}, for values of at most 255 times a power of ten. */
export function encodeBillTable(bills: ReadonlyArray<Bill>): Uint8Array {
  const out = new Uint8Array(BILL_TYPES * 5);
  for (let i = 0; i < bills.length; i++) {
    let digits: number = bills[i].valueKopecks;
    let exponent = -2;
    while (digits > 0 && digits % 10 === 0) {
      digits /= 10;
      exponent++;
    }
    const at = bills[i].billType * 5;
    out[at] = digits;
    for (let c = 0; c < 3; c++) out[at + 1 + c] = bills[i].currency.charCodeAt(c);
    out[at + 4] = exponent < 0 ? 128 - exponent : exponent;
  }
  return out;
}
