/**
 * Pupils' portraits, for the cashier's eyes. They lie in a folder of the school's own gateway, one file an account: a face in a journal that cannot forget
 * would be there for ever. Taking one back is deleting its file. Those of the office lie in a folder within, which `portrait-feed.ts` keeps, and come first.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { decodePortrait } from "@trapeza/protocol";
import type { Portrait } from "@trapeza/protocol";

/** Of the portraits that the office has confirmed, within the folder of all. */
export const OFFICE_FOLDER = "office";

/** Numbers are digits; whatever else stood in an imported one must not lead out of the folder. */
export const isFileName = (number: string): boolean => /^[0-9A-Za-z-]+$/.test(number);

/** A file's name is the account's number. */
export function portraitFile(folder: string, number: string): string {
  return join(folder, number + ".grey");
}

/** Reads a portrait when it is asked for: the folder may change while the gateway runs. `null` when there is none. */
export function readPortrait(folder: string, number: string): Portrait | null {
  if (!isFileName(number)) return null;
  return readFile(join(folder, OFFICE_FOLDER), number) ?? readFile(folder, number);
}

function readFile(folder: string, number: string): Portrait | null {
  try {
    return decodePortrait(new Uint8Array(readFileSync(portraitFile(folder, number))));
  } catch {
    return null;
  }
}
