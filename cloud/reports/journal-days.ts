/**
 * The events of a period. A journal's business date never falls, so the period's first and last entry are found by halving; nothing before or behind them
 * is read, and the school's other years cost nothing.
 */
import type { BusinessDate, Event } from "@trapeza/protocol";
import { decodeEvent } from "../school-book.js";
import type { GatewayRow, Store } from "../store/store.js";

const ENTRIES_A_PAGE = 2000;

/** Of business dates `from` to `to`, both included, in the order of the journal; all epochs. */
export async function* eventsBetween(store: Store, school: number, from: BusinessDate, to: BusinessDate): AsyncIterable<Event> {
  for (const gateway of await store.gateways(school)) {
    let at = await firstOn(store, gateway, from);
    const end = await firstOn(store, gateway, (to + 1) as BusinessDate);
    while (at < end) {
      const rows = await store.entries(school, gateway.epoch, at, Math.min(ENTRIES_A_PAGE, end - at));
      if (rows.length === 0) break;
      for (const { bytes } of rows) {
        const event = decodeEvent(bytes);
        if (event) yield event;
      }
      at += rows.length;
    }
  }
}

/** Number of the epoch's first entry of `date` or later; its size when there is none. */
async function firstOn(store: Store, { school, epoch, size }: GatewayRow, date: BusinessDate): Promise<number> {
  let [low, high] = [0, size];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const [row] = await store.entries(school, epoch, middle, 1);
    const event = row ? decodeEvent(row.bytes) : null;
    if (event && event.date < date) low = middle + 1;
    else high = middle;
  }
  return low;
}
