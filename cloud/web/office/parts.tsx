/** Pieces that the office's pages share: a dense table and a search line. */
import type { ComponentChildren } from "preact";

export interface Column<Row> {
  readonly head: string;
  readonly cell: (row: Row) => ComponentChildren;
  /** Figures: aligned to the right, of one width. */
  readonly figure?: boolean;
}

interface DataTableProps<Row> {
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  /** What will appear here, and how. */
  readonly empty: string;
  /** The last row: sums under their columns. */
  readonly foot?: readonly ComponentChildren[];
}

export function DataTable<Row>({ caption, columns, rows, empty, foot }: DataTableProps<Row>) {
  if (rows.length === 0) return <p class="empty">{empty}</p>;
  const side = (column: Column<Row>) => (column.figure ? "figure" : undefined);
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={caption}>
      <table class="data">
        <caption>{caption}</caption>
        <thead>
          <tr>{columns.map((column) => (column.head === "" ? <td /> : <th class={side(column)}>{column.head}</th>))}</tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr>
              {columns.map((column) => (
                <td class={side(column)}>{column.cell(row)}</td>
              ))}
            </tr>
          ))}
        </tbody>
        {foot && (
          <tfoot>
            <tr>
              {foot.map((cell, at) => (
                <td class={side(columns[at])}>{cell}</td>
              ))}
            </tr>
          </tfoot>
        )}
      </table>
    </div>
  );
}

export function Search({ label, value, submit, children }: { label: string; value: string; submit: string; children?: ComponentChildren }) {
  return (
    <form class="search" role="search" method="get">
      <label>
        {label} <input type="search" name="q" value={value} accesskey="f" />
      </label>
      {children}
      <button>{submit}</button>
    </form>
  );
}
