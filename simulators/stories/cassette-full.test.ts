/** The kiosk's cassette is full: the last note has its receipt, the next is not let in, and the screen says why until the cassette was emptied. */
import test from "ava";
import { feedWhole, FIFTY, HUNDRED, leave, openDesk, settled, stepUp } from "./_cash.test.js";

for (const line of ["ccnet", "id003"] as const)
  test(`${line}: a cassette that holds one note takes one, and goes on when it was emptied`, async (t) => {
    const desk = await openDesk({ cassetteHolds: 1 }, line);
    const { acceptor, hand, world } = desk;
    const visit = async (): Promise<void> => {
      await stepUp(desk);
      await feedWhole(desk, HUNDRED, "100,00");
      await leave(desk);
      await hand.until("кассета полна", 60_000);
      t.true(hand.read().includes("Деньги не принимаются"), hand.read().join(" | "));
      t.false(acceptor.insert(FIFTY), "the slot is shut");
    };
    await world.play(visit());
    await settled(t, desk, { inCassette: HUNDRED, credited: HUNDRED });
    acceptor.removeCassette();
    await world.run(5000);
    acceptor.returnCassette();
    await world.run(60_000);
    const next = async (): Promise<void> => {
      await stepUp(desk);
      await feedWhole(desk, FIFTY, "50,00");
      await leave(desk);
    };
    await world.play(next());
    await settled(t, desk, { inCassette: HUNDRED + FIFTY, credited: HUNDRED + FIFTY });
  });
