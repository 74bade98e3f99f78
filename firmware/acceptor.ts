/**
 * What every bill validator is to its terminal, whichever line it speaks, and what the drivers have in common.
 *
 * The order that everything depends on: the terminal makes its INTENT durable and only then calls {@link Driver.stack}; the validator says that the note
 * is in the cassette; the terminal makes the CREDIT durable inside `onStacked`; only then does the driver acknowledge. A power cut between any two of
 * these leaves either an intent that the next start settles, or a credit that the validator repeats and the next start recognises.
 */
import type { Clock, Port } from "./board.js";

export type AcceptorHealth = "ok" | "full" | "removed" | "jammed" | "silent";

export interface AcceptorEvents {
  /** A note is in escrow. Within 8 s call {@link Driver.stack} or {@link Driver.giveBack}. */
  onOffered(valueKopecks: number): void;
  /**
   * A note is in the cassette. When this returns it must be durable. 0: the line did not tell its value. `ours`: it may be the note that was sent
   * there last. `sinceStart`: an escrow was seen since this start, so it is no echo of an old one.
   */
  onStacked(valueKopecks: number, ours: boolean, sinceStart: boolean): void;
  /** The note went back to the person. */
  onReturned(): void;
  /** It was sent to the cassette, and whether it arrived cannot be said. */
  onUnresolved(): void;
  /** Something for the school's technician: a string on a note, another table of notes. */
  onOddity(what: string): void;
  onHealth(health: AcceptorHealth): void;
}

/** A validator at work, as far as the terminal and both drivers need to know it. */
export interface Acceptor {
  readonly port: Port;
  readonly clock: Clock;
  readonly events: AcceptorEvents;
  /** What the terminal wants: notes, or none. A note that is already inside is finished first. */
  wanted: boolean;
  /** What the unit was told, or says of itself. */
  enabled: boolean;
  /** Where the note is: with the person, held, on its way in, on its way out. */
  note: "none" | "offered" | "stacking" | "returning";
  offeredAt: number;
  sinceStart: boolean;
  /** `false` right after "stacked": the same answer again is a repeat, not a second note. */
  armed: boolean;
  /** The next control command to send, in place of a question. */
  next: number;
  tries: number;
  quietSince: number;
  faultSince: number;
  /** Attempts to pull a note back out. */
  cheats: number;
  health: AcceptorHealth | "unknown";
  timer: number;
}

/** One line's way of doing it. A driver never ends. */
export interface Driver {
  /** Begins. `intentIsOpen`: the last start ended between an intent and its end, so a note may be anywhere; the validator will say. */
  start(port: Port, clock: Clock, events: AcceptorEvents, intentIsOpen: boolean): Acceptor;
  /** The intent is durable: into the cassette. Without effect when the note has gone meanwhile. */
  stack(acceptor: Acceptor): void;
  giveBack(acceptor: Acceptor): void;
  /** The command that starts the unit anew. */
  readonly reset: number;
}

export const NONE = -1;
export const TRIES = 3;
export const POLL_MS = 200;
export const IDLE_POLL_MS = 800;
export const ANSWER_MS = 300;
/** Both specifications call a unit absent after 5 s of silence. */
const SILENT_MS = 5000;
/** How long a jam may last before the note in it is called unresolved, and before a reset is tried again. */
const JAM_MS = 10000;
/** The validator gives a note back by itself 10 s after escrow; HOLD repeats the wait. */
export const HOLD_MS = 4000;
/** A decision that has not come by now is a no. */
export const DECIDE_MS = 8000;
/** So many strings on notes are no accident: a technician has to look before more money goes in. */
const CHEATS = 3;

const NOTES_KOPECKS = [1000, 5000, 10000, 50000, 100000];

/** `true` for the notes that a kiosk takes. */
export function isTaken(valueKopecks: number): boolean {
  return NOTES_KOPECKS.indexOf(valueKopecks) >= 0;
}

