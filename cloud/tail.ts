/**
 * The tail of a closed epoch: what its gateway had decided and the cloud had not heard of. Nobody but the key on that gateway's disk vouches for it, and
 * whoever has the disk has the key. So a tail is kept as evidence and waits for a person, who sees what it would do, with names and sums. What is accepted
 * goes to the living gateway as directives, an operation each; the gateway knows what terminals have told it in the meantime.
 *
 * Directives first, the mark afterwards: a crash between the two sends some of them twice, and the second ones are answered `exists`.
 */
import { encode, eventSchema } from "@trapeza/protocol";
import type { Directive, Event } from "@trapeza/protocol";
import type { DirectiveDesk } from "./directives.js";
import { decodeEvent } from "./school-book.js";
import { operationKey } from "./store/store.js";
import type { EntryRow, Store } from "./store/store.js";

/** One operation of a tail. */
export interface TailOperation {
  readonly epoch: number;
  /** Of its first entry in its epoch. */
  readonly index: number;
  readonly events: readonly Event[];
  /** Its terminal has told the living gateway of it, and it has been posted: accepting it changes nothing. */
  readonly isKnown: boolean;
}

/** What of one epoch's tail waits for a person: all operations behind those accepted so far. */
export interface WaitingTail {
  readonly epoch: number;
  /** Entries of the epoch, the tail included: accepting is accepting up to here. */
  readonly size: number;
  readonly operations: readonly TailOperation[];
}

/** Events that leave nothing to be done after them. */
const WITHOUT_A_DEED: readonly Event["body"]["kind"][] = ["SaleRefused", "MealRefused"];

/** Operations with a deed, in the order of the entries; what no terminal has asked for is none. */
export function operationsIn(rows: readonly EntryRow[]): { readonly index: number; readonly events: Event[] }[] {
  const found: { key: string; index: number; events: Event[] }[] = [];
  for (const { bytes, index } of rows) {
    const event = decodeEvent(bytes);
    if (!event?.operation) continue;
    const key = operationKey({ ...event.operation, part: 0 });
    const last = found.at(-1);
    if (last?.key === key) last.events.push(event);
    else found.push({ key, index, events: [event] });
  }
  return found.filter(({ events }) => events.some(({ body }) => !WITHOUT_A_DEED.includes(body.kind)));
}

/** Of every closed epoch of a school that has a tail which nobody has accepted. */
export async function waitingTails(store: Store, school: number): Promise<WaitingTail[]> {
  const marks = await store.tails(school);
  const waiting: WaitingTail[] = [];
  for (const { epoch } of await store.gateways(school)) {
    const rows = await store.salvage(school, epoch);
    const from = marks.find((mark) => mark.epoch === epoch)?.accepted ?? 0;
    const fresh = rows.filter(({ index }) => index >= from);
    if (fresh.length === 0) continue;
    const operations = operationsIn(fresh);
    const names = operations.flatMap(({ events }) => events.flatMap(({ operation }) => operation ?? []));
    const posted = new Set((await store.postedOperations(school, names)).map((operation) => operationKey({ ...operation, part: 0 })));
    const isKnown = ([{ operation }]: readonly Event[]): boolean =>
      operation !== null && posted.has(operationKey({ ...operation, part: 0 }));
    waiting.push({
      epoch,
      size: rows[rows.length - 1].index + 1,
      operations: operations.map(({ index, events }) => ({ epoch, index, events, isKnown: isKnown(events) })),
    });
  }
  return waiting;
}

/** Sends down what has been accepted and not told yet; the caller is alone with the school's book. */
export async function tellTails(store: Store, directives: DirectiveDesk, school: number): Promise<void> {
  for (const { epoch, accepted, told } of await store.tails(school)) {
    if (told >= accepted) continue;
    const rows = (await store.salvage(school, epoch)).filter(({ index }) => index >= told && index < accepted);
    const orders = operationsIn(rows).map(({ index, events }): Directive => ({
      kind: "Salvaged",
      epoch,
      index,
      events: events.map((event) => encode(eventSchema, event)),
    }));
    if (orders.length > 0) await directives.enqueue(school, orders);
    await store.tailTold(school, epoch, accepted);
  }
}
