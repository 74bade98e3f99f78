/** Tells families that the school has written, by the ways they have chosen. What a crash leaves between sending and marking is told again. */
import type { WordCarriers } from "../notices/word.js";
import { sendWord } from "../notices/word.js";
import type { AnnouncementStore } from "./announcement.js";
import { en } from "./words.en.js";
import { ru } from "./words.ru.js";

const MOST_AT_ONCE = 200;
/** After a failure of the messenger or a push service. */
const RETRY_MS = 2 * 60 * 1000;

export interface AnnouncementPostOptions extends WordCarriers {
  readonly store: WordCarriers["store"] & { readonly announcements: AnnouncementStore };
  readonly now: () => number;
  readonly url: () => string;
  readonly onError: (error: Error) => void;
}

/** One at a time. */
export function createAnnouncementPost(options: AnnouncementPostOptions): { readonly tick: () => Promise<void> } {
  const { store, now, url, onError } = options;
  let restsUntil = 0;
  return {
    async tick() {
      if (now() < restsUntil) return;
      for (const post of await store.announcements.posts(now(), MOST_AT_ONCE)) {
        const { announcement, phone, channel } = post;
        const link = url() + "/announcements/" + announcement;
        try {
          const wishes = await store.notices.wishes(phone);
          const word = { phone, words: { ru, en }, link, tag: "announcement-" + announcement };
          if (wishes[channel].includes("announcement")) await sendWord(options, word, [channel]);
        } catch (error) {
          onError(error as Error);
          restsUntil = now() + RETRY_MS;
          return;
        }
        await store.announcements.told(post);
      }
    },
  };
}
