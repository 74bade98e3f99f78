/**
 * The seam between a terminal and its board. Everything above it is the same on the chip, in a test and in the simulator; only espruino.ts, below it,
 * knows Espruino.
 */
import type { Cipher, escpos, Sha256, TerminalKind, ValidatorLine } from "@trapeza/protocol/chip";

/** A serial line. What is written in one call leaves in one burst: CCNET allows 5 ms between two bytes of a frame. */
export interface Port {
  write(bytes: Uint8Array): void;
  /** One listener; a later one takes the place of the earlier. */
  onData(take: (bytes: Uint8Array) => void): void;
}

/** Milliseconds since the start, never backwards; not the time of day, which a board without a battery does not know. */
export interface Clock {
  now(): number;
  after(delayMs: number, run: () => void): number;
  /** Without a function made for it, which would keep everything around it in memory until then. */
  after<A>(delayMs: number, run: (argument: A) => void, argument: A): number;
  cancel(timer: number): void;
}

/** Raw NOR flash: erasing sets all bits of a sector, writing can only clear them. Offsets and lengths are multiples of 4. */
export interface Flash {
  readonly sectors: number;
  readonly sectorBytes: number;
  read(sector: number, offset: number, length: number): Uint8Array;
  write(sector: number, offset: number, bytes: Uint8Array): void;
  erase(sector: number): void;
}

/** The pen panel: raw exchange over SPI, and a line that says that a finger is there. */
export interface Panel {
  exchange(bytes: Uint8Array): Uint8Array;
  isDown(): boolean;
  onDown(run: () => void): void;
}

/** I2C. `write` answers whether somebody at that address of seven bits took the bytes; a byte that nobody sends reads as 255, or throws. */
export interface I2cBus {
  write(address: number, bytes: Uint8Array): boolean;
  read(address: number): number;
}

/** 16, 23 and 45 pixels high. */
export const SMALL = 0;
export const NORMAL = 1;
export const LARGE = 2;
export type Font = typeof SMALL | typeof NORMAL | typeof LARGE;

/** A 320 × 240 picture in 16-bit colour. Text is one character a byte (windows-1251). */
export interface Canvas {
  fill(x: number, y: number, width: number, height: number, color: number): void;
  /** Top left corner of the first letter; the background stays as it is. */
  text(x: number, y: number, text: string, font: Font, color: number): void;
  /** Rows of two pixels a byte, the left one in the high half, 0 black to 15 white; `width` is even. */
  grey(x: number, y: number, width: number, rows: Uint8Array): void;
  textWidth(text: string, font: Font): number;
  fontHeight(font: Font): number;
  /** CRC-32 of a text: by it a painter sees that a text is another one. */
  sum(text: string): number;
}

export interface Socket {
  write(bytes: Uint8Array): void;
  end(): void;
}

export interface SocketEvents {
  onData(bytes: Uint8Array): void;
  onClose(): void;
}

/** TCP. Connecting stops the whole interpreter until it is done or given up: never with a note in the acceptor. `null`: refused at once. */
export interface Network {
  connect(host: string, port: number, events: SocketEvents): Socket | null;
}

export interface Crypto {
  readonly sha256: Sha256;
  readonly cipher: Cipher;
}

/** How the loader came to start this program. */
export interface Boot {
  /** −1: from Storage, as a technician left it. */
  readonly slot: number;
  /** Name of the release that it is; eight zeroes of the program in Storage. */
  readonly runs: Uint8Array;
  /** For people; "" of the program in Storage. */
  readonly version: string;
  /** The other slot: where the next release goes. */
  readonly into: number;
  /** Name of the release that lies there, whole or not, and what there is to say of it: a number of the protocol's UPDATE_STATES. */
  readonly holds: Uint8Array;
  readonly fate: number;
  /** Its next byte, if it was being fetched; else minus the sectors to be erased before anything may come there. */
  reached: number;
  /** `false`: on trial until it hears a Welcome. */
  proven: boolean;
  /** Ends the trial with a restart. */
  readonly trial: number;
}

/** What a technician writes into the board before it first meets its gateway. */
export interface Config {
  readonly terminal: number;
  readonly kind: TerminalKind;
  /** 32 bytes, shared with the gateway. */
  readonly key: Uint8Array;
  readonly host: string;
  readonly port: number;
  /** Which line its bill validator speaks. */
  readonly line: ValidatorLine;
  /** What its printer is like. */
  readonly printer: escpos.Profile;
  /** The school's wireless network; "" for a board on a cable. */
  readonly ssid: string;
  readonly password: string;
  /** What the keys of its keypad say, by their place (protocol/devices/keypad.ts); "" for none. */
  readonly keypad: string;
}

export interface Board {
  readonly clock: Clock;
  readonly flash: Flash;
  readonly network: Network;
  readonly canvas: Canvas;
  readonly panel: Panel;
  readonly crypto: Crypto;
  readonly reader: Port;
  readonly printer: Port;
  /** Only the payment terminal has one. */
  readonly acceptor: Port | null;
  /** A tone of this pitch and length. */
  beep(hertz: number, durationMs: number): void;
  freeMemory(): number;
  /** Both slots, one behind the other (slot.ts). */
  readonly slots: Flash;
  /** What the loader says of this start; `null` without one, and then no release is taken. */
  readonly boot: Boot | null;
  /** Starts anew; does not come back. */
  reboot(): void;
}
