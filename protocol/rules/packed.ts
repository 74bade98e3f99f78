/**
 * A map whose values are kept as bytes, day by day, one after another with the length before each: two months of a large school's sales and meals are twenty
 * megabytes that no garbage collector ever walks through, and a snapshot takes them and gives them back as they are. What `get` gives is a copy: whoever
 * changes it sets it again.
 *
 * A value's schema begins with three whole numbers, the third of which is its business date. They name it; the rest is read when somebody asks for it.
 */
import { createReader, createWriter, fail, readVarint, writeRaw, writeVarint, written } from "../wire/bytes.js";
import type { Reader } from "../wire/bytes.js";
import { decode, encode } from "../wire/schema.js";
import type { Schema } from "../wire/schema.js";

export type Key = number | string;
/** The name of a value that begins with these numbers. */
export type KeyOf<K extends Key> = (first: number, second: number, date: number) => K;

/** A value as it lies among others: its name, its day, and where its bytes are. */
interface Place<K> {
  readonly key: K;
  readonly date: number;
  readonly from: number;
  readonly to: number;
}

/** Reads the length and the name of the value that comes next, and passes over the rest. */
function takePlace<K extends Key>(reader: Reader, keyOf: KeyOf<K>): Place<K> {
  const length = readVarint(reader);
  const from = reader.offset;
  const first = readVarint(reader);
  const second = readVarint(reader);
  const date = readVarint(reader);
  const to = from + length;
  if (to > reader.end || to < reader.offset) fail(reader, "not the length of this value");
  else reader.offset = to;
  return { key: keyOf(first, second, date), date, from, to };
}

const FIRST_SLOTS = 16;

/** FNV-1a over the characters of a key. */
function hashOf(key: Key): number {
  const text = String(key);
  let hash = 2166136261;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 16777619);
  return hash >>> 0;
}

class Day<K extends Key> {
  #bytes = new Uint8Array(256);
  #length = 0;
  /** Pairs: a key's hash, and where its value begins + 1; 0 is free. Three quarters full at most, so whoever looks comes to an end. */
  #slots = new Uint32Array(2 * FIRST_SLOTS);
  count = 0;

  constructor(private readonly keyOf: KeyOf<K>) {}

  find(key: K, hash: number): Place<K> | null {
    const slots = this.#slots;
    for (let at = hash & (slots.length / 2 - 1); slots[2 * at + 1] !== 0; at = (at + 1) & (slots.length / 2 - 1)) {
      if (slots[2 * at] !== hash) continue;
      const place = this.#placeAt(slots[2 * at + 1] - 1);
      if (place.key === key) return place;
    }
    return null;
  }

