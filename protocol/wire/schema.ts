/**
 * A schema is a value; its TypeScript type is inferred from it; encode and decode are two halves of the same line. Chip-safe.
 *
 * On the wire: fields in the order they are written down, no names, no padding. Whole numbers are varints (signed ones zigzag), byte strings carry
 * their length before them, lists their count, unions a tag byte, optional fields one byte 0 or 1. What follows the last known field of a message is
 * ignored, so that a newer sender can add fields; an unknown tag is malformed, because nothing can be done about it.
 */
import { createReader, createWriter, fail, fromHex, latinBytes, latinText, readByte, readRaw, readVarint } from "./bytes.js";
import { toHex, writeByte, writeRaw, writeVarint, written } from "./bytes.js";
import type { Malformed, Reader, Writer } from "./bytes.js";

export interface Schema<T> {
  write(writer: Writer, value: T): void;
  read(reader: Reader): T;
}

/** The TypeScript type a schema stands for. */
export type Infer<S> = S extends Schema<infer T> ? T : never;

export type Decoded<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly malformed: Malformed };

export function encode<T>(schema: Schema<T>, value: T): Uint8Array {
  const writer = createWriter();
  schema.write(writer, value);
  return written(writer);
}

/** Reads one value from the front of `bytes`; what follows is ignored. */
export function decode<T>(schema: Schema<T>, bytes: Uint8Array): Decoded<T> {
  const reader = createReader(bytes);
  const value = schema.read(reader);
  return reader.failure ? { ok: false, malformed: reader.failure } : { ok: true, value };
}

/** As {@link decode}, for journal entries: a byte that belongs to nothing is malformed, so that a value has one spelling. */
export function decodeWhole<T>(schema: Schema<T>, bytes: Uint8Array): Decoded<T> {
  const reader = createReader(bytes);
  const value = schema.read(reader);
  if (!reader.failure && reader.offset !== reader.end) fail(reader, "trailing bytes");
  return reader.failure ? { ok: false, malformed: reader.failure } : { ok: true, value };
}

/** 0 … `max` (2^53 − 1 unless said). */
export function uint<T extends number = number>(max?: number): Schema<T> {
  const limit = max === undefined ? 9007199254740991 : max;
  return {
    write: writeVarint,
    read: function (reader) {
      const value = readVarint(reader);
      if (value > limit) fail(reader, "number too large");
      return value as T;
    },
  };
}

/** A signed whole number, zigzag: 0, −1, 1, −2, … ; |x| < 2^52. */
export function int<T extends number = number>(): Schema<T> {
  return {
    write: function (writer, value) {
      writeVarint(writer, value < 0 ? -value * 2 - 1 : value * 2);
    },
    read: function (reader) {
      const zigzag = readVarint(reader);
      return (zigzag % 2 === 1 ? -(zigzag + 1) / 2 : zigzag / 2) as T;
    },
  };
}

export const bool: Schema<boolean> = {
  write: function (writer, value) {
    writeByte(writer, value ? 1 : 0);
  },
  read: function (reader) {
    const byte = readByte(reader);
    if (byte > 1) fail(reader, "neither 0 nor 1");
    return byte === 1;
  },
};

/** Bytes of any length up to `max`, their length before them. */
export function bytes(max: number): Schema<Uint8Array> {
  return {
    write: function (writer, value) {
      writeVarint(writer, value.length);
      writeRaw(writer, value);
    },
    read: function (reader) {
      const length = readVarint(reader);
      if (length > max) fail(reader, "too long");
      return readRaw(reader, length);
    },
  };
}

/** Exactly `length` bytes, no length before them. */
export function fixedBytes(length: number): Schema<Uint8Array> {
  return {
    write: function (writer, value) {
      if (value.length !== length) throw new Error("wants " + length + " bytes, got " + value.length);
      writeRaw(writer, value);
    },
    read: function (reader) {
      return readRaw(reader, length);
    },
  };
}

/** Text with one byte a character (windows-1251 for people, ASCII for machines), up to `max` bytes. */
export function byteText<T extends string = string>(max: number): Schema<T> {
  const inner = bytes(max);
  return {
    write: function (writer, value) {
      inner.write(writer, latinBytes(value));
    },
    read: function (reader) {
      return latinText(inner.read(reader)) as T;
    },
  };
}

