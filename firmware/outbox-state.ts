/** What the outbox writes: its state whole, and operations one by one. */
import { bytes, fixedBytes, lazy, oneOf, optional, payeeSchema, record, uint } from "@trapeza/protocol/chip";
import type { Infer, Kopecks } from "@trapeza/protocol/chip";

/** A note that is about to be sent into the cassette: all that is needed to tell the gateway of it, even by the next start. */
const intentSchema = lazy(() =>
  record({
    intent: uint(),
    payee: payeeSchema,
    purse: oneOf(["main", "additional"]),
    note: uint<Kopecks>(),
    visit: uint(),
  }),
);
export type Intent = Infer<typeof intentSchema>;

export const stateSchema = lazy(() =>
  record({
    bootEpoch: uint(4294967295),
    incarnation: uint(),
    lastN: uint(),
    /** Answered by the gateway: the gateway has everything up to here. */
    answeredUpTo: uint(),
    /** In the cloud: may be forgotten. */
    safeUpTo: uint(),
    resumeToken: fixedBytes(8),
    heardEpoch: uint(),
    heardSize: uint(),
    lastIntent: uint(),
    /** What the last Welcome allowed. */
    service: oneOf(["open", "no_cash", "closed"]),
    open: optional(intentSchema),
  }),
);
export type State = Infer<typeof stateSchema>;
export type Changing = { -readonly [K in keyof State]: State[K] };

/** An operation as it was stored: kind byte and body are sent as they are, on every retry. */
export const operationSchema = lazy(() => record({ n: uint(), closes: uint(), kind: uint(63), body: bytes(512) }));
export type StoredOperation = Infer<typeof operationSchema>;

export function emptyState(): Changing {
  return {
    bootEpoch: 0,
    incarnation: 0,
    lastN: 0,
    answeredUpTo: 0,
    safeUpTo: 0,
    resumeToken: new Uint8Array(8),
    heardEpoch: 0,
    heardSize: 0,
    lastIntent: 0,
    service: "closed",
    open: null,
  };
}

/** A later state says all; only the marks on operations, which are newer than the state written before them, may know of more answers. */
export function assign(state: Changing, from: State): void {
  const marked = state.incarnation === from.incarnation ? state.answeredUpTo : 0;
  Object.assign(state, from);
  state.answeredUpTo = Math.max(from.answeredUpTo, marked);
}
