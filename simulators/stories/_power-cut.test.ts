/** Where the power may go in a kiosk's life, counted in what it does: words on a wire, writes into flash. */
import { KIOSK_SAYS } from "../day/words.js";
import type { TerminalConfig } from "../board-flash.js";
import { handAt } from "../hand.js";
import type { World } from "../world.js";
import { complaintsOf, countOf, feedUntil, leave, openDesk, stepUp, type Desk } from "./_cash.test.js";

export interface Cut {
  /** `word`: something said to acceptor, printer or gateway. `write`: a write or an erase in flash. */
  readonly kind: "word" | "write";
  /** The how-manieth since counting began, from 1. */
  readonly at: number;
  /** `inside`: half of its bytes. `after`: it has left and was heard, but no answer has come. */
  readonly where: "before" | "inside" | "after";
}

export interface Tally {
  words: number;
  writes: number;
}

/** A frame of acceptor or printer has left the line by then, and the device's answer has not. */
const HEARD_MS = 9;
const WHOLE_PAGE = 4096;

/** Counts what the kiosk does from now on and pulls its power at `cut`. */
function count(desk: Desk, cut: Cut | null): { readonly tally: Tally; stop(): void } {
  const { terminal, world } = desk;
  const { board } = terminal;
  const { flash } = board;
  const tally: Tally = { words: 0, writes: 0 };
  const { writeRaw, eraseRaw } = flash;
  const written = (bytes: number): void => {
    tally.writes++;
    if (cut?.kind !== "write" || cut.at !== tally.writes) return;
    flash.tearAfter(1, cut.where === "before" ? 0 : cut.where === "inside" ? bytes >> 1 : WHOLE_PAGE);
  };
  flash.writeRaw = (at, data) => {
    written(data.length);
    writeRaw(at, data);
  };
  flash.eraseRaw = (page) => {
    written(WHOLE_PAGE);
    eraseRaw(page);
  };
  const deafen = terminal.listen(({ line, direction }) => {
    if (direction !== "out" || line === "console" || line === "pn532" || !board.powered) return;
    tally.words++;
    if (cut?.kind !== "word" || cut.at !== tally.words) return;
    if (cut.where === "before") board.powerOff();
    else world.clock.after(HEARD_MS, () => board.powerOff());
  });
  return {
    tally,
    stop() {
      deafen();
      Object.assign(flash, { writeRaw, eraseRaw });
    },
  };
}

export interface Outcome {
  /** What the visit did, and what the first recovery did, up to the cut if there was one. */
  readonly visit: Tally;
  readonly recovery: Tally;
  /** Every cut that was asked for has come: the life had such a place. */
  readonly cut: boolean;
  readonly complaints: readonly string[];
}

/** One visit with these notes. The power goes at `first`, and again at `second` while the kiosk recovers. */
export type Visit = (notes: readonly number[], first: Cut | null, second: Cut | null) => Promise<Outcome>;

const VISIT_MS = 12_000;
const NEXT_NOTE_MS = 4500;
const DARK_MS = 1500;
const RECOVERY_MS = 14_000;
const REST_MS = 3_000;
const READY_MS = 4_000;
const LOOK_MS = 100;
/** So many lives a kiosk has before another is set up: they share its flash and its journal, which is counted from the beginning every time. */
const LIVES = 20;

interface Stretch {
  readonly tally: Tally;
  readonly cut: boolean;
}

/** Ends after `ms`, or when the power goes, or when the kiosk has stood ready for somebody else for so long that whatever it owed is told and printed. */
async function stretchOf(desk: Desk, cut: Cut | null, ms: number, world: World): Promise<Stretch> {
  const counted = count(desk, cut);
  const end = world.clock.now() + ms;
  let readyMs = 0;
  while (world.clock.now() < end && desk.terminal.board.powered && readyMs < READY_MS) {
    await world.run(LOOK_MS);
    readyMs = desk.hand.read().some((line) => line.includes(KIOSK_SAYS.tapCard)) ? readyMs + LOOK_MS : 0;
  }
  counted.stop();
  return { tally: counted.tally, cut: !desk.terminal.board.powered };
}

/** Whoever stands before a dark screen goes away, and does not come back when it is lit again. */
function personAt(desk: Desk): { readonly desk: Desk; leaves(): void } {
  const { clock } = desk.world;
  let gone = false;
  const pause = (ms: number): Promise<void> =>
    clock.pause(ms).then(() => {
      if (gone) throw new Error("gone");
    });
  const hand = handAt(desk.terminal, { now: clock.now, after: clock.after, pause });
  const leaves = (): void => {
    gone = true;
    desk.terminal.touch.release();
    desk.terminal.reader.remove();
  };
  return { desk: { ...desk, hand }, leaves };
}

async function live(desk: Desk, notes: readonly number[], first: Cut | null, second: Cut | null): Promise<Outcome> {
  const { world, terminal } = desk;
  await world.play(desk.hand.until(KIOSK_SAYS.tapCard, RECOVERY_MS));
  await world.play(stepUp(desk));
  const person = personAt(desk);
  const feed = async ({ hand, acceptor }: Desk): Promise<void> => {
    for (const kopecks of notes) {
      await feedUntil(person.desk, kopecks, "stacking");
      await hand.until(() => acceptor.status.kind === "idling");
    }
    await hand.wait(300);
    await leave(person.desk);
  };
  void feed(person.desk).catch(() => undefined);
  const visit = await stretchOf(desk, first, VISIT_MS + NEXT_NOTE_MS * (notes.length - 1), world);
  person.leaves();
  if (visit.cut) {
    await world.run(DARK_MS);
    terminal.board.powerOn();
  }
  const recovery = await stretchOf(desk, second, RECOVERY_MS, world);
  if (recovery.cut) {
    await world.run(DARK_MS);
    terminal.board.powerOn();
    await stretchOf(desk, null, RECOVERY_MS, world);
  }
  await world.run(REST_MS);
  const complaints = complaintsOf(desk);
  const { unproven, held } = countOf(desk);
  if (unproven + held > 0) complaints.push(`held ${held}, unproven ${unproven}`);
  const cut = (first === null || visit.cut) && (second === null || recovery.cut);
  return { visit: visit.tally, recovery: recovery.tally, cut, complaints };
}

/**
 * A row of people at one kiosk after the other. After each of them everything must come out even: with a validator that repeats itself until it is heard not
 * even a claim may be left.
 */
export function visitsTo(ownSupply: boolean, line: TerminalConfig["line"] = "ccnet"): Visit {
  let desk: Desk | null = null;
  let lives = 0;
  return async (notes, first, second) => {
    if (lives++ % LIVES === 0) desk = null;
    desk ??= await openDesk({ ownSupply }, line);
    const outcome = await live(desk, notes, first, second);
    // The next life is not to blame for this one.
    if (outcome.complaints.length > 0) desk = null;
    return outcome;
  };
}

export const WRITES = ["before", "inside", "after"] as const;
export const WORDS = ["before", "after"] as const;

/** Every place at which a stretch with this tally can end. */
export function cutsOf({ words, writes }: Tally): Cut[] {
  const cuts: Cut[] = [];
  for (let at = 1; at <= writes; at++) for (const where of WRITES) cuts.push({ kind: "write", at, where });
  for (let at = 1; at <= words; at++) for (const where of WORDS) cuts.push({ kind: "word", at, where });
  return cuts;
}

export function tell(cut: Cut | null): string {
  return cut ? `${cut.where} ${cut.kind} ${cut.at}` : "no cut";
}
