/** What a teacher does at the wall, each flow with what must be true of it wherever the power goes. */
import type { Event } from "@trapeza/protocol";
import { SHARED, WALL_SAYS } from "../day/words.js";
import type { Hand } from "../hand.js";
import type { DemoStaff } from "../school/school.js";
import { claimCodeOf, wasTold, type Counter, type Flow } from "./_cut-flow.test.js";
import { cardOf } from "./_school-day.test.js";

/** Before the name of a pupil who has eaten. */
const SERVED_SIGN = "=";
const PAPER_MS = 60_000;

/** Every life has a class of its own: a meal is eaten once. */
export function teacherOf({ school }: Counter, turn: number): DemoStaff {
  const teacher = school.staff.find((one) => one.class?.id === turn);
  if (!teacher) throw new Error(`there is no class ${turn}`);
  return teacher;
}

export const pupilsOf = ({ school }: Counter, turn: number): number[] =>
  school.pupils.filter((one) => one.class.id === turn).map((one) => one.id);

export async function toIdle({ hand, world }: Counter): Promise<void> {
  const end = world.clock.now() + 120_000;
  while (!hand.read().some((line) => line.includes(WALL_SAYS.tap))) {
    if (world.clock.now() > end) throw new Error("the wall does not come to rest: " + hand.read().join(" | "));
    const key = [SHARED.done, SHARED.back, SHARED.no].find((label) => hand.read().includes(label));
    if (key) await hand.press(key);
    else await hand.wait(300);
  }
}

/** The teacher's card; a paper that is owed from before the power went comes first. */
export async function openList(counter: Counter, turn: number): Promise<void> {
  const { hand } = counter;
  await hand.tap(cardOf(teacherOf(counter, turn), "teacher"));
  await hand.until(() => [WALL_SAYS.more, SHARED.done].some((key) => hand.read().includes(key)));
  if (hand.read().includes(WALL_SAYS.more)) return;
  await hand.wait(1000);
  await hand.press(SHARED.done);
  await openList(counter, turn);
}

export async function confirm({ hand }: Counter): Promise<void> {
  const before = hand.papers();
  await hand.press(SHARED.confirm);
  await hand.until(() => hand.papers() > before, PAPER_MS);
  await hand.wait(500);
}

/** After a power cut a teacher looks again: the list knows who has eaten. */
export async function lookAgain(counter: Counter, turn: number): Promise<void> {
  await toIdle(counter);
  await openList(counter, turn);
  const { hand, told } = counter;
  told.add(`seen as served: ${hand.read().filter((text) => text === SERVED_SIGN).length}`);
  await hand.press(SHARED.back);
}

async function undo({ hand }: Counter): Promise<void> {
  await hand.press(WALL_SAYS.undo);
  await hand.until(WALL_SAYS.undoQuestion);
  await hand.press(SHARED.yes);
  await hand.until(WALL_SAYS.undone);
  await hand.wait(500);
}

const LUNCH = "Обед";
export const MONDAY = "пн 23.11";

export async function choose(hand: Hand, key: string): Promise<void> {
  await hand.until(key);
  await hand.press(hand.read().find((line) => line.includes(key)) ?? key);
  await hand.wait(300);
}

/** Monday's lunch with all or none of the class ticked. */
export async function orderAhead(counter: Counter, turn: number, whom: string): Promise<void> {
  const { hand } = counter;
  await openList(counter, turn);
  for (const key of [WALL_SAYS.more, WALL_SAYS.otherMeal, LUNCH, WALL_SAYS.more, WALL_SAYS.otherDay, MONDAY]) await choose(hand, key);
  await hand.until(WALL_SAYS.orderUntil);
  for (const key of [WALL_SAYS.more, whom, WALL_SAYS.order]) await choose(hand, key);
  await hand.until(WALL_SAYS.recorded);
  await hand.press(SHARED.done);
  await hand.wait(500);
}

