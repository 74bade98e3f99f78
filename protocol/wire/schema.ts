/**
 * A schema is a value; its TypeScript type is inferred from it; encode and decode are two readings of the same value. Chip-safe.
 *
 * On the wire: fields in the order they are written down, no names, no padding. Whole numbers are varints (signed ones zigzag), byte strings carry
 * their length before them, lists their count, unions a tag byte, optional fields one byte 0 or 1. What follows the last known field of a message is
 * ignored, so that a newer sender can add fields; an unknown tag is malformed, because nothing can be done about it.
 *
 * On the chip schemas come and go all the time and two functions do all the work, so a schema is as little as can be:
 *
 *   a number          a plain field: its sort (0 … 6) + 8 × its limit or length
 *   an object         a record: its fields by name, in the order of the literal
 *   a list of texts   one of these words
 *   a list            a sort (`LIST` …) and what belongs to it
 *   a function        makes the schema when it is wanted
 */
import { createReader, createWriter, fail, fromHex, latinBytes, latinText, readByte, readRaw, readVarint } from "./bytes.js";
import { toHex, writeByte, writeRaw, writeVarint, written } from "./bytes.js";
import type { Malformed, Reader, Writer } from "./bytes.js";

declare const of: unique symbol;
/** Bytes and a value of type T, one from the other. What it is made of is known to this file only. */
export interface Schema<T> {
  readonly [of]?: T;
}

/** The TypeScript type a schema stands for. */
export type Infer<S> = S extends Schema<infer T> ? T : never;

export type Decoded<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly malformed: Malformed };

export function encode<T>(schema: Schema<T>, value: T): Uint8Array {
  const writer = createWriter();
  write(writer, schema as Plan, value);
  return written(writer);
}

/** Reads one value from the front of `bytes`; what follows is ignored. */
export function decode<T>(schema: Schema<T>, bytes: Uint8Array): Decoded<T> {
  const reader = createReader(bytes);
  const value = read(reader, schema as Plan) as T;
  return reader.failure ? { ok: false, malformed: reader.failure } : { ok: true, value };
}

/** As {@link decode}, of a union whose tag byte stands elsewhere. */
export function decodeCase<T>(schema: Schema<T>, tag: number, bytes: Uint8Array): Decoded<T> {
  return caseIn(createReader(bytes), schema, tag) as Decoded<T>;
}

/** As {@link decodeCase}, for a chip: lists of records and of texts stay the bytes that they are, and hold on to `bytes`. */
export function hearCase<T>(schema: Schema<T>, tag: number, bytes: Uint8Array): Decoded<Heard<T>> {
  return caseIn(createReader(bytes, true), schema, tag) as Decoded<Heard<T>>;
}

function caseIn(reader: Reader, schema: Schema<unknown>, tag: number): Decoded<unknown> {
  const value = read(reader, schema as Plan, tag);
  return reader.failure ? { ok: false, malformed: reader.failure } : { ok: true, value };
}

/**
 * A list as it came: its items in the wire's own form, made when somebody looks at them. As objects a class would take four times the memory.
 * `starts`: where in `bytes` each begins.
 */
export interface Rows<T> {
  readonly length: number;
  readonly starts: Uint16Array;
  readonly bytes: Uint8Array;
  readonly item: Schema<T>;
}

/** A value with its lists as {@link Rows}; lists of numbers stay lists. */
export type Heard<T> = T extends number | string | boolean | null | Uint8Array
  ? T
  : T extends ReadonlyArray<infer I>
    ? I extends number
      ? T
      : Rows<I>
    : { readonly [K in keyof T]: Heard<T[K]> };

/** The items [from, to) one after the other. */
export function eachRow<T>(rows: Rows<T>, from: number, to: number, visit: (item: T, at: number) => void): void {
  for (let i = from; i < to && i < rows.length; i++) {
    const reader = createReader(rows.bytes);
    reader.offset = rows.starts[i];
    visit(read(reader, rows.item as Plan) as T, i);
  }
}

