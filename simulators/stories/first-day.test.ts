import test from "ava";
import { statementFor, type Statement } from "@trapeza/cloud";
import { KIOSK, TILL } from "../school/school.js";
import type { DemoPupil, DemoSchool, DemoStaff } from "../school/school.js";
import { cardOf, FRIDAY, openStage, type Stage } from "./_school-day.test.js";

function pupilWith(school: DemoSchool, fits: (pupil: DemoPupil) => boolean): DemoPupil {
  const found = school.pupils.find(fits);
  if (!found) throw new Error("no pupil fits");
  return found;
}

const debtor = (school: DemoSchool): DemoPupil => pupilWith(school, (pupil) => pupil.mainKopecks < -1000 && pupil.mainKopecks > -9000);
const saver = (school: DemoSchool): DemoPupil =>
  pupilWith(school, (pupil) => pupil.additionalKopecks > 20_000 && pupil.mainKopecks > 20_000);
const staff = (school: DemoSchool, fits: (one: DemoStaff) => boolean): DemoStaff => school.staff.find(fits) as DemoStaff;

async function feedHundred({ kiosk }: Stage, pupil: DemoPupil): Promise<string[]> {
  const before = kiosk.papers();
  await kiosk.tap(cardOf(pupil));
  await kiosk.until("Какой счёт пополнить?");
  await kiosk.press("Дополнительный");
  await kiosk.until("Вставляйте");
  await kiosk.wait(1500);
  if (!(await kiosk.feed(10_000))) throw new Error("the slot did not take the note");
  await kiosk.until("100,00", 20_000);
  await kiosk.press("Готово");
  await kiosk.until(() => kiosk.papers() > before, 30_000);
  return kiosk.paper();
}

async function openShift({ till, school }: Stage): Promise<void> {
  await till.tap(cardOf(staff(school, (one) => one.role === "cashier")));
  await till.until("Выберите блюда");
}

/** Pizza and juice, 34.50 + 13.20. */
async function buyLunch({ till }: Stage, pupil: DemoPupil): Promise<string[]> {
  const before = till.papers();
  await till.press("Код");
  await till.type("1151");
  await till.press("Готово");
  await till.tap(cardOf(pupil));
  await till.until("Подтвердить");
  await till.press("Подтвердить");
  await till.until(() => till.papers() > before, 30_000);
  return till.paper();
}

async function confirmBreakfast({ wall, school }: Stage, className: string): Promise<string[]> {
  const before = wall.papers();
  await wall.tap(cardOf(staff(school, (one) => one.class?.name === className)));
  await wall.until("Подтвердить");
  await wall.press("Подтвердить");
  await wall.until(() => wall.papers() > before, 60_000);
  return wall.paper();
}

function statement({ world, school }: Stage, pupil: DemoPupil): Promise<Statement> {
  return statementFor(world.cloud.store, {
    school: school.number,
    account: pupil.id,
    from: FRIDAY,
    to: FRIDAY,
    details: true,
    schoolNumber: 24,
  });
}

const rows = (list: Statement): string[] => list.rows.map((row) => `${row.name} −${row.charged ?? 0} +${row.credited ?? 0}`);

test.serial("a note fed at the kiosk repays the debt first, and the parent sees it", async (t) => {
  const stage = await openStage();
  const pupil = debtor(stage.school);
  let paper: string[] = [];
  await stage.world.play(feedHundred(stage, pupil).then((lines) => void (paper = lines)));
  t.true(
    paper.some((line) => /Погашен долг/.test(line)),
    paper.join("\n"),
  );
  t.true(paper.some((line) => line.includes(pupil.account)));
  const account = stage.world.school.accounts.get(pupil.id);
  t.is(account?.main as number, 0);
  t.is(account?.additional as number, 10_000 + pupil.mainKopecks);
  await stage.world.drain();
  t.deepEqual(await stage.world.cloud.verifyLedger(24), []);
  const list = await statement(stage, pupil);
  // The school was set up this morning: the day begins with the balance that the family brought along.
  t.is(list.rows.length, 2, rows(list).join("\n"));
  t.is(list.opening - list.rows[0].charged, pupil.mainKopecks);
  t.is(list.rows[1].credited, 10_000);
  t.is(list.closing, 10_000 + pupil.mainKopecks);
});

