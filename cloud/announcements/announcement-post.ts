/** Tells families that the school has written, by the ways they have chosen. What a crash leaves between sending and marking is told again. */
import { createWordPost } from "../notices/word.js";
import type { WordPostOptions } from "../notices/word.js";
import type { AnnouncementStore } from "./announcement.js";
import { en } from "./words.en.js";
import { ru } from "./words.ru.js";

const MOST_AT_ONCE = 200;

export interface AnnouncementPostOptions extends WordPostOptions {
  readonly store: WordPostOptions["store"] & { readonly announcements: AnnouncementStore };
  readonly url: () => string;
}

/** One at a time. */
export function createAnnouncementPost(options: AnnouncementPostOptions): { readonly tick: () => Promise<void> } {
  const { store, now, url } = options;
  const send = createWordPost(options);
  return {
    async tick() {
      for (const post of await store.announcements.posts(now(), MOST_AT_ONCE)) {
        const { announcement, phone, channel, sentMs } = post;
        const link = url() + "/announcements/" + announcement;
        const wishes = await store.notices.wishes(phone);
        const word = { phone, words: { ru, en }, link, tag: "announcement-" + announcement };
        const retryMs = wishes[channel].includes("announcement") ? await send(word, [channel], sentMs) : null;
        await (retryMs === null ? store.announcements.told(post) : store.announcements.later(post, retryMs));
      }
    },
  };
}
