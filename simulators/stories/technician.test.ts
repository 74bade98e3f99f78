/** A technician at a kiosk and at a wall: what stands on the screen, what the keys do, and the money that the wire has not taken yet. */
import test from "ava";
import { inventSchool } from "../school/school.js";
import { SERVICE_SAYS, SHARED, WALL_SAYS } from "../day/words.js";
import { createRandom } from "../random.js";
import { feedWhole, FIFTY, HUNDRED, leave, openDesk, restart, settled, stepUp } from "./_cash.test.js";
import { openCounter } from "./_cut-flow.test.js";
import { cardOf } from "./_school-day.test.js";

const STAFF = inventSchool(createRandom(24)).staff;
const TECHNICIAN = cardOf(STAFF.find(({ role }) => role === "technician") ?? STAFF[0], "technician");

test("a technician's card opens the menu: test paper with every letter, the acceptor anew, back to work", async (t) => {
  const desk = await openDesk();
  const { hand, world } = desk;
  const work = async (): Promise<void> => {
    await hand.tap(TECHNICIAN);
    await hand.until("Сервис");
    const before = hand.papers();
    await hand.press("Чек");
    await hand.until(() => hand.papers() > before, 20_000);
    await hand.press("Купюры");
    await hand.wait(20_000);
    await hand.press("Готово");
    await hand.until("Приложите карту", 20_000);
    await stepUp(desk);
    await feedWhole(desk, FIFTY, "50,00");
    await leave(desk);
  };
  await world.play(work());
  await settled(t, desk, { inCassette: FIFTY, credited: FIFTY });
});

test("notes that the wire has not taken: five touches tell how many, and their codes come out on a paper once the card is known", async (t) => {
  const desk = await openDesk();
  const { hand, terminal, world } = desk;
  const visit = async (): Promise<void> => {
    await stepUp(desk);
    terminal.cable.pull();
    await feedWhole(desk, HUNDRED, "100,00");
    await leave(desk);
    await hand.until("Приложите карту", 60_000);
    for (let i = 0; i < 5; i++) await hand.press("1");
    await hand.until("Не отправлено");
    t.true(
      hand.read().some((line) => /Не отправлено: [1-9]/.test(line)),
      hand.read().join(" | "),
    );
    t.false(hand.read().includes("Коды"), "no keys without a card that the gateway knows");
    await hand.press("Готово");
  };
  await world.play(visit());
  await restart(desk);
  terminal.cable.plug();
  await world.run(60_000);
  await settled(t, desk, { inCassette: HUNDRED, credited: HUNDRED });
});

test("the wall has the same menu in its program, without the key for notes, and goes back to its classes", async (t) => {
  const { hand, school, world } = await openCounter("information");
  const technician = school.staff.find(({ role }) => role === "technician");
  const visit = async (): Promise<void> => {
    await hand.until(WALL_SAYS.tap, 60_000);
    await hand.tap(cardOf(technician!, "technician"));
    await hand.until(SERVICE_SAYS.claims);
    t.false(
      hand.read().some((line) => line.includes(SERVICE_SAYS.acceptor)),
      "neither the key nor the fact",
    );
    const before = hand.papers();
    await hand.press(SERVICE_SAYS.paper);
    await hand.until(() => hand.papers() > before, 60_000);
    await hand.press(SHARED.done);
    await hand.until(WALL_SAYS.tap, 20_000);
    await hand.tap(
      cardOf(
        school.staff.find((one) => one.role === "teacher")!,
        "teacher",
      ),
    );
    await hand.until(WALL_SAYS.more);
  };
  await world.play(visit());
});
