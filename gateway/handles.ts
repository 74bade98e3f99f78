/**
 * Tap handles: what a sale names instead of a card. A terminal that has read a card, or found a pupil by list and photo, gets a number that is good once,
 * from that terminal, for a minute, so nobody sells to a card that was shown an hour ago or at another till. Memory only: after a restart the card is
 * simply shown again.
 */
import type { Payer } from "@trapeza/protocol";

export const HANDLE_MS = 60000;
/** More taps than this in one minute are nobody's queue; the oldest handles go first. */
const MAX_HANDLES = 4096;

interface Tapped {
  readonly terminal: number;
  readonly payer: Payer;
  readonly untilMs: number;
}

export interface Handles {
  readonly give: (terminal: number, payer: Payer, nowMs: number) => number;
  /** Who is behind a handle, once; `null` when it is unknown, used, another terminal's or too old. */
  readonly take: (terminal: number, handle: number, nowMs: number) => Payer | null;
  /** The same, and the handle stays good: for the portrait, which is asked for in pieces. */
  readonly look: (terminal: number, handle: number, nowMs: number) => Payer | null;
}

/** `nameFor` makes handles that cannot be guessed from an earlier one. */
export function createHandles(nameFor: (terminal: number, payer: Payer) => number): Handles {
  const open = new Map<number, Tapped>();
  const look: Handles["look"] = (terminal, handle, nowMs) => {
    const tapped = open.get(handle);
    return tapped && tapped.terminal === terminal && tapped.untilMs >= nowMs ? tapped.payer : null;
  };
  return {
    give(terminal, payer, nowMs) {
      for (const [old, tapped] of open) {
        if (tapped.untilMs >= nowMs && open.size < MAX_HANDLES) break;
        open.delete(old);
      }
      const handle = nameFor(terminal, payer);
      open.set(handle, { terminal, payer, untilMs: nowMs + HANDLE_MS });
      return handle;
    },
    take(terminal, handle, nowMs) {
      const payer = look(terminal, handle, nowMs);
      if (open.get(handle)?.terminal === terminal) open.delete(handle);
      return payer;
    },
    look,
  };
}
