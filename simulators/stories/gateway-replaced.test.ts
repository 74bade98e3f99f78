import test from "ava";
import { waitingTails } from "@trapeza/cloud";
import type { Card } from "../card.js";
import { personalise } from "../personalise.js";
import { KIOSK } from "../school/school.js";
import type { DemoPupil } from "../school/school.js";
import type { World } from "../world.js";
import { cardOf, openStage, type Stage } from "./_school-day.test.js";

const savers = ({ school }: Stage): DemoPupil[] =>
  school.pupils.filter((pupil) => pupil.additionalKopecks > 20_000 && pupil.mainKopecks > 20_000);

/** What has come into the additional purse since the morning. */
const gained = ({ school }: World, pupil: DemoPupil): number => Number(school.accounts.get(pupil.id)?.additional) - pupil.additionalKopecks;

async function feed({ kiosk }: Stage, pupil: DemoPupil, card: Card = cardOf(pupil)): Promise<void> {
  await kiosk.until("Приложите карту", 60_000);
  const before = kiosk.papers();
  await kiosk.tap(card);
  await kiosk.until("Какой счёт пополнить?");
  await kiosk.press("Дополнительный");
  await kiosk.until("Вставляйте");
  await kiosk.wait(1500);
  if (!(await kiosk.feed(10_000))) throw new Error("the slot did not take the note");
  await kiosk.until("100,00", 20_000);
  await kiosk.press("Готово");
  await kiosk.until(() => kiosk.papers() > before, 30_000);
}

async function openShift({ till, school }: Stage): Promise<void> {
  const cashier = school.staff.find((one) => one.role === "cashier");
  if (!cashier) throw new Error("there is no cashier");
  await till.tap(cardOf(cashier));
  await till.until("Выберите блюда");
}

/** Pizza and juice, 34.50 + 13.20. */
async function buyLunch({ till }: Stage, pupil: DemoPupil): Promise<void> {
  const before = till.papers();
  await till.press("Код");
  await till.type("1151");
  await till.press("Готово");
  await till.tap(cardOf(pupil));
  await till.until("Подтвердить");
  await till.press("Подтвердить");
  await till.until(() => till.papers() > before, 30_000);
  // The till tells of the receipt.
  await till.wait(2000);
}

async function booksAgree(world: World): Promise<string[]> {
  await world.drain();
  const findings = (await world.cloud.store.findings(24)).map(({ epoch, index, what }) => `${epoch}/${index}: ${what}`);
  return [...(await world.cloud.verifyLedger(24)), ...findings];
}

test.serial("a gateway dies with notes and a sale that nobody else has heard of: another one books each of them once", async (t) => {
  const stage = await openStage();
  const { world } = stage;
  const [first, second, third, eater] = savers(stage);
  await world.play(feed(stage, first), openShift(stage));
  await world.drain();
  // Credited and sold by the gateway and printed so, but the cloud never hears of it.
  world.internet = false;
  await world.play(feed(stage, second), buyLunch(stage, eater));
  t.is(gained(world, eater), -4770);
  world.kill();
  await world.run(60_000);
  // Nobody is there to credit this one.
  await world.play(feed(stage, third));
  world.internet = true;
  await world.replace();
  t.is(world.journal.epoch, 2);
  t.is(gained(world, first), 10_000);
  await world.run(60_000);
  t.deepEqual(
    [first, second, third, eater].map((pupil) => gained(world, pupil)),
    [10_000, 10_000, 10_000, -4770],
  );
  t.deepEqual(await booksAgree(world), []);
});

