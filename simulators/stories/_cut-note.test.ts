/** Other ways to a kiosk's notes: a typed number, a purse for each note, no gateway. Wherever the power goes, the count comes out even. */
import type { Event } from "@trapeza/protocol";
import { KIOSK_SAYS, SHARED } from "../day/words.js";
import { bookedIn, CODE, leave, sumOf, uneven, withoutPaper } from "./_cash.test.js";
import type { Counter, Flow } from "./_cut-flow.test.js";
import { boxOf, toIdle } from "./_cut-kiosk.test.js";
import { cardOf } from "./_school-day.test.js";

const FIFTY = 5_000;
const HUNDRED = 10_000;

/** What lay in the box when a life began. */
const before = new WeakMap<Counter, number>();

function inBox(counter: Counter): number {
  const { cassette, collected } = boxOf(counter).truth();
  return sumOf([...cassette, ...collected]);
}

async function tap({ hand, school }: Counter, turn: number): Promise<void> {
  await hand.tap(cardOf(school.pupils[turn % school.pupils.length]));
  await hand.until(KIOSK_SAYS.choosePurse);
}

async function choose({ hand }: Counter, purse: string): Promise<void> {
  await hand.press(purse);
  await hand.until(KIOSK_SAYS.insert);
}

async function feed(counter: Counter, kopecks: number, shows: string): Promise<void> {
  const { hand } = counter;
  // The slot shuts for a moment while the kiosk turns to another purse: a hand tries again.
  for (let tries = 1; ; tries++) {
    await hand.until(() => boxOf(counter).status.kind === "idling", 20_000);
    if (await hand.feed(kopecks)) break;
    if (tries === 10) throw new Error("the slot does not take the note");
    await hand.wait(300);
  }
  await hand.until(shows, 20_000);
}

async function typed(counter: Counter, turn: number): Promise<void> {
  const { hand, school } = counter;
  await hand.press(KIOSK_SAYS.typeNumber);
  await hand.type(school.pupils[turn % school.pupils.length].account);
  await hand.press(KIOSK_SAYS.next);
  await hand.until(KIOSK_SAYS.choosePurse);
  await choose(counter, SHARED.additional);
  await feed(counter, HUNDRED, "100,00");
  await leave(counter);
}

async function forTwoPurses(counter: Counter, turn: number): Promise<void> {
  await tap(counter, turn);
  await choose(counter, SHARED.main);
  await feed(counter, HUNDRED, "100,00");
  await counter.hand.press(SHARED.additionalShort);
  await feed(counter, FIFTY, "150,00");
  await leave(counter);
}

/** The gateway goes away before the first note, which the kiosk does not know yet. */
async function offline(counter: Counter, turn: number): Promise<void> {
  const { hand, world } = counter;
  await tap(counter, turn);
  await choose(counter, SHARED.additional);
  world.lan.plugged = false;
  await feed(counter, HUNDRED, "100,00");
  await hand.wait(12_000);
  await feed(counter, FIFTY, "150,00");
  await leave(counter);
  world.lan.plugged = true;
  await hand.wait(9000);
}

function even(counter: Counter, events: readonly Event[]): string[] {
  const { told } = counter;
  const codes = new Set([...told].filter((line) => CODE.test(line)));
  return [
    ...uneven({ inCassette: inBox(counter) - (before.get(counter) ?? 0), ...bookedIn(events) }),
    ...withoutPaper([...told], codes, events),
  ];
}

/** Each note lies in the purse that was chosen when it went in. */
function evenInTwoPurses(counter: Counter, events: readonly Event[]): string[] {
  const strays = events.filter(({ body }) => body.kind === "TopUpCredited" && (body.note === FIFTY) !== (body.purse === "additional"));
  return [...even(counter, events), ...strays.map(() => "a note in the wrong purse")];
}

const ways: Readonly<Record<string, Pick<Flow, "act" | "check">>> = {
  "a note for a typed number": { act: typed, check: even },
  "a note for each purse": { act: forTwoPurses, check: evenInTwoPurses },
  "notes while the gateway is away": { act: offline, check: even },
};

export const NOTE_FLOWS: readonly Flow[] = Object.entries(ways).map(([name, way]) => ({
  ...{ name, kind: "payment" as const, wires: ["ccnet"] as const },
  async ready(counter) {
    await toIdle(counter);
    before.set(counter, inBox(counter));
  },
  ...way,
}));
