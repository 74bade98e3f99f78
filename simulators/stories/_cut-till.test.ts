/** What a cashier does at the till, each flow with what must be true of it wherever the power goes. */
import { kopecks } from "@trapeza/protocol";
import type { BusinessDate, CardUid, Event } from "@trapeza/protocol";
import { declare, voidTyped } from "../day/cashier.js";
import { SHARED, TILL_SAYS } from "../day/words.js";
import type { StaffRole } from "@trapeza/protocol";
import { claimCodeOf, wasTold, type Counter, type Flow } from "./_cut-flow.test.js";
import { cardOf, FRIDAY } from "./_school-day.test.js";

/** Pizza and juice. */
const DISHES = "1151";
const PAPER_MS = 40_000;
const REST_MS = 60_000;

export function staffCard({ school }: Counter, role: StaffRole): ReturnType<typeof cardOf> {
  const one = school.staff.find((person) => person.role === role);
  if (!one) throw new Error(`there is no ${role}`);
  return cardOf(one, role);
}

/** An empty order, whatever stands on the screen. */
export async function toOrder(counter: Counter): Promise<void> {
  const { hand, world } = counter;
  const end = world.clock.now() + REST_MS;
  const says = (text: string): boolean => hand.read().some((line) => line.includes(text));
  while (!says(TILL_SAYS.empty)) {
    if (world.clock.now() > end) throw new Error("the till does not come to rest: " + hand.read().join(" | "));
    if (says(TILL_SAYS.shiftClosed)) {
      await hand.tap(staffCard(counter, "cashier"));
      await hand.wait(1000);
      continue;
    }
    const key = [TILL_SAYS.less, SHARED.cancel, SHARED.back, SHARED.done].find((label) => hand.read().includes(label));
    if (key) await hand.press(key);
    else await hand.wait(300);
  }
}

/** Two dishes lie on the tray. */
export async function order({ hand }: Counter): Promise<void> {
  await hand.press(TILL_SAYS.code);
  await hand.type(DISHES);
  await hand.press(SHARED.done);
}

export async function sell(counter: Counter): Promise<void> {
  const { hand, school } = counter;
  await order(counter);
  const before = hand.papers();
  await hand.tap(cardOf(school.pupils[0]));
  await hand.until(SHARED.confirm);
  await hand.press(SHARED.confirm);
  await hand.until(() => hand.papers() > before, PAPER_MS);
  await hand.wait(500);
}

export async function sellForCash(counter: Counter): Promise<void> {
  const { hand } = counter;
  await order(counter);
  const before = hand.papers();
  await hand.press(TILL_SAYS.cash);
  await hand.until(() => hand.papers() > before, PAPER_MS);
  await hand.wait(500);
}

const numberOf = (receipt: number): string => `№24-${String(receipt).padStart(6, "0")}`;

function bodiesOf<K extends Event["body"]["kind"]>(events: readonly Event[], kind: K) {
  return events.flatMap((event) => (event.body.kind === kind ? [{ event, body: event.body as Extract<Event["body"], { kind: K }> }] : []));
}

/** At most one sale; whoever has paid has a number, and a number that somebody was given stands in the journal. */
export function soldOnce(counter: Counter, events: readonly Event[], kind: "BuffetSold" | "CashSold"): string[] {
  const sold = bodiesOf(events, kind);
  const complaints = sold.length > 1 ? [`sold ${sold.length} times`] : [];
  for (const { event, body } of sold) {
    if (!wasTold(counter, numberOf(body.receipt)) && !wasTold(counter, claimCodeOf(event)))
      complaints.push(`nobody was given ${body.receipt}`);
  }
  if (sold.length === 0 && wasTold(counter, TILL_SAYS.sold)) complaints.push("told of a sale that is not in the journal");
  return complaints;
}

