/** What each terminal of a school was last heard of, and what went wrong with it: an operator of many schools asks for all of them at once. */
import type { Event } from "@trapeza/protocol";

/** Faults that are remembered of each terminal; the journal has the others. */
const FAULTS = 20;

export interface Fault {
  readonly atMs: number;
  readonly what: string;
}

export interface Heard {
  /** Unix ms by the gateway's clock of the last thing the terminal asked or told; 0: never. */
  heardMs: number;
  /** The newest first. */
  readonly faults: Fault[];
}

export interface TerminalBook {
  readonly of: (terminal: number) => Readonly<Heard>;
  readonly apply: (event: Event) => void;
}

export function createTerminalBook(): TerminalBook {
  const terminals = new Map<number, Heard>();
  const heardOf = (terminal: number): Heard => {
    const found = terminals.get(terminal) ?? { heardMs: 0, faults: [] };
    terminals.set(terminal, found);
    return found;
  };
  return {
    of: (terminal) => terminals.get(terminal) ?? { heardMs: 0, faults: [] },
    apply({ operation, body, atMs }) {
      if (operation) heardOf(operation.terminal).heardMs = atMs;
      if (body.kind !== "TerminalFault") return;
      const { faults } = heardOf(body.terminal);
      faults.unshift({ atMs, what: body.what });
      faults.length = Math.min(faults.length, FAULTS);
    },
  };
}
