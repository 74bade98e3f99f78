/** The pupil's display: four lines of twenty characters on I2C. Reads the expander's pins as the display's own chip would. */
import { fromByteText, hd44780 } from "@trapeza/protocol";
import type { ByteText } from "@trapeza/protocol";

export interface Hd44780Twin {
  /** Takes what was sent to its address; `false` while nobody is there. */
  write(bytes: Uint8Array): boolean;
  /** `false`: its plug is out, and what stood there is forgotten. */
  plugged: boolean;
  /** What a person reads, blanks at the ends left out; empty while it is dark. */
  lines(): string[];
  readonly version: number;
}

const CELLS = 128;
const { COLUMNS, E, LIGHT, LINE_AT, RS } = hd44780;

function textAt(memory: Uint8Array, start: number): string {
  const codes = [...memory.subarray(start, start + COLUMNS)].map(hd44780.characterOf);
  return fromByteText(String.fromCharCode(...codes) as ByteText).trimEnd();
}

export function createHd44780Twin(): Hd44780Twin {
  const memory = new Uint8Array(CELLS);
  let [at, wide, upper, isOn, light, pins, version] = [0, true, -1, false, false, 0, 0];
  let plugged = true;

  function forget(): void {
    memory.fill(0x20);
    [at, wide, upper, isOn, light, pins] = [0, true, -1, false, false, 0];
    version++;
  }

  function command(value: number): void {
    if (value & 0x80) at = value & 0x7f;
    else if (value & 0x20) wide = (value & 0x10) !== 0;
    else if (value & 0x08) isOn = (value & 0x04) !== 0;
    else if (value === 1) {
      memory.fill(0x20);
      at = 0;
    }
    version++;
  }

  function data(value: number): void {
    memory[at] = value;
    // The memory of a line pair goes on from 39 to 64 and from 103 to 0.
    at = at === 39 ? 64 : at === 103 ? 0 : (at + 1) % CELLS;
    version++;
  }

  /** Four wires, taken when E falls: alone while the display thinks that it has eight, in pairs afterwards. */
  function taken(): void {
    const nibble = pins >> 4;
    if (wide) return command(nibble << 4);
    if (upper < 0) {
      upper = nibble;
      return;
    }
    const value = (upper << 4) | nibble;
    upper = -1;
    if (pins & RS) data(value);
    else command(value);
  }

  forget();
  return {
    write(bytes) {
      if (!plugged) return false;
      for (const next of bytes) {
        if (pins & E && !(next & E)) taken();
        pins = next;
        light = (next & LIGHT) !== 0;
      }
      return true;
    },
    get plugged() {
      return plugged;
    },
    set plugged(isIn) {
      if (plugged !== isIn) forget();
      plugged = isIn;
    },
    lines: () => (isOn && light && plugged ? LINE_AT.map((start) => textAt(memory, start)) : []),
    get version() {
      return version;
    },
  };
}
