/**
 * A provider's registry of a day, or a bank's list of payments to accounts: a table with a heading row, in UTF-8 or windows-1251, text or workbook. A row
 * that cannot be understood stays a row, for a person to look at.
 */
import { readTable } from "../documents/sheet-in.js";
import { parseRoubles } from "../web/money-text.js";
import { CHARGEBACK, COLUMNS, REFUND, TOTAL } from "./words-registry.js";

export type Operation = "payment" | "refund" | "chargeback";

export interface RegistryRow {
  /** Of the file, from 1. */
  readonly line: number;
  readonly operation: Operation;
  /** The provider's own name of the operation, or our order's number: what makes a row one and the same. "" when there is none. */
  readonly name: string;
  /** The account's number as it was typed; "" where the file has none. */
  readonly account: string;
  /** Whole kopecks, above nothing; null when it is no sum, or cannot be booked because its commission is none. */
  readonly sum: number | null;
  readonly commission: number;
  /** The row as it stood in the file. */
  readonly text: string;
}

export interface RegistryFile {
  readonly rows: readonly RegistryRow[];
  /** What the file says of itself in its last row differs from what stands in it. */
  readonly isShort: boolean;
}

type Column = keyof typeof COLUMNS;

/** `null` when it is no table, or no row of it heads a sum and a name. */
export function readRegistry(bytes: Uint8Array): RegistryFile | null {
  const table = readTable(bytes);
  const head = table?.findIndex((row) => placesOf(row) !== null) ?? -1;
  if (!table || head < 0) return null;
  const places = placesOf(table[head]) as ReadonlyMap<Column, number>;
  const rows: RegistryRow[] = [];
  let isShort = false;
  for (let at = head + 1; at < table.length; at++) {
    const cells = table[at];
    if (cells.every((cell) => cell === "")) continue;
    if (TOTAL.test(cells[0].toLowerCase())) isShort ||= !agrees(cells, rows);
    else rows.push(rowIn(cells, at + 1, places));
  }
  return { rows, isShort };
}

function placesOf(cells: readonly string[]): ReadonlyMap<Column, number> | null {
  const heads = cells.map((cell) => cell.toLowerCase().replace(/\s+/g, " "));
  const places = new Map<Column, number>();
  for (const column of Object.keys(COLUMNS) as Column[]) {
    const at = heads.findIndex((head) => COLUMNS[column].test(head));
    if (at >= 0) places.set(column, at);
  }
  return places.has("sum") && places.has("name") ? places : null;
}

function rowIn(cells: readonly string[], line: number, places: ReadonlyMap<Column, number>): RegistryRow {
  const cell = (column: Column) => cells[places.get(column) ?? -1] ?? "";
  const word = cell("operation").toLowerCase();
  const isNegative = /^[-−]/.test(cell("sum"));
  const operation = CHARGEBACK.test(word) ? "chargeback" : isNegative || REFUND.test(word) ? "refund" : "payment";
  const sum = parseRoubles(cell("sum").replace(/^[-−]/, ""));
  const commission = commissionIn(cell("commission"), operation);
  return {
    ...{ line, operation, name: cell("name").slice(0, 80), account: cell("account").replace(/\s/g, "").slice(0, 24) },
    sum: sum === 0 || commission === null ? null : sum,
    commission: commission ?? 0,
    text: cells.join("; ").slice(0, 500),
  };
}

/**
 * Kopecks that the provider takes. A sign beside a payment can only mean that they are taken off; beside a return it is as likely a commission given back, so
 * a person has to look: `null`, as for what is no sum.
 */
function commissionIn(cell: string, operation: Operation): number | null {
  if (/^[-–—−]?$/.test(cell)) return 0;
  const read = parseRoubles(operation === "payment" ? cell.replace(/^[-−]/, "") : cell);
  return read ?? (parseRoubles(cell.replace(/^[-−]/, "")) === 0 ? 0 : null);
}

/** "=3;1500,00" and "Итого: ; 3; 1 500,00" name the number of rows, the sum, or both; whatever they name has to be there. */
function agrees(cells: readonly string[], rows: readonly RegistryRow[]): boolean {
  const total = rows.reduce((all, { sum, operation }) => all + (operation === "payment" ? 1 : -1) * (sum ?? 0), 0);
  const figures = cells.map((cell) => cell.replace(/^[^0-9]*/, "")).filter((cell) => parseRoubles(cell) !== null);
  return figures.every((figure) => (/^[0-9]+$/.test(figure) && Number(figure) === rows.length) || parseRoubles(figure) === Math.abs(total));
}
