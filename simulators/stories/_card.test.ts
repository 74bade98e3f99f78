/** What the stories about cards share: a school whose pupils hold cards with tickets, and a hand that pulls them away too early. */
import { decodeWhole, eventSchema, fromHex } from "@trapeza/protocol";
import type { BusinessDate, CardUid, Directive, Event } from "@trapeza/protocol";
import type { CardKeys } from "@trapeza/gateway";
import { memoryOf } from "../card-mifare.js";
import type { Card } from "../card.js";
import type { Pull, Tear } from "../devices/pn532.js";
import { handAt, type Hand } from "../hand.js";
import { personalise } from "../personalise.js";
import { createRandom } from "../random.js";
import { directivesFor, inventSchool, KIOSK, TILL, WALL, type DemoPupil, type DemoSchool } from "../school/school.js";
import type { Terminal } from "../terminal.js";
import { createWorld, type World } from "../world.js";
import { FRIDAY, FRIDAY_MS } from "./_school-day.test.js";

export interface CardStage {
  readonly world: World;
  readonly school: DemoSchool;
  readonly keys: CardKeys;
  readonly kiosk: Hand;
  readonly till: Hand;
  readonly wall: Hand;
  terminal(id: number): Terminal;
  /** A pupil's own card, the same at every call. */
  cardOf(pupil: DemoPupil): Card;
  /** Holds a card to a reader for as long as a child does, and takes it away; `pull`: too early. */
  hold(id: number, card: Card, pull?: Pull): Promise<void>;
  /** Bodies of the events since the last look. */
  events(): Event["body"][];
}

const HOLD_MS = 450;
const AWAY_MS = 350;
/** The internet is nobody's business here. */
const EXCHANGE_MS = 3_600_000;

export async function openCardStage(more: readonly Directive[] = []): Promise<CardStage> {
  const school = inventSchool(createRandom(24));
  const world = await createWorld({
    ...{ seed: 5, startMs: FRIDAY_MS, schoolNumber: school.number, exchangeMs: EXCHANGE_MS },
    directives: [...directivesFor(school, (FRIDAY - 40) as BusinessDate), ...more],
    terminals: [
      { id: KIOSK, kind: "payment" },
      { id: TILL, kind: "settlement" },
      { id: WALL, kind: "information" },
    ],
  });
  const keys = world.cardKeys;
  const cards = new Map<CardUid, Card>();
  const terminal = (id: number): Terminal => world.terminals.get(id) as Terminal;
  let looked = 0;
  await world.run(5000);
  const events = (): Event["body"][] => {
    const from = looked;
    looked = world.journal.size;
    return world.journal.entries(from, looked, 1e9, 1e6).map((entry) => {
      const event = decodeWhole(eventSchema, entry.slice(16));
      if (!event.ok) throw new Error("an event that cannot be read");
      return event.value.body;
    });
  };
  events();
  return {
    ...{ world, school, keys, terminal, events },
    ...{
      kiosk: handAt(terminal(KIOSK), world.clock),
      till: handAt(terminal(TILL), world.clock),
      wall: handAt(terminal(WALL), world.clock),
    },
    cardOf(pupil) {
      const blank: Card = { uid: fromHex(pupil.uid) as Uint8Array, kind: "pupil", label: pupil.uid };
      const card = cards.get(pupil.uid) ?? personalise(blank, keys);
      cards.set(pupil.uid, card);
      return card;
    },
    async hold(id, card, pull) {
      const { reader } = terminal(id);
      reader.pull = pull ? { ...pull } : null;
      reader.present(card);
      await world.run(HOLD_MS);
      reader.pull = null;
      reader.remove();
      await world.run(AWAY_MS);
    },
    events,
  };
}

/** The counters in a card's two blocks; null for a block that is none. */
export function countersOn({ keys }: CardStage, card: Card): (number | null)[] {
  const uid = Buffer.from(card.uid).toString("hex") as CardUid;
  return [4, 5].map((block) => keys.open(uid, memoryOf(card).slice(block * 16, block * 16 + 16))?.counter ?? null);
}

/** Exchanges between card and reader at one tap: opened, two blocks read; opened, one written, read back. */
export const EXCHANGES = 6;
const WRITING = 5;
const garbage = createRandom(9).bytes(16);
const mixed =
  (cut: number): Tear =>
  (before, after) =>
    after.map((byte, i) => (i < cut ? byte : before[i]));

/** Every moment at which a card may be pulled away, and all that a block may hold then; the last: not at all. */
export const PULLS: readonly (readonly [what: string, pull: Pull | undefined])[] = [
  ...Array.from({ length: EXCHANGES }, (_, i) => i + 1).flatMap((exchange): [string, Pull][] => [
    [`before exchange ${exchange}`, { exchange, tear: null }],
    [`at exchange ${exchange}, done and unheard`, { exchange, tear: (_, after) => after }],
  ]),
  ["at the write, the old block left", { exchange: WRITING, tear: (before) => before }],
  ["at the write, a little of the new block", { exchange: WRITING, tear: mixed(3) }],
  ["at the write, most of the new block", { exchange: WRITING, tear: mixed(13) }],
  ["at the write, noise", { exchange: WRITING, tear: () => garbage }],
  ["not at all", undefined],
];
