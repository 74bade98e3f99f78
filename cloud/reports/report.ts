/**
 * A report is one description of a table: the screen, the PDF and the spreadsheet are drawn from it, so that they cannot say three different things. What
 * it adds up is set beside the ledger's own sum; a difference is shown, never hidden.
 */
import type { Account, BusinessDate, School } from "@trapeza/protocol";
import type { Cell } from "../documents/sheet-out.js";
import type { Store } from "../store/store.js";
import type { ReportWords } from "./words.ru.js";

export interface Column {
  readonly head: string;
  /** In letters; on paper its share of the width. */
  readonly width: number;
  readonly figure: boolean;
}

/** One sum two ways, in kopecks: as the report's rows have it, and as it was posted. */
export interface Check {
  readonly what: string;
  readonly here: number;
  readonly ledger: number;
}

export interface Made {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
  /** Sums below their columns; `null` when nothing adds up or there are no rows. */
  readonly foot: readonly Cell[] | null;
  readonly checks: readonly Check[];
  /** Sentences below the table. */
  readonly notes: readonly string[];
}

/** What is asked, and of whom. `null` in a filter means all of them. */
export interface Ask {
  readonly store: Store;
  /** The school's number in the store. */
  readonly id: number;
  readonly school: School;
  readonly from: BusinessDate;
  /** Included. */
  readonly to: BusinessDate;
  /** The day and moment it is where the school is. */
  readonly today: BusinessDate;
  readonly nowMs: number;
  readonly class: number | null;
  readonly meal: number | null;
  readonly caterer: number | null;
  readonly cashier: number | null;
  /** Whether they may read what single children must not eat. */
  readonly seesDiets: boolean;
  readonly words: ReportWords;
}

/** A column before it has met its rows. `sums`: its figures are added up below. */
export interface ColumnOf<Row> extends Column {
  readonly cell: (row: Row) => Cell;
  readonly sums: boolean;
}

export function text<Row>(head: string, width: number, of: (row: Row) => string | null): ColumnOf<Row> {
  return { head, width, figure: false, sums: false, cell: of };
}

/** Whole numbers that add up. */
export function count<Row>(head: string, width: number, of: (row: Row) => number): ColumnOf<Row> {
  return { head, width, figure: true, sums: true, cell: (row) => of(row) || null };
}

/** Whole numbers that do not: numbers of receipts, days. */
export function figure<Row>(head: string, width: number, of: (row: Row) => string | number | null): ColumnOf<Row> {
  return { head, width, figure: true, sums: false, cell: of };
}

const SUM_WIDTH = 13;

/** Kopecks. Nothing is left blank, so that the eye finds what is something. */
export function money<Row>(head: string, of: (row: Row) => number): ColumnOf<Row> {
  return { head, width: SUM_WIDTH, figure: true, sums: true, cell: (row) => (of(row) === 0 ? null : { kopecks: of(row) }) };
}

/** Kopecks that do not add up: limits, prices. */
export function rate<Row>(head: string, of: (row: Row) => number): ColumnOf<Row> {
  return { ...money(head, of), sums: false };
}

export interface Below {
  readonly total: string;
  readonly checks?: readonly Check[];
  readonly notes?: readonly string[];
}

export function made<Row>(columns: readonly ColumnOf<Row>[], rows: readonly Row[], { total, checks = [], notes = [] }: Below): Made {
  const cells = rows.map((row) => columns.map(({ cell }) => cell(row)));
  const hasSums = rows.length > 0 && columns.some(({ sums }) => sums);
  const foot = columns.map((column, at): Cell => {
    if (at === 0 && !column.sums) return total;
    return column.sums ? summed(cells.map((line) => line[at])) : null;
  });
  return {
    columns: columns.map(({ head, width, figure: isFigure }) => ({ head, width, figure: isFigure })),
    ...{ rows: cells, foot: hasSums ? foot : null, checks, notes },
  };
}

function summed(cells: readonly Cell[]): Cell {
  const sums = { count: 0, kopecks: 0 };
  let isMoney = false;
  for (const cell of cells) {
    if (typeof cell === "number") sums.count += cell;
    if (typeof cell !== "object" || cell === null) continue;
    isMoney = true;
    sums.kopecks += cell.kopecks;
  }
  return isMoney ? { kopecks: sums.kopecks } : sums.count || null;
}

/** The foot's sum of a column of money, for checks. */
export function sumOf<Row>(rows: readonly Row[], of: (row: Row) => number): number {
  return rows.reduce((sum, row) => sum + of(row), 0);
}

/** By class as schools read them (2А before 10Б), then by name. */
const ORDER = new Intl.Collator("ru", { numeric: true });

export function inOrder<Row>(rows: readonly Row[], ...keys: ((row: Row) => string | number)[]): Row[] {
  return [...rows].sort((a, b) => {
    for (const key of keys) {
      const [left, right] = [key(a), key(b)];
      const order = typeof left === "number" && typeof right === "number" ? left - right : ORDER.compare(String(left), String(right));
      if (order !== 0) return order;
    }
    return 0;
  });
}

export const classNameOf = (school: School, id: number | null) => school.classes.get(id ?? -1)?.name ?? "—";
export const mealNameOf = (school: School, id: number) => school.meals.get(id)?.name ?? "—";
export const catererNameOf = (school: School, id: number) => school.caterers.get(id)?.name ?? "№ " + id;
export const pupilNameOf = (school: School, id: number) => school.accounts.get(id)?.name ?? "№ " + id;
export const staffNameOf = (school: School, id: number | null) => (id === null ? "—" : (school.staff.get(id)?.name ?? "№ " + id));

/** Who learns here, by class and name. `class`: one class only. */
export function pupilsOf({ school, class: only }: Pick<Ask, "school" | "class">): Account[] {
  const pupils = [...school.accounts.values()].filter(
    ({ holder, status, class: own }) =>
      holder === "pupil" && (status === "open" || status === "closing") && (only === null || own === only),
  );
  return inOrder(
    pupils,
    (one) => classNameOf(school, one.class),
    (one) => one.name,
  );
}
