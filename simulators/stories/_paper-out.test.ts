/** What people do at a terminal whose paper ends while theirs is being printed, and what must be true of it whichever byte was the last. */
import type { Event } from "@trapeza/protocol";
import { KIOSK_SAYS, SHARED, TILL_SAYS, WALL_SAYS } from "../day/words.js";
import { claimCodeOf, eventsFrom, look, openCounter, wasTold, type Counter, type Flow } from "./_cut-flow.test.js";
import { order, toOrder } from "./_cut-till.test.js";
import { toIdle as toKiosk } from "./_cut-kiosk.test.js";
import { openList, toIdle as toWall } from "./_cut-wall.test.js";
import { cardOf } from "./_school-day.test.js";

export interface Printing {
  readonly name: string;
  readonly kind: Flow["kind"];
  /** To where the next key prints, or the next event does. */
  ready(counter: Counter): Promise<void>;
  /** Ends when the terminal has told how it went. */
  act(counter: Counter): Promise<void>;
  /** Events of which there must be exactly one each time, and what somebody must hold of each: a number or a code. */
  readonly events: readonly Event["body"]["kind"][];
  nameOf(event: Event): string[];
}

const TOLD_MS = 60_000;
const STEP_MS = 100;
/** What waits in the printer comes out, and the terminal has noticed. */
const REFILLED_MS = 9000;

const receiptOf = (receipt: number): string => `№24-${String(receipt).padStart(6, "0")}`;

async function told({ hand }: Counter, first: string): Promise<void> {
  await hand.until(first, TOLD_MS);
  const before = hand.papers();
  await hand.until(() => hand.papers() > before || hand.read().some((line) => line.includes(SHARED.notPrinted)), TOLD_MS);
}

export const PRINTINGS: readonly Printing[] = [
  {
    name: "a note's receipt at the kiosk",
    kind: "payment",
    async ready(counter) {
      const { hand, school, terminal } = counter;
      await toKiosk(counter);
      await hand.tap(cardOf(school.pupils[0]));
      await hand.until(SHARED.main);
      await hand.press(SHARED.main);
      await hand.until(KIOSK_SAYS.insert);
      await hand.until(() => terminal.acceptor?.status.kind === "idling");
      await hand.feed(5000);
      await hand.until("50,00", 20_000);
    },
    async act({ hand }) {
      const before = hand.papers();
      await hand.press(SHARED.done);
      await hand.until(() => hand.papers() > before || hand.read().some((line) => line.includes(SHARED.notPrinted)), TOLD_MS);
      await hand.wait(1500);
    },
    events: ["TopUpCredited"],
    nameOf: (event) => [claimCodeOf(event)],
  },
  {
    name: "a sale's receipt at the till",
    kind: "settlement",
    async ready(counter) {
      await toOrder(counter);
      await order(counter);
    },
    async act(counter) {
      const { hand } = counter;
      await hand.press(TILL_SAYS.cash);
      await told(counter, TILL_SAYS.sold);
      await hand.wait(1500);
    },
    events: ["CashSold"],
    nameOf: (event) => (event.body.kind === "CashSold" ? [receiptOf(event.body.receipt)] : []),
  },
  {
    name: "a class's receipt at the wall, and that of its undoing",
    kind: "information",
    async ready(counter) {
      await toWall(counter);
      await openList(counter, 1);
    },
    async act(counter) {
      const { hand } = counter;
      const served = hand.read().includes(WALL_SAYS.undo);
      if (served) {
        await hand.press(WALL_SAYS.undo);
        await hand.until(WALL_SAYS.undoQuestion);
        await hand.press(SHARED.yes);
      } else await hand.press(SHARED.confirm);
      await told(counter, served ? WALL_SAYS.undone : WALL_SAYS.served);
      await hand.wait(1500);
    },
    events: ["MealServed", "MealUndone"],
    nameOf: (event) => [claimCodeOf(event)],
  },
];

export interface Ends {
  readonly bytes: number;
  readonly wrong: readonly string[];
}

/** Ends the paper behind byte 0, 1, 2 … of the receipt until one comes out whole. Nobody tears power or wires. */
export async function endEverywhere(printing: Printing, from: number, step: number): Promise<Ends> {
  const counter = await openCounter(printing.kind);
  const { world, terminal } = counter;
  const { printer } = terminal;
  const wrong: string[] = [];
  for (let bytes = from; ; bytes += step) {
    const begins = world.journal.size;
    await world.play(printing.ready(counter));
    counter.told.clear();
    printer.discard();
    printer.bytesLeft = bytes;
    let over = false;
    const acting = printing.act(counter).finally(() => (over = true));
    acting.catch(() => undefined);
    for (const end = world.clock.now() + 2 * TOLD_MS; !over && world.clock.now() < end; look(counter)) await world.run(STEP_MS);
    await acting;
    const whole = printer.paper === "ok";
    const complaints = complaintsOf(counter, printing, begins, whole);
    if (complaints.length > 0) wrong.push(`${bytes} bytes: ${complaints.join("; ")}`);
    if (whole) return { bytes, wrong };
    printer.paper = "ok";
    await world.run(REFILLED_MS);
  }
}

function complaintsOf(counter: Counter, printing: Printing, begins: number, whole: boolean): string[] {
  const events = eventsFrom(counter, begins);
  const mine = events.filter(({ body }) => printing.events.includes(body.kind));
  const operations = new Set(mine.map(({ operation }) => `${operation?.n}`));
  const complaints = operations.size === 1 ? [] : [`${operations.size} operations`];
  const names = mine.flatMap((event) => printing.nameOf(event));
  if (!names.some((name) => wasTold(counter, name))) complaints.push(`nobody holds ${names.join(", ")}`);
  const papers = events.flatMap(({ body }) => (body.kind === "ReceiptPrinted" || body.kind === "ReceiptFailed" ? [body.kind] : []));
  if (papers.length !== 1) complaints.push(`told of ${papers.length} papers`);
  if (whole && papers[0] !== "ReceiptPrinted") complaints.push("a whole paper is told as failed");
  return complaints;
}
