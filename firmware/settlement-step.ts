/** The words in which the till's steps are written: where to, with which effects. */
import { say } from "./say.js";
import { NOBODY } from "./settlement-state.js";
import type { At, SettlementState } from "./settlement-state.js";
import { change } from "./terminal.js";
import type { Effect, OperationDraft, Step } from "./terminal.js";
import type { Word } from "./words.js";

export type Stepped = Step<SettlementState>;

export const QUIET: Effect = { kind: "timer", ms: 0 };
export const GOOD: Effect = { kind: "beep", tone: "good" };
export const BAD: Effect = { kind: "beep", tone: "refused" };
export const ATTENTION: Effect = { kind: "beep", tone: "attention" };
export const KEY_TONE: Effect = { kind: "beep", tone: "key" };

export const LATE_MS = 4000;
/** What the cashier must have read before the next order. */
const REFUSED_MS = 15000;
export const OUT_OF_SERVICE = 30;

export function to(state: SettlementState, at: At, effects: ReadonlyArray<Effect>): Stepped {
  return { state: change(state, { at }), effects };
}

export function stay(state: SettlementState): Stepped {
  return { state, effects: [] };
}

/** Back to the tray, or to the closed till; whoever stood there is forgotten. */
export function order(state: SettlementState, notice: string): Stepped {
  return to(change(state, NOBODY), state.cashier === "" ? { kind: "closed", notice } : { kind: "order", notice }, [QUIET]);
}

/** Back to the tray with a sentence that says why. */
export function noted(state: SettlementState, word: Word): Stepped {
  const step = order(state, say(state.common, word));
  return { state: step.state, effects: step.effects.concat([BAD]) };
}

/** One tone and one neutral sentence, whatever the number. */
export function refuse(state: SettlementState, reason: number): Stepped {
  return to(change(state, NOBODY), { kind: "refused", reason }, [BAD, { kind: "timer", ms: REFUSED_MS }]);
}

/** Stored before it is sent; `at` learns the number as soon as there is one. */
export function submit(state: SettlementState, at: At, operation: OperationDraft): Stepped {
  return to(state, at, [
    { kind: "submit", tag: at.kind, operation },
    { kind: "timer", ms: LATE_MS },
  ]);
}
