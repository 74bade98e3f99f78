/**
 * Drives the pupil's display. Nothing depends on it: a display that is not there, or falls out, is looked for again, and the till goes on.
 */
import { hd44780 } from "@trapeza/protocol/chip";
import type { Clock, I2cBus } from "../board.js";

export interface CharacterDisplay {
  readonly bus: I2cBus;
  readonly clock: Clock;
  /** What should stand there. */
  lines: ReadonlyArray<string>;
  /** What was written, line by line. */
  readonly written: string[];
  ready: boolean;
  /** Nobody has answered the last time. */
  missed: boolean;
}

const PAUSE_MS = 5;
const AGAIN_MS = 10000;

function say(display: CharacterDisplay, bytes: Uint8Array): boolean {
  const heard = display.bus.write(hd44780.ADDRESS, bytes);
  display.missed = !heard;
  return heard;
}

function refresh(display: CharacterDisplay): void {
  let still = true;
  for (let row = 0; row < hd44780.ROWS && display.ready; row++) {
    const text = row < display.lines.length ? display.lines[row] : "";
    if (display.written[row] === text) continue;
    still = false;
    display.ready = say(display, hd44780.line(row, text));
    display.written[row] = text;
  }
  // A display that is pulled out while nothing changes would otherwise be missed by the next pupil.
  if (still) display.ready = say(display, hd44780.turnOn());
  if (!display.ready) later(display, AGAIN_MS, 0);
}

/** The way in, a pause before each step; a step that nobody hears begins it anew. */
function later(display: CharacterDisplay, afterMs: number, step: number): void {
  display.clock.after(afterMs, function () {
    const heard = say(display, step === 0 ? hd44780.wake() : step === 1 ? hd44780.setUp() : hd44780.turnOn());
    if (!heard) return later(display, AGAIN_MS, 0);
    if (step < 2) return later(display, PAUSE_MS, step + 1);
    for (let row = 0; row < hd44780.ROWS; row++) display.written[row] = "";
    display.ready = true;
    refresh(display);
  });
}

/** Empty at first; begins to look for the display at once. */
export function createCharacterDisplay(bus: I2cBus, clock: Clock): CharacterDisplay {
  const display: CharacterDisplay = { bus, clock, lines: [], written: [], ready: false, missed: false };
  // After power-on the display itself needs 40 ms.
  later(display, 50, 0);
  return display;
}

/** Four lines of twenty characters, windows-1251; what is longer is cut. Only lines that have changed are written. `false`: it is not there. */
export function showLines(display: CharacterDisplay, lines: ReadonlyArray<string>): boolean {
  display.lines = lines;
  if (display.ready) refresh(display);
  return !display.missed;
}
