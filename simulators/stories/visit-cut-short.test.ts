import test from "ava";
import { feedWhole, FIFTY, HUNDRED, openDesk, restart, settled, stepUp } from "./_cash.test.js";

test("a visit cut short gets a paper for all of its notes, even for those that the cloud has had for long", async (t) => {
  const desk = await openDesk();
  await desk.world.play(
    stepUp(desk)
      .then(() => feedWhole(desk, HUNDRED, "100,00"))
      .then(() => desk.hand.wait(20_000))
      .then(() => feedWhole(desk, FIFTY, "150,00")),
  );
  await restart(desk);
  await settled(t, desk, { inCassette: HUNDRED + FIFTY, credited: HUNDRED + FIFTY });
  t.true(
    desk.hand.paper().some((line) => /150,00/.test(line)),
    desk.hand.paper().join("\n"),
  );
});
