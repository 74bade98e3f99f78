/**
 * Tells whoever has written to the school that there is an answer: by letter when the address is proved, and on their devices. Neither says what stands in
 * it; it is read behind the login. What a crash leaves between sending and marking is told again.
 */
import { CHANNELS } from "../notices/notice.js";
import { createWordPost } from "../notices/word.js";
import type { WordPostOptions } from "../notices/word.js";
import type { LetterStore } from "./letter.js";
import { en } from "./words.en.js";
import { ru } from "./words.ru.js";

const MOST_AT_ONCE = 1000;

export interface AnswerPostOptions extends WordPostOptions {
  readonly store: WordPostOptions["store"] & { readonly letters: LetterStore };
  readonly url: () => string;
}

/** One at a time. */
export function createAnswerPost(options: AnswerPostOptions): { readonly tick: () => Promise<void> } {
  const { store, now, url } = options;
  const send = createWordPost(options);
  /** Until when an answer rests that could not be told. */
  const rests = new Map<number, number>();
  return {
    async tick() {
      for (const { id, phone, answer } of await store.letters.untold(MOST_AT_ONCE)) {
        if ((rests.get(id) ?? 0) > now()) continue;
        const word = { phone, words: { ru, en }, link: url() + "/letters", tag: "answer-" + id };
        const retryMs = phone === "" ? null : await send(word, CHANNELS, answer?.atMs ?? 0);
        rests.delete(id);
        if (retryMs === null) await store.letters.told(id);
        else rests.set(id, retryMs);
      }
    },
  };
}
