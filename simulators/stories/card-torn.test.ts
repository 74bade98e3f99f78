import test from "ava";
import { WALL } from "../school/school.js";
import { countersOn, openCardStage, PULLS } from "./_card.test.js";

test("a card pulled away at any step, then held properly: nobody is suspected, and its ticket rolls on", async (t) => {
  const stage = await openCardStage();
  for (const [i, [what, pull]] of PULLS.entries()) {
    const pupil = stage.school.pupils[i];
    const card = stage.cardOf(pupil);
    await stage.hold(WALL, card, pull);
    t.deepEqual([what, stage.events()], [what, []]);
    await stage.hold(WALL, card);
    const row = stage.world.journal.cards().find((one) => one.uid === pupil.uid);
    const newest = Math.max(...countersOn(stage, card).map((counter) => counter ?? 0));
    t.true(newest > 1, what);
    // The last tap was told to its end: what is on the card is the least that it may show from now on.
    t.deepEqual([what, row?.seen.counter, row?.issued.counter], [what, newest, newest]);
    t.deepEqual([what, stage.events()], [what, []]);
  }
  t.deepEqual(stage.world.complaints, []);
});
