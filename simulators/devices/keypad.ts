/** The twin of a matrix keypad behind a PCF8574: switches without diodes between four rows and four columns, and the expander's eight pins. */
import { keypad } from "@trapeza/protocol";
import type { Clock } from "../clock.js";

export interface KeypadTwin {
  /** To the expander's address; `false` while its plug is out. */
  write(bytes: Uint8Array): boolean;
  read(): number;
  plugged: boolean;
  /** Presses the key at a place, row × 4 + column; its contact bounces for some milliseconds, and does so again when it is let go. */
  press(place: number): void;
  release(place: number): void;
  /** For so long a contact bounces; 5 ms unless told. */
  bounceMs: number;
  /** Hears that a contact has closed or opened. */
  onChange: (() => void) | null;
  /** Closed contacts, a bit each by their place. */
  readonly closed: number;
}

const BOUNCE_MS = 5;
const { COLUMNS, ROWS } = keypad;
const HIGH = 0xff;

/** The pins as they read: what was written low, and everything to which closed contacts carry that, from row to column to row. */
function pinsRead(written: number, closed: number): number {
  let low = ~written & HIGH;
  for (let before = -1; before !== low;) {
    before = low;
    for (let place = 0; place < ROWS * COLUMNS; place++) {
      const ends = (1 << Math.floor(place / COLUMNS)) | (16 << (place % COLUMNS));
      if ((closed >> place) & 1 && low & ends) low |= ends;
    }
  }
  return ~low & HIGH;
}

export function createKeypadTwin(clock: Clock): KeypadTwin {
  let [written, closed] = [HIGH, 0];

  function set(place: number, isClosed: boolean): void {
    closed = isClosed ? closed | (1 << place) : closed & ~(1 << place);
    twin.onChange?.();
  }

  /** Twice there and back before it rests. */
  function move(place: number, isClosed: boolean): void {
    set(place, isClosed);
    for (const [part, state] of [1, 2, 3, 4].map((n) => [n / 4, n % 2 === 0] as const))
      if (twin.bounceMs > 0) clock.after(twin.bounceMs * part, () => set(place, state === isClosed));
  }

  const twin: KeypadTwin = {
    plugged: true,
    bounceMs: BOUNCE_MS,
    onChange: null,
    write(bytes) {
      if (twin.plugged && bytes.length > 0) written = bytes[bytes.length - 1];
      return twin.plugged;
    },
    read: () => (twin.plugged ? pinsRead(written, closed) : HIGH),
    press: (place) => move(place, true),
    release: (place) => move(place, false),
    get closed() {
      return closed;
    },
  };
  return twin;
}