/** The same list with other items in it; none of them may be longer than the one before it. */
export function changedRows<T>(rows: Rows<T>, change: (item: T, at: number) => T): Rows<T> {
  const { length, item: plan } = rows;
  const writer = createWriter(rows.bytes.length);
  const starts = new Uint16Array(length);
  eachRow(rows, 0, length, function (item, at) {
    starts[at] = writer.length;
    write(writer, plan as Plan, change(item, at));
  });
  return { length, starts, bytes: writer.bytes.subarray(0, writer.length), item: plan };
}

/** One item; `at` is one of the list's places. */
export function rowAt<T>(rows: Rows<T>, at: number): T {
  const found: T[] = [];
  eachRow(rows, at, at + 1, function (item) {
    found.push(item);
  });
  return found[0];
}

/** As {@link decode}, for journal entries: a byte that belongs to nothing is malformed, so that a value has one spelling. */
export function decodeWhole<T>(schema: Schema<T>, bytes: Uint8Array): Decoded<T> {
  const reader = createReader(bytes);
  const value = read(reader, schema as Plan) as T;
  if (!reader.failure && reader.offset !== reader.end) fail(reader, "trailing bytes");
  return reader.failure ? { ok: false, malformed: reader.failure } : { ok: true, value };
}

/** As {@link decode}, of a value in the middle of others: the reader goes on behind it, and says itself when it has failed. */
export function takeValue<T>(reader: Reader, schema: Schema<T>): T {
  return read(reader, schema as Plan) as T;
}

/** Sorts of plain fields. */
const UINT = 0;
const INT = 1;
const BOOL = 2;
const FIXED = 3;
const BYTES = 4;
const TEXT = 5;
const HEX = 6;
/** Sorts of the others. */
const LIST = 0;
const OPTIONAL = 1;
const UNION = 2;
const SPELLED = 3;

interface Spelling {
  toBytes(value: unknown): Uint8Array;
  /** `null`: these bytes spell nothing. */
  fromBytes(raw: Uint8Array): unknown;
}

type Fields = { readonly [name: string]: Schema<unknown> };
type Composite =
  | readonly [sort: typeof LIST, item: Plan, max: number]
  | readonly [sort: typeof OPTIONAL, item: Plan]
  | readonly [sort: typeof UNION, cases: Cases]
  | readonly [sort: typeof SPELLED, item: Plan, spelling: Spelling];
type Plan = number | Fields | readonly string[] | Composite | (() => Plan);

function plain<T>(sort: number, limit: number): Schema<T> {
  return (limit * 8 + sort) as unknown as Schema<T>;
}

/** 0 … `max` (2^53 − 1 unless said). */
export function uint<T extends number = number>(max?: number): Schema<T> {
  return plain(UINT, max || 0);
}

/** A signed whole number, zigzag: 0, −1, 1, −2, … ; |x| < 2^52. */
export function int<T extends number = number>(): Schema<T> {
  return plain(INT, 0);
}

export const bool: Schema<boolean> = plain(BOOL, 0);

/** Bytes of any length up to `max`, their length before them. */
export function bytes(max: number): Schema<Uint8Array> {
  return plain(BYTES, max);
}

/** Exactly `length` bytes, no length before them. */
export function fixedBytes(length: number): Schema<Uint8Array> {
  return plain(FIXED, length);
}

/** Text with one byte a character (windows-1251 for people, ASCII for machines), up to `max` bytes. */
export function byteText<T extends string = string>(max: number): Schema<T> {
  return plain(TEXT, max);
}

/** Lower-case hex in memory, raw bytes on the wire; `max` counts bytes. */
export function hex<T extends string = string>(max: number): Schema<T> {
  return plain(HEX, max);
}

export function list<T>(item: Schema<T>, max: number): Schema<T[]> {
  return [LIST, item, max] as Schema<T[]>;
}

export function optional<T>(inner: Schema<T>): Schema<T | null> {
  return [OPTIONAL, inner] as Schema<T | null>;
}

/** One of a few words, a byte on the wire: its place in `words`, from 0. New words are added at the end only. */
export function oneOf<const W extends readonly string[]>(words: W): Schema<W[number]> {
  return words as Schema<W[number]>;
}

