/**
 * Accounts for every byte of a journal file, without SQLite: what is not covered by a hash, a checksum or a rule has nowhere to hide.
 *
 * A database file in general is full of slack: freed cells, gaps, stale pointers. Ours is only ever appended to, under secure_delete, and no table grows
 * beyond one root and its leaves (store.ts begins a new part before); such a file has one spelling. So this is not a parser of SQLite files but of ours:
 * it demands that spelling, byte for byte, and calls everything else damage. Page numbers and field offsets: sqlite.org/fileformat2.html.
 */
import { readRecord, readVarint, FileDamage } from "./page-record.js";
import type { Cell, ColumnShape, Value } from "./page-record.js";

/** One table as it must stand in the file: `sql` is its text in sqlite_schema, letter for letter. */
export interface TableShape {
  readonly series: string;
  readonly name: string;
  readonly sql: string;
  readonly columns: readonly ColumnShape[];
}

/** What file is expected. Row numbers of a series (entries_0, entries_1, …) run on from part to part, from 0. */
export interface FileShape {
  readonly pageSize: number;
  readonly applicationId: number;
  readonly tablesOf: (part: number) => readonly TableShape[];
}

/** Where a file stops being ours. `series` and `row` to `upTo`: the rows that this concerns; `null` when it concerns the file as a whole. */
export interface Damage {
  /** From 1. */
  readonly page: number;
  /** Of the first wrong byte or field, from the beginning of the file. */
  readonly offset: number;
  readonly series: string | null;
  readonly row: number | null;
  readonly upTo: number | null;
  readonly what: string;
}

export interface WalkedRow {
  readonly row: number;
  /** As the columns say; the column that is the row number itself is `null`. */
  readonly values: readonly Value[];
}

export interface WalkedFile {
  readonly pages: number;
  /** The good rows of each series, in order, up to its first damage. */
  readonly rows: ReadonlyMap<string, readonly WalkedRow[]>;
  /** At most one for the file and one for each series; empty for a good file. */
  readonly damages: readonly Damage[];
}

interface Table {
  readonly shape: TableShape;
  readonly root: number;
}

const HEADER_BYTES = 100;
const MAGIC = "SQLite format 3\0";
const LEAF = 13;
const INTERIOR = 5;

/** Walks the image of a whole database file, from its first byte to its last. Never throws: bytes of any kind are a verdict. */
export function walkPages(image: Uint8Array, shape: FileShape): WalkedFile {
  const walk = new Walk(image, shape);
  const damages: Damage[] = [];
  const rows = new Map<string, WalkedRow[]>();
  const tables = walk.attempt(damages, null, () => {
    walk.header();
    return walk.schema();
  });
  const broken = new Set<string>();
  for (const { shape: table, root } of tables ?? []) {
    if (!rows.has(table.series)) rows.set(table.series, []);
    const found = rows.get(table.series) as WalkedRow[];
    // After damage the next part's row numbers are no longer known: it is not looked at, its pages count as reached.
    if (broken.has(table.series)) continue;
    const whole = walk.attempt(damages, table.series, () => walk.table(table, root, found));
    if (!whole) broken.add(table.series);
  }
  if (damages.length === 0) walk.attempt(damages, null, () => walk.everyPageReached());
  return { pages: Math.floor(image.length / shape.pageSize), rows, damages };
}

/** One pass over one file; remembers which pages it has been to, because each may belong to one place only. */
class Walk {
  readonly #view: DataView;
  readonly #reached = new Set<number>();
  readonly #pages: number;
  readonly #zeroes: Uint8Array;
  /** The row that comes next in the series that is being walked. */
  #next = 0;

  constructor(
    private readonly image: Uint8Array,
    private readonly shape: FileShape,
  ) {
    this.#view = new DataView(image.buffer, image.byteOffset, image.length);
    this.#pages = Math.floor(image.length / shape.pageSize);
    this.#zeroes = new Uint8Array(shape.pageSize);
  }

