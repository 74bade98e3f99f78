/** Where the power may go in a kiosk's life, counted in what it does: words on a wire, writes into flash. */
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
  readonly complaints: readonly string[];
}

const VISIT_MS = 12_000;
const DARK_MS = 1500;
const RECOVERY_MS = 14_000;
const REST_MS = 8_000;

async function lifeWith(desk: Desk, cut: Cut | null, ms: number, world: World): Promise<Tally> {
  const counted = count(desk, cut);
  await world.run(ms);
  counted.stop();
  if (cut && desk.terminal.board.powered) throw new Error(`there is no ${cut.kind} ${cut.at}`);
  return counted.tally;
}

/**
 * One visit with these notes. The power goes at `first`, and again at `second` while the kiosk recovers; then it may rest, and everything must come out
 * even: with a validator that repeats itself until it is heard not even a claim may be left.
 */
export async function visitWithCuts(ownSupply: boolean, notes: readonly number[], first: Cut | null, second: Cut | null): Promise<Outcome> {
  const desk = await openDesk({ ownSupply });
  const { world, terminal, hand } = desk;
  await world.play(stepUp(desk));
  const person = async (): Promise<void> => {
    for (const kopecks of notes) {
      await feedUntil(desk, kopecks, "stacking");
      await hand.until(() => desk.acceptor.status.kind === "idling");
    }
    await hand.wait(300);
    await leave(desk);
  };
  // Whoever stands before a dark screen goes away.
  void person().catch(() => undefined);
  const visit = await lifeWith(desk, first, VISIT_MS + 4500 * (notes.length - 1), world);
  if (first) {
    await world.run(DARK_MS);
    terminal.board.powerOn();
  }
  const recovery = await lifeWith(desk, second, RECOVERY_MS, world);
  if (second) {
    await world.run(DARK_MS);
    terminal.board.powerOn();
    await world.run(RECOVERY_MS);
  }
  await world.run(REST_MS);
  const complaints = complaintsOf(desk);
  const { unproven, held } = countOf(desk);
  if (unproven + held > 0) complaints.push(`held ${held}, unproven ${unproven}`);
  return { visit, recovery, complaints };
}

/** Every place at which a life with this tally can end. */
export function cutsOf({ words, writes }: Tally): Cut[] {
  const cuts: Cut[] = [];
  for (let at = 1; at <= writes; at++) for (const where of ["before", "inside", "after"] as const) cuts.push({ kind: "write", at, where });
  for (let at = 1; at <= words; at++) for (const where of ["before", "after"] as const) cuts.push({ kind: "word", at, where });
  return cuts;
}

export function tell(cut: Cut | null): string {
  return cut ? `${cut.where} ${cut.kind} ${cut.at}` : "no cut";
}
