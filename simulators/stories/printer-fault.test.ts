/** The kiosk's printer fails: no cash is taken that could not be receipted, and whoever has fed notes already leaves with a code. */
import test, { type ExecutionContext } from "ava";
import { eventsOf, feedWhole, FIFTY, HUNDRED, openDesk, settled, stepUp, type Desk } from "./_cash.test.js";
import { cardOf } from "./_school-day.test.js";

const receiptsOf = (desk: Desk): string[] => eventsOf(desk).flatMap(({ body }) => (body.kind.startsWith("Receipt") ? [body.kind] : []));

/** Presses "done"; the screen must then show the claim code, and the journal must know that there was no paper. */
async function leavesWithCode(t: ExecutionContext, desk: Desk, credited: number): Promise<void> {
  await desk.world.play(desk.hand.press("Готово").then(() => desk.hand.until("Запишите код", 30_000)));
  await desk.world.run(1000);
  t.true(
    desk.hand.read().some((line) => desk.shown.has(line)),
    desk.hand.read().join(" | "),
  );
  await settled(t, desk, { inCassette: credited, credited, held: 0, unproven: 0 });
  t.deepEqual(receiptsOf(desk), ["ReceiptFailed"]);
}

async function refuses(t: ExecutionContext, desk: Desk, why: string): Promise<void> {
  await desk.world.run(8000);
  t.true(desk.hand.read().includes("Деньги не принимаются"), desk.hand.read().join(" | "));
  t.true(desk.hand.read().includes(why), desk.hand.read().join(" | "));
  await desk.world.play(desk.hand.tap(cardOf(desk.pupil)));
  t.true(desk.hand.read().includes(why), "a card opens nothing");
  t.false(desk.acceptor.insert(HUNDRED), "the slot is shut");
}

async function takesCashAgain(t: ExecutionContext, desk: Desk): Promise<void> {
  await desk.world.run(70_000);
  t.true(desk.hand.read().includes("Приложите карту"), desk.hand.read().join(" | "));
}

test("the paper ends in the middle of a receipt: the code stays on the screen, no more cash until there is paper", async (t) => {
  const desk = await openDesk();
  const { printer } = desk.terminal;
  await desk.world.play(stepUp(desk).then(() => feedWhole(desk, HUNDRED, "100,00")));
  const { version } = printer;
  const end = (): void => {
    if (printer.version > version + 3) printer.paper = "end";
    else desk.world.clock.after(20, end);
  };
  end();
  await leavesWithCode(t, desk, HUNDRED);
  t.true(printer.current.lines.length > 3, "some of it is on paper");
  await refuses(t, desk, "Нет бумаги");
  printer.paper = "ok";
  await takesCashAgain(t, desk);
});

test("a printer that hangs in the middle of a receipt is reset: the code stays on the screen, and the next person gets paper", async (t) => {
  const desk = await openDesk();
  const { printer } = desk.terminal;
  await desk.world.play(stepUp(desk).then(() => feedWhole(desk, HUNDRED, "100,00")));
  const { version } = printer;
  const hang = (): void => {
    if (printer.version > version + 3) printer.hung = true;
    else desk.world.clock.after(20, hang);
  };
  hang();
  await leavesWithCode(t, desk, HUNDRED);
  await takesCashAgain(t, desk);
  t.false(printer.hung);
});

for (const [fault, why] of [
  ["paper", "Нет бумаги"],
  ["cover", "принтер не готов"],
  ["silence", "принтер не отвечает"],
] as const) {
  const spoil = ({ terminal: { printer } }: Desk, on: boolean): void => {
    if (fault === "paper") printer.paper = on ? "end" : "ok";
    else if (fault === "cover") printer.coverOpen = on;
    else printer.silent = on;
  };
  const title = fault === "paper" ? "out of paper" : fault === "cover" ? "with its cover open" : "without an answer";

  test(`a printer ${title}: the kiosk refuses cash, says why, and takes it again afterwards`, async (t) => {
    const desk = await openDesk();
    spoil(desk, true);
    await refuses(t, desk, why);
    spoil(desk, false);
    await takesCashAgain(t, desk);
  });

  test(`a printer ${title} between two notes: the second is not taken, and the person leaves with a code`, async (t) => {
    const desk = await openDesk();
    await desk.world.play(stepUp(desk).then(() => feedWhole(desk, HUNDRED, "100,00")));
    spoil(desk, true);
    await desk.world.run(6000);
    t.true(desk.hand.read().includes(why), desk.hand.read().join(" | "));
    t.false(desk.acceptor.insert(FIFTY));
    await leavesWithCode(t, desk, HUNDRED);
  });
}
