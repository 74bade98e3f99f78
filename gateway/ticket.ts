/**
 * Which tickets a card may show, and what becomes of one that shows another. Pure.
 *
 * `seen` is the newest ticket that is certainly on the card, `issued` the newest ever made for it; between the two lie those that were made and of
 * which nobody knows whether they arrived. Of two cards with the same bytes, the one that goes on leaves the other behind: it will show less than `seen`.
 */
import { compareTickets } from "@trapeza/protocol";
import type { Ticket } from "@trapeza/protocol";
import type { CardRow } from "./journal/store.js";

/** Where and when a card is held to a reader. */
export interface Place {
  readonly terminal: number;
  readonly atMs: number;
}

export type Judgement =
  /** `row` remembers this tap and the ticket that is written next. */
  | { readonly kind: "good"; readonly row: CardRow; readonly forgotten: boolean }
  /** It shows a ticket that the card has left behind. */
  | { readonly kind: "stale" };

/**
 * Judges the newest valid ticket on a card. `row`: what is known of it, `null` for nothing. `epoch`: the gateway's own. A card that is not known is taken
 * at its word, once: its ticket is genuine, and this gateway has not been here long. One that shows more than was ever issued (`forgotten`) can only have
 * been here before the memory that was lost, because nobody else makes tickets.
 */
export function judgeTicket(uid: CardRow["uid"], row: CardRow | null, shown: Ticket, epoch: number, place: Place): Judgement {
  if (row && compareTickets(shown, row.seen) < 0) return { kind: "stale" };
  const last = row && compareTickets(row.issued, shown) > 0 ? row.issued : shown;
  // Never twice: above all that was issued, whether it arrived or not.
  const issued = last.epoch < epoch ? { epoch, counter: last.counter + 1 } : { epoch: last.epoch, counter: last.counter + 1 };
  return {
    kind: "good",
    row: { uid, kind: "ticket", seen: shown, issued, ...place },
    forgotten: row !== null && compareTickets(shown, row.issued) > 0,
  };
}

/** The newer of two blocks' tickets and where it stands; `null` when neither is one. */
export function newestOf(first: Ticket | null, second: Ticket | null): { readonly ticket: Ticket; readonly inSecond: boolean } | null {
  if (second && (!first || compareTickets(second, first) > 0)) return { ticket: second, inSecond: true };
  return first ? { ticket: first, inSecond: false } : null;
}

/** The card is known to hold the ticket that `tap` was given; a word that comes late, after another was issued, changes nothing. */
export function confirmTicket(row: CardRow, given: Ticket, place: Place): CardRow | null {
  return compareTickets(row.issued, given) === 0 ? { ...row, seen: given, ...place } : null;
}