/** A validator of which nothing is known yet. */
export function freshAcceptor(port: Port, clock: Clock, events: AcceptorEvents, intentIsOpen: boolean): Acceptor {
  return {
    port,
    clock,
    events,
    wanted: false,
    enabled: false,
    note: intentIsOpen ? "stacking" : "none",
    offeredAt: 0,
    sinceStart: false,
    armed: true,
    next: NONE,
    tries: 0,
    quietSince: clock.now(),
    faultSince: 0,
    cheats: 0,
    health: "unknown",
    timer: 0,
  };
}

export function report(acceptor: Acceptor, health: AcceptorHealth): void {
  if (acceptor.health === health) return;
  acceptor.health = health;
  acceptor.events.onHealth(health);
}

export function lose(acceptor: Acceptor): void {
  acceptor.note = "none";
  acceptor.events.onUnresolved();
}

export function goneBack(acceptor: Acceptor): void {
  if (acceptor.note === "none") return;
  acceptor.note = "none";
  acceptor.events.onReturned();
}

/** No answer once more. `true`: for so long that another unit may stand there when the line speaks again. */
export function quiet(acceptor: Acceptor): boolean {
  const quietMs = acceptor.clock.now() - acceptor.quietSince;
  if (quietMs >= SILENT_MS + JAM_MS && acceptor.note === "stacking") lose(acceptor);
  if (quietMs < SILENT_MS) return false;
  acceptor.enabled = false;
  report(acceptor, "silent");
  return true;
}

/** What a jam, an open cassette or a failure leaves behind: a fault for the screen, and after a while an unresolved note and a reset. */
export function faulty(acceptor: Acceptor, health: AcceptorHealth, reset: number): void {
  const now = acceptor.clock.now();
  acceptor.enabled = false;
  if (acceptor.faultSince === 0) acceptor.faultSince = now;
  // The cassette leaves with a technician, who has also looked at the head.
  if (health === "removed") acceptor.cheats = 0;
  report(acceptor, health);
  if (now - acceptor.faultSince < JAM_MS) return;
  acceptor.faultSince = now;
  if (acceptor.note === "stacking") lose(acceptor);
  acceptor.next = reset;
}

/** Told once for each time; what was stacked stays credited, but a machine that is being fished in takes no more. */
export function cheated(acceptor: Acceptor): void {
  acceptor.cheats++;
  acceptor.events.onOddity("cheated " + acceptor.cheats);
}

/** How it feels while nothing is the matter with its mechanics. `usable`: its table has notes that we take. */
export function rested(acceptor: Acceptor, usable: boolean): void {
  acceptor.faultSince = 0;
  // Standing idle after STACK without having said that it is done: the one answer that mattered was lost, and nobody may guess it.
  if (acceptor.note === "stacking") lose(acceptor);
  else goneBack(acceptor);
  report(acceptor, usable && acceptor.cheats < CHEATS ? "ok" : "jammed");
}

/** Whether notes may go in: they are wanted, and nobody is fishing. */
export function mayEnable(acceptor: Acceptor): boolean {
  return acceptor.wanted && acceptor.cheats < CHEATS;
}

/** A note stands in escrow and the terminal has been asked. What is to be sent now; {@link NONE}: a question, as always. */
export function whileHeld(acceptor: Acceptor, stack: number, giveBack: number, hold: number): number {
  const waitedMs = acceptor.clock.now() - acceptor.offeredAt;
  if (acceptor.note === "stacking") return stack;
  if (acceptor.note === "returning" || waitedMs > DECIDE_MS) {
    acceptor.note = "returning";
    return giveBack;
  }
  return waitedMs > HOLD_MS ? hold : NONE;
}

/** A note has come into escrow: offered to the terminal, unless nobody wants it. */
export function offer(acceptor: Acceptor, valueKopecks: number): void {
  acceptor.offeredAt = acceptor.clock.now();
  acceptor.note = "offered";
  if (mayEnable(acceptor) && isTaken(valueKopecks)) acceptor.events.onOffered(valueKopecks);
  else acceptor.note = "returning";
}