  /** Takes a value that is not here yet. */
  add(hash: number, bytes: Uint8Array): void {
    const at = this.#length;
    const head = createWriter(4);
    writeVarint(head, bytes.length);
    const length = at + head.length + bytes.length;
    if (length > this.#bytes.length) {
      const wider = new Uint8Array(Math.max(length, Math.ceil(this.#bytes.length * 1.25)));
      wider.set(this.#bytes.subarray(0, at));
      this.#bytes = wider;
    }
    this.#bytes.set(written(head), at);
    this.#bytes.set(bytes, at + head.length);
    this.#length = length;
    this.count++;
    if (8 * this.count > 3 * this.#slots.length) this.#index();
    else this.#note(hash, at);
  }

  /** Closes the gap: that happens when a meal is undone or a receipt voided, and a day is soon gone through. */
  remove({ from, to }: Place<K>): void {
    const length = createWriter(4);
    writeVarint(length, to - from);
    this.#bytes.copyWithin(from - length.length, to, this.#length);
    this.#length -= to - from + length.length;
    this.count--;
    this.#index();
  }

  bytesOf({ from, to }: Place<K>): Uint8Array {
    return this.#bytes.subarray(from, to);
  }

  *places(): IterableIterator<Place<K>> {
    const reader = createReader(this.#bytes.subarray(0, this.#length));
    while (reader.offset < reader.end) yield takePlace(reader, this.keyOf);
  }

  #placeAt(offset: number): Place<K> {
    const reader = createReader(this.#bytes);
    reader.offset = offset;
    return takePlace(reader, this.keyOf);
  }

  #index(): void {
    let size = FIRST_SLOTS;
    while (4 * this.count > 3 * size) size *= 2;
    this.#slots = new Uint32Array(2 * size);
    const reader = createReader(this.#bytes.subarray(0, this.#length));
    while (reader.offset < reader.end) {
      const at = reader.offset;
      this.#note(hashOf(takePlace(reader, this.keyOf).key), at);
    }
  }

  #note(hash: number, offset: number): void {
    const slots = this.#slots;
    let at = hash & (slots.length / 2 - 1);
    while (slots[2 * at + 1] !== 0) at = (at + 1) & (slots.length / 2 - 1);
    slots[2 * at] = hash;
    slots[2 * at + 1] = offset + 1;
  }
}

export class Packed<K extends Key, V extends { readonly date: number }> {
  readonly #days = new Map<number, Day<K>>();

  constructor(
    private readonly schema: Schema<V>,
    private readonly keyOf: KeyOf<K>,
  ) {}

  get size(): number {
    let size = 0;
    for (const { count } of this.#days.values()) size += count;
    return size;
  }

  has(key: K): boolean {
    return this.#find(key, hashOf(key)) !== null;
  }

  get(key: K): V | undefined {
    const found = this.#find(key, hashOf(key));
    return found ? this.#read(found.day.bytesOf(found.place)) : undefined;
  }

  set(key: K, value: V): void {
    const hash = hashOf(key);
    const known = this.#find(key, hash);
    known?.day.remove(known.place);
    this.#dayOf(value.date).add(hash, encode(this.schema, value));
  }

  delete(key: K): void {
    const found = this.#find(key, hashOf(key));
    found?.day.remove(found.place);
  }

  /** Drops what is of a day before `date`. */
  deleteBefore(date: number): void {
    for (const day of this.#days.keys()) if (day < date) this.#days.delete(day);
  }

  *values(): IterableIterator<V> {
    for (const date of this.#days.keys()) yield* this.valuesOn(date);
  }

  /** Those of one business date. */
  *valuesOn(date: number): IterableIterator<V> {
    const day = this.#days.get(date);
    for (const place of day?.places() ?? []) {
      const value = day && this.#read(day.bytesOf(place));
      if (value) yield value;
    }
  }

  /** How many there are, and each with its length before it: day after day, in a day by their keys, whatever the order in which they came. */
  pack(): Uint8Array {
    const writer = createWriter();
    writeVarint(writer, this.size);
    for (const [, day] of [...this.#days].sort(([a], [b]) => a - b)) {
      for (const place of [...day.places()].sort(({ key: a }, { key: b }) => (a < b ? -1 : 1))) {
        writeVarint(writer, place.to - place.from);
        writeRaw(writer, day.bytesOf(place));
      }
    }
    return written(writer);
  }

  /** Takes in what {@link pack} gave. What the values say beyond their names is not looked at here: the reader fails only where one has no end. */
  unpack(reader: Reader): void {
    const count = readVarint(reader);
    for (let i = 0; i < count && !reader.failure; i++) {
      const { key, date, from, to } = takePlace(reader, this.keyOf);
      const hash = hashOf(key);
      const day = this.#dayOf(date);
      if (day.find(key, hash)) fail(reader, "the same value twice");
      if (!reader.failure) day.add(hash, reader.bytes.subarray(from, to));
    }
  }

  #dayOf(date: number): Day<K> {
    const known = this.#days.get(date);
    if (known) return known;
    const day = new Day(this.keyOf);
    this.#days.set(date, day);
    return day;
  }

  #find(key: K, hash: number): { readonly day: Day<K>; readonly place: Place<K> } | null {
    for (const day of this.#days.values()) {
      const place = day.find(key, hash);
      if (place) return { day, place };
    }
    return null;
  }

  /** What was written by `encode` alone can be read; a figure beyond its schema's limit, which an auditor complains of, is as good as forgotten. */
  #read(bytes: Uint8Array): V | undefined {
    const decoded = decode(this.schema, bytes);
    return decoded.ok ? decoded.value : undefined;
  }
}