export function accountsOf(events: readonly Event[], kind: "MealServed" | "MealUndone" | "PreOrdered" | "PreOrderCancelled"): number[] {
  return events.flatMap(({ body }) => (body.kind === kind ? [body.account] : []));
}

export const inOrder = (ids: readonly number[]): string => [...ids].sort((a, b) => a - b).join();

/** The whole class or nobody, once; what the wall said, printed and shows on the next list is so. */
function isSo(counter: Counter, events: readonly Event[], turn: number): string[] {
  const [served, undone] = [accountsOf(events, "MealServed"), accountsOf(events, "MealUndone")];
  const complaints: string[] = [];
  for (const [what, ids] of Object.entries({ served, undone })) {
    if (ids.length > 0 && inOrder(ids) !== inOrder(pupilsOf(counter, turn))) complaints.push(`${what} ${ids.join()} of class ${turn}`);
  }
  if (served.length === 0 && (wasTold(counter, WALL_SAYS.served) || wasTold(counter, WALL_SAYS.saved)))
    complaints.push("told of a meal that is not in the journal");
  for (const event of events) {
    const { kind } = event.body;
    const needsPaper = kind === "MealServed" || kind === "MealUndone";
    if (needsPaper && !wasTold(counter, claimCodeOf(event))) complaints.push(`${kind} without a paper or a code: ${claimCodeOf(event)}`);
  }
  if (undone.length === 0 && wasTold(counter, WALL_SAYS.undone)) complaints.push("told of an undo that is not in the journal");
  return complaints;
}

/** Nobody had eaten before. */
export function servedOnce(counter: Counter, events: readonly Event[], turn: number): string[] {
  const seen = `seen as served: ${accountsOf(events, "MealServed").length}`;
  return [...isSo(counter, events, turn), ...(wasTold(counter, seen) ? [] : [`the list does not say "${seen}"`])];
}

/** Everybody had eaten before. */
function undoneOnce(counter: Counter, events: readonly Event[], turn: number): string[] {
  const seen = `seen as served: ${pupilsOf(counter, turn).length - accountsOf(events, "MealUndone").length}`;
  return [...isSo(counter, events, turn), ...(wasTold(counter, seen) ? [] : [`the list does not say "${seen}"`])];
}

export const WALL_FLOWS: readonly Flow[] = [
  {
    name: "a class confirmed",
    kind: "information",
    ready: toIdle,
    async act(counter, turn) {
      await openList(counter, turn);
      await confirm(counter);
    },
    after: lookAgain,
    check: servedOnce,
  },
  {
    name: "a class confirmed while the gateway is away",
    kind: "information",
    ready: toIdle,
    async act(counter, turn) {
      await openList(counter, turn);
      counter.world.lan.plugged = false;
      await confirm(counter);
      counter.world.lan.plugged = true;
      await counter.hand.wait(9000);
    },
    after: lookAgain,
    check: servedOnce,
  },
  {
    name: "a confirmed class taken back",
    kind: "information",
    async ready(counter, turn) {
      await toIdle(counter);
      await openList(counter, turn);
      await confirm(counter);
      await toIdle(counter);
    },
    async act(counter, turn) {
      await openList(counter, turn);
      await undo(counter);
    },
    after: lookAgain,
    check: undoneOnce,
  },
  {
    name: "a class's lunch ordered ahead",
    kind: "information",
    ready: toIdle,
    act: (counter, turn) => orderAhead(counter, turn, WALL_SAYS.all),
    check(counter, events, turn) {
      const ordered = accountsOf(events, "PreOrdered");
      const complaints = ordered.length > 0 && inOrder(ordered) !== inOrder(pupilsOf(counter, turn)) ? [`ordered ${ordered.join()}`] : [];
      if (ordered.length === 0 && wasTold(counter, WALL_SAYS.recorded)) complaints.push("told of an order that is not in the journal");
      return complaints;
    },
  },
];
