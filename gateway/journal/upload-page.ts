/** How many entries go into one upload. */
import { concat, decodeWhole, eventSchema } from "@trapeza/protocol";
import type { EntryRow } from "./row.js";

/**
 * Whole entries before `to`, as many as fit in `maxBytes` and `maxCount`; at least one when there is one. What does not fit begins with a new operation, where
 * that leaves any: whoever has heard half of one would take it for all that came of it, should nothing more ever come.
 */
export function pageOf(rows: Iterable<EntryRow>, to: number, maxBytes: number, maxCount: number): Uint8Array[] {
  const page: EntryRow[] = [];
  let total = 0;
  for (const row of rows) {
    if (row.seq >= to) break;
    total += row.salt.length + row.event.length;
    if (page.length >= maxCount || (page.length > 0 && total > maxBytes)) {
      page.length = endOfOperation(page, row);
      break;
    }
    page.push(row);
  }
  return page.map(({ salt, event }) => concat([salt, event]));
}

/** How many rows come before the operation that goes on with `next`; all of them when it is the only one. */
function endOfOperation(rows: readonly EntryRow[], next: EntryRow): number {
  const name = operationOf(next);
  let end = rows.length;
  while (name !== null && end > 0 && operationOf(rows[end - 1]) === name) end--;
  return end > 0 ? end : rows.length;
}

function operationOf({ event }: EntryRow): string | null {
  const decoded = decodeWhole(eventSchema, event);
  const operation = decoded.ok ? decoded.value.operation : null;
  return operation && [operation.terminal, operation.incarnation, operation.n].join();
}
