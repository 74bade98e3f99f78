/** Cash that each till took since its shift began, by caterer: closing the shift has to say whose it was, and its event names only sums. */
import type { Event } from "@trapeza/protocol";

export interface TillBook {
  readonly cash: (terminal: number) => ReadonlyMap<number, number>;
  /** Folds one event; to be called after its postings were made. */
  readonly apply: (event: Event) => void;
}

export function createTillBook(): TillBook {
  const tills = new Map<number, Map<number, number>>();
  const add = (terminal: number, caterer: number, amount: number) => {
    const till = tills.get(terminal) ?? new Map<number, number>();
    till.set(caterer, (till.get(caterer) ?? 0) + amount);
    tills.set(terminal, till);
  };
  return {
    cash: (terminal) => tills.get(terminal) ?? new Map(),
    apply({ body }) {
      if (body.kind === "CashSold") for (const line of body.lines) add(body.terminal, line.caterer, line.price * line.quantity);
      if (body.kind === "SaleVoided" && body.cash > 0) {
        for (const line of body.lines) add(body.terminal, line.caterer, -line.price * line.quantity);
      }
      if (body.kind === "ShiftClosed") tills.delete(body.terminal);
    },
  };
}
