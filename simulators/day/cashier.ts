/** The till: the shift of one cashier, and the classes that come to it in the breaks, three every twenty minutes. */
import type { BusinessDate } from "@trapeza/protocol";
import { memoryOf } from "../card-mifare.js";
import type { Card } from "../card.js";
import type { Hand } from "../hand.js";
import type { Random } from "../random.js";
import { BUFFET } from "../school/menu.js";
import type { DemoPupil } from "../school/school.js";
import { cardOf, says, type Errand, type Stage } from "./stage.js";
import { SHARED, TILL_SAYS } from "./words.js";

const OPENS = 465;
const FIRST_BREAK = 525;
const LAST_BREAK = 900;
const CLOSES = 930;
const WAVE_MINUTES = 20;
const CLASSES_A_WAVE = 3;
/** Of a hundred pupils, so many are hungry in a break. */
const HUNGRY = 34;
/** Of a hundred days, so many see a theft. */
const THEFTS = 40;
const { empty: READY, tapCashier: CLOSED } = TILL_SAYS;
const { askTeacher: NEUTRAL, noGateway: OFFLINE } = SHARED;
const PAPER_MS = 40_000;
const PATIENCE_MS = 240_000;

export function cashierOf(stage: Stage, date: BusinessDate): Errand[] {
  const opening: Errand = { atMs: stage.at(date, OPENS), who: "the cashier who opens", run: () => ready(stage) };
  const closing: Errand = { atMs: stage.at(date, CLOSES), who: "the cashier who closes", run: () => closeShift(stage) };
  return [opening, ...wavesOf(stage, date), ...theftOf(stage, date), closing];
}

/**
 * The owner buys, the card is copied, the owner buys again; then the thief comes with a copy that is older than the card, and the owner once more. By then,
 * where nothing else goes wrong, the school knows.
 */
function theftOf(stage: Stage, date: BusinessDate): Errand[] {
  const random = stage.random.fork(`theft ${date}`);
  if (!stage.hasTwins || !random.chance(THEFTS)) return [];
  const owner = random.pick(stage.school.pupils);
  const who = `the thief of account ${owner.id}'s card`;
  let copy: Card | null = null;
  const buy = (minute: number, run: () => Promise<void>): Errand => ({ atMs: stage.at(date, minute), who, run });
  const pay = async (card?: Card): Promise<void> => {
    await order(stage, 1, random);
    if (card) stage.twinHeld();
    await takeCard(stage, card ? { ...owner, card } : owner, random);
  };
  return [
    buy(600, async () => {
      await pay();
      const card = cardOf(stage, owner.uid, "pupil");
      copy = { ...card };
      memoryOf(copy).set(memoryOf(card));
    }),
    buy(720, () => pay()),
    buy(800, async () => {
      if (copy) await pay(copy);
    }),
    buy(860, async () => {
      await pay();
      // A card that is reported lost is nobody's key any more, and is given no ticket.
      const isKnown = stage.lost.has(owner.id) || stage.world.school.cards.get(owner.uid)?.suspect === true;
      if (stage.mustFindTwins && !isKnown)
        stage.violate(`the card of account ${owner.id} was held up and so was a copy, and nobody has noticed`);
    }),
  ];
}

function wavesOf(stage: Stage, date: BusinessDate): Errand[] {
  const random = stage.random.fork(`breaks ${date}`);
  const classes = random.shuffle(stage.school.classes);
  const errands: Errand[] = [];
  let turn = 0;
  for (let minute = FIRST_BREAK; minute < LAST_BREAK; minute += WAVE_MINUTES) {
    for (let i = 0; i < CLASSES_A_WAVE; i++, turn++) {
      const coming = classes[turn % classes.length];
      for (const pupil of stage.school.pupils.filter(
        (one) => one.class === coming && random.chance(HUNGRY) && random.chance(stage.size.crowd),
      )) {
        const own = random.fork(`pupil ${pupil.id} at ${minute}`);
        const atMs = stage.at(date, minute + own.below(8 * 60) / 60);
        errands.push({ atMs, who: `the pupil of account ${pupil.id}`, run: () => serve(stage, pupil, own) });
      }
    }
  }
  return errands;
}

/** Leads the till to an empty order, whatever the customer before, or a power cut, left on its screen. */
async function ready(stage: Stage): Promise<void> {
  const { till, world } = stage;
  const { hand } = till;
  const end = world.clock.now() + PATIENCE_MS;
  while (!says(till, READY)) {
    if (world.clock.now() > end) throw new Error("the till does not come to rest: " + hand.read().join(" | "));
    if (says(till, CLOSED)) {
      await hand.tap(cardOf(stage, cashierCard(stage), "cashier"));
      await hand.wait(1500);
      continue;
    }
    const key = [TILL_SAYS.less, SHARED.cancel, SHARED.back, SHARED.done].find((label) => hand.read().includes(label));
    if (key) await hand.press(key);
    else await hand.wait(500);
  }
}

