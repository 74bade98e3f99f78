/**
 * Bytes of ID003 (JCM and others), the second line between a terminal and its bill validator. Chip-safe. The line is 8E1.
 *
 * `FC LNG CMD data CRC CRC`, CRC as in CCNET, least significant byte first. Some bytes mean one thing from the host and another from the acceptor (0x11
 * asks for the status and says "idling"), so a frame's meaning depends on who sent it.
 */
import { concat, copyOf, NO_BYTES } from "../wire/bytes.js";
import { crc16 } from "./ccnet.js";

const SYNC = 0xfc;

export const STATUS_REQUEST = 0x11;
export const RESET = 0x40;
/** "Vend valid" as soon as the note has passed the stacker's lever. */
export const STACK_1 = 0x41;
export const RETURN = 0x43;
/** Ten more seconds in escrow. */
export const HOLD = 0x44;
/** From the acceptor: a control command is obeyed. From the host: "vend valid" was heard and is durable. */
export const ACK = 0x50;
export const GET_VERSION = 0x88;
/** What the escrow codes are worth; they differ from one firmware to the next. */
export const GET_CURRENCY = 0x8a;
export const SET_ENABLE = 0xc0;
export const SET_INHIBIT = 0xc3;
/** The acceptor's refusal of a command it does not know or cannot do now. */
export const INVALID_COMMAND = 0x4b;

/** `payload` = command or status byte and its data, at most 250 bytes. */
export function encodeFrame(payload: Uint8Array): Uint8Array {
  const length = payload.length + 4;
  const out = new Uint8Array(length);
  out[0] = SYNC;
  out[1] = length;
  out.set(payload, 2);
  const crc = crc16(out, 0, length - 2);
  out[length - 2] = crc & 255;
  out[length - 1] = crc >> 8;
  return out;
}

/** A command without data. */
export function command(code: number): Uint8Array {
  return encodeFrame(new Uint8Array([code]));
}

/** Takes notes or inhibits them all. Answered by itself. */
export function inhibit(on: boolean): Uint8Array {
  return encodeFrame(new Uint8Array([SET_INHIBIT, on ? 1 : 0]));
}

/** Accept the escrow codes whose bits stand in `mask` (bit 0 = 0x61 … bit 7 = 0x68). On the wire a set bit forbids. Answered by itself. */
export function enable(mask: number): Uint8Array {
  return encodeFrame(new Uint8Array([SET_ENABLE, ~mask & 255, 0]));
}

export type Id003Frame = { readonly kind: "frame"; readonly payload: Uint8Array } | { readonly kind: "bad"; readonly what: string };

/** What has come in and is not yet a whole frame. A new command should begin with a fresh one. */
export interface Id003Scanner {
  pending: Uint8Array;
}

export function createScanner(): Id003Scanner {
  return { pending: NO_BYTES };
}

/** Takes what the port delivered, however it was cut, and returns the complete frames, oldest first. */
export function scan(scanner: Id003Scanner, chunk: Uint8Array): Id003Frame[] {
  const bytes = scanner.pending.length ? concat([scanner.pending, chunk]) : chunk;
  const frames: Id003Frame[] = [];
  let at = 0;
  while (at < bytes.length) {
    if (bytes[at] !== SYNC) {
      at++;
      continue;
    }
    if (at + 2 > bytes.length) break;
    const length = bytes[at + 1];
    const end = at + length;
    if (length < 5) {
      frames.push({ kind: "bad", what: "length" });
      at++;
      continue;
    }
    if (end > bytes.length) break;
    if (crc16(bytes, at, end - 2) !== bytes[end - 2] + bytes[end - 1] * 256) {
      frames.push({ kind: "bad", what: "crc" });
      at++;
      continue;
    }
    frames.push({ kind: "frame", payload: copyOf(bytes, at + 2, end - 2) });
    at = end;
  }
  scanner.pending = copyOf(bytes, at, bytes.length);
  return frames;
}

function plainStatus(code: number): PlainStatus | null {
  switch (code) {
    case 0x11:
      return "idling";
    case 0x12:
      return "accepting";
    case 0x14:
      return "stacking";
    case 0x15:
      return "vend_valid";
    case 0x16:
      return "stacked";
    case 0x18:
      return "returning";
    case 0x19:
      return "holding";
    case 0x1a:
      return "disabled";
    case 0x1b:
      return "initialize";
    case 0x40:
      return "power_up";
    case 0x41:
      return "power_up_bill_in_acceptor";
    case 0x42:
      return "power_up_bill_in_stacker";
    case 0x43:
      return "stacker_full";
    case 0x44:
      return "stacker_open";
    case 0x45:
      return "acceptor_jammed";
    case 0x46:
      return "stacker_jammed";
    case 0x47:
      return "paused";
    case 0x48:
      return "cheated";
    case 0x4a:
      return "communication_error";
    case 0x4b:
      return "invalid_command";
    case 0x50:
      return "ack";
    default:
      return null;
  }
}