test.serial("dishes, a card, a confirmation: the additional purse pays and the receipt says what is left", async (t) => {
  const stage = await openStage();
  const pupil = saver(stage.school);
  let paper: string[] = [];
  await stage.world.play(
    openShift(stage)
      .then(() => buyLunch(stage, pupil))
      .then((lines) => void (paper = lines)),
  );
  t.true(paper[0].includes("Чек №24-000001"), paper.join("\n"));
  t.true(paper.some((line) => /Пицца 125 г +34,50/.test(line)));
  const account = stage.world.school.accounts.get(pupil.id);
  t.is(account?.additional as number, pupil.additionalKopecks - 4770);
  t.is(account?.main as number, pupil.mainKopecks);
  await stage.world.drain();
  const list = await statement(stage, pupil);
  t.deepEqual(
    list.rows.map((row) => [row.name, row.lines.length, row.charged]).at(-1),
    ["Чек №24-000001:", 2, 4770],
    rows(list).join("\n"),
  );
});

test.serial("a teacher confirms a breakfast: every pupil is charged once, on one receipt", async (t) => {
  const stage = await openStage();
  const pupils = stage.school.pupils.filter((pupil) => pupil.class.name === "1А");
  let paper: string[] = [];
  await stage.world.play(confirmBreakfast(stage, "1А").then((lines) => void (paper = lines)));
  t.true(paper.some((line) => /Завтрак/.test(line)));
  const served = [...stage.world.school.served.values()];
  const refused = pupils.filter((pupil) => !served.some((one) => one.account === pupil.id));
  t.is(served.length + refused.length, pupils.length);
  t.true(served.length > 20);
  for (const pupil of refused) t.true(pupil.mainKopecks - 4961 < -15_000, `${pupil.id} was refused with ${pupil.mainKopecks}`);
  await stage.world.drain();
  t.deepEqual(await stage.world.cloud.verifyLedger(24), []);
});

test.serial("with the cloud away the school goes on; when it is back nothing is lost and nothing is doubled", async (t) => {
  const stage = await openStage();
  const { world } = stage;
  const pupil = saver(stage.school);
  await world.play(openShift(stage));
  await world.drain();
  const cosigned = world.journal.cosigned?.size;
  world.internet = false;
  await world.play(buyLunch(stage, pupil), feedHundred(stage, pupil), confirmBreakfast(stage, "1Б"));
  await world.run(3_600_000);
  t.is(world.journal.cosigned?.size, cosigned);
  t.true(world.journal.size > (cosigned ?? 0) + 20);
  world.internet = true;
  await world.run(600_000);
  await world.drain();
  t.is(world.journal.cosigned?.size, world.journal.size);
  t.deepEqual(await world.cloud.verifyLedger(24), []);
  t.is((await statement(stage, pupil)).closing, pupil.mainKopecks + pupil.additionalKopecks + 10_000 - 4770);
});

test.serial("with the gateway away the kiosk keeps a note in flash and hands it over later, once", async (t) => {
  const stage = await openStage();
  const { world } = stage;
  const pupil = saver(stage.school);
  const terminal = world.terminals.get(KIOSK);
  await world.play(stage.kiosk.wait(1000));
  terminal?.cable.pull();
  await world.run(90_000);
  let paper: string[] = [];
  await world.play(feedHundred(stage, pupil).then((lines) => void (paper = lines)));
  t.true(
    paper.some((line) => line.includes("Принято, будет зачислено")),
    paper.join("\n"),
  );
  t.is(world.school.accounts.get(pupil.id)?.additional as number, pupil.additionalKopecks);
  terminal?.board.powerOff();
  await world.run(5000);
  terminal?.board.powerOn();
  await world.run(30_000);
  terminal?.cable.plug();
  await world.run(180_000);
  t.is(world.school.accounts.get(pupil.id)?.additional as number, pupil.additionalKopecks + 10_000);
  terminal?.board.powerOff();
  terminal?.board.powerOn();
  await world.run(60_000);
  t.is(world.school.accounts.get(pupil.id)?.additional as number, pupil.additionalKopecks + 10_000);
});

test.serial("a till that loses its power in the middle of a sale has sold once or not at all", async (t) => {
  for (const afterMs of [5, 20, 60, 150, 400, 900]) {
    const stage = await openStage(afterMs);
    const { world, till } = stage;
    const pupil = saver(stage.school);
    const terminal = world.terminals.get(TILL);
    await world.play(
      openShift(stage).then(async () => {
        await till.press("Код");
        await till.type("1151");
        await till.press("Готово");
        await till.tap(cardOf(pupil));
        await till.until("Подтвердить");
      }),
    );
    const pressed = till.press("Подтвердить").catch(() => undefined);
    await world.run(120 + afterMs);
    terminal?.board.powerOff();
    await world.run(3000);
    terminal?.board.powerOn();
    await world.play(pressed);
    await world.run(60_000);
    const spent = pupil.additionalKopecks - (world.school.accounts.get(pupil.id)?.additional ?? 0);
    t.true(spent === 0 || spent === 4770, `after ${afterMs} ms: ${spent}`);
    t.is([...world.school.sales.values()].length, spent === 0 ? 0 : 1);
  }
});
