/**
 * Pupils' portraits, for the cashier's eyes. They lie in a folder of the school's own gateway, one file an account: a face in a journal that cannot forget
 * would be there for ever. Taking one back is deleting its file. The office's photographs for cards are others, and do not come here by themselves.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Two pixels a byte, the left one in the high half, 0 black to 15 white. */
export interface Portrait {
  readonly width: number;
  readonly height: number;
  readonly rows: Uint8Array;
}

/** What a till has room for on its screen, in pixels. */
export const PORTRAIT_WIDTH = 72;
export const PORTRAIT_HEIGHT = 96;

/** A file: width, height, the rows from the top; its name is the account's number. */
export function encodePortrait({ width, height, rows }: Portrait): Uint8Array {
  return new Uint8Array([width, height, ...rows]);
}

/** `null` for what is no portrait, or too large for a till: the cashier then sees initials. */
export function decodePortrait(bytes: Uint8Array): Portrait | null {
  const [width, height] = bytes;
  if (bytes.length < 2 || width === 0 || width % 2 !== 0 || width > PORTRAIT_WIDTH || height === 0 || height > PORTRAIT_HEIGHT) return null;
  const rows = bytes.slice(2);
  return rows.length === (width / 2) * height ? { width, height, rows } : null;
}

export function portraitFile(folder: string, number: string): string {
  return join(folder, number + ".grey");
}

/** Reads a portrait when it is asked for: the folder may change while the gateway runs. `null` when there is none. */
export function readPortrait(folder: string, number: string): Portrait | null {
  // Numbers are digits; whatever else stood in an imported one must not lead out of the folder.
  if (!/^[0-9A-Za-z-]+$/.test(number)) return null;
  try {
    return decodePortrait(new Uint8Array(readFileSync(portraitFile(folder, number))));
  } catch {
    return null;
  }
}
