import test from "ava";
import type { BusinessDate, CardUid, Directive } from "@trapeza/protocol";
import { cloneOf } from "../card-talk.js";
import type { Card } from "../card.js";
import { ntagCard } from "../personalise.js";
import { createRandom } from "../random.js";
import { inventSchool, KIOSK, TILL, WALL, type DemoPupil } from "../school/school.js";
import { openCardStage, type CardStage } from "./_card.test.js";
import { cardOf, FRIDAY } from "./_school-day.test.js";

const saver = ({ school }: Pick<CardStage, "school">): DemoPupil =>
  school.pupils.find((pupil) => pupil.additionalKopecks > 40_000 && pupil.mainKopecks > 20_000) as DemoPupil;

async function openShift({ till, school }: CardStage): Promise<void> {
  await till.tap(cardOf(school.staff.find((one) => one.role === "cashier")!));
  await till.until("Выберите блюда");
}

async function order({ till }: CardStage): Promise<void> {
  await till.press("Код");
  await till.type("1151");
  await till.press("Готово");
}

/** Confirms what the till asks and waits for the paper. */
async function eat({ till }: CardStage): Promise<void> {
  const before = till.papers();
  await till.until("Подтвердить");
  await till.press("Подтвердить");
  await till.until(() => till.papers() > before, 30_000);
}

const kinds = (stage: CardStage): string[] => stage.events().map((body) => body.kind);

test("a copy used after the card has been tapped is found out at once; the child still eats, by its face", async (t) => {
  const stage = await openCardStage();
  const { world, till, wall, kiosk } = stage;
  const pupil = saver(stage);
  const card = stage.cardOf(pupil);
  await stage.hold(WALL, card);
  const copy = cloneOf(card);
  await stage.hold(WALL, card);
  await world.play(openShift(stage));
  stage.events();
  let shown: string[] = [];
  await world.play(
    order(stage)
      .then(() => till.tap(copy))
      .then(() => till.until("Сверьте с фото!"))
      .then(() => (shown = till.read()))
      .then(() => till.press("Отмена")),
  );
  t.true(shown.some((line) => line.includes(pupil.person.surname)));
  const [body, ...rest] = stage.events();
  t.like(body, { kind: "CardSuspected", uid: pupil.uid, terminal: TILL, otherTerminal: WALL });
  t.deepEqual(rest, []);
  // Now the card itself is refused where nobody looks at a face, and sold to where somebody does.
  await world.play(wall.tap(card).then(() => wall.until("Подойди к учителю (9)")));
  await world.play(kiosk.tap(card).then(() => kiosk.wait(500)));
  t.false(kiosk.read().includes("Дополнительный"));
  await world.play(till.tap(card).then(() => eat(stage)));
  const sold = stage.events().find((one) => one.kind === "BuffetSold");
  t.like(sold, { account: pupil.id, uid: null });
  await world.drain();
  t.deepEqual(await world.cloud.verifyLedger(24), []);
  t.deepEqual(await world.cloud.store.findings(24), []);
});

test("a copy used before the card's next tap is served once; then the card finds both out, with one event", async (t) => {
  const stage = await openCardStage();
  const pupil = saver(stage);
  const card = stage.cardOf(pupil);
  await stage.hold(WALL, card);
  const copy = cloneOf(card);
  await stage.hold(WALL, copy);
  await stage.hold(KIOSK, copy);
  t.deepEqual(kinds(stage), []);
  await stage.hold(WALL, card);
  t.deepEqual(kinds(stage), ["CardSuspected"]);
  await stage.hold(WALL, copy);
  await stage.hold(KIOSK, card);
  await stage.hold(WALL, card);
  t.deepEqual(kinds(stage), []);
});

test("a card taken away at the second reading is not convicted for a copy's tap", async (t) => {
  const stage = await openCardStage();
  const card = stage.cardOf(saver(stage));
  await stage.hold(WALL, card);
  const old = cloneOf(card);
  await stage.hold(WALL, card);
  for (const exchange of [4, 5, 6]) await stage.hold(WALL, old, { exchange, tear: null });
  t.deepEqual(kinds(stage), []);
  await stage.hold(WALL, card);
  t.deepEqual(kinds(stage), []);
  await stage.hold(WALL, old);
  t.deepEqual(kinds(stage), ["CardSuspected"]);
});

test("a card that was never written, or lost its key, is served as before", async (t) => {
  const stage = await openCardStage();
  const pupil = saver(stage);
  await stage.world.play(openShift(stage));
  await stage.world.play(
    order(stage)
      .then(() => stage.till.tap(cardOf(pupil)))
      .then(() => eat(stage)),
  );
  t.true(kinds(stage).includes("BuffetSold"));
  t.deepEqual(stage.world.journal.cards(), []);
});

const NTAG = "04a1b2c3d4e5f6" as CardUid;
const issued = (pupil: number): Directive => ({
  ...{ kind: "SetCard", uid: NTAG, number: "7700", holder: "pupil", account: pupil, staff: null, state: "active", by: "school" },
  validThrough: (FRIDAY + 300) as BusinessDate,
});

test("an NTAG's own message opens the till; the same message from an imitation does not", async (t) => {
  const stage = await openCardStage([issued(saver({ school: inventSchool(createRandom(24)) }).id)]);
  const { world, till, keys } = stage;
  const card = ntagCard(NTAG, "pupil", "NTAG", keys);
  const overheard: Uint8Array[] = [];
  const listened: Card = {
    ...card,
    ntag: {
      ...card.ntag!,
      answer(apdu) {
        const said = card.ntag!.answer(apdu);
        overheard.push(said);
        return said;
      },
    },
  };
  await stage.hold(WALL, listened);
  t.true(world.journal.cards().some((row) => row.uid === NTAG && row.kind === "sun" && row.seen.counter === 1));
  let at = 0;
  const imitation: Card = { ...card, ntag: { counter: 0, select: () => (at = 0), answer: () => overheard[at++] } };
  await world.play(openShift(stage).then(() => order(stage)));
  await world.play(till.tap(imitation).then(() => till.until("9.")));
  await world.play(
    till
      .press("Готово")
      .then(() => till.tap(card))
      .then(() => till.until("Подтвердить")),
  );
  t.is(world.school.cards.get(NTAG)?.suspect, false);
});
