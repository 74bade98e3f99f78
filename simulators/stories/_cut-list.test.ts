/** What is done more rarely at the wall: single pupils, the ill, a supervisor, orders given back; with what must be true wherever the power goes. */
import type { Event } from "@trapeza/protocol";
import { fromHex, type CardUid } from "@trapeza/protocol";
import type { Card } from "../card.js";
import { SHARED, WALL_SAYS } from "../day/words.js";
import type { Hand } from "../hand.js";
import { personalise } from "../personalise.js";
import { claimCodeOf, wasTold, type Counter, type Flow } from "./_cut-flow.test.js";
import { staffCard } from "./_cut-till.test.js";
import {
  accountsOf,
  choose,
  confirm,
  inOrder,
  lookAgain,
  MONDAY,
  openList,
  orderAhead,
  pupilsOf,
  servedOnce,
  toIdle,
} from "./_cut-wall.test.js";

const TURN_PAGE = /^\d+\/\d+ >$/;
const PAPER_MS = 60_000;

/** Presses what begins with `text`, on whatever page it stands. */
async function find(hand: Hand, text: string): Promise<void> {
  const line = (): string | undefined => hand.read().find((one) => one.startsWith(text));
  for (let pages = 0; !line() && pages < 60; pages++) await hand.press(hand.read().find((one) => TURN_PAGE.test(one)) ?? TURN_PAGE.source);
  await hand.press(line() ?? text);
  await hand.wait(300);
}

async function served(counter: Counter, turn: number): Promise<void> {
  await toIdle(counter);
  await openList(counter, turn);
  await confirm(counter);
  await toIdle(counter);
}

async function ordered(counter: Counter, turn: number): Promise<void> {
  await toIdle(counter);
  await orderAhead(counter, turn, WALL_SAYS.all);
  await toIdle(counter);
}

/** Of these orders all were given back or none; what the wall said of it is so. */
function givenBack(counter: Counter, events: readonly Event[], whose: readonly number[]): string[] {
  const cancelled = accountsOf(events, "PreOrderCancelled");
  const complaints =
    cancelled.length > 0 && inOrder(cancelled) !== inOrder(whose) ? [`given back ${cancelled.join()} of ${whose.join()}`] : [];
  if (cancelled.length === 0 && wasTold(counter, WALL_SAYS.recorded)) complaints.push("told of what is not in the journal");
  return complaints;
}

/** The whole class or nobody; whoever was told that it is saved finds it done, and so does the next list. */
function savedOnce(counter: Counter, events: readonly Event[], turn: number): string[] {
  const undone = accountsOf(events, "MealUndone");
  const all = pupilsOf(counter, turn);
  const complaints = undone.length > 0 && inOrder(undone) !== inOrder(all) ? [`undone ${undone.join()} of ${all.join()}`] : [];
  if (undone.length === 0 && (wasTold(counter, WALL_SAYS.saved) || wasTold(counter, WALL_SAYS.undone)))
    complaints.push("told of an undo that is not in the journal");
  const seen = `seen as served: ${all.length - undone.length}`;
  return wasTold(counter, seen) ? complaints : [...complaints, `the list does not say "${seen}"`];
}

const surnameOf = ({ school }: Counter, account: number): string => school.pupils.find(({ id }) => id === account)?.person.surname ?? "";

async function undoOne(counter: Counter, turn: number): Promise<void> {
  const { hand } = counter;
  await openList(counter, turn);
  await hand.press(WALL_SAYS.undo);
  await hand.until(WALL_SAYS.undoQuestion);
  await hand.press(WALL_SAYS.single);
  await hand.until(WALL_SAYS.whomToUndo);
  // Everybody is ticked: the second one keeps the meal.
  await find(hand, surnameOf(counter, pupilsOf(counter, turn)[1]));
  await hand.press(WALL_SAYS.undo);
  await hand.until(WALL_SAYS.undoQuestion);
  await hand.press(SHARED.yes);
  await hand.until(WALL_SAYS.undone);
  await hand.wait(500);
}

async function superviseClass(counter: Counter, turn: number): Promise<void> {
  const { hand, school } = counter;
  await hand.tap(staffCard(counter, "supervisor"));
  const name = school.classes.find(({ id }) => id === turn)?.name ?? "";
  await hand.until(() => hand.read().some((line) => TURN_PAGE.test(line)));
  await find(hand, name);
  await hand.until(WALL_SAYS.more);
  const before = hand.papers();
  await hand.press(SHARED.confirm);
  await hand.until(() => hand.papers() > before, PAPER_MS);
  await hand.wait(500);
}

