/**
 * The mechanics of a bill validator, whichever line it speaks: where the note is, how long each part of its way takes, and the truth that no wire tells:
 * which notes really lie in the cassette and which went back to a hand.
 */
import type { SerialDevice } from "./board-serial.js";
import type { Clock, Timer } from "./clock.js";

/** Notes by value in kopecks, in the order in which they came. */
export interface Truth {
  readonly cassette: readonly number[];
  readonly returned: readonly number[];
  /** What left with the cassettes that were taken out. */
  readonly collected: readonly number[];
}

/** What hands can do to a validator. */
export interface AcceptorTwin extends SerialDevice {
  /** A hand pushes a note into the slot. `false`: the slot does not take it (dark, busy, disabled), and the hand keeps it. */
  insert(valueKopecks: number): boolean;
  removeCassette(): void;
  returnCassette(): void;
  /** What is on its way stops where it is. */
  jam(where: "validator" | "cassette"): void;
  /** A technician frees the path: the note falls to the side that it was nearer to. */
  clearJam(): void;
  /** Where a note is stuck. */
  stuck(): "validator" | "cassette" | null;
  /** Somebody pulls at a string: said at the next question, before anything else. */
  cheat(): void;
  /** Its own supply fails and comes back, whatever the terminal does. */
  blink(): void;
  truth(): Truth;
  /** What it would answer if it were asked now. */
  readonly status: { readonly kind: string };
  readonly isJammed: boolean;
  readonly isCassetteOut: boolean;
  /** What it will do to the notes to come. */
  readonly mood: Mood;
  /** Hears and says nothing. */
  silent: boolean;
}

/** What a person may ask of a unit beforehand, so that it happens at a certain place of a note's way and not where a hand was quick enough. */
export interface Mood {
  /** Where the next note gets stuck: before anybody has judged it, or past the point of no return. */
  trap: "validator" | "cassette" | null;
  /** Takes notes for bad ones. */
  refuses: boolean;
  /** Gives notes back although it was told to put them into the cassette. */
  givesBack: boolean;
  /** Believes that its cassette is full. */
  isFull: boolean;
}

/** Typical mechanical times, in milliseconds. */
export const ANSWER_MS = 5;
const ACCEPT_MS = 1300;
const STACK_MS = 1600;
/** Within the stacking: from here on the note cannot come back. */
const NO_RETURN_MS = 500;
const RETURN_MS = 1000;
/** Within the stacking: a note that slips back does so before the point of no return. */
const SLIP_MS = 250;
const REJECT_MS = 900;
const INITIALIZE_MS = 3000;
/** Without a decision the unit gives the note back by itself. */
const ESCROW_MS = 10_000;

export interface Note {
  /** The unit's own number for it; −1: it does not know such a note. */
  readonly billType: number;
  readonly valueKopecks: number;
}

export type Mode =
  "off" | "power_up" | "initialize" | "ready" | "accepting" | "rejecting" | "escrow" | "holding" | "stacking" | "returning";

export interface NotePath {
  mode: Mode;
  note: Note | null;
  /** During stacking: beyond the point of no return. */
  committed: boolean;
  /** "Stacked" or "returned", not yet acknowledged. Survives a loss of power in units that recover. */
  event: { readonly kind: "stacked" | "returned"; readonly billType: number } | null;
  cheated: boolean;
  cassette: "in" | "out";
  jammed: "validator" | "cassette" | null;
  readonly mood: Mood;
  timers: Timer[];
  /** Notes that the cassette holds when it is full. */
  readonly capacity: number;
  readonly inCassette: number[];
  readonly returned: number[];
  readonly collected: number[];
}

export function freshPath(capacity: number): NotePath {
  const nothing = { note: null, committed: false, event: null, cheated: false, jammed: null };
  const mood = { trap: null, refuses: false, givesBack: false, isFull: false };
  return { ...nothing, mood, mode: "off", cassette: "in", capacity, inCassette: [], returned: [], collected: [], timers: [] };
}

/** No note fits any more. */
export function isFull(path: NotePath): boolean {
  return path.mood.isFull || path.inCassette.length >= path.capacity;
}

