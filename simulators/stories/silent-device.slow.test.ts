/**
 * Each device of each terminal falls silent, at rest and in the middle of a flow: the terminal says what is amiss and what still works, tells its gateway,
 * and works as before when the device is back. Nobody loses what was begun.
 */
import test from "ava";
import { KIOSK_SAYS, SHARED, TILL_SAYS, WALL_SAYS } from "../day/words.js";
import { openCounter, eventsFrom, type Counter, type Flow } from "./_cut-flow.test.js";
import { order, sell, toOrder } from "./_cut-till.test.js";
import { confirm, openList, toIdle as toWall } from "./_cut-wall.test.js";
import { cardOf } from "./_school-day.test.js";

type Device = "reader" | "acceptor" | "printer" | "display";

interface Silence {
  readonly kind: Flow["kind"];
  readonly device: Device;
  /** What somebody reads while it is silent: what is amiss, and what still works. */
  readonly says: readonly string[];
  /** Where the flow is when it falls silent. */
  begin(counter: Counter): Promise<void>;
  /** What still works meanwhile, if anything. */
  meanwhile?(counter: Counter): Promise<void>;
  /** The flow's end, with the device back. */
  end(counter: Counter): Promise<void>;
}

const SILENT_MS = 14_000;
const BACK_MS = 25_000;

function hush({ terminal }: Counter, device: Device, on: boolean): void {
  if (device === "display") terminal.display.plugged = !on;
  else if (device === "acceptor") {
    if (terminal.acceptor) terminal.acceptor.silent = on;
  } else terminal[device].silent = on;
}

async function tapPupil({ hand, school }: Counter): Promise<void> {
  await hand.tap(cardOf(school.pupils[0]));
}

async function typeNumber({ hand, school }: Counter): Promise<void> {
  await hand.press(KIOSK_SAYS.typeNumber);
  await hand.type(school.pupils[0].account);
  await hand.press(KIOSK_SAYS.next);
  await hand.until(KIOSK_SAYS.choosePurse);
  await hand.press(SHARED.cancel);
}

/** A note goes in, and whoever gave it leaves with a paper. */
async function pay(counter: Counter): Promise<void> {
  const { hand, terminal } = counter;
  if (hand.read().includes(KIOSK_SAYS.tapCard)) await tapPupil(counter);
  if (!hand.read().some((line) => line === KIOSK_SAYS.insert)) {
    await hand.until(KIOSK_SAYS.choosePurse);
    await hand.press(SHARED.main);
  }
  await hand.until(KIOSK_SAYS.insert, 30_000);
  await hand.until(() => terminal.acceptor?.status.kind === "idling", 30_000);
  await hand.feed(10_000);
  await hand.until("100,00", 30_000);
  const before = hand.papers();
  await hand.press(SHARED.done);
  await hand.until(() => hand.papers() > before, 30_000);
}

const nothing = async (): Promise<void> => undefined;
const full = async (counter: Counter): Promise<void> => toOrder(counter).then(() => order(counter));

async function sellTray({ hand, school }: Counter): Promise<void> {
  const before = hand.papers();
  await hand.tap(cardOf(school.pupils[0]));
  await hand.until(SHARED.confirm);
  await hand.press(SHARED.confirm);
  await hand.until(() => hand.papers() > before, 40_000);
}

async function sellForCash({ hand }: Counter): Promise<void> {
  await hand.press(TILL_SAYS.cash);
  await hand.until(TILL_SAYS.sold, 20_000);
}

async function inNotes(counter: Counter): Promise<void> {
  await tapPupil(counter);
  await counter.hand.until(KIOSK_SAYS.choosePurse);
  await counter.hand.press(SHARED.main);
  await counter.hand.until(KIOSK_SAYS.insert);
}