/** Bytes in a spelling of somebody's own. */
export function spelled<T>(
  item: Schema<Uint8Array>,
  toBytes: (value: T) => Uint8Array,
  fromBytes: (raw: Uint8Array) => T | null,
): Schema<T> {
  return [SPELLED, item, { toBytes, fromBytes }] as Schema<T>;
}

export type RecordOf<F extends Fields> = { readonly [K in keyof F]: Infer<F[K]> };

/** Fields in the order of the literal. */
export function record<F extends Fields>(fields: F): Schema<RecordOf<F>> {
  return fields as Schema<RecordOf<F>>;
}

/** A schema made anew whenever it is used: between two uses a large one takes a few of the chip's variables instead of dozens. */
export function lazy<T>(make: () => Schema<T>): Schema<T> {
  return make as Schema<T>;
}

/** A case may be made only when its turn comes, like {@link lazy}. */
type Case = Schema<unknown> | (() => Schema<unknown>);
type Cases = { readonly [kind: string]: readonly [tag: number, schema: Case] };
type FieldsOf<S> = S extends () => infer R ? Infer<R> : Infer<S>;
/** A union by its field `kind`: the case's own fields beside it. */
export type UnionOf<C extends Cases> = { [K in keyof C & string]: { readonly kind: K } & FieldsOf<C[K][1]> }[keyof C & string];

/** A tag byte, then the case. Tags never change and are never used again. */
export function union<C extends Cases>(cases: C): Schema<UnionOf<C>> {
  return [UNION, cases] as Schema<UnionOf<C>>;
}

/** "": there is none. */
function kindOf(cases: Cases, tag: number): string {
  for (const kind in cases) if (cases[kind][0] === tag) return kind;
  return "";
}

/** The kinds of a message table: name → tag, and back. */
export function tagsOf(table: () => Cases): { readonly tagOf: (kind: string) => number; readonly kindOf: (tag: number) => string | null } {
  return {
    tagOf: function (kind) {
      return table()[kind][0];
    },
    kindOf: function (tag) {
      return kindOf(table(), tag) || null;
    },
  };
}

function isWords(plan: readonly unknown[]): plan is readonly string[] {
  return typeof plan[0] === "string";
}

function writePlain(writer: Writer, sort: number, limit: number, value: unknown): void {
  if (sort === UINT) return writeVarint(writer, value as number);
  if (sort === INT) return writeVarint(writer, (value as number) < 0 ? -(value as number) * 2 - 1 : (value as number) * 2);
  if (sort === BOOL) return writeByte(writer, value ? 1 : 0);
  const raw = sort === TEXT ? latinBytes(value as string) : sort === HEX ? fromHex(value as string) : (value as Uint8Array);
  if (!raw) throw new Error("not hex: " + (value as string));
  if (sort !== FIXED) writeVarint(writer, raw.length);
  else if (raw.length !== limit) throw new Error("wants " + limit + " bytes, got " + raw.length);
  writeRaw(writer, raw);
}

/**
 * What a plan comes to for this value: functions called, the case of a union picked and its tag written. A table of messages is then forgotten before
 * anything is written by it: on the chip it takes more room than most messages.
 */
function settled(writer: Writer, plan: Plan, value: unknown): Exclude<Plan, () => Plan> {
  let now = plan;
  for (;;) {
    if (typeof now === "function") now = now();
    else if (Array.isArray(now) && now[0] === UNION) {
      const found: readonly [number, unknown] = (now[1] as Cases)[(value as { kind: string }).kind];
      writeByte(writer, found[0]);
      now = found[1] as Plan;
    } else return now;
  }
}

function write(writer: Writer, wanted: Plan, value: unknown): void {
  const plan = settled(writer, wanted, value);
  if (typeof plan === "number") return writePlain(writer, plan % 8, Math.floor(plan / 8), value);
  if (!Array.isArray(plan)) {
    for (const name in plan as Fields) write(writer, (plan as Fields)[name] as Plan, (value as { [name: string]: unknown })[name]);
    return;
  }
  if (isWords(plan)) {
    const at = plan.indexOf(value as string);
    if (at < 0) throw new Error("not one of " + plan.join(", ") + ": " + (value as string));
    return writeByte(writer, at);
  }
  const composite = plan as Composite;
  if (composite[0] === LIST) {
    const items = value as unknown[];
    if (items.length > composite[2]) throw new Error("list of " + items.length + ", at most " + composite[2]);
    writeVarint(writer, items.length);
    for (let i = 0; i < items.length; i++) write(writer, composite[1], items[i]);
  } else if (composite[0] === OPTIONAL) {
    writeByte(writer, value === null ? 0 : 1);
    if (value !== null) write(writer, composite[1], value);
  } else {
    const [, item, spelling] = composite as readonly [typeof SPELLED, Plan, Spelling];
    write(writer, item, spelling.toBytes(value));
  }
}

