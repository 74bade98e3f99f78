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

class UintSchema<T extends number> implements Schema<T> {
  constructor(private readonly max: number) {}
  write(writer: Writer, value: T): void {
    writeVarint(writer, value);
  }
  read(reader: Reader): T {
    const value = readVarint(reader);
    if (value > this.max) fail(reader, "number too large");
    return value as T;
  }
}
const anyUint = new UintSchema<number>(9007199254740991);

/** 0 … `max` (2^53 − 1 unless said). */
export function uint<T extends number = number>(max?: number): Schema<T> {
  return (max === undefined ? anyUint : new UintSchema(max)) as Schema<number> as Schema<T>;
}

const anyInt: Schema<number> = {
  write: function (writer, value) {
    writeVarint(writer, value < 0 ? -value * 2 - 1 : value * 2);
  },
  read: function (reader) {
    const zigzag = readVarint(reader);
    return zigzag % 2 === 1 ? -(zigzag + 1) / 2 : zigzag / 2;
  },
};

/** A signed whole number, zigzag: 0, −1, 1, −2, … ; |x| < 2^52. */
export function int<T extends number = number>(): Schema<T> {
  return anyInt as Schema<T>;
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

function writeBytes(writer: Writer, value: Uint8Array): void {
  writeVarint(writer, value.length);
  writeRaw(writer, value);
}

function readBytes(reader: Reader, max: number): Uint8Array {
  const length = readVarint(reader);
  if (length > max) fail(reader, "too long");
  return readRaw(reader, length);
}

class BytesSchema implements Schema<Uint8Array> {
  constructor(private readonly max: number) {}
  write(writer: Writer, value: Uint8Array): void {
    writeBytes(writer, value);
  }
  read(reader: Reader): Uint8Array {
    return readBytes(reader, this.max);
  }
}

/** Bytes of any length up to `max`, their length before them. */
export function bytes(max: number): Schema<Uint8Array> {
  return new BytesSchema(max);
}

class FixedSchema implements Schema<Uint8Array> {
  constructor(private readonly size: number) {}
  write(writer: Writer, value: Uint8Array): void {
    if (value.length !== this.size) throw new Error("wants " + this.size + " bytes, got " + value.length);
    writeRaw(writer, value);
  }
  read(reader: Reader): Uint8Array {
    return readRaw(reader, this.size);
  }
}

/** Exactly `length` bytes, no length before them. */
export function fixedBytes(length: number): Schema<Uint8Array> {
  return new FixedSchema(length);
}

class TextSchema<T extends string> implements Schema<T> {
  constructor(private readonly max: number) {}
  write(writer: Writer, value: T): void {
    writeBytes(writer, latinBytes(value));
  }
  read(reader: Reader): T {
    return latinText(readBytes(reader, this.max)) as T;
  }
}

/** Text with one byte a character (windows-1251 for people, ASCII for machines), up to `max` bytes. */
export function byteText<T extends string = string>(max: number): Schema<T> {
  return new TextSchema<T>(max);
}

class HexSchema<T extends string> implements Schema<T> {
  constructor(private readonly max: number) {}
  write(writer: Writer, value: T): void {
    const raw = fromHex(value);
    if (!raw) throw new Error("not hex: " + value);
    writeBytes(writer, raw);
  }
  read(reader: Reader): T {
    return toHex(readBytes(reader, this.max)) as T;
  }
}

/** Lower-case hex in memory, raw bytes on the wire; `max` counts bytes. */
export function hex<T extends string = string>(max: number): Schema<T> {
  return new HexSchema<T>(max);
}

class ListSchema<T> implements Schema<T[]> {
  constructor(
    private readonly item: Schema<T>,
    private readonly max: number,
  ) {}
  write(writer: Writer, value: T[]): void {
    if (value.length > this.max) throw new Error("list of " + value.length + ", at most " + this.max);
    writeVarint(writer, value.length);
    for (let i = 0; i < value.length; i++) this.item.write(writer, value[i]);
  }
  read(reader: Reader): T[] {
    const count = readVarint(reader);
    if (count > this.max) fail(reader, "list too long");
    const out: T[] = [];
    for (let i = 0; i < count && !reader.failure; i++) out.push(this.item.read(reader));
    return out;
  }
}

export function list<T>(item: Schema<T>, max: number): Schema<T[]> {
  return new ListSchema(item, max);
}

class OptionalSchema<T> implements Schema<T | null> {
  constructor(private readonly item: Schema<T>) {}
  write(writer: Writer, value: T | null): void {
    writeByte(writer, value === null ? 0 : 1);
    if (value !== null) this.item.write(writer, value);
  }
  read(reader: Reader): T | null {
    const present = readByte(reader);
    if (present > 1) fail(reader, "neither 0 nor 1");
    return present === 1 ? this.item.read(reader) : null;
  }
}

export function optional<T>(inner: Schema<T>): Schema<T | null> {
  return new OptionalSchema(inner);
}

class WordSchema<W extends string> implements Schema<W> {
  constructor(private readonly from: readonly W[]) {}
  write(writer: Writer, value: W): void {
    const at = this.from.indexOf(value);
    if (at < 0) throw new Error("not one of " + this.from.join(", ") + ": " + value);
    writeByte(writer, at);
  }
  read(reader: Reader): W {
    const at = readByte(reader);
    if (at >= this.from.length) fail(reader, "unknown word");
    return this.from[at < this.from.length ? at : 0];
  }
}

/** One of a few words, a byte on the wire: its place in `words`, from 0. New words are added at the end only. */
export function oneOf<const W extends readonly string[]>(words: W): Schema<W[number]> {
  return new WordSchema<W[number]>(words);
}

type Fields = { readonly [name: string]: Schema<unknown> };
export type RecordOf<F extends Fields> = { readonly [K in keyof F]: Infer<F[K]> };

class RecordSchema<F extends Fields> implements Schema<RecordOf<F>> {
  constructor(private readonly of: F) {}
  write(writer: Writer, value: RecordOf<F>): void {
    for (const name of Object.keys(this.of)) this.of[name].write(writer, value[name]);
  }
  read(reader: Reader): RecordOf<F> {
    const out: { [name: string]: unknown } = {};
    for (const name of Object.keys(this.of)) out[name] = this.of[name].read(reader);
    return out as RecordOf<F>;
  }
}

/** Fields in the order of the literal. */
export function record<F extends Fields>(fields: F): Schema<RecordOf<F>> {
  return new RecordSchema(fields);
}

class LazySchema<T> implements Schema<T> {
  constructor(private readonly make: () => Schema<T>) {}
  write(writer: Writer, value: T): void {
    this.make().write(writer, value);
  }
  read(reader: Reader): T {
    return this.make().read(reader);
  }
}

/** A schema made anew whenever it is used: between two uses a large one takes a few of the chip's variables instead of hundreds. */
export function lazy<T>(make: () => Schema<T>): Schema<T> {
  return new LazySchema(make);
}

/** A case may be made only when its turn comes, like {@link lazy}. */
type Case = Schema<unknown> | (() => Schema<unknown>);
type Cases = { readonly [kind: string]: readonly [tag: number, schema: Case] };
type FieldsOf<S> = S extends () => infer R ? Infer<R> : Infer<S>;
/** A union by its field `kind`: the case's own fields beside it. */
export type UnionOf<C extends Cases> = { [K in keyof C & string]: { readonly kind: K } & FieldsOf<C[K][1]> }[keyof C & string];

function schemaOf(from: Case): Schema<unknown> {
  return typeof from === "function" ? from() : from;
}

class UnionSchema<C extends Cases> implements Schema<UnionOf<C>> {
  constructor(private readonly of: C) {}
  write(writer: Writer, value: UnionOf<C>): void {
    const found = this.of[value.kind];
    writeByte(writer, found[0]);
    schemaOf(found[1]).write(writer, value);
  }
  read(reader: Reader): UnionOf<C> {
    const kind = kindOf(this.of, readByte(reader));
    if (kind === null) fail(reader, "unknown kind");
    if (kind === null || reader.failure) return { kind: "" } as unknown as UnionOf<C>;
    const value = schemaOf(this.of[kind][1]).read(reader) as { kind: string };
    value.kind = kind;
    return value as unknown as UnionOf<C>;
  }
}

function kindOf(cases: Cases, tag: number): string | null {
  for (const kind of Object.keys(cases)) if (cases[kind][0] === tag) return kind;
  return null;
}

/** A tag byte, then the case. Tags never change and are never used again. */
export function union<C extends Cases>(cases: C): Schema<UnionOf<C>> {
  return new UnionSchema(cases);
}

/** The kinds of a message table: name → tag, and back. */
export function tagsOf(table: () => Cases): { readonly tagOf: (kind: string) => number; readonly kindOf: (tag: number) => string | null } {
  return {
    tagOf: function (kind) {
      return table()[kind][0];
    },
    kindOf: function (tag) {
      return kindOf(table(), tag);
    },
  };
}
