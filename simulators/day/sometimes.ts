/**
 * Paths that are seldom walked. A law that never met one of them has proved nothing about it, so each is counted: by what the journal tells of it, or a
 * board, or whoever caused it.
 */
import type { Event } from "@trapeza/protocol";

const BY_EVENT = {
  "a note is held for a person": ({ body }) => body.kind === "TopUpHeld",
  "a note is credited": ({ body }) => body.kind === "TopUpCredited",
  "a receipt did not come out whole": ({ body }) => body.kind === "ReceiptFailed",
  "a sale is taken back": ({ body }) => body.kind === "SaleVoided",
  "a class is undone": ({ body }) => body.kind === "MealUndone",
  "a sale is refused and written down": ({ body }) => body.kind === "SaleRefused" || body.kind === "MealRefused",
  "a card is suspected of having a twin": ({ body }) => body.kind === "CardSuspected",
  "a fact is flagged for a person": ({ body }) => body.kind === "FactFlagged",
  "a supervisor says which day it is": ({ body }) => body.kind === "DayOpened" && body.staff !== null,
  "a terminal is enrolled": ({ body }) => body.kind === "TerminalEnrolled",
} as const satisfies Readonly<Record<string, (event: Event) => boolean>>;

const BY_COMPLAINT = {
  "a day waits for its supervisor": /the day was not opened/,
  "a frame is dropped": /frame dropped/,
  "a write of the gateway fails before its end": /the disk takes nothing/,
  "the line to the cloud fails": /no route to the cloud|no answer from the cloud/,
} as const;

/** Told by whoever is there when it happens. */
export const SEEN = {
  noteInside: "a power cut catches a note on its way",
  beforeWrite: "the gateway falls when all is decided and nothing written",
  behindWrite: "the gateway falls right behind a write, before it has answered",
  withoutAnswer: "a paper comes out before the gateway has answered",
  twin: "a copied card is held to a reader",
} as const;

type Name = keyof typeof BY_EVENT | keyof typeof BY_COMPLAINT | (typeof SEEN)[keyof typeof SEEN];
export type Sometimes = Record<Name, number>;

export function createSometimes(): Sometimes {
  const names = [...Object.keys(BY_EVENT), ...Object.keys(BY_COMPLAINT), ...Object.values(SEEN)];
  return Object.fromEntries(names.map((name) => [name, 0])) as Sometimes;
}

export function noteEvent(sometimes: Sometimes, event: Event): void {
  for (const [name, holds] of Object.entries(BY_EVENT) as [keyof typeof BY_EVENT, (event: Event) => boolean][]) {
    if (holds(event)) sometimes[name]++;
  }
}

export function noteComplaint(sometimes: Sometimes, line: string): void {
  for (const [name, pattern] of Object.entries(BY_COMPLAINT) as [keyof typeof BY_COMPLAINT, RegExp][]) {
    if (pattern.test(line)) sometimes[name]++;
  }
}
