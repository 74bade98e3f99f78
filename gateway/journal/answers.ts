/** Where the answers are: operation numbers to rows, in memory, because the table has no index. Eight bytes an operation, in plain arrays of numbers. */
import type { InheritedLine, OperationRow } from "./row.js";

/** Numbers below 2^32 one after another, with room to grow. */
class Numbers {
  constructor(
    private numbers = new Uint32Array(64),
    public length = 0,
  ) {}

  push(value: number): void {
    if (!(value >= 0 && value < 4294967296)) throw new Error("an epoch has fewer than 2^32 rows, not " + value);
    if (this.length === this.numbers.length) {
      const wider = new Uint32Array(Math.max(64, Math.ceil(this.length * 1.5)));
      wider.set(this.numbers);
      this.numbers = wider;
    }
    this.numbers[this.length++] = value;
  }

  at(index: number): number {
    return this.numbers[index];
  }

  all(): Uint32Array {
    return this.numbers.subarray(0, this.length);
  }
}

/** Of one incarnation of one terminal; places in both lists are operation numbers − 1 − base, which have no gaps. */
interface Answered {
  readonly terminal: number;
  readonly incarnation: number;
  /** Operations that gateways of earlier epochs had answered: numbers go on behind them. */
  readonly base: number;
  readonly rows: Numbers;
  readonly sizes: Numbers;
  /** Rows of conflicting facts, by operation number. */
  readonly conflicts: Map<number, number[]>;
}

function emptyLine(terminal: number, incarnation: number, base: number): Answered {
  return { terminal, incarnation, base, rows: new Numbers(), sizes: new Numbers(), conflicts: new Map() };
}

/** Numbers before a line's rows, in bytes(). */
const HEAD = 5;

export class Answers {
  readonly #lines = new Map<string, Answered>();
  #count = 0;

  /** `inherited`: how far lines had come in earlier epochs. */
  constructor(inherited: readonly InheritedLine[] = []) {
    for (const { terminal, incarnation, upTo } of inherited)
      this.#lines.set(terminal + ":" + incarnation, emptyLine(terminal, incarnation, upTo));
  }

  /** How many there are: the next row's id. */
  get count(): number {
    return this.#count;
  }

  /** Takes rows in the order of their ids. */
  add({ terminal, incarnation, n, sizeAfter }: Omit<OperationRow, "answer" | "digest">): void {
    const line = this.#line(terminal, incarnation);
    const row = this.#count++;
    if (n === line.base + line.rows.length + 1) {
      line.rows.push(row);
      line.sizes.push(sizeAfter);
    } else line.conflicts.set(n, [...(line.conflicts.get(n) ?? []), row]);
  }

  /** Ids of the rows with the answers under an operation number. */
  rowsOf(terminal: number, incarnation: number, n: number): number[] {
    const line = this.#line(terminal, incarnation);
    const at = n - 1 - line.base;
    const first = at >= 0 && at < line.rows.length ? [line.rows.at(at)] : [];
    return [...first, ...(line.conflicts.get(n) ?? [])];
  }

  /** The last operation that was answered; 0 for none. */
  lastOf(terminal: number, incarnation: number): number {
    const { base, rows } = this.#line(terminal, incarnation);
    return base + rows.length;
  }

  /** The last operation whose events are among the first `size` entries; 0 for none. Sizes never fall, so halving finds it. */
  lastWithin(terminal: number, incarnation: number, size: number): number {
    const { base, sizes } = this.#line(terminal, incarnation);
    let [low, high] = [0, sizes.length];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (sizes.at(middle - 1) <= size) low = middle;
      else high = middle - 1;
    }
    return base + low;
  }

  #line(terminal: number, incarnation: number): Answered {
    const key = terminal + ":" + incarnation;
    const known = this.#lines.get(key);
    if (known) return known;
    const line = emptyLine(terminal, incarnation, 0);
    this.#lines.set(key, line);
    return line;
  }

  /**
   * All of it as numbers of 32 bits, in this machine's byte order: how many answers; for each line terminal, incarnation, base, how many answers and conflicts,
   * then rows, sizes, and each conflict as n and row.
   */
  bytes(): Uint8Array {
    const parts: Uint32Array[] = [Uint32Array.of(this.#count)];
    for (const { terminal, incarnation, base, rows, sizes, conflicts } of this.#lines.values()) {
      const pairs = [...conflicts].flatMap(([n, ids]) => ids.flatMap((id) => [n, id]));
      parts.push(
        Uint32Array.of(terminal, incarnation, base, rows.length, pairs.length / 2),
        rows.all(),
        sizes.all(),
        Uint32Array.from(pairs),
      );
    }
    return Buffer.concat(parts.map(({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength)));
  }

  /** What {@link bytes} gave, or `null` for anything else. */
  static from(bytes: Uint8Array): Answers | null {
    if (bytes.length % 4 !== 0 || bytes.length === 0) return null;
    const aligned = bytes.byteOffset % 4 === 0 ? bytes : new Uint8Array(bytes);
    const numbers = new Uint32Array(aligned.buffer, aligned.byteOffset, aligned.length / 4);
    const answers = new Answers();
    answers.#count = numbers[0];
    for (let at = 1; at < numbers.length;) {
      const [terminal, incarnation, base, count, pairs] = numbers.subarray(at, at + HEAD);
      const end = at + HEAD + 2 * count + 2 * pairs;
      if (pairs === undefined || end > numbers.length) return null;
      const part = (from: number): Numbers => new Numbers(numbers.slice(at + HEAD + from, at + HEAD + from + count), count);
      const conflicts = new Map<number, number[]>();
      for (let pair = at + HEAD + 2 * count; pair < end; pair += 2)
        conflicts.set(numbers[pair], [...(conflicts.get(numbers[pair]) ?? []), numbers[pair + 1]]);
      answers.#lines.set(terminal + ":" + incarnation, { terminal, incarnation, base, rows: part(0), sizes: part(count), conflicts });
      at = end;
    }
    return answers;
  }
}
