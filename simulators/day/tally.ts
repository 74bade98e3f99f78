/** What the journal says happened, counted event by event as it grows. */
import { decodeEntry, decodeWhole, eventSchema, isHeldInBox } from "@trapeza/protocol";
import type { Event, EventBody, OperationId } from "@trapeza/protocol";
import { createSometimes, noteEvent, type Sometimes } from "./sometimes.js";
import type { World } from "../world.js";

export interface Tally {
  sales: number;
  meals: number;
  topUps: number;
  /** Refused and written down; who was turned away at a screen left no event. */
  refusals: number;
  /** Kopecks. */
  credited: number;
  /** In the cassette, and owed to somebody who is not known yet. */
  suspended: number;
  /** Claims that no note may stand behind. */
  unproven: number;
  /** By note value in kopecks: how many are credited or held in the box, and how many are claimed without proof. */
  readonly sure: Map<number, number>;
  readonly unsure: Map<number, number>;
  /** Operations by {@link operationName}, with the events that they gave. */
  readonly operations: Map<string, Event[]>;
  readonly events: Event[];
  /** The same by the gateway's epoch: the place in its journal is the place here. */
  readonly journals: Map<number, Event[]>;
  readonly sometimes: Sometimes;
}

/** "terminal-incarnation-number", as a claim code begins. */
export function operationName({ terminal, incarnation, n }: OperationId): string {
  return `${terminal}-${incarnation}-${n}`;
}

export function createTally(): Tally {
  const sums = { sales: 0, meals: 0, topUps: 0, refusals: 0, credited: 0, suspended: 0, unproven: 0 };
  return {
    ...sums,
    sure: new Map(),
    unsure: new Map(),
    operations: new Map(),
    events: [],
    journals: new Map(),
    sometimes: createSometimes(),
  };
}

/** Reads what is new in the journal. Throws on an entry that is none: the journal made it a moment ago. */
export function countNew(tally: Tally, { journal }: World, tell: (line: string) => void = () => undefined): void {
  const own = tally.journals.get(journal.epoch) ?? [];
  tally.journals.set(journal.epoch, own);
  for (const bytes of journal.entries(own.length, journal.size, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY)) {
    const entry = decodeEntry(bytes);
    const event = entry.ok ? decodeWhole(eventSchema, entry.value.event) : entry;
    if (!event.ok) throw new Error(`entry ${own.length} is malformed: ${event.malformed.what}`);
    own.push(event.value);
    tell(`  journal ${journal.epoch}/${own.length - 1}: ${lineOf(event.value)}`);
    count(tally, event.value);
  }
}

/** As much of an event as fits into a line. */
function lineOf({ operation, body }: Event): string {
  const by = operation ? ` of ${operationName(operation)}` : "";
  const facts = Object.entries(body).flatMap(([name, value]) => (typeof value === "number" && name !== "kind" ? [`${name} ${value}`] : []));
  return `${body.kind}${by}${facts.length > 0 ? `: ${facts.join(", ")}` : ""}`;
}

function count(tally: Tally, event: Event): void {
  tally.events.push(event);
  noteEvent(tally.sometimes, event);
  countBody(tally, event.body);
  if (!event.operation) return;
  const name = operationName(event.operation);
  const events = tally.operations.get(name);
  if (events) events.push(event);
  else tally.operations.set(name, [event]);
}

function countBody(tally: Tally, body: EventBody): void {
  switch (body.kind) {
    case "BuffetSold":
    case "CashSold":
      tally.sales++;
      return;
    case "MealServed":
      tally.meals++;
      return;
    case "SaleRefused":
    case "MealRefused":
      tally.refusals++;
      return;
    case "TopUpCredited":
    case "ForeignTopUp":
      tally.topUps++;
      tally.credited += body.note;
      more(tally.sure, body.note);
      return;
    case "TopUpHeld":
      if (isHeldInBox(body.why)) {
        tally.suspended += body.note;
        more(tally.sure, body.note);
      } else {
        tally.unproven += body.note;
        more(tally.unsure, body.note);
      }
      return;
    default:
      return;
  }
}

function more(counts: Map<number, number>, value: number): void {
  counts.set(value, (counts.get(value) ?? 0) + 1);
}
