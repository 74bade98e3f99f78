/**
 * A person in front of a terminal: reads the screen, presses what is written there, holds a card to the reader, feeds notes, takes the paper. Waits on the
 * world's clock, so a story is told in the order in which it would happen.
 */
import type { Inscription } from "./board-screen.js";
import type { Clock } from "./clock.js";
import { receiptText } from "./devices/escpos.js";
import type { Card } from "./card.js";
import type { Terminal } from "./terminal.js";

export interface Hand {
  /** Everything that can be read now, in the order in which it was written. */
  read(): string[];
  wait(ms: number): Promise<void>;
  /** Waits until `text` stands somewhere on the screen. Throws with the whole screen when it does not come in time. */
  until(text: string | (() => boolean), withinMs?: number): Promise<void>;
  /** Touches what is written so. Throws with the whole screen when nothing is, after a second. */
  press(label: string): Promise<void>;
  /** Types on the keys of the screen. */
  type(digits: string): Promise<void>;
  /** Types on the keypad beside it: figures and the signs of protocol/devices/keypad.ts. */
  key(signs: string): Promise<void>;
  /** Holds a card to the reader until the terminal has seen it, 600 ms at least unless told. */
  tap(card: Card, leastMs?: number): Promise<void>;
  /** Pushes a note in; `false`: the slot does not take it. */
  feed(kopecks: number): Promise<boolean>;
  /** How many papers have come out so far. */
  papers(): number;
  /** The last paper, line by line. */
  paper(): string[];
}

const TOUCH_MS = 120;
const PAUSE_MS = 180;
const TAP_MS = 600;
/** After this long a person gives up. */
const HOLD_MS = 6000;
const LOOK_MS = 40;
const LABEL_MS = 1000;
/** A keypad is looked at twice before a key counts as lifted, by an interpreter on a computer ten times a second. */
const LIFT_MS = 400;
const PATIENCE_MS = 8000;

/** Each key is held until the screen has changed: a busy computer is a slow chip. */
async function typeOn({ board, config, keypad }: Terminal, clock: Clock, signs: string, lost: (what: string) => Error): Promise<void> {
  for (const sign of signs) {
    const place = config.keypad?.indexOf(sign) ?? -1;
    if (place < 0) throw lost(`no key of the keypad says "${sign}"`);
    const before = board.screen.version;
    const end = clock.now() + LABEL_MS;
    keypad.press(place);
    await clock.pause(TOUCH_MS);
    while (board.screen.version === before && clock.now() < end) await clock.pause(LOOK_MS);
    keypad.release(place);
    await clock.pause(LIFT_MS);
  }
}

export function handAt(terminal: Terminal, clock: Clock): Hand {
  const { board, touch, reader, acceptor, printer } = terminal;
  const wait = (ms: number): Promise<void> => clock.pause(ms);
  const read = (): string[] => board.screen.inscriptions.map((word) => word.text);
  const lost = (what: string): Error => new Error(`${board.name}: ${what}; the screen says: ${read().join(" | ")}`);

  async function until(text: string | (() => boolean), withinMs = PATIENCE_MS): Promise<void> {
    const holds = typeof text === "string" ? () => read().some((line) => line.includes(text)) : text;
    const end = clock.now() + withinMs;
    while (!holds()) {
      if (clock.now() >= end) throw lost(`waited ${withinMs} ms for ${typeof text === "string" ? `"${text}"` : "a change"}`);
      await wait(LOOK_MS);
    }
  }

  async function touchAt(word: Inscription): Promise<void> {
    touch.touch((word.left + word.right) >> 1, (word.top + word.bottom) >> 1);
    await wait(TOUCH_MS);
    touch.release();
    await wait(PAUSE_MS);
  }

  async function press(label: string): Promise<void> {
    // What is written later lies on top; keys stand below, so the last of equals is the key.
    const find = (): Inscription | undefined => [...board.screen.inscriptions].reverse().find((one) => one.text === label);
    // A board that runs in real time on a busy machine may be painting still.
    for (const end = clock.now() + LABEL_MS; !find() && clock.now() < end;) await wait(LOOK_MS);
    const word = find();
    if (!word) throw lost(`there is nothing to press called "${label}"`);
    await touchAt(word);
  }

  return {
    ...{ read, wait, until, press },
    async type(digits) {
      for (const digit of digits) await press(digit);
    },
    key: (signs) => typeOn(terminal, clock, signs, lost),
    async tap(card, leastMs = TAP_MS) {
      const before = board.screen.version;
      const end = clock.now() + HOLD_MS;
      reader.present(card);
      await wait(leastMs);
      // A person holds on until something happens: a terminal that is looking for its gateway answers late.
      while (board.screen.version === before && clock.now() < end) await wait(LOOK_MS);
      reader.remove();
    },
    async feed(kopecks) {
      const taken = acceptor?.insert(kopecks) ?? false;
      await wait(PAUSE_MS);
      return taken;
    },
    papers: () => printer.receipts.length,
    paper: () => {
      const last = printer.receipts.at(-1);
      return last ? receiptText(last).split("\n") : [];
    },
  };
}
