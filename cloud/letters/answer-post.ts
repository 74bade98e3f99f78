/**
 * Tells whoever has written to the school that there is an answer: by letter when the address is proved, and on their devices. Neither says what stands in
 * it; it is read behind the login. What a crash leaves between sending and marking is told again.
 */
import { CHANNELS } from "../notices/notice.js";
import { sendWord } from "../notices/word.js";
import type { WordCarriers } from "../notices/word.js";
import type { LetterStore } from "./letter.js";
import { en } from "./words.en.js";
import { ru } from "./words.ru.js";

const MOST_AT_ONCE = 50;
/** After a failure of the messenger or a push service. */
const RETRY_MS = 2 * 60 * 1000;

export interface AnswerPostOptions extends WordCarriers {
  readonly store: WordCarriers["store"] & { readonly letters: LetterStore };
  readonly now: () => number;
  readonly url: () => string;
  readonly onError: (error: Error) => void;
}

/** One at a time. */
export function createAnswerPost(options: AnswerPostOptions): { readonly tick: () => Promise<void> } {
  const { store, now, url, onError } = options;
  let restsUntil = 0;
  return {
    async tick() {
      if (now() < restsUntil) return;
      for (const { id, phone } of await store.letters.untold(MOST_AT_ONCE)) {
        try {
          const word = { phone, words: { ru, en }, link: url() + "/letters", tag: "answer-" + id };
          if (phone !== "") await sendWord(options, word, CHANNELS);
        } catch (error) {
          onError(error as Error);
          restsUntil = now() + RETRY_MS;
          return;
        }
        await store.letters.told(id);
      }
    },
  };
}
