/**
 * Reads a matrix keypad: a key is told once when it goes down. Nothing depends on it, because the screen has every key: a keypad that is not there, or falls
 * out, is looked for again, and a key that is stuck does not hinder the others.
 */
import { keypad } from "@trapeza/protocol/chip";
import type { Clock, I2cBus } from "../board.js";

export type Health = "ok" | "silent" | "stuck";

export interface Keypad {
  readonly bus: I2cBus;
  readonly clock: Clock;
  /** By its place: row × 4 + column. */
  readonly onKey: (place: number) => void;
  /** Told when it changes, for whoever reads the log; `false`: told to nobody, tell it again. */
  readonly onHealth: (health: Health) => boolean;
  health: Health;
  /** Keys at the last look, a bit each, and those that have been told or passed over. */
  map: number;
  known: number;
  /** Looks without a change, or left out. */
  still: number;
}

/** Twice the same within so long is no bounce: contacts settle in 5 ms, worn ones in 20. */
const LOOK_MS = 30;
/** Looks that are left out while nobody answers: ten seconds. */
const AGAIN = 333;
/** Looks until a key that is still down is called stuck: half a minute. */
const STUCK = 1000;
/** What is down when the keypad comes is stuck, or somebody leans on it. */
const ALL = 65535;

/** What the columns read with these rows pulled down; −1: nobody answers. */
function columns({ bus }: Keypad, rows: number): number {
  return bus.write(keypad.ADDRESS, new Uint8Array([rows])) ? keypad.columnsOf(bus.read(keypad.ADDRESS)) : -1;
}

function scan(pad: Keypad): number {
  let map = columns(pad, keypad.ANY_ROW);
  if (map <= 0) return map;
  map = 0;
  for (let row = 0; row < keypad.ROWS; row++) {
    const found = columns(pad, keypad.pullRow(row));
    if (found < 0) return -1;
    map |= found << (row * keypad.COLUMNS);
  }
  return map;
}

function look(pad: Keypad): void {
  // First, so that a bus that throws stops nothing.
  pad.clock.after(LOOK_MS, look, pad);
  if (pad.map < 0 && ++pad.still < AGAIN) return;
  const map = scan(pad);
  pad.still = map === pad.map && map >= 0 ? pad.still + 1 : 0;
  pad.map = map;
  if (map < 0) pad.known = ALL;
  // A contact has settled when it reads the same twice.
  else if (pad.still > 0) {
    const fresh = map & ~pad.known;
    pad.known = map;
    // Two at once are none: nobody knows which was meant. A ghost always comes together with the key that completes its rectangle, so it is never told.
    for (let place = 0; fresh > 0 && place < keypad.ROWS * keypad.COLUMNS; place++) if (fresh === 1 << place) pad.onKey(place);
  }
  const health = map < 0 ? "silent" : map > 0 && pad.still > STUCK ? "stuck" : "ok";
  if (pad.health !== health && pad.onHealth(health)) pad.health = health;
}

/** Looks at once, and from then on. A key that is down already when the keypad comes is not told until it was lifted. */
export function startKeypad(bus: I2cBus, clock: Clock, onKey: Keypad["onKey"], onHealth: Keypad["onHealth"]): void {
  look({ bus, clock, onKey, onHealth, health: "ok", map: 0, known: ALL, still: 0 });
}
