import test from "ava";
import { WALL } from "../school/school.js";
import { countersOn, EXCHANGES, openCardStage } from "./_card.test.js";

test("a reader that falls silent at any exchange is reported, woken again, and nobody is suspected", async (t) => {
  const stage = await openCardStage();
  const { world } = stage;
  const wall = stage.terminal(WALL);
  for (let exchange = 1; exchange <= EXCHANGES; exchange++) {
    const card = stage.cardOf(stage.school.pupils[exchange]);
    let left = exchange;
    const unplug = wall.listen(({ line, direction, bytes }) => {
      // InDataExchange stands in the seventh byte of a frame.
      if (line === "pn532" && direction === "out" && bytes[6] === 0x40 && --left === 0) wall.reader.silent = true;
    });
    await stage.hold(WALL, card);
    await world.run(4000);
    unplug();
    t.true(wall.reader.silent, `exchange ${exchange} never came`);
    t.is(world.statuses.get(WALL)?.reader, "silent");
    wall.reader.silent = false;
    await world.run(4000);
    t.is(world.statuses.get(WALL)?.reader, "ok");
    await stage.hold(WALL, card);
    t.true(Math.max(...countersOn(stage, card).map((counter) => counter ?? 0)) > 1);
    t.deepEqual(stage.events(), []);
  }
});
