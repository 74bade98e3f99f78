/** The main thing that each terminal is for, done once by a person in real time. */
import { fromHex } from "@trapeza/protocol";
import type { CardUid, TerminalKind } from "@trapeza/protocol";
import { KIOSK_SAYS, SHARED, TILL_SAYS, WALL_SAYS } from "./day/words.js";
import type { Card } from "./card.js";
import type { Loopback } from "./loopback.js";
import { personalise } from "./personalise.js";
import type { DemoPupil, DemoSchool } from "./school/school.js";

type Held = (holder: { readonly uid: CardUid }) => Card;

/** Everybody's own card, written at the desk once. */
function cardsOf({ cardKeys }: Loopback): Held {
  const cards = new Map<CardUid, Card>();
  return ({ uid }) => {
    const card = cards.get(uid) ?? personalise({ uid: fromHex(uid) as Uint8Array, kind: "pupil", label: uid }, cardKeys);
    cards.set(uid, card);
    return card;
  };
}

/** On a computer an interpreter sleeps a tenth of a second between two bytes: its tickets take longer than those of a chip. */
const TAP_MS = 5000;
const BOOT_MS = 60_000;
const SLOW_MS = 30_000;

/** What a morning leaves behind: purses in kopecks, and papers without the time of day. */
export interface Outcome {
  readonly main: number;
  readonly additional: number;
  readonly served: number;
  /** The last ticket that each card was given and is known to hold, by uid. */
  readonly tickets: readonly string[];
  readonly papers: string[][];
}

/** A pupil with money in both purses. */
export function saver(school: DemoSchool): DemoPupil {
  return school.pupils.find((pupil) => pupil.additionalKopecks > 20_000 && pupil.mainKopecks > 20_000) as DemoPupil;
}

/** The minute is the host's own; a QR code's place in the journal is not told in letters. */
const timeless = (paper: readonly string[]): string[] => paper.map((line) => line.replace(/\d\d:\d\d/, "--:--"));

async function feedHundred({ kiosk }: Loopback, cardOf: Held, pupil: DemoPupil): Promise<string[]> {
  await kiosk.until(KIOSK_SAYS.tapCard, BOOT_MS);
  await kiosk.tap(cardOf(pupil), TAP_MS);
  await kiosk.until(SHARED.additional, SLOW_MS);
  await kiosk.press(SHARED.additional);
  await kiosk.until(KIOSK_SAYS.insert);
  await kiosk.wait(2000);
  if (!(await kiosk.feed(10_000))) throw new Error("the slot did not take the note");
  await kiosk.until("100,00", SLOW_MS);
  await kiosk.press(SHARED.done);
  await kiosk.until(() => kiosk.papers() > 0, SLOW_MS);
  return kiosk.paper();
}

async function buyLunch({ till, school }: Loopback, cardOf: Held, pupil: DemoPupil): Promise<string[]> {
  await till.until(TILL_SAYS.tapCashier, BOOT_MS);
  await till.tap(cardOf(school.staff.find((one) => one.role === "cashier")!), TAP_MS);
  await till.until(TILL_SAYS.empty, SLOW_MS);
  // 11 once and 51 once, on the keypad: its first figure opens the line for codes, OK ends it.
  await till.key("1151");
  await till.key("k");
  await till.tap(cardOf(pupil), TAP_MS);
  await till.until(SHARED.confirm, SLOW_MS);
  await till.press(SHARED.confirm);
  await till.until(() => till.papers() > 0, SLOW_MS);
  return till.paper();
}

async function confirmBreakfast({ wall, school }: Loopback, cardOf: Held): Promise<string[]> {
  await wall.until(WALL_SAYS.tap, BOOT_MS);
  await wall.tap(cardOf(school.staff.find((one) => one.class?.grade === 1)!), TAP_MS);
  await wall.until(SHARED.confirm, SLOW_MS);
  await wall.press(SHARED.confirm);
  await wall.until(() => wall.papers() > 0, SLOW_MS);
  return wall.paper();
}

/** What a terminal of this kind is for, on a loopback that has one; its paper. */
export function visit(loopback: Loopback, kind: TerminalKind): Promise<string[]> {
  const cardOf = cardsOf(loopback);
  if (kind === "information") return confirmBreakfast(loopback, cardOf);
  return (kind === "payment" ? feedHundred : buyLunch)(loopback, cardOf, saver(loopback.school));
}

/** A note at the kiosk, a lunch at the till, a breakfast at the wall, one after the other on whatever boards there are. Throws what the screen says. */
export async function morning(loopback: Loopback): Promise<Outcome> {
  const pupil = saver(loopback.school);
  const cardOf = cardsOf(loopback);
  // Every session is open before anybody comes: who connects first would change which paper says what.
  await loopback.ready(BOOT_MS);
  const note = await feedHundred(loopback, cardOf, pupil);
  const sale = await buyLunch(loopback, cardOf, pupil);
  const meal = await confirmBreakfast(loopback, cardOf);
  const account = loopback.memory.accounts.get(pupil.id);
  return {
    main: account?.main ?? NaN,
    additional: account?.additional ?? NaN,
    served: loopback.memory.served.size,
    tickets: loopback.journal
      .cards()
      .map(({ uid, seen }) => `${uid} ${seen.epoch}/${seen.counter}`)
      .sort(),
    papers: [note, sale, meal].map(timeless),
  };
}
