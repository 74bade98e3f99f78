/** The wall through the whole world, terminal → gateway → cloud: orders, illness, a pupil's day, a day without the gateway, another language. */
import test from "ava";
import { menuKey } from "@trapeza/protocol";
import type { BusinessDate, Directive } from "@trapeza/protocol";
import { SHARED, WALL_SAYS } from "../day/words.js";
import { handAt, type Hand } from "../hand.js";
import { createRandom } from "../random.js";
import { directivesFor, inventSchool, platesFor, WALL, type DemoPupil, type DemoSchool, type DemoStaff } from "../school/school.js";
import type { Terminal } from "../terminal.js";
import { createWorld, type World } from "../world.js";
import { cardOf, FRIDAY, FRIDAY_MS } from "./_school-day.test.js";

const LUNCH = 2;
const MONDAY = (FRIDAY + 3) as BusinessDate;
const MONDAY_TILE = "пн 23.11";

interface Corridor {
  readonly world: World;
  readonly school: DemoSchool;
  readonly hand: Hand;
  readonly terminal: Terminal;
  readonly teacher: DemoStaff;
  readonly pupils: readonly DemoPupil[];
}

async function openCorridor(more: readonly Directive[] = []): Promise<Corridor> {
  const school = inventSchool(createRandom(24));
  const world = await createWorld({
    ...{ seed: 1, startMs: FRIDAY_MS, schoolNumber: school.number },
    directives: [...directivesFor(school, (FRIDAY - 40) as BusinessDate), ...more],
    terminals: [{ id: WALL, kind: "information" }],
  });
  await world.run(5000);
  const terminal = world.terminals.get(WALL) as Terminal;
  const teacher = school.staff.find((one) => one.class?.name === "1А") as DemoStaff;
  const pupils = school.pupils.filter((one) => one.class.name === "1А");
  return { world, school, hand: handAt(terminal, world.clock), terminal, teacher, pupils };
}

async function openList({ hand, teacher }: Corridor): Promise<void> {
  await hand.tap(cardOf(teacher, "teacher"));
  await hand.until(WALL_SAYS.more);
}

async function choose({ hand }: Corridor, ...keys: readonly string[]): Promise<void> {
  for (const key of keys) {
    await hand.until(key);
    await hand.press(hand.read().find((line) => line.includes(key)) ?? key);
  }
}

const ordersOn = ({ world }: Corridor, date: BusinessDate): number[] =>
  [...world.school.orders.values()].filter((order) => order.date === date && order.meal === LUNCH).map((order) => order.account);

/** The wall's own word for a pupil in its list. */
const listed = (pupil: DemoPupil): string => pupil.person.surname;

async function orderMonday(corridor: Corridor): Promise<void> {
  const { hand } = corridor;
  await openList(corridor);
  await choose(corridor, WALL_SAYS.more, WALL_SAYS.otherMeal, "Обед");
  await hand.until("1А  Обед");
  await choose(corridor, WALL_SAYS.more, WALL_SAYS.otherDay, MONDAY_TILE);
  await hand.until(WALL_SAYS.orderUntil);
  await choose(corridor, WALL_SAYS.more, WALL_SAYS.all, WALL_SAYS.order);
  await hand.until(WALL_SAYS.recorded);
  await hand.press(SHARED.done);
}

test.serial(
  "a class is ordered for Monday; who falls ill is taken off with one key; nothing is charged, and the cloud agrees",
  async (t) => {
    const corridor = await openCorridor();
    const { world, hand, pupils } = corridor;
    const ill = pupils[3];
    await world.play(orderMonday(corridor));
    t.is(ordersOn(corridor, MONDAY).length, pupils.length);
    const before = world.school.accounts.get(ill.id)?.main;
    await world.play(
      (async () => {
        await openList(corridor);
        await choose(corridor, WALL_SAYS.more, WALL_SAYS.sick);
        await hand.until(WALL_SAYS.whoIsIll);
        const row = (): string | undefined => hand.read().find((line) => line.startsWith(listed(ill)));
        while (!row()) await hand.press(hand.read().find((line) => /^\d\/\d >$/.test(line)) ?? "");
        await hand.press(row() ?? "");
        await hand.until(MONDAY_TILE);
        await choose(corridor, WALL_SAYS.cancelOrders);
        await hand.until(WALL_SAYS.recorded + ": 1");
      })(),
    );
    t.false(ordersOn(corridor, MONDAY).includes(ill.id));
    t.is(ordersOn(corridor, MONDAY).length, pupils.length - 1);
    t.is(world.school.accounts.get(ill.id)?.main, before);
    await world.drain();
    t.deepEqual(await world.cloud.verifyLedger(24), []);
    t.deepEqual(world.complaints, []);
  },
);

