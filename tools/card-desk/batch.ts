/**
 * The office's batches, card by card, until the person at the desk goes home. A card is reported before the next one is asked for; while the office is away
 * the desk waits for it, and whatever dies in between, the same card is laid there again: it is found whole, and reported.
 */
import type { CardKeys } from "@trapeza/gateway";
import type { CardRefusal, CardUid } from "@trapeza/protocol";
import { CardGone, Refused, type CardReader, type Contact } from "./contact.js";
import { makeCard, uidOf } from "./make.js";
import { OfficeTrouble, type Batch, type Job, type OfficeLine, type Work } from "./office.js";
import type { Words } from "./words.ru.js";

/** Between two questions to the office. */
const LOOK_MS = 2000;

export interface Desk {
  readonly reader: CardReader;
  readonly office: OfficeLine;
  readonly keys: CardKeys;
  readonly address: string;
  readonly words: Words;
  readonly say: (line: string) => void;
  /** Resolves after so long, or when `signal` ends the waiting. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Ends the work between two cards. */
  readonly signal: AbortSignal;
}

export interface Tally {
  readonly made: number;
  readonly refused: number;
}

/** Throws `OfficeTrouble` when the office knows neither desk nor school, or the work was ended while it was away. */
export async function workAtDesk(desk: Desk): Promise<Tally> {
  const { office, words, say, pause, signal } = desk;
  const tally = { made: 0, refused: 0 };
  let said = "";
  const once = (line: string) => {
    if (line !== said) say(line);
    said = line;
  };
  for (let begun = 0; !signal.aborted;) {
    const { school, batch } = await insist(desk, () => office.work());
    const job = batch?.cards.at(0);
    if (!batch || !job) {
      once(words.idle(school));
      await pause(LOOK_MS, signal);
      continue;
    }
    if (batch.id !== begun) say(words.batch(batch.id, batch.chip, batch.cards.length));
    begun = batch.id;
    once(words.next(batch.of - batch.cards.length + 1, batch.of, job));
    const came = await attempt(desk, batch, job);
    if (came === "made" || came === "refused") tally[came]++;
  }
  return tally;
}

/** Asks again while the office is away: it may be starting anew, and a card that is made must be told. */
async function insist<T>({ pause, words, say, signal }: Desk, ask: () => Promise<T>): Promise<T> {
  for (let isAway = false; ; isAway = true) {
    try {
      const answer = await ask();
      if (isAway) say(words.officeBack);
      return answer;
    } catch (error) {
      const mayReturn = error instanceof OfficeTrouble && (error.status === 0 || error.status >= 500);
      if (!mayReturn || signal.aborted) throw error;
      if (!isAway) say(words.officeSilent);
      await pause(LOOK_MS, signal);
    }
  }
}

/** The next card that is laid there; `null` when this job is not to be done any more: a page has stopped it, or the desk ends. */
async function cardFor(desk: Desk, batch: Batch, job: Job): Promise<Contact | null> {
  const { reader, office, pause, signal } = desk;
  if ((await insist(desk, () => office.step(batch, job, "asked", ""))) === "stopped") return null;
  const enough = new AbortController();
  const waiting = AbortSignal.any([signal, enough.signal]);
  const isSame = ({ batch: now }: Work) => now?.id === batch.id && now.cards.at(0)?.application === job.application;
  const watch = async () => {
    for (await pause(LOOK_MS, waiting); !waiting.aborted; await pause(LOOK_MS, waiting)) {
      // An office that is away has stopped nothing.
      const work = await office.work().catch(() => null);
      if (work && !isSame(work)) enough.abort();
    }
  };
  void watch();
  try {
    return await reader.card(waiting);
  } finally {
    // What it still asks the office does not keep the card waiting.
    enough.abort();
  }
}

/** One card on the reader. `"gone"`: taken away, not to be written, or nobody laid one there. */
async function attempt(desk: Desk, batch: Batch, job: Job): Promise<"made" | "refused" | "gone"> {
  const { office, reader, keys, address, words, say, signal } = desk;
  const contact = await cardFor(desk, batch, job);
  if (!contact) return "gone";
  let uid: CardUid | "" = "";
  let noted: Promise<unknown> = Promise.resolve();
  const refuse = async (refusal: CardRefusal) => {
    await noted;
    await insist(desk, () => office.refused(job, uid, refusal));
    say(words.refused(words.refusals[refusal]));
    return "refused" as const;
  };
  try {
    const own = await uidOf(contact);
    uid = own;
    if ((await insist(desk, () => office.step(batch, job, "laid", own))) === "stopped") {
      say(words.stopped);
      return "gone";
    }
    // Only for whoever looks on: the card does not wait for it, what is told next does, lest it come late.
    const written = () => void (noted = office.step(batch, job, "written", own).catch(() => undefined));
    const { kind, before, unseen } = await makeCard({ contact, keys, chip: batch.chip, written, address }, own);
    await noted;
    const came = await insist(desk, () => office.made(job, own));
    if (came === "known") return await refuse("known");
    if (came === "stopped") {
      say(words.nobodys);
      return "gone";
    }
    say(words.made(kind, own, before, unseen.length > 0));
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
