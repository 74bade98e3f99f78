/** Till flows behind a second key: an older receipt with a supervisor's card, a banned dish with a reason. And a technician's whole visit. */
import type { Event } from "@trapeza/protocol";
import { kopecks, xpt2046 } from "@trapeza/protocol";
import { KIOSK_SAYS, SERVICE_SAYS, SHARED, TILL_SAYS } from "../day/words.js";
import { claimCodeOf, wasTold, type Counter, type Flow } from "./_cut-flow.test.js";
import { toIdle } from "./_cut-kiosk.test.js";
import { order, sellForCash, soldOnce, staffCard, toOrder } from "./_cut-till.test.js";
import { cardOf, FRIDAY_MS } from "./_school-day.test.js";

const PAPER_MS = 40_000;
/** Two dishes. */
const PRICE = 4770;
/** As many receipts as there can be lives. */
const OLDER = 60;
const MONDAY_MS = FRIDAY_MS + 3 * 86_400_000;

/** The first pupil's parents ban the pizza. */
async function ban({ world, school }: Counter): Promise<void> {
  await world.tell([
    { kind: "SetLimits", account: school.pupils[0].id, dailyLimit: null, stopList: false, bannedDishes: [11], bannedAllergens: [] },
  ]);
}

async function sellBanned(counter: Counter): Promise<void> {
  const { hand, school } = counter;
  await order(counter);
  const before = hand.papers();
  await hand.tap(cardOf(school.pupils[0]));
  await hand.until(TILL_SAYS.sellAnyway);
  await hand.press(TILL_SAYS.sellAnyway);
  await hand.until(TILL_SAYS.parentSaid);
  await hand.press(TILL_SAYS.parentSaid);
  await hand.until(SHARED.confirm);
  await hand.press(SHARED.confirm);
  await hand.until(() => hand.papers() > before, PAPER_MS);
  await hand.wait(500);
}

/** Receipts 1, 2, 3 … of Friday, and it is Monday. */
async function sellOnFriday(counter: Counter): Promise<void> {
  for (let i = 0; i < OLDER; i++) {
    await toOrder(counter);
    await sellForCash(counter);
  }
}

async function voidOlder(counter: Counter, receipt: number): Promise<void> {
  const { hand } = counter;
  const before = hand.papers();
  await hand.press(TILL_SAYS.voidLast);
  await hand.until(TILL_SAYS.typeReceipt);
  // The last one's number may stand there already.
  for (let i = 0; i < 3; i++) await hand.press("<");
  await hand.type(String(receipt));
  await hand.press(TILL_SAYS.next);
  await hand.until(() => hand.read().some((line) => line.startsWith(TILL_SAYS.giveBack)), 15_000);
  await hand.press(hand.read().find((line) => line.startsWith(TILL_SAYS.giveBack)) ?? "");
  await hand.until(TILL_SAYS.mistake);
  await hand.press(TILL_SAYS.mistake);
  await hand.until(TILL_SAYS.supervisor);
  await hand.tap(staffCard(counter, "supervisor"));
  await hand.until(() => hand.papers() > before, PAPER_MS);
  await hand.wait(500);
}

const bodies = (events: readonly Event[], kind: Event["body"]["kind"]): Event[] => events.filter(({ body }) => body.kind === kind);

const OVERRIDE: Flow = {
  name: "a banned dish sold with a reason",
  kind: "settlement",
  async prepare(counter) {
    await ban(counter);
    await counter.world.run(6000);
  },
  ready: toOrder,
  act: sellBanned,
  check(counter, events) {
    const complaints = soldOnce(counter, events, "BuffetSold");
    for (const { body } of bodies(events, "BuffetSold"))
      if (body.kind === "BuffetSold" && body.override !== "parent") complaints.push(`sold with the reason "${body.override}"`);
    return complaints;
  },
};