test.serial("a pupil sees both purses, today's meals and the menu with its prices, and no word of what is owed", async (t) => {
  const corridor = await openCorridor(platesFor(FRIDAY));
  const { world, hand, pupils } = corridor;
  const plates = world.school.mealMenus.get(menuKey(LUNCH, FRIDAY))?.dishes ?? [];
  const seen = new Set<string>();
  const look = (): void => hand.read().forEach((line) => seen.add(line));
  await world.play(
    (async () => {
      await hand.tap(cardOf(pupils[0]));
      await hand.until(SHARED.additionalShort);
      look();
      await choose(corridor, WALL_SAYS.today);
      await hand.until("Завтрак");
      look();
      await choose(corridor, WALL_SAYS.menu);
      await hand.until("Выпечка");
      look();
      await choose(corridor, "Выпечка");
      await hand.until("Пицца 125 г");
      look();
      await choose(corridor, SHARED.back, "Обед");
      await hand.until(() => plates.some((dish) => hand.read().some((line) => line.startsWith(dish.slice(0, 8)))));
      look();
    })(),
  );
  t.true(seen.has("34,50"));
  t.false([...seen].some((line) => /долг/i.test(line)));
  t.deepEqual(world.complaints, []);
});

test.serial(
  "no gateway: the earlier list, a slip, the power gone; later the meals are charged although the card is blocked by then",
  async (t) => {
    const corridor = await openCorridor();
    const { world, hand, terminal, teacher, pupils } = corridor;
    await world.play(
      openList(corridor).then(async () => {
        await hand.press(SHARED.back);
        terminal.cable.pull();
        await hand.wait(40_000);
        await hand.tap(cardOf(teacher, "teacher"));
        await hand.until(WALL_SAYS.offline);
        const before = hand.papers();
        await hand.press(SHARED.confirm);
        await hand.until(() => hand.papers() > before, 30_000);
      }),
    );
    const slip = hand.paper();
    t.true(slip.includes(WALL_SAYS.saved), slip.join("\n"));
    t.is(world.school.served.size, 0);
    terminal.board.powerOff();
    const validThrough = (FRIDAY + 300) as BusinessDate;
    const card = {
      uid: teacher.uid,
      number: teacher.cardNumber,
      holder: "teacher",
      account: null,
      staff: teacher.id,
      validThrough,
    } as const;
    await world.tell([{ kind: "SetCard", ...card, state: "blocked", by: "school" }]);
    await world.run(5000);
    terminal.board.powerOn();
    await world.run(6000);
    t.true(hand.read().some((line) => line.includes(WALL_SAYS.waits)));
    terminal.cable.plug();
    await world.run(60_000);
    const refused = pupils.filter((pupil) => !world.school.served.has(`${pupil.id}:1:${FRIDAY}`));
    t.true(world.school.served.size > 20);
    for (const pupil of refused) t.true(pupil.mainKopecks - 4961 < -15_000, `${pupil.id} was refused with ${pupil.mainKopecks}`);
    t.true(world.school.flagged.some((one) => one.flag === "card_not_valid"));
    await world.drain();
    t.deepEqual(await world.cloud.verifyLedger(24), []);
  },
);

test.serial("what was decided without the teacher is told and printed at the next touch of the card", async (t) => {
  const corridor = await openCorridor();
  const { world, hand, terminal, teacher } = corridor;
  await world.play(
    openList(corridor).then(async () => {
      terminal.cable.pull();
      const before = hand.papers();
      await hand.press(SHARED.confirm);
      await hand.until(() => hand.papers() > before, 60_000);
      await hand.press(SHARED.done);
    }),
  );
  terminal.cable.plug();
  await world.run(60_000);
  const before = hand.papers();
  await world.play(hand.tap(cardOf(teacher, "teacher")).then(() => hand.until(() => hand.papers() > before, 30_000)));
  t.true(hand.read().some((line) => line.startsWith(WALL_SAYS.served)));
  const paper = hand.paper();
  t.true(
    paper.some((line) => line.startsWith(SHARED.total)),
    paper.join("\n"),
  );
  await world.play(hand.press(SHARED.done).then(() => openList(corridor)));
  t.false(hand.read().some((line) => line.startsWith(WALL_SAYS.served)));
});

test.serial("a school that changes to English reads English at once, on the screen and on paper", async (t) => {
  const corridor = await openCorridor();
  const { world, hand, school } = corridor;
  await world.play(openList(corridor));
  const policy = directivesFor(school, FRIDAY).find((one) => one.kind === "SetSchool");
  if (policy?.kind !== "SetSchool") return t.fail();
  await world.tell([{ ...policy, language: "en", receiptsFrom: 0 }]);
  await world.run(5000);
  const before = hand.papers();
  await world.play(hand.press("Confirm").then(() => hand.until(() => hand.papers() > before, 30_000)));
  t.true(hand.paper().some((line) => line.startsWith("Teacher's card")));
  t.true(hand.read().some((line) => line.startsWith("Served")));
});