test.serial("the replaced gateway wakes up: what it had done alone is booked once, whoever tells of it first", async (t) => {
  const stage = await openStage();
  const { world } = stage;
  const [feeder, eater] = savers(stage);
  await world.play(openShift(stage));
  await world.drain();
  world.internet = false;
  await world.play(feed(stage, feeder), buyLunch(stage, eater));
  t.deepEqual([gained(world, feeder), gained(world, eater)], [10_000, -4770]);
  const dead = world.kill();
  // The kiosk is off while all this happens, and comes back a day later.
  world.terminals.get(KIOSK)?.board.powerOff();
  world.internet = true;
  await world.replace();
  await world.run(60_000);
  t.deepEqual([gained(world, feeder), gained(world, eater)], [0, -4770], "the till has told of the sale, nobody of the note");
  await dead.exchange();
  await dead.exchange();
  t.true(dead.isSalvaged(), dead.alarms().join());
  await world.run(30_000);
  t.is(gained(world, feeder), 0, "its word alone is not enough");
  const { store } = world.cloud;
  for (const { epoch, size } of await waitingTails(store, stage.school.number)) await store.acceptTail(stage.school.number, epoch, size);
  await world.run(30_000);
  t.deepEqual([gained(world, feeder), gained(world, eater)], [10_000, -4770]);
  await world.sleepUntil(world.clock.now() + 86_400_000);
  await world.run(60_000);
  t.is(gained(world, feeder), 10_000, "the kiosk tells of the same note");
  t.deepEqual(await booksAgree(world), []);
});

test.serial("terminals that have heard of the new gateway do not listen to the old one", async (t) => {
  const stage = await openStage();
  const { world } = stage;
  const [feeder] = savers(stage);
  await world.drain();
  const dead = world.kill();
  await world.replace();
  await world.run(30_000);
  const living = { journal: world.journal, size: world.journal.size };
  const before = dead.journal.size;
  world.attach(dead);
  await world.run(30_000);
  await world.play(feed(stage, feeder));
  t.is(dead.journal.size, before, "nothing reaches it");
  t.is(living.journal.size, living.size);
});

test.serial("it dies again while it is being replaced, at every step: the third gateway has everything, once", async (t) => {
  for (const step of ["enrolled", "enrolled again", "started", "half told"] as const) {
    const stage = await openStage();
    const { world } = stage;
    const [feeder, other] = savers(stage);
    await world.drain();
    world.internet = false;
    await world.play(feed(stage, feeder));
    world.kill();
    await world.play(feed(stage, other));
    world.internet = true;
    const enrolled = await world.enrol();
    const again = await world.enrol(enrolled.code);
    t.is(again.row.epoch, 2, "the same code and key open nothing new");
    if (step === "enrolled again") await world.replace(again);
    if (step === "started") await world.replace(enrolled);
    if (step === "half told") {
      await world.replace(enrolled);
      await world.run(8000);
    }
    world.kill();
    if (step !== "enrolled again") await world.replace();
    else await world.replace(await world.enrol());
    t.is(world.journal.epoch, 3);
    await world.run(60_000);
    t.deepEqual([gained(world, feeder), gained(world, other)], [10_000, 10_000], step);
    t.deepEqual(await booksAgree(world), [], step);
  }
});

test.serial("a card whose ticket the dead gateway knew is believed once by the next one, and has a ticket of its epoch then", async (t) => {
  const stage = await openStage();
  const { world } = stage;
  const [feeder] = savers(stage);
  const card = personalise(cardOf(feeder), world.cardKeys);
  const known = () => world.journal.cards().find(({ uid }) => uid === feeder.uid);
  await world.play(feed(stage, feeder, card));
  const before = known()?.issued;
  t.is(before?.epoch, 1);
  await world.drain();
  world.kill();
  await world.replace();
  await world.run(30_000);
  t.is(known(), undefined, "tickets are in no journal");
  for (let tap = 0; tap < 2; tap++) await world.play(feed(stage, feeder, card));
  t.is(known()?.issued.epoch, 2);
  t.is(gained(world, feeder), 30_000);
  t.false([...world.school.cards.values()].some(({ suspect }) => suspect));
  t.deepEqual(await booksAgree(world), []);
});

test.serial(
  "the disk of the next gateway refuses its very first write: the epoch begins as every other, and the cloud takes it",
  async (t) => {
    const stage = await openStage();
    const { world } = stage;
    const [feeder] = savers(stage);
    await world.drain();
    world.kill();
    let refusals = 0;
    world.gatewayState.failsWrite = () => refusals++ === 0;
    await world.replace();
    t.is(world.journal.size, 0);
    await world.run(60_000);
    await world.play(feed(stage, feeder));
    t.is(gained(world, feeder), 10_000);
    t.deepEqual(await booksAgree(world), []);
    t.is(world.journal.cosigned?.size, world.journal.size);
  },
);
