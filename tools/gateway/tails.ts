/** What replaced gateways have handed in, for the operator: every deed with its terminal, time, name and sum; and his word that it is to be believed. */
import { moneyText, openSchoolBook, waitingTails, type Store, type TailOperation, type WaitingTail } from "@trapeza/cloud";
import type { Event, EventBody, School } from "@trapeza/protocol";
import { GatewayTrouble } from "./trouble.js";
import type { Words } from "./words.en.js";

export interface Review {
  readonly store: Store;
  readonly school: number;
  /** `epoch:entries`, as the list names what it showed. */
  readonly accept?: string;
  readonly words: Words;
  readonly print: (line: string) => void;
}

const MINUTE_MS = 60_000;

/** Prints what waits; accepts it when it is still what was shown. Throws {@link GatewayTrouble} with a sentence. */
export async function reviewTails({ store, school, accept, words, print }: Review): Promise<void> {
  const waiting = await waitingTails(store, school);
  if (accept !== undefined) {
    const tail = waiting.find((one) => nameOf(one) === accept);
    // More may have been handed in since the list was printed: that nobody has seen.
    if (!tail) throw new GatewayTrouble(words.otherTail(accept));
    await store.acceptTail(school, tail.epoch, tail.size);
    return print(words.tailAccepted(tail.operations.filter(({ isKnown }) => !isKnown).length));
  }
  if (waiting.length === 0) return print(words.noTails);
  const { state } = await openSchoolBook(store, school);
  for (const tail of waiting) {
    const news = tail.operations.filter(({ isKnown }) => !isKnown);
    print(words.tailBegins(tail.epoch, news.length, tail.operations.length - news.length));
    for (const operation of news) for (const line of linesOf(operation, state, words)) print(line);
    print(words.howToAccept(school, nameOf(tail)));
  }
}

function nameOf({ epoch, size }: WaitingTail): string {
  return epoch + ":" + size;
}

function linesOf({ events }: TailOperation, school: School, words: Words): string[] {
  return events.map((event) => {
    const { body } = event;
    const account = "account" in body && typeof body.account === "number" ? school.accounts.get(body.account) : null;
    const deed = words.deeds[body.kind as keyof typeof words.deeds] ?? body.kind;
    return [
      "  " + momentOf(event, school),
      words.atTerminal(event.operation?.terminal ?? 0),
      deed,
      moneyText(sumOf(body)),
      account?.name ?? "",
    ]
      .filter((part) => part !== "")
      .join(", ");
  });
}

/** On the school's own clock. */
function momentOf({ atMs }: Event, { policy }: School): string {
  return new Date(atMs + policy.zoneMinutes * MINUTE_MS).toISOString().slice(0, 16).replace("T", " ");
}

/** What an event moved, as the replaced gateway wrote it. */
function sumOf(body: EventBody): number {
  if ("note" in body) return body.note;
  if ("total" in body) return body.total;
  if ("parts" in body) return Object.values(body.parts).reduce((sum, part) => sum + part, 0);
  if ("expected" in body) return body.expected;
  return "amount" in body ? body.amount : 0;
}
