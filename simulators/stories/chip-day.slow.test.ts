/**
 * One school morning at each terminal, told on two hosts: the simulated board, and a real Espruino when ESPRUINO_BIN names one. Both boot the same image
 * from flash and speak to the same gateway over TCP; papers, screens and purses must come out the same.
 */
import test from "ava";
import { openInterpreter, whyNoInterpreter, type InterpreterBoard } from "../interpreter.js";
import type { DemoPupil, DemoSchool } from "../school/school.js";
import { openLoopback, type Loopback } from "./_loopback.test.js";
import { cardOf } from "./_school-day.test.js";

const why = whyNoInterpreter();
const BOOT_MS = 60_000;
const SLOW_MS = 30_000;

/** What a morning leaves behind: purses in kopecks, and papers without the time of day. */
interface Outcome {
  readonly main: number;
  readonly additional: number;
  readonly served: number;
  readonly papers: string[][];
}

function saver(school: DemoSchool): DemoPupil {
  return school.pupils.find((pupil) => pupil.additionalKopecks > 20_000 && pupil.mainKopecks > 20_000) as DemoPupil;
}

/** The minute is the host's own; a QR code's place in the journal is not told in letters. */
const timeless = (paper: readonly string[]): string[] => paper.map((line) => line.replace(/\d\d:\d\d/, "--:--"));

async function feedHundred({ kiosk }: Loopback, pupil: DemoPupil): Promise<string[]> {
  await kiosk.until("Приложите карту", BOOT_MS);
  await kiosk.tap(cardOf(pupil));
  await kiosk.until("Дополнительный", SLOW_MS);
  await kiosk.press("Дополнительный");
  await kiosk.until("Вставляйте");
  await kiosk.wait(2000);
  if (!(await kiosk.feed(10_000))) throw new Error("the slot did not take the note");
  await kiosk.until("100,00", SLOW_MS);
  await kiosk.press("Готово");
  await kiosk.until(() => kiosk.papers() > 0, SLOW_MS);
  return kiosk.paper();
}

async function buyLunch({ till, school }: Loopback, pupil: DemoPupil): Promise<string[]> {
  await till.until("Приложите карту кассира", BOOT_MS);
  await till.tap(cardOf(school.staff.find((one) => one.role === "cashier")!));
  await till.until("Выберите блюда", SLOW_MS);
  await till.press("Код");
  await till.type("1151");
  await till.press("Готово");
  await till.tap(cardOf(pupil));
  await till.until("Подтвердить", SLOW_MS);
  await till.press("Подтвердить");
  await till.until(() => till.papers() > 0, SLOW_MS);
  return till.paper();
}

async function confirmBreakfast({ wall, school }: Loopback): Promise<string[]> {
  await wall.until("Приложите карту", BOOT_MS);
  await wall.tap(cardOf(school.staff.find((one) => one.class?.name === "1А")!));
  await wall.until("Подтвердить", SLOW_MS);
  await wall.press("Подтвердить");
  await wall.until(() => wall.papers() > 0, SLOW_MS);
  return wall.paper();
}

async function morning(loopback: Loopback): Promise<Outcome> {
  const pupil = saver(loopback.school);
  // Every session is open before anybody comes: who connects first would change which paper says what.
  await loopback.ready(BOOT_MS);
  const note = await feedHundred(loopback, pupil);
  const sale = await buyLunch(loopback, pupil);
  const meal = await confirmBreakfast(loopback);
  const account = loopback.memory.accounts.get(pupil.id);
  return {
    main: account?.main ?? NaN,
    additional: account?.additional ?? NaN,
    served: loopback.memory.served.size,
    papers: [note, sale, meal].map(timeless),
  };
}

let simulated: Outcome | null = null;

test.serial("on the simulated board: a note is credited, a lunch is sold, a class has its breakfast", async (t) => {
  t.timeout(180_000);
  const loopback = await openLoopback();
  t.teardown(() => loopback.close());
  const outcome = await morning(loopback);
  const pupil = saver(loopback.school);
  // The same pupil buys pizza and juice and has breakfast with the class: one from each purse.
  t.is(outcome.main, pupil.mainKopecks - 4961);
  t.is(outcome.additional, pupil.additionalKopecks + 10_000 - 4770);
  t.true(outcome.served > 20);
  t.deepEqual(loopback.complaints, []);
  simulated = outcome;
});

const onEspruino = why === "" ? test.serial : test.serial.skip;

onEspruino(`on a real Espruino it comes out the same${why === "" ? "" : ` (${why})`}`, async (t) => {
  t.timeout(300_000);
  const boards: InterpreterBoard[] = [];
  const loopback = await openLoopback((options) => {
    boards.push(openInterpreter(process.env.ESPRUINO_BIN as string, options));
    return boards[boards.length - 1];
  });
  t.teardown(async () => {
    for (const board of boards) board.close();
    await loopback.close();
  });
  const outcome = await morning(loopback);
  t.deepEqual(outcome, simulated);
  for (const board of boards) {
    const { peak, total, errorFlags } = await board.memory();
    t.log(`${board.name}: ${peak} of ${total} variables at most`);
    // Running out of memory or of stack is not an exception: it is told only here and on the console.
    t.notRegex(errorFlags, /(^|\+)(MEMORY|CALLBACK|FIFO_FULL)/);
    t.is(board.boots, 1);
  }
  t.deepEqual(loopback.complaints, []);
});