function cashierCard({ school }: Stage): string {
  const cashier = school.staff.find((one) => one.role === "cashier");
  if (!cashier) throw new Error("the school has no cashier");
  return cashier.uid;
}

/** So many dishes, typed in. */
export async function order(stage: Stage, dishes: number, random: Random): Promise<void> {
  const { hand } = stage.till;
  await ready(stage);
  await hand.press(TILL_SAYS.code);
  for (let i = dishes; i > 0; i--) await hand.type(String(random.pick(BUFFET).code));
  await hand.press(SHARED.done);
}

async function serve(stage: Stage, pupil: DemoPupil, random: Random): Promise<void> {
  await order(stage, random.between(1, 4), random);
  const paid = random.chance(6) ? await takeCash(stage) : await takeCard(stage, pupil, random);
  if (paid && random.chance(3)) await takeBack(stage);
}

/** `true` when the order is sold. */
export async function takeCard(stage: Stage, pupil: DemoPupil & { readonly card?: Card }, random: Random): Promise<boolean> {
  const { till, fortune } = stage;
  const { hand } = till;
  const before = hand.papers();
  await hand.tap(pupil.card ?? cardOf(stage, pupil.uid, "pupil"));
  await hand.until(() => says(till, SHARED.confirm) || says(till, NEUTRAL) || says(till, OFFLINE), 15_000);
  if (says(till, SHARED.confirm)) {
    if (random.chance(2)) {
      await hand.press(SHARED.cancel);
      return false;
    }
    await stage.cardInUse(pupil.uid);
    await hand.press(SHARED.confirm);
    await hand.until(() => hand.papers() > before || says(till, NEUTRAL), PAPER_MS);
  }
  if (hand.papers() > before) return true;
  if (says(till, OFFLINE)) return random.chance(50) ? takeCash(stage) : false;
  fortune.refused++;
  await hand.press(SHARED.done);
  return random.chance(25) ? takeCash(stage) : false;
}

async function takeCash(stage: Stage): Promise<boolean> {
  const { hand } = stage.till;
  const before = hand.papers();
  await hand.press(TILL_SAYS.cash);
  await hand.until(() => hand.papers() > before, PAPER_MS);
  return true;
}

/** A slip of the finger, noticed at once. */
async function takeBack(stage: Stage): Promise<void> {
  const { hand } = stage.till;
  await ready(stage);
  await hand.press(TILL_SAYS.voidLast);
  await hand.until(TILL_SAYS.typeReceipt);
  // After a power cut the till does not know its last receipt, and nobody here remembers the number.
  const known = hand.read().some((line) => line.includes(TILL_SAYS.typeReceipt) && /\d/.test(line));
  if (known && (await voidTyped(hand, () => says(stage.till, NEUTRAL) || says(stage.till, OFFLINE)))) return;
  if (!stage.hasFaults) throw new Error("the last receipt cannot be voided");
  if (!known) await hand.press(SHARED.cancel);
}

/** From the receipt's number on the screen to the paper, all of its lines, by mistake; `false` when `refused` became so instead. */
export async function voidTyped(hand: Hand, refused: () => boolean): Promise<boolean> {
  const before = hand.papers();
  const key = (): string | undefined => hand.read().find((line) => line.startsWith(TILL_SAYS.giveBack));
  await hand.press(TILL_SAYS.next);
  await hand.until(() => key() !== undefined || refused(), 15_000);
  const giveBack = key();
  if (giveBack === undefined) return false;
  await hand.press(giveBack);
  await hand.until(TILL_SAYS.mistake);
  await hand.press(TILL_SAYS.mistake);
  await hand.until(() => hand.papers() > before, PAPER_MS);
  return true;
}

/** The drawer is counted, and the shift closed: `kopecks` as they are typed. */
export async function declare(hand: Hand, kopecks: number): Promise<void> {
  const before = hand.papers();
  await hand.until(TILL_SAYS.cashInDrawer);
  await hand.type(String(kopecks));
  await hand.press(TILL_SAYS.closeShift);
  await hand.until(() => hand.papers() > before, PAPER_MS);
}

async function closeShift(stage: Stage): Promise<void> {
  const { hand } = stage.till;
  await ready(stage);
  await hand.tap(cardOf(stage, cashierCard(stage), "cashier"));
  await declare(hand, 0);
}
