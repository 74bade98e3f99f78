/** What the people of a simulated day share: the school they come to, the machines they stand at, and where they leave word of how it went. */
import { formatDate } from "@trapeza/protocol";
import type { BusinessDate, CardUid } from "@trapeza/protocol";
import { fromHex } from "@trapeza/protocol";
import type { Card } from "../card.js";
import type { Hand } from "../hand.js";
import { personalise } from "../personalise.js";
import type { Random } from "../random.js";
import type { DemoSchool } from "../school/school.js";
import type { Terminal } from "../terminal.js";
import type { World } from "../world.js";
import type { DaySize } from "./size.js";

/** A machine and a hand at it: one person at a time. */
export interface Place {
  readonly terminal: Terminal;
  readonly hand: Hand;
}

/** How people fared; what the machines did stands in the journal. */
export interface Fortune {
  /** Refused at a screen: no money, a lost card, no such account. */
  refused: number;
  /** The machine said beforehand that it would not serve. */
  turnedAway: number;
  /** Left because the machine did not go on; only a fault may be the reason. */
  gaveUp: number;
  /** People who have come, to whichever machine. */
  steps: number;
}

export interface Stage {
  readonly world: World;
  readonly school: DemoSchool;
  readonly random: Random;
  readonly kiosk: Place;
  readonly till: Place;
  readonly wall: Place;
  readonly fortune: Fortune;
  /** By uid: what people carry. */
  readonly cards: Map<string, Card>;
  /** Nobody should have to give up on a day without faults: then it is a violation. */
  readonly hasFaults: boolean;
  /** Accounts whose card was reported lost. */
  readonly lost: ReadonlySet<number>;
  readonly size: DaySize;
  /** Unix ms at which this day is as far as a full one at that minute. */
  at(date: BusinessDate, minute: number): number;
  /** Somebody copies cards. */
  readonly hasTwins: boolean;
  /** Nothing else goes wrong: then a copy is found out by its owner's next tap at the latest. */
  readonly mustFindTwins: boolean;
  /** A copy has been held to a reader. */
  twinHeld(): void;
  /** A note has just been pushed into the kiosk: the moment that a power cut likes best. */
  noteInside(): void;
  /** Told by whoever has held up a card and is about to confirm: waits until the gateway has heard of a block, if there is one. */
  cardInUse(uid: CardUid): Promise<void>;
  violate(sentence: string): void;
  /** A line for whoever reads the story. */
  tell(line: string): void;
}

/** Something that a person comes for at a certain time. */
export interface Errand {
  readonly atMs: number;
  readonly who: string;
  run(): Promise<void>;
}

const ZONE_MINUTES = 180;
const MINUTE_MS = 60_000;

/** Unix ms of a minute of the day, or a part of one, in Moscow. */
export function timeOf(date: BusinessDate, minute: number): number {
  return Math.round((date * 1440 + minute - ZONE_MINUTES) * MINUTE_MS);
}

/** "2026-09-01 10:42:07" in Moscow. */
export function formatMoment(atMs: number): string {
  const seconds = Math.floor(atMs / 1000) + ZONE_MINUTES * 60;
  const day = Math.floor(seconds / 86_400);
  const two = (value: number): string => String(value).padStart(2, "0");
  const rest = seconds - day * 86_400;
  return `${formatDate(day as BusinessDate)} ${two(Math.floor(rest / 3600))}:${two(Math.floor(rest / 60) % 60)}:${two(rest % 60)}`;
}

/** Somebody's card, the same at every tap, with the school's ticket on it. `sak`: another thing than a MIFARE Classic, which has none. */
export function cardOf({ world, cards }: Stage, uid: string, kind: string, sak?: number): Card {
  const blank: Card = { uid: fromHex(uid) as Uint8Array, kind, label: uid, ...(sak === undefined ? {} : { sak }) };
  const card = cards.get(uid) ?? (sak === undefined ? personalise(blank, world.cardKeys) : blank);
  cards.set(uid, card);
  return card;
}

/** One queue in front of one machine: each comes at their time, or when those before them have gone. */
export async function queueAt(stage: Stage, place: Place, errands: readonly Errand[]): Promise<void> {
  const { clock } = stage.world;
  for (const errand of [...errands].sort((a, b) => a.atMs - b.atMs)) {
    if (clock.now() < errand.atMs) await place.hand.wait(errand.atMs - clock.now());
    stage.tell(`${++stage.fortune.steps}. ${errand.who}`);
    try {
      await errand.run();
    } catch (error) {
      stage.tell(`${errand.who} gives up: ${(error as Error).message}`);
      stage.fortune.gaveUp++;
      if (!stage.hasFaults) stage.violate(`${errand.who} gave up: ${(error as Error).message}`);
    }
  }
}

/** Whether `text` can be read now. */
export function says({ hand }: Place, text: string): boolean {
  return hand.read().some((line) => line.includes(text));
}