export type PlainStatus =
  | "idling"
  | "accepting"
  | "stacking"
  /** The note cannot come back: the one proof of money. It has no value of its own and stays until it is acknowledged. */
  | "vend_valid"
  | "stacked"
  | "returning"
  | "holding"
  | "disabled"
  | "initialize"
  | "power_up"
  | "power_up_bill_in_acceptor"
  | "power_up_bill_in_stacker"
  | "stacker_full"
  | "stacker_open"
  | "acceptor_jammed"
  | "stacker_jammed"
  | "paused"
  | "cheated"
  | "communication_error"
  | "invalid_command"
  | "ack";

/** What the acceptor says of itself. */
export type Status =
  | { readonly kind: PlainStatus }
  /** Held before the cassette, waiting for STACK or RETURN for 10 s. `billType`: its escrow code, 0x61…0x68. Not money yet. */
  | { readonly kind: "escrow"; readonly billType: number }
  /** A note pushed back; 0x71…0x7f say why, 0x79: inhibited, or nobody decided. */
  | { readonly kind: "rejecting"; readonly reason: number }
  | { readonly kind: "failure"; readonly code: number }
  | { readonly kind: "unknown"; readonly code: number };

const ESCROW = 0x13;
const REJECTING = 0x17;
const FAILURE = 0x49;

/** The answer to a status request. */
export function decodeStatus(payload: Uint8Array): Status {
  if (payload.length === 0) return { kind: "unknown", code: -1 };
  const code = payload[0];
  const plain = plainStatus(code);
  if (plain) return { kind: plain };
  if (payload.length < 2) return { kind: "unknown", code };
  const detail = payload[1];
  if (code === ESCROW) return { kind: "escrow", billType: detail };
  if (code === REJECTING) return { kind: "rejecting", reason: detail };
  if (code === FAILURE) return { kind: "failure", code: detail };
  return { kind: "unknown", code };
}

/** The payload of a status: what an acceptor would send. */
export function encodeStatus(status: Status): Uint8Array {
  if (status.kind === "escrow") return new Uint8Array([ESCROW, status.billType]);
  if (status.kind === "rejecting") return new Uint8Array([REJECTING, status.reason]);
  if (status.kind === "failure") return new Uint8Array([FAILURE, status.code]);
  if (status.kind === "unknown") return new Uint8Array([status.code & 255]);
  for (let code = 0; code < 256; code++) if (plainStatus(code) === status.kind) return new Uint8Array([code]);
  return new Uint8Array([INVALID_COMMAND]);
}

export interface Bill {
  /** Its escrow code, 0x61…0x68. */
  readonly billType: number;
  readonly valueKopecks: number;
  /** The maker's number for the country; what is the same for all notes of a unit is one currency. */
  readonly country: number;
}

const RECORD_BYTES = 4;

/** The answer to GET CURRENCY, its command byte first: {code, country, digits, exponent} each; empty ones are left out. `null` = not one. */
export function decodeCurrency(payload: Uint8Array): Bill[] | null {
  if (payload.length < 1 + RECORD_BYTES || payload[0] !== GET_CURRENCY || (payload.length - 1) % RECORD_BYTES !== 0) return null;
  const bills: Bill[] = [];
  for (let at = 1; at < payload.length; at += RECORD_BYTES) {
    const billType = payload[at];
    const exponent = payload[at + 3];
    let valueKopecks = payload[at + 2] * 100;
    // Larger exponents than 7 are no banknote on earth.
    if (billType < 0x61 || billType > 0x68 || valueKopecks === 0 || exponent > 7) continue;
    for (let i = 0; i < exponent; i++) valueKopecks *= 10;
    bills.push({ billType, valueKopecks, country: payload[at + 1] });
  }
  return bills;
}

/** The mirror of {@link decodeCurrency}, for values of at most 255 times a power of ten. */
export function encodeCurrency(bills: ReadonlyArray<Bill>): Uint8Array {
  const out = new Uint8Array(1 + bills.length * RECORD_BYTES);
  out[0] = GET_CURRENCY;
  for (let i = 0; i < bills.length; i++) {
    let digits: number = bills[i].valueKopecks;
    let exponent = -2;
    while (digits > 0 && digits % 10 === 0) {
      digits /= 10;
      exponent++;
    }
    out.set([bills[i].billType, bills[i].country, digits, exponent], 1 + i * RECORD_BYTES);
  }
  return out;
}