const SILENCES: readonly (Silence & { readonly when: string })[] = [
  {
    kind: "payment",
    device: "reader",
    when: "at rest",
    says: [SHARED.noCards, KIOSK_SAYS.onlyType],
    begin: nothing,
    meanwhile: typeNumber,
    end: pay,
  },
  { kind: "payment", device: "reader", when: "with a visitor before the slot", says: [KIOSK_SAYS.insert], begin: inNotes, end: pay },
  { kind: "payment", device: "acceptor", when: "at rest", says: [KIOSK_SAYS.cashStopped, KIOSK_SAYS.jammed], begin: nothing, end: pay },
  { kind: "payment", device: "acceptor", when: "with a visitor before the slot", says: [KIOSK_SAYS.jammed], begin: inNotes, end: pay },
  { kind: "payment", device: "printer", when: "at rest", says: [KIOSK_SAYS.cashStopped, KIOSK_SAYS.noPrinter], begin: nothing, end: pay },
  { kind: "payment", device: "printer", when: "with a visitor before the slot", says: [KIOSK_SAYS.noPrinter], begin: inNotes, end: pay },
  { kind: "settlement", device: "reader", when: "at rest", says: [SHARED.noCards, TILL_SAYS.byList], begin: toOrder, end: full },
  {
    kind: "settlement",
    device: "reader",
    when: "with a full tray",
    says: [SHARED.noCards],
    begin: full,
    meanwhile: sellForCash,
    end: (counter) => toOrder(counter).then(() => sell(counter)),
  },
  {
    kind: "settlement",
    device: "printer",
    when: "at rest",
    says: [SHARED.noReceipts, TILL_SAYS.numberOnScreen],
    begin: toOrder,
    end: sell,
  },
  {
    kind: "settlement",
    device: "printer",
    when: "with a full tray",
    says: [SHARED.noReceipts],
    begin: full,
    meanwhile: sellForCash,
    end: (counter) => toOrder(counter).then(() => sell(counter)),
  },
  { kind: "settlement", device: "display", when: "at rest", says: [TILL_SAYS.noAside, TILL_SAYS.goesOn], begin: toOrder, end: sell },
  { kind: "settlement", device: "display", when: "with a full tray", says: [TILL_SAYS.noAside], begin: full, end: sellTray },
  {
    kind: "information",
    device: "reader",
    when: "at rest",
    says: [SHARED.noCards, SHARED.callTechnician],
    begin: nothing,
    end: (counter) => openList(counter, 1).then(() => confirm(counter)),
  },
  {
    kind: "information",
    device: "reader",
    when: "with a class on the screen",
    says: [SHARED.confirm],
    begin: (counter) => openList(counter, 1),
    end: confirm,
  },
  {
    kind: "information",
    device: "printer",
    when: "at rest",
    says: [SHARED.noReceipts, SHARED.onScreen],
    begin: nothing,
    end: (counter) => openList(counter, 1).then(() => confirm(counter)),
  },
  {
    ...{ kind: "information", device: "printer", when: "with a class on the screen", says: [SHARED.confirm] },
    begin: (counter) => openList(counter, 1),
    async meanwhile({ hand }) {
      await hand.press(SHARED.confirm);
      await hand.until(WALL_SAYS.served);
      await hand.until(SHARED.notPrinted, 20_000);
    },
    end: (counter) =>
      toWall(counter)
        .then(() => openList(counter, 2))
        .then(() => confirm(counter)),
  },
];

for (const { kind, device, when, says, begin, meanwhile, end } of SILENCES) {
  test(`${kind}: the ${device} falls silent ${when}, is missed and reported, and is welcome back`, async (t) => {
    t.timeout(120_000);
    const counter = await openCounter(kind);
    const { world, hand, terminal } = counter;
    const id = terminal.config.terminal;
    const heard = world.complaints.length;
    await world.play(begin(counter));
    hush(counter, device, true);
    await world.run(SILENT_MS);
    for (const words of says)
      t.true(
        hand.read().some((line) => line.includes(words)),
        `${words}: ${hand.read().join(" | ")}`,
      );
    const status = world.statuses.get(id);
    if (device === "display")
      t.true(
        world.logs.some((text) => text.includes("display: silent")),
        world.logs.join(),
      );
    else t.is({ reader: status?.reader, printer: status?.paper, acceptor: status?.acceptor }[device], "silent");
    if (meanwhile) await world.play(meanwhile(counter));
    hush(counter, device, false);
    await world.run(BACK_MS);
    await world.play(end(counter));
    await world.run(8000);
    t.false(hand.read().some((line) => line === SHARED.noCards || line === SHARED.noReceipts));
    t.deepEqual(world.complaints.slice(heard), []);
    const names = eventsFrom(counter, 0).flatMap(({ operation }) => (operation ? [JSON.stringify(operation)] : []));
    t.is(new Set(names).size, names.length, "nothing stands twice in the journal");
  });
}
