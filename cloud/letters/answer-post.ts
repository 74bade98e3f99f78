/**
 * Tells whoever has written to the school that there is an answer: by letter when the address is proved, and on their devices. Neither says what stands in
 * it; it is read behind the login. What a crash leaves between sending and marking is told again.
 */
import type { PushCarrier } from "../notices/post.js";
import type { NoticeStore } from "../notices/store.js";
import type { Messenger } from "../people/messenger.js";
import type { PeopleStore } from "../people/store.js";
import type { LetterStore } from "./letter.js";
import { en } from "./words.en.js";
import { ru } from "./words.ru.js";

const MOST_AT_ONCE = 50;
/** After a failure of the messenger or a push service. */
const RETRY_MS = 2 * 60 * 1000;

export interface AnswerPostOptions {
  readonly store: { readonly letters: LetterStore; readonly people: PeopleStore; readonly notices: NoticeStore };
  readonly messenger: Messenger;
  readonly push: PushCarrier;
  readonly now: () => number;
  readonly url: () => string;
  readonly onError: (error: Error) => void;
}

/** One at a time. */
export function createAnswerPost(options: AnswerPostOptions): { readonly tick: () => Promise<void> } {
  const { store, now, onError } = options;
  let restsUntil = 0;
  return {
    async tick() {
      if (now() < restsUntil) return;
      for (const { id, phone } of await store.letters.untold(MOST_AT_ONCE)) {
        try {
          if (phone !== "") await tell(options, phone, id);
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

async function tell({ store, messenger, push, url }: AnswerPostOptions, phone: string, id: number): Promise<void> {
  const contact = await store.people.contact(phone);
  const words = contact?.language === "en" ? en : ru;
  const link = url() + "/letters";
  if (contact?.email && contact.isConfirmed) {
    await messenger.send({ kind: "mail", to: contact.email, subject: words.subject, text: words.text(link) });
  }
  const payload = JSON.stringify({ title: words.subject, body: words.short, url: link, tag: "answer-" + id });
  for (const address of await store.notices.addresses(phone)) {
    if ((await push.send(address, payload, "answer-" + id)) === "gone") await store.notices.dropAddress(address.endpoint);
  }
}
