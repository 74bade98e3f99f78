/**
 * Journal and ledger beside each other: what the gateway has stored, and which of it the cloud has booked. Looks at both and touches neither; what it has seen
 * first in the journal it finds again in the ledger by its place there.
 */
import type { LedgerAccount } from "@trapeza/cloud";
import type { Event } from "@trapeza/protocol";

/** Where the two are read. Either may fail when what keeps it is away. */
export interface Books {
  /** The journal's epoch. */
  readonly epoch: number;
  /** How many entries the gateway has stored. */
  size(): number;
  stored(from: number): readonly Event[];
  /** How many of them the cloud has. */
  booked(): Promise<number>;
  /** Whole transactions, oldest first, behind the one with this id; `name` is "epoch/index" for a journal's entry. */
  transactions(after: number): Promise<readonly Transaction[]>;
}

export interface Transaction {
  readonly id: number;
  readonly transaction: string;
  readonly postings: readonly { readonly account: LedgerAccount; readonly amount: number }[];
}

export interface BookLine {
  readonly event: Event;
  readonly isBooked: boolean;
  /** Empty for what moves no money, or is not booked yet. */
  readonly postings: Transaction["postings"];
}

export interface BookWatch {
  /** Lines that are new or have changed since the last look. */
  look(): Promise<readonly BookLine[]>;
  /** Everything that is remembered, oldest first. */
  lines(): readonly BookLine[];
}

/** Lines that are remembered. */
const KEPT = 80;

export function createBookWatch(books: Books): BookWatch {
  const lines = new Map<number, BookLine>();
  let next = -1;
  let lastTransaction = 0;
  let isLooking = false;

  function read(): number[] {
    if (next < 0) next = Math.max(0, books.size() - KEPT);
    const events = books.stored(next);
    // A gateway that is told of its school stores thousands of these, and whoever stands at the bench has done none of them.
    const own = events.filter(({ body }) => body.kind !== "DirectiveApplied");
    for (const event of own) lines.set(event.seq, { event, isBooked: false, postings: [] });
    next += events.length;
    for (const seq of lines.keys()) if (lines.size > KEPT) lines.delete(seq);
    return own.map(({ seq }) => seq);
  }
  async function book(): Promise<number[]> {
    const waiting = [...lines.values()].filter(({ isBooked }) => !isBooked);
    if (waiting.length === 0) return [];
    const booked = await books.booked();
    const arrived = waiting.filter(({ event }) => event.seq < booked);
    if (arrived.length === 0) return [];
    for (const { event } of arrived) lines.set(event.seq, { event, isBooked: true, postings: [] });
    for (let page = await books.transactions(lastTransaction); page.length > 0; page = await books.transactions(lastTransaction)) {
      for (const { id, transaction, postings } of page) {
        lastTransaction = id;
        const [epoch, index] = transaction.split("/").map(Number);
        const line = epoch === books.epoch ? lines.get(index) : undefined;
        if (line) lines.set(index, { ...line, isBooked: true, postings });
      }
    }
    return arrived.map(({ event }) => event.seq);
  }

  return {
    async look() {
      if (isLooking) return [];
      isLooking = true;
      try {
        const changed = new Set([...read(), ...(await book())]);
        return [...changed].flatMap((seq) => lines.get(seq) ?? []);
      } finally {
        isLooking = false;
      }
    },
    lines: () => [...lines.values()],
  };
}
