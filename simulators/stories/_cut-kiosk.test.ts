/** How a kiosk is emptied, with what must be true of it wherever the power goes. Its notes have cuts of their own (_power-cut.test.ts). */
import type { Event, StaffRole } from "@trapeza/protocol";
import { BOX_SAYS, KIOSK_SAYS, SHARED } from "../day/words.js";
import type { AcceptorTwin } from "../note-path.js";
import { claimCodeOf, wasTold, type Counter, type Flow } from "./_cut-flow.test.js";
import { cardOf } from "./_school-day.test.js";

const HUNDRED = 10_000;
const PAPER_MS = 40_000;

export function boxOf({ terminal }: Counter): AcceptorTwin {
  if (!terminal.acceptor) throw new Error("there is no kiosk");
  return terminal.acceptor;
}

function staffCard({ school }: Counter, role: StaffRole): ReturnType<typeof cardOf> {
  const one = school.staff.find((person) => person.role === role);
  if (!one) throw new Error(`there is no ${role}`);
  return cardOf(one, role);
}

export async function toIdle({ hand, world }: Counter): Promise<void> {
  const end = world.clock.now() + 120_000;
  while (!hand.read().some((line) => line.includes(KIOSK_SAYS.tapCard))) {
    if (world.clock.now() > end) throw new Error("the kiosk does not come to rest: " + hand.read().join(" | "));
    const key = [SHARED.done, SHARED.cancel, SHARED.back].find((label) => hand.read().includes(label));
    if (key) await hand.press(key);
    else await hand.wait(300);
  }
}

/** A hundred roubles come into the box, and their giver goes with a paper. */
async function fill(counter: Counter, turn: number): Promise<void> {
  const { hand, school } = counter;
  await toIdle(counter);
  await hand.tap(cardOf(school.pupils[turn]));
  await hand.until(SHARED.additional);
  await hand.press(SHARED.additional);
  await hand.until(KIOSK_SAYS.insert);
  await hand.until(() => boxOf(counter).status.kind === "idling");
  if (!(await hand.feed(HUNDRED))) throw new Error("the slot does not take the note");
  await hand.until("100,00", 20_000);
  const before = hand.papers();
  await hand.press(SHARED.done);
  await hand.until(() => hand.papers() > before, PAPER_MS);
  await toIdle(counter);
}

/** From the collector's card to the moment when somebody has vouched for it, or nobody. */
async function seal(counter: Counter, alone: boolean): Promise<void> {
  const { hand } = counter;
  await hand.tap(staffCard(counter, "collector"));
  await hand.until(BOX_SAYS.typeSeal);
  await hand.type("57");
  await hand.press(KIOSK_SAYS.next);
  await hand.until(BOX_SAYS.tapSecond);
  if (alone) await hand.press(BOX_SAYS.alone);
  else await hand.tap(staffCard(counter, "technician"));
}

async function takeOut(counter: Counter, before: number): Promise<void> {
  const { hand } = counter;
  await hand.until(() => hand.papers() > before, PAPER_MS);
  await hand.wait(500);
  boxOf(counter).returnCassette();
  await hand.wait(2000);
}

async function empty(counter: Counter, alone = false): Promise<void> {
  const { hand } = counter;
  await seal(counter, alone);
  await hand.until(BOX_SAYS.takeOut);
  const before = hand.papers();
  boxOf(counter).removeCassette();
  await takeOut(counter, before);
}

/** Without the gateway nobody knows a collector's card: what opens the way is that the cassette has left. */
async function emptyOffline(counter: Counter): Promise<void> {
  const { hand, world } = counter;
  world.lan.plugged = false;
  await hand.wait(40_000);
  boxOf(counter).removeCassette();
  await hand.until(KIOSK_SAYS.collect, 20_000);
  await hand.press(KIOSK_SAYS.collect);
  await hand.until(BOX_SAYS.tapCollector);
  const before = hand.papers();
  await seal(counter, false);
  await takeOut(counter, before);
  world.lan.plugged = true;
  await hand.wait(9000);
}

const collected = (events: readonly Event[]): Event[] => events.filter(({ body }) => body.kind === "CashCollected");

/** Nothing was written down: it is done again, and the box that has left is the one that counts. */
async function emptyAgain(counter: Counter): Promise<void> {
  boxOf(counter).returnCassette();
  await toIdle(counter);
  // The kiosk went on without its gateway; it knows a collector's card again once it has one.
  await counter.hand.wait(9000);
  await toIdle(counter);
  if (counter.world.school.terminals.get(counter.terminal.config.terminal as never)?.notes.length !== 0) await empty(counter);
}

function emptiedOnce(counter: Counter, events: readonly Event[]): string[] {
  const boxes = collected(events);
  const complaints = boxes.length === 1 ? [] : [`collected ${boxes.length} times`];
  for (const event of boxes) {
    if (event.body.kind === "CashCollected" && event.body.expected !== HUNDRED) complaints.push(`expected ${event.body.expected}`);
    if (!wasTold(counter, claimCodeOf(event))) complaints.push("nobody holds a paper of the box");
  }
  return complaints;
}

const ways: Readonly<Record<string, Pick<Flow, "act" | "wires">>> = {
  "a kiosk emptied": { act: (counter) => empty(counter), wires: ["ccnet"] },
  "a kiosk emptied by one person": { act: (counter) => empty(counter, true) },
  "a kiosk emptied while the gateway is away": { act: emptyOffline },
};

export const KIOSK_FLOWS: readonly Flow[] = Object.entries(ways).map(([name, way]) => ({
  ...{ name, kind: "payment", ready: fill, after: emptyAgain, check: emptiedOnce },
  ...way,
}));
