/** Where the answers are: operation numbers to rows, in memory, because the table has no index. Sixteen bytes an operation. */
import type { OperationRow } from "./row.js";

/** Of one incarnation of one terminal; places in both lists are operation numbers − 1, which have no gaps. */
interface Answered {
  readonly rows: number[];
  readonly sizes: number[];
  /** Rows of conflicting facts, by operation number. */
  readonly conflicts: Map<number, number[]>;
}

export class Answers {
  readonly #lines = new Map<string, Answered>();
  #count = 0;

  /** How many there are: the next row's id. */
  get count(): number {
    return this.#count;
  }

  /** Takes rows in the order of their ids. */
  add({ terminal, incarnation, n, sizeAfter }: OperationRow): void {
    const line = this.#line(terminal, incarnation);
    const row = this.#count++;
    if (n === line.rows.length + 1) {
      line.rows.push(row);
      line.sizes.push(sizeAfter);
    } else line.conflicts.set(n, [...(line.conflicts.get(n) ?? []), row]);
  }

  /** Ids of the rows with the answers under an operation number. */
  rowsOf(terminal: number, incarnation: number, n: number): number[] {
    const line = this.#line(terminal, incarnation);
    const first = n >= 1 && n <= line.rows.length ? [line.rows[n - 1]] : [];
    return [...first, ...(line.conflicts.get(n) ?? [])];
  }

  /** The last operation that was answered; 0 for none. */
  lastOf(terminal: number, incarnation: number): number {
    return this.#line(terminal, incarnation).rows.length;
  }

  /** The last operation whose events are among the first `size` entries; 0 for none. Sizes never fall, so halving finds it. */
  lastWithin(terminal: number, incarnation: number, size: number): number {
    const { sizes } = this.#line(terminal, incarnation);
    let [low, high] = [0, sizes.length];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (sizes[middle - 1] <= size) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  #line(terminal: number, incarnation: number): Answered {
    const key = terminal + ":" + incarnation;
    const line = this.#lines.get(key) ?? { rows: [], sizes: [], conflicts: new Map() };
    this.#lines.set(key, line);
    return line;
  }
}
