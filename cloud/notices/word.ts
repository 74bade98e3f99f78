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

/** Rejects when it has to be tried again. Who has no proved address gets no letter; browsers that are gone are forgotten. */
export async function sendWord(
  { store, messenger, push }: WordCarriers,
  { phone, words, link, tag }: Word,
  channels: readonly Channel[],
): Promise<void> {
  const contact = await store.people.contact(phone);
  const { subject, short, text } = words[contact?.language ?? "ru"];
  if (channels.includes("mail") && contact?.email && contact.isConfirmed) {
    await messenger.send({ kind: "mail", to: contact.email, subject, text: text(link) });
  }
  if (!channels.includes("push")) return;
  const payload = JSON.stringify({ title: subject, body: short, url: link, tag });
  for (const address of await store.notices.addresses(phone)) {
    if ((await push.send(address, payload, tag)) === "gone") await store.notices.dropAddress(address.endpoint);
  }
}
