/**
 * How far each terminal's operations have come. What lies above has never stood in the school's journal and so is in no ledger: most uploads need not ask
 * the database about what they bring.
 */
import type { Event } from "@trapeza/protocol";

type Operation = NonNullable<Event["operation"]>;

export interface OperationBook {
  /** `false` when no event of this operation, or of a later one of its terminal, has been folded. */
  readonly isOld: (operation: Operation) => boolean;
  readonly apply: (event: Event) => void;
}

export function createOperationBook(): OperationBook {
  const highest = new Map<string, Operation["n"]>();
  const nameOf = ({ terminal, incarnation }: Operation): string => terminal + "/" + incarnation;
  return {
    isOld: (operation) => operation.n <= (highest.get(nameOf(operation)) ?? -1),
    apply({ operation }) {
      if (operation && operation.n > (highest.get(nameOf(operation)) ?? -1)) highest.set(nameOf(operation), operation.n);
    },
  };
}
