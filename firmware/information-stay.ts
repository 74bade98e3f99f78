/** How a step of the wall ends: at another screen, at the same one, at rest, with a question, with a refusal. */
import type { Up } from "@trapeza/protocol/chip";
import type { At, InformationState } from "./information-state.js";
import { change } from "./terminal.js";
import type { Effect, Step } from "./terminal.js";

export type Stepped = Step<InformationState>;

export const NOTICE_MS = 6000;
export const QUIET: Effect = { kind: "timer", ms: 0 };

export function to(state: InformationState, at: At, effects: ReadonlyArray<Effect>): Stepped {
  return { state: change(state, { at }), effects };
}

export function stay(state: InformationState): Stepped {
  return { state, effects: [] };
}

export function toIdle(state: InformationState): Stepped {
  return to(state, { kind: "idle", notice: "" }, [QUIET]);
}

export function refuse(state: InformationState, notice: string): Stepped {
  return to(state, { kind: "idle", notice }, [
    { kind: "beep", tone: "refused" },
    { kind: "timer", ms: NOTICE_MS },
  ]);
}

/** Waits for the answer to a question; without one the link says so. */
export function ask(state: InformationState, what: Omit<Extract<At, { kind: "asking" }>, "kind">, message: Up): Stepped {
  const { uid, wish, ahead, roll, id } = what;
  return to(state, { kind: "asking", uid, wish, ahead, roll, id }, [{ kind: "ask", tag: wish, message }, QUIET]);
}