/** What units of different makers do differently. */
export interface Habits {
  judge(note: Note): "escrow" | "stack" | "reject";
  /** What happens to a note about which nobody decides. */
  readonly escrowEnds: "returning" | "rejecting";
  /** Settings are gone after a reset. */
  forget(): void;
}

/** The note's way through the unit. */
export interface Mechanism {
  enter(mode: Mode): void;
  halt(): void;
  accept(note: Note): void;
  stack(): void;
  giveBack(): void;
  reject(): void;
  hold(): void;
  reset(): void;
}

export function createMechanism(path: NotePath, clock: Clock, habits: Habits): Mechanism {
  function then(delayMs: number, task: () => void): void {
    path.timers.push(clock.after(delayMs, task));
  }
  function halt(): void {
    for (const timer of path.timers) timer.cancel();
    path.timers = [];
  }
  function enter(mode: Mode): void {
    halt();
    path.mode = mode;
  }
  function stack(): void {
    enter("stacking");
    path.committed = false;
    if (path.mood.givesBack) return then(SLIP_MS, giveBack);
    then(NO_RETURN_MS, () => {
      path.committed = true;
      if (path.mood.trap === "cassette") stick(path, halt);
    });
    then(STACK_MS, () => {
      drop(path, "inCassette");
      enter("ready");
    });
  }
  function giveBack(): void {
    const billType = path.note?.billType ?? 0;
    enter("returning");
    then(RETURN_MS, () => {
      drop(path, "returned");
      path.event = { kind: "returned", billType };
      enter("ready");
    });
  }
  function reject(): void {
    enter("rejecting");
    then(REJECT_MS, () => {
      drop(path, "returned");
      enter("ready");
    });
  }
  function wait(mode: "escrow" | "holding"): void {
    enter(mode);
    then(ESCROW_MS, habits.escrowEnds === "returning" ? giveBack : reject);
  }
  return {
    ...{ enter, halt, stack, giveBack, reject },
    hold: () => wait("holding"),
    accept(note) {
      path.note = note;
      enter("accepting");
      then(ACCEPT_MS, () => {
        if (path.mood.trap === "validator") return stick(path, halt);
        const verdict = path.mood.refuses ? "reject" : habits.judge(note);
        if (verdict === "escrow") wait("escrow");
        else if (verdict === "stack") stack();
        else reject();
      });
    },
    reset() {
      enter("initialize");
      habits.forget();
      if (path.jammed) return;
      then(INITIALIZE_MS, () => {
        drop(path, path.committed ? "inCassette" : "returned");
        enter("ready");
      });
    },
  };
}

/** The note meets the trap, which is gone with that. */
function stick(path: NotePath, halt: () => void): void {
  halt();
  path.jammed = path.mood.trap;
  path.mood.trap = null;
}

/** The note, if there is one, leaves the path for good. In the cassette it becomes an event that the host must hear of. */
function drop(path: NotePath, where: "inCassette" | "returned"): void {
  const { note } = path;
  if (!note) return;
  path.note = null;
  path.committed = false;
  path[where].push(note.valueKopecks);
  if (where === "inCassette") path.event = { kind: "stacked", billType: note.billType };
}

/** What hands do to the mechanics, the same for all units. */
export function handsOn(
  path: NotePath,
  mechanism: Mechanism,
): Pick<AcceptorTwin, "removeCassette" | "returnCassette" | "jam" | "clearJam" | "stuck" | "cheat" | "truth" | "mood"> {
  return {
    mood: path.mood,
    removeCassette() {
      path.cassette = "out";
      path.collected.push(...path.inCassette.splice(0));
    },
    returnCassette() {
      if (path.cassette === "in") return;
      path.cassette = "in";
      if (path.mode !== "off") mechanism.reset();
    },
    jam(where) {
      mechanism.halt();
      path.jammed = where;
    },
    clearJam() {
      path.mood.trap = null;
      if (!path.jammed) return;
      path.jammed = null;
      if (path.mode !== "off") mechanism.reset();
    },
    stuck: () => path.jammed,
    cheat: () => void (path.cheated = true),
    truth: () => ({ cassette: [...path.inCassette], returned: [...path.returned], collected: [...path.collected] }),
  };
}