const SUPERVISED: Flow = {
  name: "an older receipt taken back with a supervisor's card",
  kind: "settlement",
  async prepare(counter) {
    await counter.world.play(sellOnFriday(counter));
    await counter.world.sleepUntil(MONDAY_MS);
  },
  ready: toOrder,
  act: (counter, turn) => voidOlder(counter, turn),
  check(counter, events) {
    const voided = bodies(events, "SaleVoided");
    const complaints = voided.length > 1 ? [`voided ${voided.length} times`] : [];
    for (const { body } of voided) {
      if (body.kind !== "SaleVoided") continue;
      if (body.amount !== PRICE || body.supervisor === null) complaints.push(`voided ${body.amount} by ${body.supervisor}`);
      if (!wasTold(counter, TILL_SAYS.voidReceipt)) complaints.push("nobody holds a paper of the void");
    }
    if (voided.length === 0 && wasTold(counter, TILL_SAYS.voided)) complaints.push("told of a void that is not in the journal");
    return complaints;
  },
};

/** Both crosses, where they are: the panel means the same as before. */
async function touchCrosses({ hand, terminal }: Counter): Promise<void> {
  for (const [x, y] of [
    [xpt2046.CROSS, xpt2046.CROSS],
    [320 - xpt2046.CROSS, 240 - xpt2046.CROSS],
  ]) {
    await hand.until("+");
    await hand.wait(300);
    terminal.touch.touch(x, y);
    await hand.wait(120);
    terminal.touch.release();
    await hand.wait(300);
  }
}

const SERVICE_VISIT: Flow = {
  name: "a technician's visit to the kiosk",
  kind: "payment",
  ready: toIdle,
  async act(counter) {
    const { hand } = counter;
    await hand.tap(staffCard(counter, "technician"));
    await hand.until(SERVICE_SAYS.claims);
    for (const key of [SERVICE_SAYS.paper, SERVICE_SAYS.claims]) {
      const before = hand.papers();
      await hand.press(key);
      await hand.until(() => hand.papers() > before, PAPER_MS);
    }
    await hand.press(SERVICE_SAYS.tone);
    await hand.press(SERVICE_SAYS.acceptor);
    await hand.press(SERVICE_SAYS.touch);
    await touchCrosses(counter);
    await hand.press(SHARED.done);
    await hand.until(KIOSK_SAYS.tapCard, 20_000);
    await hand.wait(500);
  },
  // Whatever the power has left of a calibration, the panel is where it was: the keys of a visit are found.
  async after(counter) {
    const { hand, school } = counter;
    await toIdle(counter);
    await hand.press(KIOSK_SAYS.typeNumber);
    await hand.type(school.pupils[0].account);
    await hand.press(KIOSK_SAYS.next);
    await hand.until(KIOSK_SAYS.choosePurse);
    await hand.press(SHARED.cancel);
  },
  check: (_counter, events) => (events.some(({ operation }) => operation !== null) ? ["a technician has moved money"] : []),
};

const FEE = 25_000;

const NEW_CARD: Flow = {
  name: "a new card paid for",
  kind: "settlement",
  async prepare({ world }) {
    await world.tell([{ kind: "SetFees", activation: kopecks(0), reissue: kopecks(FEE) }]);
    await world.run(6000);
  },
  ready: toOrder,
  async act({ hand, school }, turn) {
    await hand.press(TILL_SAYS.more);
    await hand.until(TILL_SAYS.reissue);
    await hand.press(TILL_SAYS.reissue);
    await hand.tap(cardOf(school.pupils[turn]));
    await hand.until(SHARED.confirm);
    const before = hand.papers();
    await hand.press(SHARED.confirm);
    await hand.until(() => hand.papers() > before, PAPER_MS);
    await hand.wait(500);
  },
  check(counter, events) {
    const paid = bodies(events, "FeePaid");
    const complaints = paid.length > 1 ? [`paid ${paid.length} times`] : [];
    for (const event of paid) {
      if (event.body.kind === "FeePaid" && event.body.amount !== FEE) complaints.push(`paid ${event.body.amount}`);
      if (!wasTold(counter, claimCodeOf(event))) complaints.push("nobody holds a paper for the fee");
    }
    if (paid.length === 0 && wasTold(counter, TILL_SAYS.paid)) complaints.push("told of a fee that is not in the journal");
    return complaints;
  },
};

export const SPECIAL_FLOWS: readonly Flow[] = [OVERRIDE, SUPERVISED, NEW_CARD, SERVICE_VISIT];
