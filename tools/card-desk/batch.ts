/**
 * The office's list, card by card. A card is reported before the next one is asked for; if the office is away just then, or the machine dies, the same card
 * is laid there again: it is found whole, and reported.
 */
import type { CardKeys } from "@trapeza/gateway";
import type { CardRefusal, CardUid } from "@trapeza/protocol";
import { CardGone, Refused, type CardReader, type Contact } from "./contact.js";
import { makeCard, uidOf } from "./make.js";
import type { Job, OfficeLine } from "./office.js";
import type { Words } from "./words.ru.js";

export interface Batch {
  readonly reader: CardReader;
  readonly office: OfficeLine;
  readonly keys: CardKeys;
  readonly address: string;
  readonly words: Words;
  readonly say: (line: string) => void;
  /** Ends the work between two cards. */
  readonly signal: AbortSignal;
}

export interface Tally {
  readonly made: number;
  readonly refused: number;
  /** Cards on the list that were not come to. */
  readonly left: number;
}

/** Throws `OfficeTrouble`, with the card just made lying on the reader. */
export async function makeBatch(batch: Batch): Promise<Tally> {
  const { office, words, say, signal } = batch;
  const { school, cards } = await office.work();
  say(words.list(school, cards.length));
  let [made, refused] = [0, 0];
  for (const [at, job] of cards.entries()) {
    say(words.next(at + 1, cards.length, job));
    for (let isMade = false; !isMade && !signal.aborted;) {
      const came = await attempt(batch, job);
      if (came === "made") made++;
      if (came === "refused") refused++;
      isMade = came === "made";
    }
    if (signal.aborted) break;
  }
  return { made, refused, left: cards.length - made };
}

/** One card on the reader. `"gone"`: taken away, or nobody laid one there. */
async function attempt({ reader, office, keys, address, words, say, signal }: Batch, job: Job): Promise<"made" | "refused" | "gone"> {
  const contact = await reader.card(signal);
  if (!contact) return "gone";
  let uid: CardUid | "" = "";
  const refuse = async (refusal: CardRefusal) => {
    await office.refused(job, uid, refusal);
    say(words.refused(words.refusals[refusal]));
    return "refused" as const;
  };
  try {
    uid = await uidOf(contact);
    const { kind, before, unseen } = await makeCard({ contact, keys, address }, uid);
    if ((await office.made(job, uid)) === "known") return await refuse("known");
    say(words.made(kind, uid, before, unseen.length > 0));
    return "made";
  } catch (error) {
    if (error instanceof Refused) return await refuse(error.refusal);
    if (!(error instanceof CardGone)) throw error;
    say(words.gone);
    return "gone";
  } finally {
    await released(contact);
    await reader.removal(signal);
  }
}

/** What lies there no more cannot be let go of. */
async function released(contact: Contact): Promise<void> {
  await contact.release().catch(() => undefined);
}
