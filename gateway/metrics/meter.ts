/** What the gateway counts of itself while it works: a few additions a frame, no I/O, nothing with a name, a number or a card in it. */

/** Upper edges of a histogram's buckets, milliseconds; the last bucket has no edge. */
export const EDGES_MS: readonly number[] = [0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 5000];

/** How often something took so long. `counts[i]`: at most `EDGES_MS[i]` ms, and longer than the edge before; the last: longer than all. */
export interface Histogram {
  readonly counts: readonly number[];
  readonly count: number;
  readonly sumMs: number;
}

class Buckets {
  readonly #counts = new Array<number>(EDGES_MS.length + 1).fill(0);
  #count = 0;
  #sumMs = 0;

  add(ms: number): void {
    const at = EDGES_MS.findIndex((edge) => ms <= edge);
    const bucket = at < 0 ? EDGES_MS.length : at;
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    this.#count++;
    this.#sumMs += ms;
  }

  read(): Histogram {
    return { counts: [...this.#counts], count: this.#count, sumMs: this.#sumMs };
  }
}

export interface MeterReading {
  /** From a frame's arrival until its answer has left, that is, after the commit. */
  readonly answer: Histogram;
  /** Deciding, committing and answering one batch. */
  readonly batch: Histogram;
  /** What of that the disk took: one transaction, forced out. */
  readonly commit: Histogram;
  readonly framesTaken: number;
  readonly framesDropped: number;
  /** Most frames that waited at once since the last reading but one. */
  readonly deepestQueue: number;
}

/** `nowMs`: a clock that does not jump. */
export class Meter {
  readonly #answer = new Buckets();
  readonly #batch = new Buckets();
  readonly #commit = new Buckets();
  readonly #waitingSince: number[] = [];
  #taken = 0;
  #dropped = 0;
  #deepest = 0;

  constructor(readonly nowMs: () => number) {}

  /** A frame has come; `believed`: it waits for the next batch. */
  frame(believed: boolean): void {
    if (!believed) return void this.#dropped++;
    this.#taken++;
    this.#waitingSince.push(this.nowMs());
    this.#deepest = Math.max(this.#deepest, this.#waitingSince.length);
  }

  /** Does a batch, after which `rest` frames still wait. */
  flush(work: () => number): number {
    const began = this.nowMs();
    const rest = work();
    const done = this.nowMs();
    this.#batch.add(done - began);
    for (const since of this.#waitingSince.splice(0, Math.max(0, this.#waitingSince.length - rest))) this.#answer.add(done - since);
    return rest;
  }

  /** Does a commit. One that fails took its time, too. */
  commit(write: () => void): void {
    const began = this.nowMs();
    try {
      write();
    } finally {
      this.#commit.add(this.nowMs() - began);
    }
  }

  read(): MeterReading {
    const deepestQueue = this.#deepest;
    this.#deepest = this.#waitingSince.length;
    const [answer, batch, commit] = [this.#answer, this.#batch, this.#commit].map((buckets) => buckets.read());
    return { answer, batch, commit, framesTaken: this.#taken, framesDropped: this.#dropped, deepestQueue };
  }
}