/** A paper that is owed from before the power went comes first when the card comes again. */
async function collectPaper(counter: Counter): Promise<void> {
  const { hand } = counter;
  await toIdle(counter);
  await hand.tap(staffCard(counter, "supervisor"));
  await hand.until(() => hand.read().some((line) => TURN_PAGE.test(line) || line === SHARED.done));
  await hand.wait(1000);
  await toIdle(counter);
}

/** The same card at every life: its ticket rolls on. */
const cards = new WeakMap<Counter, Card>();

function rollingCard(counter: Counter): Card {
  const { world, school } = counter;
  const { uid } = school.pupils[0];
  const card = cards.get(counter) ?? personalise({ uid: fromHex(uid) as Uint8Array, kind: "pupil", label: uid }, world.cardKeys);
  cards.set(counter, card);
  return card;
}

async function lookAtPurses(counter: Counter): Promise<void> {
  const { hand } = counter;
  await hand.tap(rollingCard(counter), 900);
  await hand.until(SHARED.additionalShort);
  await hand.wait(500);
}

const newestShown = ({ world, school }: Counter) => world.journal.cards().find((row) => row.uid === (school.pupils[0].uid as CardUid));

export const LIST_FLOWS: readonly Flow[] = [
  {
    name: "one meal of a confirmed class taken back",
    kind: "information",
    ready: served,
    act: undoOne,
    after: lookAgain,
    check(counter, events, turn) {
      const undone = accountsOf(events, "MealUndone");
      const [first] = pupilsOf(counter, turn);
      const complaints = undone.length > 0 && undone.join() !== String(first) ? [`undone ${undone.join()}, not ${first}`] : [];
      if (undone.length === 0 && wasTold(counter, WALL_SAYS.undone)) complaints.push("told of an undo that is not in the journal");
      for (const event of events)
        if (event.body.kind === "MealUndone" && !wasTold(counter, claimCodeOf(event)))
          complaints.push(`no paper for ${claimCodeOf(event)}`);
      return complaints;
    },
  },
  {
    name: "a confirmed class taken back while the gateway is away",
    kind: "information",
    ready: served,
    async act(counter, turn) {
      await openList(counter, turn);
      counter.world.lan.plugged = false;
      const before = counter.hand.papers();
      await counter.hand.press(WALL_SAYS.undo);
      await counter.hand.until(WALL_SAYS.undoQuestion);
      await counter.hand.press(SHARED.yes);
      await counter.hand.until(() => counter.hand.papers() > before, PAPER_MS);
      counter.world.lan.plugged = true;
      await counter.hand.wait(9000);
    },
    after: lookAgain,
    check: savedOnce,
  },
  {
    name: "a class confirmed by a supervisor",
    kind: "information",
    ready: toIdle,
    act: superviseClass,
    async after(counter, turn) {
      await collectPaper(counter);
      await lookAgain(counter, turn);
    },
    check: servedOnce,
  },
  {
    name: "a class's orders given back",
    kind: "information",
    ready: ordered,
    act: (counter, turn) => orderAhead(counter, turn, WALL_SAYS.none),
    check: (counter, events, turn) => givenBack(counter, events, pupilsOf(counter, turn)),
  },
  {
    name: "the orders of a pupil who fell ill given back",
    kind: "information",
    ready: ordered,
    async act(counter, turn) {
      const { hand } = counter;
      await openList(counter, turn);
      for (const key of [WALL_SAYS.more, WALL_SAYS.sick]) await choose(hand, key);
      await hand.until(WALL_SAYS.whoIsIll);
      await find(hand, surnameOf(counter, pupilsOf(counter, turn)[0]));
      await hand.until(MONDAY);
      await choose(hand, WALL_SAYS.cancelOrders);
      await hand.until(WALL_SAYS.recorded);
      await hand.wait(500);
    },
    check: (counter, events, turn) => givenBack(counter, events, [pupilsOf(counter, turn)[0]]),
  },
  {
    name: "a card whose ticket is renewed",
    kind: "information",
    wires: ["pn532"],
    ready: toIdle,
    act: lookAtPurses,
    async after(counter) {
      // Held properly it is nobody's copy, and what is on it is the least that it may show from now on.
      await toIdle(counter);
      await lookAtPurses(counter);
      await toIdle(counter);
      await lookAtPurses(counter);
    },
    check(counter, events) {
      const row = newestShown(counter);
      const complaints = events.map(({ body }) => `a tap made ${body.kind}`);
      if (!row || row.seen.counter !== row.issued.counter) complaints.push(`seen ${row?.seen.counter}, issued ${row?.issued.counter}`);
      return complaints;
    },
  },
];
