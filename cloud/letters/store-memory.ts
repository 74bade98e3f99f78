/** The same in memory; there nobody answers. */
import type { Letter, LetterStore } from "./letter.js";

export function createLetterMemory(): LetterStore {
  const letters: Letter[] = [];
  return {
    add: async (letter) => void letters.unshift({ id: letters.length + 1, ...letter, answer: null }),
    untold: async () => [],
    told: async () => undefined,
    of: async (phone) => letters.filter((letter) => letter.phone === phone),
  };
}
