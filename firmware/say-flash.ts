/**
 * `say` on the chip: words stay in flash, in a file of Storage that the build writes beside the image (tools/build/words.ts has its form). A piece of a
 * text in flash points into flash, so a word that is on the screen takes one variable.
 */
import type { Espruino } from "./espruino-api.js";
import type { Language } from "./words.js";

/** The build writes the file's whole name here: it ends in a hash of the words, so a program never reads the words of another one. */
const board = globalThis as unknown as Espruino;
/** Of a release they lie in its slot. */
const words = (board.boot && board.boot.words) || board.require("Storage").read("words-*") || "";

/** Where text number `at` begins. */
function offset(at: number): number {
  return words.charCodeAt(at * 2) * 256 + words.charCodeAt(at * 2 + 1);
}

/** Text number 2 × word is Russian, the one behind it English. */
export function say(to: { readonly language: Language }, word: number): string {
  const at = word * 2 + (to.language === "en" ? 1 : 0);
  return words.slice(offset(at), offset(at + 1));
}

export function hasWords(): boolean {
  return words !== "";
}
