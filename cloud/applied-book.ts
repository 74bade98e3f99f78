/**
 * What schools made of what they were told. When a school carried out what was ordered for a child, its gateway's own event says so, and from that moment
 * the till acts by it. That is what a family wants to know of a limit or a blocked card, not when somebody pressed a button here.
 */
import type { Event, EventOf } from "@trapeza/protocol";

export interface AppliedBook {
  /** Unix ms by the gateway's clock at which an account's limits were last set, `null` if never. */
  readonly limitsMs: (account: number) => number | null;
  /** The same of a card's state, by its uid. */
  readonly cardMs: (uid: string) => number | null;
  /** What became of the payment, claim, forced debit or fee of this reference; `null` while the school has not answered. */
  readonly outcomeOf: (reference: string) => Outcome | null;
  readonly apply: (event: Event) => void;
}

type Outcome = EventOf<"DirectiveApplied">["outcome"];

const REFERRED: ReadonlySet<string> = new Set(["TopUp", "ForcedDebit", "Claim", "Fee"]);

export function createAppliedBook(): AppliedBook {
  const limits = new Map<number, number>();
  const cards = new Map<string, number>();
  const outcomes = new Map<string, Outcome>();
  return {
    limitsMs: (account) => limits.get(account) ?? null,
    cardMs: (uid) => cards.get(uid) ?? null,
    outcomeOf: (reference) => outcomes.get(reference) ?? null,
    apply({ body, atMs }) {
      if (body.kind !== "DirectiveApplied") return;
      const { directive, outcome } = body;
      if (REFERRED.has(directive.kind) && "reference" in directive) outcomes.set(directive.reference, outcome);
      if (outcome !== "applied") return;
      if (directive.kind === "SetLimits") limits.set(directive.account, atMs);
      if (directive.kind === "SetCard") cards.set(directive.uid, atMs);
    },
  };
}
