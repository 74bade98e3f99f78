/** The inside of a cell: varints and records (sqlite.org/fileformat2.html §1.6 and §2.1), each in its one shortest spelling. */

/** Bytes that are not what was written; `offset` from the beginning of the file. Thrown within the walk, turned into a value at its door. */
export class FileDamage extends Error {
  constructor(
    readonly offset: number,
    what: string,
    /** The first row on the page, when it is not one row that is wrong but the page. */
    readonly row: number | null = null,
  ) {
    super(what);
  }
}

/** One cell of a page; offsets from the beginning of the file. */
export interface Cell {
  readonly offset: number;
  readonly end: number;
  /** Row number; in an interior cell the last one below `child`. */
  readonly row: number;
  readonly child: number;
  /** Bytes of the whole record, of which `bytes` lie in the cell and the others from page `overflow` on. */
  readonly size: number;
  readonly bytes: Uint8Array;
  readonly overflow: number;
}

/** "row": the column is the row number, of which the record keeps nothing. */
export type ColumnShape = "row" | "integer" | "blob" | "text";
export type Value = null | number | string | Uint8Array;

/** A varint of at most 8 bytes, which is all that our numbers need. A longer spelling than necessary is damage. */
export function readVarint(bytes: Uint8Array, offset: number, end: number): { value: number; next: number } {
  let value = 0;
  for (let at = offset; at < end && at < offset + 8; at++) {
    if (at === offset && bytes[at] === 0x80) throw new FileDamage(at, "a number that begins with nothing");
    value = value * 128 + (bytes[at] & 0x7f);
    if (bytes[at] < 0x80) return { value, next: at + 1 };
  }
  throw new FileDamage(offset, "a number without an end");
}

/** The values of a cell's record. `gather` fetches the parts that lie on other pages. */
export function readRecord(cell: Cell, columns: readonly ColumnShape[], gather: (cell: Cell, first: number) => Uint8Array): Value[] {
  const record = cell.overflow === 0 ? cell.bytes : gather(cell, cell.overflow);
  const damaged = (what: string): never => {
    throw new FileDamage(cell.offset, what);
  };
  if (record.length !== cell.size) return damaged("a record of another length");
  const head = inCell(cell, () => readVarint(record, 0, record.length));
  let at = head.next;
  let body = head.value;
  const values = columns.map((column) => {
    const kind = inCell(cell, () => readVarint(record, at, Math.min(head.value, record.length)));
    at = kind.next;
    const length = lengthOf(column, kind.value) ?? damaged(`a column of kind ${kind.value} where ${column} belongs`);
    const bytes = record.subarray(body, body + length);
    if (bytes.length !== length) return damaged("a record cut short");
    body += length;
    return valueOf(column, kind.value, bytes) ?? (column === "row" ? null : damaged("a number not in its shortest form"));
  });
  if (at !== head.value || body !== record.length) return damaged("a record with something left over");
  return values;
}

/** Offsets inside a record that may be scattered over pages mean nothing to a reader of the file: the cell is named instead. */
function inCell<T>(cell: Cell, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof FileDamage ? new FileDamage(cell.offset, error.message) : error;
  }
}

const INTEGER_BYTES: Readonly<Record<number, number>> = { 1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8, 8: 0, 9: 0 };

/** Bytes of a column's content by its serial type (fileformat2 §2.1), or `null` when the column cannot hold that type. */
function lengthOf(column: ColumnShape, kind: number): number | null {
  if (column === "row") return kind === 0 ? 0 : null;
  if (column === "integer") return INTEGER_BYTES[kind] ?? null;
  const parity = column === "blob" ? 0 : 1;
  return kind >= 12 && kind % 2 === parity ? (kind - 12 - parity) / 2 : null;
}

function valueOf(column: ColumnShape, kind: number, bytes: Uint8Array): Value {
  if (column === "blob") return bytes;
  if (column === "text") return Buffer.from(bytes).toString("utf8");
  if (column === "row") return null;
  if (bytes.length === 0) return kind - 8;
  // Two's complement, most significant byte first.
  let value = bytes[0] >= 0x80 ? -1 : 0;
  for (const byte of bytes) value = value * 256 + byte;
  return kind === shortestKind(value) ? value : null;
}

function shortestKind(value: number): number {
  if (value === 0 || value === 1) return 8 + value;
  const magnitude = value < 0 ? -value - 1 : value;
  const kind = [7, 15, 23, 31, 47].findIndex((bits) => magnitude < 2 ** bits);
  return kind < 0 ? 6 : kind + 1;
}