  /** Turns the damage that `look` runs into into a value with its place. */
  attempt<T>(damages: Damage[], series: string | null, look: () => T): T | null {
    try {
      return look();
    } catch (error) {
      if (!(error instanceof FileDamage)) throw error;
      const page = Math.floor(error.offset / this.shape.pageSize) + 1;
      const row = series === null ? null : (error.row ?? this.#next);
      const upTo = row === null || error.row === null ? row : Math.max(row, this.#next - 1);
      damages.push({ page, offset: error.offset, series, row, upTo, what: error.message });
      return null;
    }
  }

  /** The first 100 bytes (fileformat2 §1.3): each field has one allowed value. */
  header(): void {
    const { image, shape } = this;
    if (image.length === 0 || image.length % shape.pageSize !== 0)
      throw new FileDamage(image.length, `the file's length is no multiple of ${shape.pageSize}`);
    for (let i = 0; i < MAGIC.length; i++) if (image[i] !== MAGIC.charCodeAt(i)) throw new FileDamage(i, "not an SQLite file");
    this.#field(16, 2, shape.pageSize, "page size");
    this.#field(18, 2, 0x0202, "file format: write-ahead log");
    this.#field(20, 4, 0x00402020, "reserved space and payload fractions");
    // The counter may be anything, but the last writer wrote it twice.
    this.#field(24, 4, this.#view.getUint32(92), "change counter");
    this.#field(28, 4, this.#pages, "number of pages");
    this.#field(32, 8, 0, "free pages");
    this.#field(44, 4, 4, "schema format");
    this.#field(48, 8, 0, "cache size and vacuum root");
    this.#field(56, 4, 1, "text encoding");
    // The gateway keeps the version of the SQLite that wrote page 1 in user_version too, so that neither can change alone.
    this.#field(60, 4, this.#view.getUint32(96), "version of the writer");
    this.#field(64, 4, 0, "vacuum mode");
    this.#field(68, 4, shape.applicationId, "application");
    this.#zero(72, 92, "reserved");
  }

  #field(offset: number, bytes: number, expected: number, what: string, row: number | null = null): void {
    let value = 0;
    for (let i = offset; i < offset + bytes; i++) value = value * 256 + this.image[i];
    if (value !== expected) throw new FileDamage(offset, `${what}: ${value} instead of ${expected}`, row);
  }

  #zero(from: number, to: number, what: string, row: number | null = null): void {
    for (let at = from; at < to; at += this.#zeroes.length) {
      const piece = this.image.subarray(at, Math.min(to, at + this.#zeroes.length));
      if (Buffer.compare(piece, this.#zeroes.subarray(0, piece.length)) === 0) continue;
      throw new FileDamage(at + piece.findIndex((byte) => byte !== 0), `${what}: bytes that must be zero are not`, row);
    }
  }

  /** sqlite_schema, on page 1 alone: our tables in their order, part by part, and nothing else (fileformat2 §2.6). */
  schema(): Table[] {
    const columns: ColumnShape[] = ["text", "text", "text", "integer", "text"];
    const tables: Table[] = [];
    this.#reach(1, 0);
    this.#cells(1, LEAF, (cell) => {
      const part = Math.floor(tables.length / this.shape.tablesOf(0).length);
      const shape = this.shape.tablesOf(part)[tables.length % this.shape.tablesOf(0).length];
      if (cell.row !== tables.length + 1) throw new FileDamage(cell.offset, "a table is missing");
      const values = readRecord(cell, columns, (spilt, first) => this.#overflow(spilt, first));
      const expected = ["table", shape.name, shape.name, values[3], shape.sql];
      expected.forEach((value, i) => {
        if (values[i] !== value) throw new FileDamage(cell.offset, `table ${shape.name} is not described as it was made`);
      });
      tables.push({ shape, root: values[3] as number });
    });
    const wanted = this.shape.tablesOf(0).length;
    if (tables.length === 0 || tables.length % wanted !== 0) throw new FileDamage(HEADER_BYTES, "a table is missing");
    this.#field(40, 4, tables.length, "schema cookie");
    return tables;
  }

  /** A root that is a leaf, or a root over leaves; rows go on where the part before ended. Returns `true`, or throws. */
  table(shape: TableShape, root: number, rows: WalkedRow[]): true {
    this.#next = (rows.at(-1)?.row ?? -1) + 1;
    const at = this.#reach(root, this.#offsetOf(1));
    if (this.image[at] === LEAF) return this.#leaf(root, shape, rows);
    const last = this.#cells(root, INTERIOR, (cell) => {
      this.#reach(cell.child, cell.offset);
      this.#leaf(cell.child, shape, rows);
      if (rows.at(-1)?.row !== cell.row) throw new FileDamage(cell.offset, "it does not name the last row below it");
    });
    const before = rows.length;
    this.#reach(last, at + 8);
    this.#leaf(last, shape, rows);
    if (rows.length === before) throw new FileDamage(this.#offsetOf(last), "an empty page");
    return true;
  }

  #leaf(page: number, shape: TableShape, rows: WalkedRow[]): true {
    this.#cells(page, LEAF, (cell) => {
      if (cell.row !== this.#next) throw new FileDamage(cell.offset, `row ${cell.row} where ${this.#next} belongs`);
      rows.push({ row: cell.row, values: readRecord(cell, shape.columns, (spilt, first) => this.#overflow(spilt, first)) });
      this.#next++;
    });
    return true;
  }

  /**
   * The cells of a page in order (fileformat2 §1.6). Appended and never touched again, each lies right below the one before, from the page's end down;
   * between the last pointer and the last cell there is nothing. Returns the rightmost child of an interior page, 0 for a leaf.
   */
  #cells(page: number, type: number, visit: (cell: Cell) => void): number {
    const { pageSize } = this.shape;
    const start = this.#offsetOf(page);
    const at = page === 1 ? HEADER_BYTES : start;
    if (this.image[at] !== type) throw new FileDamage(at, `a page of kind ${this.image[at]} where ${type} belongs`);
    const first = this.#next;
    const count = this.#view.getUint16(at + 3);
    const pointers = at + (type === INTERIOR ? 12 : 8);
    if (pointers + 2 * count > start + pageSize) throw new FileDamage(at + 3, "more cells than fit");
    let end = start + pageSize;
    for (let i = 0; i < count; i++) {
      const pointer = start + this.#view.getUint16(pointers + 2 * i);
      if (pointer >= end || pointer < pointers + 2 * count) throw new FileDamage(pointers + 2 * i, "a pointer out of place");
      const cell = type === LEAF ? this.#leafCell(pointer, end) : this.#interiorCell(pointer, end);
      if (cell.end !== end) throw new FileDamage(pointers + 2 * i, "a cell that does not lie below the one before");
      visit(cell);
      end = pointer;
    }
    // After the cells: a row that was taken out is named before the space that it left.
    this.#field(at + 1, 2, 0, "freed space", first);
    this.#field(at + 5, 2, end - start, "beginning of the cells", first);
    this.#field(at + 7, 1, 0, "lost bytes", first);
    this.#zero(pointers + 2 * count, end, "gap between pointers and cells", first);
    return type === INTERIOR ? this.#view.getUint32(at + 8) : 0;
  }

  #interiorCell(offset: number, end: number): Cell {
    if (offset + 5 > end) throw new FileDamage(offset, "a cell too short");
    const key = readVarint(this.image, offset + 4, end);
    return { offset, end: key.next, row: key.value, child: this.#view.getUint32(offset), size: 0, bytes: new Uint8Array(0), overflow: 0 };
  }

  #leafCell(offset: number, end: number): Cell {
    const size = readVarint(this.image, offset, end);
    const row = readVarint(this.image, size.next, end);
    const local = localBytes(size.value, this.shape.pageSize);
    const spills = local < size.value;
    const stop = row.next + local;
    if (stop + (spills ? 4 : 0) > end) throw new FileDamage(offset, "a cell longer than its place");
    const bytes = this.image.subarray(row.next, stop);
    const overflow = spills ? this.#view.getUint32(stop) : 0;
    return { offset, end: spills ? stop + 4 : stop, row: row.value, child: 0, size: size.value, bytes, overflow };
  }

  /** What did not fit into a cell: full pages, each naming the next, the last one filled up with zeroes (fileformat2 §1.5). */
  #overflow(cell: Cell, first: number): Uint8Array {
    const room = this.shape.pageSize - 4;
    const parts = [cell.bytes];
    let page = first;
    for (let rest = cell.size - cell.bytes.length; rest > 0; rest -= room) {
      const at = this.#reach(page, cell.offset);
      const used = Math.min(rest, room);
      parts.push(this.image.subarray(at + 4, at + 4 + used));
      page = this.#view.getUint32(at);
      if (rest > room !== (page !== 0)) throw new FileDamage(at, "a chain of pages of the wrong length");
      this.#zero(at + 4 + used, at + this.shape.pageSize, "rest of a page");
    }
    return Buffer.concat(parts);
  }

  /** Offset of a page that nothing else has led to. */
  #reach(page: number, from: number): number {
    if (page < 1 || page > this.#pages) throw new FileDamage(from, `it leads to page ${page} of ${this.#pages}`);
    if (this.#reached.has(page)) throw new FileDamage(from, `it leads to page ${page}, which belongs elsewhere`);
    this.#reached.add(page);
    return this.#offsetOf(page);
  }

  #offsetOf(page: number): number {
    return (page - 1) * this.shape.pageSize;
  }

  everyPageReached(): void {
    for (let page = 1; page <= this.#pages; page++)
      if (!this.#reached.has(page)) throw new FileDamage(this.#offsetOf(page), "a page that nothing leads to");
  }
}

/** How much of a record stays in its cell (fileformat2 §1.5, "Cell payload overflow pages"). */
function localBytes(size: number, pageSize: number): number {
  const most = pageSize - 35;
  if (size <= most) return size;
  const least = Math.floor(((pageSize - 12) * 32) / 255) - 23;
  const fitting = least + ((size - least) % (pageSize - 4));
  return fitting <= most ? fitting : least;
}
