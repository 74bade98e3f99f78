/**
 * Each frame between a terminal and its gateway, in a sale, a note and a class's breakfast: lost, doubled, cut, damaged, and so late that the next person has
 * come. One life a frame, until a life has no such frame; whatever became of it, everything comes out even, and nobody pays twice.
 */
import test from "ava";
import { createRandom, type Random } from "../random.js";
import { order, takeCard } from "./cashier.js";
import { visit } from "./parent.js";
import { openDays, type Opened } from "./simulate.js";
import type { Place, Stage } from "./stage.js";
import { send } from "./teacher.js";

/** What comes through of a frame at once. */
const MISHAPS: Readonly<Record<string, (frame: Uint8Array) => readonly Uint8Array[]>> = {
  lost: () => [],
  doubled: (frame) => [frame, frame],
  cut: (frame) => [frame.slice(0, frame.length >> 1)],
  damaged: (frame) => [frame.map((byte, at) => (at === frame.length >> 1 ? byte ^ 16 : byte))],
  late: () => [],
};
const LATE_MS = 25_000;
const WAKE_MS = 60_000;
const REST_MS = 5000;
const QUIET_MS = 120_000;

interface Story {
  readonly title: string;
  readonly place: (stage: Stage) => Place;
  /** Frames that it has at least. */
  readonly least: number;
  /** The n-th person does it. */
  readonly live: (stage: Stage, n: number) => Promise<unknown>;
}

/** Nobody is fickle here. */
const sure: Random = { ...createRandom(1), chance: () => false };
const healthy: Random = { ...sure, chance: () => true };

function pupilsOf({ school, lost }: Stage) {
  return school.pupils.filter((pupil) => pupil.additionalKopecks > 20_000 && !lost.has(pupil.id));
}

const STORIES: readonly Story[] = [
  {
    title: "a sale",
    place: ({ till }) => till,
    least: 8,
    async live(stage, n) {
      await order(stage, 2, sure);
      await takeCard(stage, pupilsOf(stage)[n], sure);
    },
  },
  {
    title: "a note",
    place: ({ kiosk }) => kiosk,
    least: 8,
    live: (stage, n) =>
      visit(stage, { pupil: pupilsOf(stage)[n], way: "card", notes: [{ kopecks: 10_000, purse: "additional" }], leaves: null }),
  },
  {
    title: "a class",
    place: ({ wall }) => wall,
    least: 6,
    live: (stage, n) => send(stage, stage.school.staff.filter((one) => one.class !== null)[n], healthy),
  },
];

/** `true` when there was such a frame. */
async function strike({ world, stage }: Opened, story: Story, n: number, mishap: string): Promise<boolean> {
  const { weather } = world.lan;
  const usual = weather.frame;
  const hers = story.place(stage).terminal.config.terminal;
  let seen = 0;
  weather.frame = (direction, terminal, frame) => {
    if (terminal !== hers || ++seen !== n) return [frame];
    if (mishap === "late") world.clock.after(LATE_MS, () => world.lan.post(direction, terminal, frame));
    return MISHAPS[mishap](frame);
  };
  // Whoever gives up goes away; the next one finds the machine as it was left.
  await world.play(story.live(stage, n).catch(() => undefined));
  weather.frame = usual;
  await world.run(REST_MS);
  return seen >= n;
}

/** Accounts that one person's one visit was booked to more than once. */
function paidTwice({ checker }: Opened): number[] {
  const counts = new Map<number, number>();
  for (const { body } of checker.tally.events) {
    if (body.kind === "BuffetSold" || body.kind === "TopUpCredited") counts.set(body.account, (counts.get(body.account) ?? 0) + 1);
  }
  return [...counts].flatMap(([account, times]) => (times > 1 ? [account] : []));
}

for (const story of STORIES) {
  test.serial(`${story.title}, each of its frames lost, doubled, cut, damaged or late: everything comes out even, once`, async (t) => {
    t.timeout(600_000);
    for (const mishap of Object.keys(MISHAPS)) {
      const day = await openDays({ seed: 1, days: 1, size: "short", faults: ["frames"] });
      await day.world.run(WAKE_MS);
      await day.world.play(story.live(day.stage, 0));
      let n = 0;
      while (await strike(day, story, ++n, mishap));
      await day.world.run(QUIET_MS);
      await day.checker.close();
      t.deepEqual(day.checker.violations, [], mishap);
      t.deepEqual(paidTwice(day), [], mishap);
      t.true(n > story.least, `${n - 1} frames ${mishap}`);
      t.log(`${n - 1} frames ${mishap}`);
    }
  });
}
