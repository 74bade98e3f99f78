/** What strikes at a moment that people make: a note on its way into the cassette, a card that somebody has just held up. */
import type { CardUid } from "@trapeza/protocol";
import type { Random } from "../random.js";
import { KIOSK } from "../school/school.js";
import type { World } from "../world.js";
import { SEEN, type Sometimes } from "./sometimes.js";

type Name = "power-cut" | "clone" | "block";

export interface Moments {
  /** A note has just been pushed into the kiosk. */
  noteInside(): void;
  /** A copy has been held to a reader. */
  twinHeld(): void;
  /** Somebody has held up this card and is about to confirm; `true` when it has just been blocked, which the gateway hears in some seconds. */
  cardInUse(uid: CardUid): Promise<boolean>;
}

export interface MomentHooks {
  readonly world: World;
  readonly random: Random;
  readonly sometimes: Sometimes;
  has(name: Name): boolean;
  /** It has struck; `how` for whoever reads the story. */
  struck(name: Name, how: string): void;
  mend(ms: number, task: () => void): void;
  /** A terminal loses its power; `false`: it has none. */
  cut(terminal: number, offMs: number): boolean;
}

/** Of a hundred notes, so many meet a power cut on their way. */
const UNLUCKY_NOTES = 6;
/** From the slot to the cassette and the paper behind it. */
const NOTE_MS = 6000;
/** Of a hundred cards in use, so many are blocked at that moment. */
const BLOCKED_CARDS = 5;
const BLOCKED_MS = 60_000;

export function createMoments({ world, random, sometimes, has, struck, mend, cut }: MomentHooks): Moments {
  const { clock } = world;
  const blocks = random.fork("blocked cards");
  return {
    noteInside() {
      if (!has("power-cut") || !random.chance(UNLUCKY_NOTES)) return;
      const offMs = random.between(1000, 30_000);
      clock.after(random.below(NOTE_MS), () => {
        const isOnItsWay = world.terminals.get(KIOSK)?.acceptor?.status.kind !== "idling";
        if (!cut(KIOSK, offMs)) return;
        struck("power-cut", "with a note inside");
        if (isOnItsWay) sometimes[SEEN.noteInside]++;
      });
    },
    twinHeld() {
      struck("clone", "the copy is held to a reader");
      sometimes[SEEN.twin]++;
    },
    async cardInUse(uid) {
      const card = world.school.cards.get(uid);
      if (!has("block") || !card || !blocks.chance(BLOCKED_CARDS)) return false;
      const { number, holder, account, staff, validThrough } = card;
      const by = account === null ? ("school" as const) : ("parent" as const);
      const order = (state: "blocked" | "active"): Promise<void> =>
        world.tell([{ kind: "SetCard", ...{ uid, number, holder, account, staff, validThrough, by, state } }]);
      await order("blocked");
      struck("block", "its holder stands at the machine");
      mend(BLOCKED_MS, () => void order("active"));
      return true;
    },
  };
}
