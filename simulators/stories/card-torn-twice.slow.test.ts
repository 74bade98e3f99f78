import test from "ava";
import { WALL } from "../school/school.js";
import { countersOn, openCardStage, PULLS } from "./_card.test.js";

test("pulled away at any step, and again at any step of the next tap: nobody is suspected, later taps are good", async (t) => {
  const stage = await openCardStage();
  const pairs = PULLS.flatMap((first) => PULLS.map((second) => [first, second] as const));
  t.true(pairs.length < stage.school.pupils.length);
  for (const [i, [first, second]] of pairs.entries()) {
    const what = `${first[0]}, then ${second[0]}`;
    const pupil = stage.school.pupils[i];
    const card = stage.cardOf(pupil);
    await stage.hold(WALL, card, first[1]);
    await stage.hold(WALL, card, second[1]);
    await stage.hold(WALL, card);
    const row = stage.world.journal.cards().find((one) => one.uid === pupil.uid);
    const newest = Math.max(...countersOn(stage, card).map((counter) => counter ?? 0));
    t.true(newest > 1, what);
    t.deepEqual([what, row?.seen.counter, row?.issued.counter], [what, newest, newest]);
    t.deepEqual([what, stage.events()], [what, []]);
  }
  t.deepEqual(stage.world.complaints, []);
});