export const TILL_FLOWS: readonly Flow[] = [
  {
    name: "a sale from a purse",
    kind: "settlement",
    ready: toOrder,
    act: sell,
    check: (counter, events) => soldOnce(counter, events, "BuffetSold"),
  },
  {
    name: "a sale for cash",
    kind: "settlement",
    ready: toOrder,
    act: sellForCash,
    check: (counter, events) => soldOnce(counter, events, "CashSold"),
  },
  {
    name: "a sale for cash while the gateway is away",
    kind: "settlement",
    ready: toOrder,
    async act(counter) {
      counter.world.lan.plugged = false;
      await sellForCash(counter);
      counter.world.lan.plugged = true;
      await counter.hand.wait(9000);
    },
    check: (counter, events) => soldOnce(counter, events, "CashSold"),
  },
  {
    name: "a receipt taken back",
    kind: "settlement",
    async ready(counter) {
      await toOrder(counter);
      await sell(counter);
      await toOrder(counter);
    },
    async act({ hand }) {
      await hand.press(TILL_SAYS.voidLast);
      await hand.until(TILL_SAYS.typeReceipt);
      await voidTyped(hand, () => false);
      await hand.wait(500);
    },
    check: voidedOnce,
  },
  {
    name: "a card activated for money",
    kind: "settlement",
    ready: issueCard,
    async act(counter, turn) {
      const { hand } = counter;
      await chooseService(counter, TILL_SAYS.activation);
      const before = hand.papers();
      await hand.tap(cardOf({ uid: freshCard(turn) }));
      await hand.until(() => hand.papers() > before, PAPER_MS);
      await hand.wait(500);
    },
    check: activatedOnce,
  },
  {
    name: "a password for the personal account",
    kind: "settlement",
    ready: toOrder,
    async act(counter, turn) {
      const { hand, school } = counter;
      await chooseService(counter, TILL_SAYS.password);
      await hand.tap(cardOf(school.pupils[turn]));
      await hand.until(SHARED.confirm);
      const before = hand.papers();
      await hand.press(SHARED.confirm);
      await hand.until(() => hand.papers() > before, PAPER_MS);
      await hand.wait(500);
    },
    check(_counter, events) {
      const issued = bodiesOf(events, "AccessCodeIssued").length;
      return issued > 1 ? [`issued ${issued} passwords`] : [];
    },
  },
  {
    name: "a sale to somebody who was found in a list",
    kind: "settlement",
    ready: toOrder,
    async act(counter) {
      const { hand, school } = counter;
      const pupil = school.pupils[0];
      await order(counter);
      await hand.press(TILL_SAYS.forgot);
      await hand.until(pupil.class.name);
      await hand.press(pupil.class.name);
      const tile = ` ${pupil.person.surname} ${pupil.person.first}`;
      await hand.until(tile);
      await hand.press(tile);
      await hand.until(TILL_SAYS.withoutCard);
      const before = hand.papers();
      await hand.press(SHARED.confirm);
      await hand.until(() => hand.papers() > before, PAPER_MS);
      await hand.wait(500);
    },
    check: (counter, events) => soldOnce(counter, events, "BuffetSold"),
  },
  {
    name: "a shift opened",
    kind: "settlement",
    async ready(counter) {
      await toOrder(counter);
      await closeShift(counter);
    },
    async act(counter) {
      await counter.hand.tap(staffCard(counter, "cashier"));
      await counter.hand.until(TILL_SAYS.empty);
      await counter.hand.wait(500);
    },
    async after(counter) {
      await toOrder(counter);
      await sellForCash(counter);
    },
    check(counter, events) {
      const opened = bodiesOf(events, "ShiftOpened").length;
      return [...(opened === 1 ? [] : [`opened ${opened} times`]), ...soldOnce(counter, events, "CashSold")];
    },
  },
  {
    name: "a shift closed",
    kind: "settlement",
    async ready(counter) {
      await toOrder(counter);
      await sellForCash(counter);
      await toOrder(counter);
    },
    act: closeShift,
    async after(counter) {
      // Whoever finds the shift still open closes it again; whoever finds it closed has nothing more to do.
      await toOrder(counter);
      await closeShift(counter);
    },
    check: closedOnce,
  },
];

/** Every life activates a card of its own, for money, and gets a password for it. */
const freshCard = (turn: number): CardUid => `04bb${turn.toString(16).padStart(4, "0")}` as CardUid;
const FEE = 3300;

async function issueCard(counter: Counter, turn: number): Promise<void> {
  const { world, school } = counter;
  await toOrder(counter);
  const card = { uid: freshCard(turn), number: String(turn), holder: "pupil", account: school.pupils[turn].id, staff: null } as const;
  await world.tell([
    { kind: "SetFees", activation: kopecks(FEE), reissue: kopecks(0) },
    { kind: "SetCard", ...card, state: "issued", by: "operator", validThrough: (FRIDAY + 300) as BusinessDate },
  ]);
  // The next talk with the cloud brings them.
  await counter.hand.wait(6000);
}

async function chooseService({ hand }: Counter, service: string): Promise<void> {
  await hand.press(TILL_SAYS.more);
  await hand.until(service);
  await hand.press(service);
}

function activatedOnce(counter: Counter, events: readonly Event[]): string[] {
  const activated = bodiesOf(events, "CardActivated").length;
  const paid = bodiesOf(events, "FeePaid");
  const complaints = activated > 1 || paid.length !== activated ? [`activated ${activated} times, paid ${paid.length} times`] : [];
  for (const { event, body } of paid) {
    if (body.amount !== FEE) complaints.push(`paid ${body.amount}`);
    if (!wasTold(counter, claimCodeOf(event))) complaints.push("nobody holds a paper for the fee");
  }
  if (activated === 0 && wasTold(counter, TILL_SAYS.activated)) complaints.push("told of a card that is not active");
  return complaints;
}

async function closeShift(counter: Counter): Promise<void> {
  const { hand } = counter;
  await hand.tap(staffCard(counter, "cashier"));
  await declare(hand, 0);
  await hand.wait(500);
}

function voidedOnce(counter: Counter, events: readonly Event[]): string[] {
  const voided = bodiesOf(events, "SaleVoided");
  const complaints = voided.length > 1 ? [`voided ${voided.length} times`] : [];
  for (const { body } of voided) {
    if (body.amount !== 4770) complaints.push(`voided ${body.amount}`);
    if (!wasTold(counter, TILL_SAYS.voidReceipt)) complaints.push(`nobody holds a paper of the void of ${body.receipt}`);
  }
  if (voided.length === 0 && wasTold(counter, TILL_SAYS.voided)) complaints.push("told of a void that is not in the journal");
  return complaints;
}

/** What every shift that ended sold and took back is what the journal says of it. */
function closedOnce(_counter: Counter, events: readonly Event[]): string[] {
  const complaints: string[] = [];
  const opened = bodiesOf(events, "ShiftOpened").length;
  const closed = bodiesOf(events, "ShiftClosed");
  if (closed.length !== opened + 1) complaints.push(`opened ${opened}, closed ${closed.length}`);
  for (const { body } of closed.slice(1)) if (body.sales !== 0) complaints.push(`shift ${body.shift} counted ${body.sales} sales again`);
  return complaints;
}
