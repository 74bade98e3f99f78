/**
 * Money that came without finding its purse: notes that were held, notes for other schools, payments for accounts that are gone. There are few of them among a
 * journal's thousands, and an office asks for all of them at once, so they are kept while folding.
 */
import { formatClaim } from "@trapeza/protocol";
import type { Event } from "@trapeza/protocol";

export interface HeldEntry {
  readonly epoch: number;
  readonly index: number;
  readonly event: Event;
}

export interface HeldBook {
  /** In the order of the journal. */
  readonly all: () => readonly HeldEntry[];
  /** The one whose paper bears this claim code; `null` for none of these. */
  readonly byCode: (code: string) => HeldEntry | null;
  readonly apply: (event: Event, epoch: number) => void;
}

export function createHeldBook(): HeldBook {
  const held: HeldEntry[] = [];
  return {
    all: () => held,
    byCode: (code) => held.find(({ event }) => codeOf(event) === code) ?? null,
    apply(event, epoch) {
      if (isHeld(event)) held.push({ epoch, index: event.seq, event });
    },
  };
}

function isHeld({ body }: Event): boolean {
  if (body.kind === "TopUpHeld" || body.kind === "ForeignTopUp") return true;
  return body.kind === "DirectiveApplied" && body.directive.kind === "TopUp" && body.outcome === "held";
}

/** What the kiosk printed on the paper of this event; `null`: no terminal asked for it. */
export function codeOf({ operation }: Event): string | null {
  return operation && formatClaim(operation.terminal, operation.incarnation, operation.n);
}
