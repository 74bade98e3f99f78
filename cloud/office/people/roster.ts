/** A school's list as it was sent: which column is what, and the rows below. What is written in them is judged later. */
import type { Table } from "../../documents/sheet-in.js";
import { splitName } from "./person.js";
import { HEADINGS, withoutYo } from "./words-roster.js";

type Column = keyof typeof HEADINGS;

export interface RosterRow {
  /** As the spreadsheet counts, from 1. */
  readonly line: number;
  readonly surname: string;
  readonly given: string;
  readonly patronymic: string;
  readonly class: string;
  readonly born: string;
  readonly account: string;
  readonly category: string;
  readonly guardians: readonly { readonly name: string; readonly phone: string }[];
}

/** `null` when no row among the first ones heads a class and a name. */
export function readRoster(table: Table): RosterRow[] | null {
  const at = table.slice(0, HEADER_ROWS).findIndex((row) => isHeader(columnsOf(row)));
  if (at < 0) return null;
  const columns = columnsOf(table[at]);
  return table.flatMap((row, index) => {
    const cell = (column: Column) => row[columns.get(column) ?? -1]?.replace(/\s+/g, " ").trim() ?? "";
    if (index <= at || row.every((one) => one.trim() === "")) return [];
    const name = columns.has("surname")
      ? { surname: cell("surname"), given: cell("given"), patronymic: cell("patronymic") }
      : splitName(cell("fullName"));
    const guardians = [
      { name: cell("guardian"), phone: cell("phone") },
      { name: cell("guardian2"), phone: cell("phone2") },
    ].filter(({ phone }) => phone !== "");
    const rest = { class: cell("class"), born: cell("born"), account: cell("account"), category: cell("category") };
    return [{ line: index + 1, ...name, ...rest, guardians }];
  });
}

/** Above the header schools put their name and the year. */
const HEADER_ROWS = 15;

function columnsOf(row: readonly string[]): Map<Column, number> {
  const columns = new Map<Column, number>();
  row.forEach((head, at) => {
    const key = withoutYo(head.toLowerCase()).replace(/[^\p{L}\p{N}]/gu, "");
    const found = (Object.keys(HEADINGS) as Column[]).find((column) => (HEADINGS[column] as readonly string[]).includes(key));
    if (found && !columns.has(found)) columns.set(found, at);
  });
  return columns;
}

function isHeader(columns: Map<Column, number>): boolean {
  return columns.has("class") && (columns.has("fullName") || (columns.has("surname") && columns.has("given")));
}
