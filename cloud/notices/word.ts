/** A short word to one guardian that something waits behind the login, and never what it says: screens lie open, and letters are read by others. */
import type { PeopleStore } from "../people/store.js";
import type { Messenger } from "../people/messenger.js";
import type { Channel } from "./notice.js";
import type { PushCarrier } from "./post.js";
import type { NoticeStore } from "./store.js";

export interface WordWords {
  readonly subject: string;
  readonly short: string;
  readonly text: (link: string) => string;
}

export interface WordCarriers {
  readonly store: { readonly people: PeopleStore; readonly notices: NoticeStore };
  readonly messenger: Messenger;
  readonly push: PushCarrier;
}

export interface Word {
  readonly phone: string;
  readonly words: { readonly ru: WordWords; readonly en: WordWords };
  readonly link: string;
  /** A push replaces another of the same tag. */
  readonly tag: string;
}

export interface WordPostOptions extends WordCarriers {
  readonly now: () => number;
  readonly onError: (error: Error) => void;
}

/** After a failure of the messenger or a push service. The older a word is, the longer the next try waits: by an eighth of its age. */
const RETRY_MS = 2 * 60 * 1000;
const RESTS_AN_AGE = 8;
const A_DAY_MS = 24 * 3600 * 1000;

/**
 * Sends a word; resolves to the moment at which it is to be tried again, null when it is told, or was given up after a day. A try goes on where the last one
 * failed: a browser that has been rung is not rung again, except after a crash.
 */
export function createWordPost(
  options: WordPostOptions,
): (word: Word, channels: readonly Channel[], sinceMs: number) => Promise<number | null> {
  const { now, onError } = options;
  const tried = new Map<string, Set<string>>();
  return async (word, channels, sinceMs) => {
    const key = [word.tag, word.phone, ...channels].join("/");
    const reached = tried.get(key) ?? new Set();
    const errors = await sendWord(options, word, channels, reached);
    errors.forEach(onError);
    const ageMs = now() - sinceMs;
    tried.delete(key);
    if (errors.length === 0 || ageMs >= A_DAY_MS) return null;
    tried.set(key, reached);
    return now() + Math.max(RETRY_MS, Math.floor(ageMs / RESTS_AN_AGE));
  };
}

/** Who has no proved address gets no letter; browsers that are gone are forgotten. One that fails does not keep the word from the others. */
async function sendWord(
  { store, messenger, push }: WordCarriers,
  { phone, words, link, tag }: Word,
  channels: readonly Channel[],
  reached: Set<string>,
): Promise<Error[]> {
  const errors: Error[] = [];
  const reach = async (address: string, send: () => Promise<void>) => {
    if (reached.has(address)) return;
    await send().then(
      () => reached.add(address),
      (error) => errors.push(error as Error),
    );
  };
  const contact = await store.people.contact(phone);
  const { subject, short, text } = words[contact?.language ?? "ru"];
  const { email } = contact ?? {};
  if (channels.includes("mail") && email && contact?.isConfirmed)
    await reach("mail", () => messenger.send({ kind: "mail", to: email, subject, text: text(link) }));
  if (!channels.includes("push")) return errors;
  const payload = JSON.stringify({ title: subject, body: short, url: link, tag });
  for (const address of await store.notices.addresses(phone)) {
    await reach(address.endpoint, async () => {
      if ((await push.send(address, payload, tag)) === "gone") await store.notices.dropAddress(address.endpoint);
    });
  }
  return errors;
}
