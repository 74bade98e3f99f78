/**
 * A writer that grows and a reader that never throws. Chip-safe.
 *
 * A reader that runs dry or meets a wrong value notes where and why, once, and from then on yields zeroes; the caller asks `failure` at the end.
 * So decoding needs no try and no branch at each field, and a malformed message is a value with an offset.
 */
export interface Writer {
  bytes: Uint8Array;
  length: number;
}

export interface Reader {
  readonly bytes: Uint8Array;
  /** Lists stay bytes ({@link Rows} of schema.ts). */
  readonly rows: boolean;
  offset: number;
  readonly end: number;
  failure: Malformed | null;
}

/** Why bytes are not what they should be, and the offset at which that was noticed. */
export interface Malformed {
  readonly offset: number;
  readonly what: string;
}

/** One for all: on the chip each array of its own takes four variables, an empty one as well. */
export const NO_BYTES = new Uint8Array(0);

export function createWriter(capacity?: number): Writer {
  return { bytes: new Uint8Array(capacity || 64), length: 0 };
}

export function createReader(bytes: Uint8Array, rows?: boolean): Reader {
  return { bytes, rows: rows === true, offset: 0, end: bytes.length, failure: null };
}

/** What was written, in an array of its own. */
export function written(writer: Writer): Uint8Array {
  return copyOf(writer.bytes, 0, writer.length);
}

/** A copy of bytes [from, to): Espruino's `Uint8Array.slice` returns a plain Array, so nobody here calls it. */
export function copyOf(bytes: Uint8Array, from: number, to: number): Uint8Array {
  const out = new Uint8Array(to - from);
  out.set(bytes.subarray(from, to));
  return out;
}

export function octets(values: number[]): Uint8Array {
  return new Uint8Array(values);
}

export function concat(parts: ReadonlyArray<Uint8Array>): Uint8Array {
  let length = 0;
  for (let i = 0; i < parts.length; i++) length += parts[i].length;
  const out = new Uint8Array(length);
  let at = 0;
  for (let i = 0; i < parts.length; i++) {
    out.set(parts[i], at);
    at += parts[i].length;
  }
  return out;
}

export function fail(reader: Reader, what: string): void {
  if (!reader.failure) reader.failure = { offset: reader.offset, what };
}

function room(writer: Writer, more: number): void {
  if (writer.length + more <= writer.bytes.length) return;
  const grown = new Uint8Array(Math.max(writer.bytes.length * 2, writer.length + more));
  grown.set(writer.bytes.subarray(0, writer.length));
  writer.bytes = grown;
}

export function writeByte(writer: Writer, value: number): void {
  room(writer, 1);
  writer.bytes[writer.length++] = value;
}

export function readByte(reader: Reader): number {
  if (reader.failure) return 0;
  if (reader.offset >= reader.end) {
    fail(reader, "truncated");
    return 0;
  }
  return reader.bytes[reader.offset++];
}

export function writeRaw(writer: Writer, value: Uint8Array): void {
  room(writer, value.length);
  writer.bytes.set(value, writer.length);
  writer.length += value.length;
}

export function readRaw(reader: Reader, length: number): Uint8Array {
  if (!reader.failure && reader.offset + length > reader.end) fail(reader, "truncated");
  if (reader.failure) return NO_BYTES;
  const out = copyOf(reader.bytes, reader.offset, reader.offset + length);
  reader.offset += length;
  return out;
}

/** Unsigned LEB128, at most 8 bytes (2^53 − 1). Multiplies instead of shifting: bit operators stop at 32 bits. */
export function writeVarint(writer: Writer, value: number): void {
  // Better no message than one that nobody can read: an event spelled wrong would lie in the journal for ever.
  if (!(value >= 0 && value <= 9007199254740991)) throw new Error("not a number for a varint: " + value);
  let rest = value;
  while (rest >= 128) {
    writeByte(writer, (rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  writeByte(writer, rest);
}

/** Refuses a padded form: one number has one spelling, or a digest of bytes would say nothing about the value. */
export function readVarint(reader: Reader): number {
  let value = 0;
  let scale = 1;
  for (let i = 0; i < 8; i++) {
    const byte = readByte(reader);
    if (reader.failure) return 0;
    value += (byte % 128) * scale;
    if (byte < 128) {
      if (byte === 0 && i > 0) fail(reader, "varint padded");
      if (value > 9007199254740991) fail(reader, "varint too large");
      return reader.failure ? 0 : value;
    }
    scale *= 128;
  }
  fail(reader, "varint too long");
  return 0;
}

export function writeUint32(writer: Writer, value: number): void {
  writeByte(writer, Math.floor(value / 16777216) % 256);
  writeByte(writer, Math.floor(value / 65536) % 256);
  writeByte(writer, Math.floor(value / 256) % 256);
  writeByte(writer, value % 256);
}

/** Big-endian, as on every network. */
export function readUint32(reader: Reader): number {
  const a = readByte(reader);
  const b = readByte(reader);
  const c = readByte(reader);
  const d = readByte(reader);
  return a * 16777216 + b * 65536 + c * 256 + d;
}

export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  // Every byte is compared whatever came before: the time taken says nothing about where a forged tag goes wrong.
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= a[i] ^ b[i];
  return difference === 0;
}

const HEX = "0123456789abcdef";

export function toHex(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i < bytes.length; i++) text += HEX.charAt(bytes[i] >> 4) + HEX.charAt(bytes[i] & 15);
  return text;
}

/** Bytes of lower- or upper-case hex; `null` when it is not hex. */
export function fromHex(text: string): Uint8Array | null {
  if (text.length % 2 !== 0) return null;
  const out = new Uint8Array(text.length / 2);
  const lower = text.toLowerCase();
  for (let i = 0; i < out.length; i++) {
    const high = HEX.indexOf(lower.charAt(2 * i));
    const low = HEX.indexOf(lower.charAt(2 * i + 1));
    if (high < 0 || low < 0) return null;
    out[i] = high * 16 + low;
  }
  return out;
}

/** The bytes of a string whose characters are all below 256. */
export function latinBytes(text: string): Uint8Array {
  const out = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) out[i] = text.charCodeAt(i);
  return out;
}

/** The string with one character a byte: in one call, because a loop over a name takes the chip ten times as long. */
export function latinText(bytes: Uint8Array): string {
  return String.fromCharCode.apply(null, bytes as unknown as number[]);
}
