/** What became of a directive, before it is put into a DirectiveApplied event. */
import type { Change, EventBody, Flag } from "../journal/event.js";
import type { Reason } from "../wire/reason.js";

export interface Outcome {
  readonly outcome: "applied" | "refused" | "held";
  readonly reason: Reason | null;
  readonly changes: Change[];
  /** Kopecks that ended outside the purses; see DirectiveApplied. */
  readonly outside: number;
  readonly flags: Flag[];
  /** Events of their own that follow in the same transaction. */
  readonly also: EventBody[];
}

export const APPLIED: Outcome = { outcome: "applied", reason: null, changes: [], outside: 0, flags: [], also: [] };

export function applied(what: Partial<Omit<Outcome, "outcome" | "reason">>): Outcome {
  return { ...APPLIED, ...what };
}

/** Nothing happened and nothing is owed. */
export function refused(reason: Reason): Outcome {
  return { ...APPLIED, outcome: "refused", reason };
}

/** The money is real, the purse cannot take or give it: `outside` says how much a person has to find a place for. */
export function held(reason: Reason, outside: number, flags: Flag[] = []): Outcome {
  return { ...APPLIED, outcome: "held", reason, outside, flags };
}
