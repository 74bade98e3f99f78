/**
 * When a school carried out what was ordered for a child: its gateway's own event says so, and from that moment the till acts by it. That is what a family
 * wants to know of a limit or a blocked card, not when somebody pressed a button here.
 */
import type { Event } from "@trapeza/protocol";

export interface AppliedBook {
  /** Unix ms by the gateway's clock at which an account's limits were last set, `null` if never. */
  readonly limitsMs: (account: number) => number | null;
  /** The same of a card's state, by its uid. */
  readonly cardMs: (uid: string) => number | null;
  readonly apply: (event: Event) => void;
}

export function createAppliedBook(): AppliedBook {
  const limits = new Map<number, number>();
  const cards = new Map<string, number>();
  return {
    limitsMs: (account) => limits.get(account) ?? null,
    cardMs: (uid) => cards.get(uid) ?? null,
    apply({ body, atMs }) {
      if (body.kind !== "DirectiveApplied" || body.outcome !== "applied") return;
      const { directive } = body;
      if (directive.kind === "SetLimits") limits.set(directive.account, atMs);
      if (directive.kind === "SetCard") cards.set(directive.uid, atMs);
    },
  };
}