function readPlain(reader: Reader, sort: number, limit: number): unknown {
  if (sort === FIXED) return readRaw(reader, limit);
  if (sort === BOOL) {
    const byte = readByte(reader);
    if (byte > 1) fail(reader, "neither 0 nor 1");
    return byte === 1;
  }
  const number = readVarint(reader);
  if (sort === INT) return number % 2 === 1 ? -(number + 1) / 2 : number / 2;
  if (sort === UINT) {
    if (limit > 0 && number > limit) fail(reader, "number too large");
    return number;
  }
  if (number > limit) fail(reader, "too long");
  const raw = readRaw(reader, number);
  return sort === TEXT ? latinText(raw) : sort === HEX ? toHex(raw) : raw;
}

function readRows(reader: Reader, item: Plan, count: number): Rows<unknown> {
  const from = reader.offset;
  const starts = new Uint16Array(count);
  for (let i = 0; i < count && !reader.failure; i++) {
    starts[i] = reader.offset - from;
    read(reader, item);
  }
  return { length: count, starts, bytes: reader.bytes.subarray(from, reader.offset), item: item as Schema<unknown> };
}

function readList(reader: Reader, item: Plan, max: number): unknown {
  const count = readVarint(reader);
  if (count > max) fail(reader, "list too long");
  const number = typeof item === "number" && item % 8 === UINT;
  if (reader.rows && !number && !reader.failure) return readRows(reader, item, count);
  const out: unknown[] = [];
  for (let i = 0; i < count && !reader.failure; i++) out.push(read(reader, item));
  return out;
}

/** Once something has failed everything reads as zero and nothing: the caller asks the reader at the end. `tag`: of the first union, read elsewhere. */
function read(reader: Reader, wanted: Plan, tag?: number): unknown {
  let plan = wanted;
  let next = tag;
  let kind = "";
  // A table of messages is forgotten as soon as its case is picked, see {@link settled}: so no name of its own for it here.
  for (;;) {
    if (typeof plan === "function") plan = plan();
    else if (Array.isArray(plan) && plan[0] === UNION) {
      kind = kindOf(plan[1] as Cases, next === undefined ? readByte(reader) : next);
      if (kind === "") fail(reader, "unknown kind");
      if (reader.failure) return { kind: "" };
      next = undefined;
      plan = (plan[1] as Cases)[kind][1] as Plan;
    } else break;
  }
  if (typeof plan === "number") return readPlain(reader, plan % 8, Math.floor(plan / 8));
  if (!Array.isArray(plan)) {
    const out: { [name: string]: unknown } = {};
    for (const name in plan as Fields) out[name] = read(reader, (plan as Fields)[name] as Plan);
    if (kind !== "") (out as { kind?: string }).kind = kind;
    return out;
  }
  if (isWords(plan)) {
    const at = readByte(reader);
    if (at >= plan.length) fail(reader, "unknown word");
    return plan[at < plan.length ? at : 0];
  }
  return readComposite(reader, plan as Composite);
}

function readComposite(reader: Reader, composite: Composite): unknown {
  if (composite[0] === LIST) return readList(reader, composite[1], composite[2]);
  if (composite[0] === OPTIONAL) {
    const present = readByte(reader);
    if (present > 1) fail(reader, "neither 0 nor 1");
    return present === 1 ? read(reader, composite[1]) : null;
  }
  const [, item, spelling] = composite as readonly [typeof SPELLED, Plan, Spelling];
  const value = spelling.fromBytes(read(reader, item) as Uint8Array);
  if (value === null) fail(reader, "cannot be spelled");
  return value;
}