/** Lower-case hex in memory, raw bytes on the wire; `max` counts bytes. */
export function hex<T extends string = string>(max: number): Schema<T> {
  const inner = bytes(max);
  return {
    write: function (writer, value) {
      const raw = fromHex(value);
      if (!raw) throw new Error("not hex: " + value);
      inner.write(writer, raw);
    },
    read: function (reader) {
      return toHex(inner.read(reader)) as T;
    },
  };
}

export function list<T>(item: Schema<T>, max: number): Schema<T[]> {
  return {
    write: function (writer, value) {
      if (value.length > max) throw new Error("list of " + value.length + ", at most " + max);
      writeVarint(writer, value.length);
      for (let i = 0; i < value.length; i++) item.write(writer, value[i]);
    },
    read: function (reader) {
      const count = readVarint(reader);
      if (count > max) fail(reader, "list too long");
      const out: T[] = [];
      for (let i = 0; i < count && !reader.failure; i++) out.push(item.read(reader));
      return out;
    },
  };
}

export function optional<T>(inner: Schema<T>): Schema<T | null> {
  return {
    write: function (writer, value) {
      writeByte(writer, value === null ? 0 : 1);
      if (value !== null) inner.write(writer, value);
    },
    read: function (reader) {
      const present = readByte(reader);
      if (present > 1) fail(reader, "neither 0 nor 1");
      return present === 1 ? inner.read(reader) : null;
    },
  };
}

/** One of a few words, a byte on the wire: its place in `words`, from 0. New words are added at the end only. */
export function oneOf<const W extends readonly string[]>(words: W): Schema<W[number]> {
  return {
    write: function (writer, value) {
      const at = words.indexOf(value);
      if (at < 0) throw new Error("not one of " + words.join(", ") + ": " + value);
      writeByte(writer, at);
    },
    read: function (reader) {
      const at = readByte(reader);
      if (at >= words.length) fail(reader, "unknown word");
      return words[at < words.length ? at : 0];
    },
  };
}

type Fields = { readonly [name: string]: Schema<unknown> };
export type RecordOf<F extends Fields> = { readonly [K in keyof F]: Infer<F[K]> };

/** Fields in the order of the literal. */
export function record<F extends Fields>(fields: F): Schema<RecordOf<F>> {
  const names = Object.keys(fields);
  return {
    write: function (writer, value) {
      for (let i = 0; i < names.length; i++) fields[names[i]].write(writer, value[names[i]]);
    },
    read: function (reader) {
      const out: { [name: string]: unknown } = {};
      for (let i = 0; i < names.length; i++) out[names[i]] = fields[names[i]].read(reader);
      return out as RecordOf<F>;
    },
  };
}

type Cases = { readonly [kind: string]: readonly [tag: number, schema: Schema<unknown>] };
/** A union by its field `kind`: the case's own fields beside it. */
export type UnionOf<C extends Cases> = { [K in keyof C & string]: { readonly kind: K } & Infer<C[K][1]> }[keyof C & string];

/** A tag byte, then the case. Tags never change and are never used again. */
export function union<C extends Cases>(cases: C): Schema<UnionOf<C>> {
  const byTag: { [tag: number]: string } = {};
  for (const kind of Object.keys(cases)) byTag[cases[kind][0]] = kind;
  return {
    write: function (writer, value) {
      const found = cases[value.kind];
      writeByte(writer, found[0]);
      found[1].write(writer, value);
    },
    read: function (reader) {
      const tag = readByte(reader);
      const kind = byTag[tag];
      if (kind === undefined) fail(reader, "unknown kind");
      if (reader.failure) return { kind: "" } as unknown as UnionOf<C>;
      const value = cases[kind][1].read(reader) as { kind: string };
      value.kind = kind;
      return value as unknown as UnionOf<C>;
    },
  };
}

/** The kinds of a message table: name → tag, and back. */
export function tagsOf<C extends Cases>(
  cases: C,
): { readonly tagOf: (kind: string) => number; readonly kindOf: (tag: number) => string | null } {
  return {
    tagOf: function (kind) {
      return cases[kind][0];
    },
    kindOf: function (tag) {
      for (const kind of Object.keys(cases)) if (cases[kind][0] === tag) return kind;
      return null;
    },
  };
}
