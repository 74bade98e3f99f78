/**
 * The text of a word. This file is for Node, where words are pairs; in an image the build puts say-flash.ts in its place and a number in the place of
 * every pair.
 */
import type { Language, Word } from "./words.js";

/** A word in the language of whoever reads it: `to` is a terminal's surroundings. */
export function say(to: { readonly language: Language }, word: Word): string {
  return word[to.language === "en" ? 1 : 0];
}

/** The words are where `say` looks for them: a start without them would be one without a sentence. */
export function hasWords(): boolean {
  return true;
}
