/** How a decision becomes events: dated by the gateway, folded into memory at once, durable only with the commit. */
import { apply } from "@trapeza/protocol";
import type { Context, Event, EventBody, OperationId, Reason, Sequence, TerminalId } from "@trapeza/protocol";
import type { Desk } from "./desk.js";
import type { OperationKey } from "./journal/store.js";

/** What the rules are asked in: `terminal` 0 is the gateway itself, `found` what it noticed before. */
export function contextOf(desk: Desk, terminal: number, found: readonly Reason[] = []): Context {
  const { school, clock } = desk;
  return { terminal: terminal as TerminalId, date: school.date, atMs: clock.nowMs(), clock: clock.state(), found };
}

/** Writes bodies down as events and folds them at once, so that the next in line is decided against them. */
export function draft(desk: Desk, bodies: readonly EventBody[], context: Context, key?: OperationKey): Event[] {
  return bodies.map((body, part) => {
    const operation: OperationId | null = key
      ? { terminal: key.terminal as TerminalId, incarnation: key.incarnation, n: key.n, part }
      : null;
    const { atMs, clock } = context;
    // The event that opens a day is the first of that day, and what the same decision writes behind it belongs to it too.
    const date = body.kind === "DayOpened" ? body.date : desk.school.date;
    const event: Event = { seq: desk.next as Sequence, atMs, clock, date, operation, digest: key?.digest ?? null, body };
    apply(desk.school, event);
    desk.next++;
    return event;
  });
}
