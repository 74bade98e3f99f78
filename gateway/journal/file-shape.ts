/** What a journal file must look like: journal.sql as SQLite keeps it, and what only the file's first page knows. */
import { readFileSync } from "node:fs";
import type { FileShape, TableShape } from "./page-walk.js";
import type { ColumnShape } from "./page-record.js";

/** A page takes one write of this size a commit; one part of the journal is as large as one root page allows, here about 280,000 events. */
export const PAGE_BYTES = 32768;
/** "Trap": so that `file` can tell what this is. */
const APPLICATION_ID = 0x54726170;

const SQL = readFileSync(sqlFile("journal.sql"), "utf8");
const COLUMNS: Readonly<Record<string, readonly ColumnShape[]>> = {
  entries: ["row", "blob", "blob", "blob"],
  answers: ["row", "integer", "integer", "integer", "blob", "blob", "integer", "blob"],
  edges: ["row", "integer", "blob", "integer", "blob"],
};

/** From dist/journal/ as from journal/ itself, the package's own journal/*.sql is two or one folder up: the build copies no files. */
export function sqlFile(name: string): URL {
  return new URL((import.meta.url.includes("/dist/") ? "../../journal/" : "./") + name, import.meta.url);
}

/** The tables of one part, without comments and in single spaces: SQLite keeps the text of CREATE TABLE as it was given. */
export function tablesOf(part: number): TableShape[] {
  const statements = SQL.replace(/--.*$/gm, "").replaceAll("{part}", String(part)).replace(/\s+/g, " ").split(";");
  return statements.slice(0, -1).map((statement, i) => {
    const series = Object.keys(COLUMNS)[i];
    return { series, name: `${series}_${part}`, sql: statement.trim(), columns: COLUMNS[series] };
  });
}

export function fileShape(pageSize: number): FileShape {
  const known: TableShape[][] = [];
  return { pageSize, applicationId: APPLICATION_ID, tablesOf: (part) => (known[part] ??= tablesOf(part)) };
}

/**
 * Pages after which a part makes room for the next. A root page holds a pointer of 2 bytes and a cell of 4 and up to 4 for each leaf; at 12 a leaf instead
 * of 10 there is room left for what one commit adds.
 */
export function partPages(pageSize: number): number {
  return Math.floor((pageSize - 12) / 12);
}

/** Parts whose description fits on the first page; with a table more that page would be split. Beyond lies a new epoch, with 32 kB pages in some 30 years. */
export function mostParts(pageSize: number): number {
  const described = tablesOf(99).reduce((bytes, { name, sql }) => bytes + sql.length + 2 * name.length + 25, 0);
  return Math.floor((pageSize - 200) / described);
}
