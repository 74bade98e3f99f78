/** A keypad beside the screen: the cashier types dishes, how many, OK and cancel; at the kiosk somebody types an account number. */
import test from "ava";
import { SHARED, TILL_SAYS } from "../day/words.js";
import { TILL } from "../school/school.js";
import { cardOf, openStage, type Stage } from "./_school-day.test.js";

/** One till with a keypad: each story leaves an empty tray to the next. */
let stage: Stage;
test.before(async () => {
  stage = await openStage(1, [], undefined, "4x4");
  await stage.world.play(openShift(stage));
});

async function openShift({ till, school }: Stage): Promise<void> {
  await till.tap(cardOf(school.staff.find((one) => one.role === "cashier")!));
  await till.until(TILL_SAYS.empty);
}

test.serial("a tray is typed, dishes and how many of each, and taken with OK when the card was shown", async (t) => {
  const { till, school, world } = stage;
  const sell = async (): Promise<void> => {
    await till.key("11");
    await till.key("51");
    // Three of the last, and OK puts an end to typing.
    await till.key("3xk");
    await till.until(() => till.read().includes("3x"));
    await till.tap(cardOf(school.pupils.find((one) => one.additionalKopecks > 50_000)!));
    await till.until(SHARED.confirm);
    await till.key("k");
    await till.until(() => till.papers() > 0, 30_000);
    await till.key("k");
    await till.until(TILL_SAYS.empty);
  };
  await world.play(sell());
  const paper = till.paper().join("\n");
  t.regex(paper, /Пицца 125 г +34,50\nСок в ассортименте 200 г\n +3 x 13,20 = 39,60\n/);
});

test.serial(
  "none of the last takes it from the tray, cancel leads back, and a sign that the screen does not bear does nothing",
  async (t) => {
    const { till, world } = stage;
    const type = async (): Promise<void> => {
      await till.key("1151");
      await till.key("0x");
      await till.until(() => till.read().some((line) => line.startsWith("1x")));
      await till.key("1<c");
      await till.until(TILL_SAYS.cash);
      const before = till.read();
      await till.key("kx<c");
      t.deepEqual(till.read(), before);
      await till.key("0xc");
      await till.until(TILL_SAYS.empty);
    };
    await world.play(type());
    t.deepEqual(world.complaints, []);
  },
);

test("at the kiosk an account number is typed and found, on a keypad without letters too", async (t) => {
  const { kiosk, school, world } = await openStage(1, [], undefined, "4x3");
  const pupil = school.pupils[0];
  const visit = async (): Promise<void> => {
    await kiosk.key(pupil.account);
    await kiosk.until(pupil.account);
    await kiosk.key("k");
    await kiosk.until(SHARED.main);
    t.true(kiosk.read().some((line) => line.includes(pupil.person.first)));
    await kiosk.key("c");
    await kiosk.until(() => !kiosk.read().includes(SHARED.main));
  };
  await world.play(visit());
});

test.serial("with the keypad pulled out the screen sells on, the log tells of it, and of its coming back", async (t) => {
  const { till, world } = stage;
  const { keypad } = world.terminals.get(TILL)!;
  keypad.plugged = false;
  await world.run(11_000);
  t.deepEqual(world.logs, ["keypad: silent"]);
  const touch = async (): Promise<void> => {
    await till.press(TILL_SAYS.code);
    await till.type("11");
    await till.press(SHARED.done);
    await till.until(TILL_SAYS.cash);
  };
  await world.play(touch());
  keypad.plugged = true;
  await world.run(11_000);
  t.is(world.logs.at(-1), "keypad: ok");
  await world.play(till.key("513xc"));
  t.true(till.read().includes("3x"));
  await world.play(till.key("0x0xc"));
  await world.play(till.until(TILL_SAYS.empty));
});

test.serial("a key that is stuck, here the 5 of a dish, is told of, and the others type on", async (t) => {
  const { till, world } = stage;
  const { keypad } = world.terminals.get(TILL)!;
  keypad.press(5);
  await world.run(40_000);
  t.is(world.logs.at(-1), "keypad: stuck");
  await world.play(till.key("1"));
  await world.play(till.until(() => till.read().some((line) => line.includes("Сок"))));
  t.deepEqual(world.complaints, []);
});
