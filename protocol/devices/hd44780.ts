/**
 * Bytes of a character display of four lines of twenty with an HD44780 behind a PCF8574 on I2C, the usual "LCD 2004 I2C". Chip-safe.
 *
 * The expander's eight pins are RS, R/W, E, backlight and D4 … D7, lowest first; a byte of the display goes over as two halves, the upper one first, each
 * taken when E falls. At 100 kHz a half takes longer than the display needs for it, so only clearing and the first three commands want a pause. Letters are
 * those of the Cyrillic character ROM, which puts Russian letters that look like Latin ones in the Latin places.
 */
import { concat } from "../wire/bytes.js";

/** The expander's address with its three jumpers open; the PCF8574A answers at 0x3F. */
export const ADDRESS = 0x27;
export const COLUMNS = 20;
export const ROWS = 4;

export const RS = 1;
export const E = 4;
export const LIGHT = 8;

/** Where each line begins in the display's memory: the third goes on where the first ends. */
export const LINE_AT: ReadonlyArray<number> = [0, 64, 20, 84];

/** Codes of А … я (windows-1251 0xC0 … 0xFF), one after the other. */
const CYRILLIC =
  "\x41\xa0\x42\xa1\xe0\x45\xa3\xa4\xa5\xa6\x4b\xa7\x4d\x48\x4f\xa8\x50\x43\x54\xa9\xaa\x58\xe1\xab\xac\xe2\xad\xae\x62\xaf\xb0\xb1" +
  "\x61\xb2\xb3\xb4\xe3\x65\xb6\xb7\xb8\xb9\xba\xbb\xbc\xbd\x6f\xbe\x70\x63\xbf\x79\xe4\x78\xe5\xc0\xc1\xe6\xc2\xc3\xc4\xc5\xc6\xc7";

/** The code of a windows-1251 character; a blank for what the ROM does not have. */
export function codeOf(character: number): number {
  if (character >= 0xc0) return CYRILLIC.charCodeAt(character - 0xc0);
  if (character === 0xa8) return 0xa2;
  if (character === 0xb8) return 0xb5;
  return character >= 0x20 && character < 0x7f ? character : 0x20;
}

/** The windows-1251 character that a person reads: of two that look alike the Latin one. */
export function characterOf(code: number): number {
  if (code < 0x80) return code;
  if (code === 0xa2) return 0xa8;
  if (code === 0xb5) return 0xb8;
  const at = CYRILLIC.indexOf(String.fromCharCode(code));
  return at < 0 ? 0x20 : 0xc0 + at;
}

function half(value: number, flags: number): number[] {
  const pins = (value & 0xf0) | flags | LIGHT;
  return [pins | E, pins];
}

function whole(value: number, flags: number): number[] {
  return half(value, flags).concat(half(value << 4, flags));
}

/** The first half of the way in: three times "eight wires", whatever state the display was in. 5 ms before and after it. */
export function wake(): Uint8Array {
  return new Uint8Array(half(0x30, 0));
}

/** Then four wires, two lines of memory, and a clear screen. 5 ms behind it. */
export function setUp(): Uint8Array {
  return new Uint8Array(half(0x30, 0).concat(half(0x30, 0), half(0x20, 0), whole(0x28, 0), whole(0x08, 0), whole(0x01, 0)));
}

/** From left to right, no cursor, light on. */
export function turnOn(): Uint8Array {
  return new Uint8Array(whole(0x06, 0).concat(whole(0x0c, 0)));
}

/** A whole line, filled with blanks. `text` is windows-1251, one character a byte. */
export function line(row: number, text: string): Uint8Array {
  const parts = [new Uint8Array(whole(0x80 | LINE_AT[row], 0))];
  for (let i = 0; i < COLUMNS; i++) {
    parts.push(new Uint8Array(whole(i < text.length ? codeOf(text.charCodeAt(i)) : 0x20, RS)));
  }
  return concat(parts);
}
