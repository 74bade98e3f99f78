/** What is handed to the journal. */
import type { Event, Proof, TreeEdge } from "@trapeza/protocol";
import type { AdmissionRow, CardRow, OperationKey, TerminalRow } from "./row.js";

/** What one question came to: nothing, or events, an answer to remember, a terminal's new head; and what to say once all of it is durable. */
export interface Decision<T> {
  readonly events: readonly Event[];
  /** Makes what will be said. Called inside the transaction, when the places and leaf hashes of the events are known. */
  readonly conclude: (places: readonly Proof[]) => T;
  readonly operation?: { readonly key: OperationKey; readonly answerIn: (said: T) => Uint8Array };
  readonly terminal?: TerminalRow;
  /** A class list that may be told once this is kept. */
  readonly admission?: AdmissionRow;
  /** What is known of a card from now on. */
  readonly card?: CardRow;
  /** Edge of the directive log after the directive that these events apply. */
  readonly directives?: TreeEdge;
}

/** `false` for words that rest on what is durable already. */
export function isWriting<T>(decision: Decision<T>): boolean {
  const { events, operation, terminal, admission, card, directives } = decision;
  return events.length > 0 || [operation, terminal, admission, card, directives].some((one) => one !== undefined);
}
