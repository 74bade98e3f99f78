/** The kiosk is emptied: on a good day, with the gateway away, and with the power gone at the worst moment. And a kiosk that starts alone. */
import test from "ava";
import type { EventOf } from "@trapeza/protocol";
import { inventSchool } from "../school/school.js";
import { createRandom } from "../random.js";
import { eventsOf, feedWhole, FIFTY, HUNDRED, leave, openDesk, restart, settled, stepUp, type Desk } from "./_cash.test.js";
import { cardOf } from "./_school-day.test.js";

const STAFF = inventSchool(createRandom(24)).staff;
const COLLECTOR = cardOf(STAFF.find(({ role }) => role === "collector") ?? STAFF[0], "collector");
const TECHNICIAN = cardOf(STAFF.find(({ role }) => role === "technician") ?? STAFF[0], "technician");

const collections = (desk: Desk): EventOf<"CashCollected">[] =>
  eventsOf(desk).flatMap(({ body }) => (body.kind === "CashCollected" ? [body] : []));

/** Two notes in the cassette and their giver gone with a paper. */
async function filled(): Promise<Desk> {
  const desk = await openDesk();
  const visit = async (): Promise<void> => {
    await stepUp(desk);
    await feedWhole(desk, HUNDRED, "100,00");
    await feedWhole(desk, FIFTY, "150,00");
    await leave(desk);
    await desk.hand.until("Приложите карту", 30_000);
  };
  await desk.world.play(visit());
  return desk;
}

/** Up to the moment when only the cassette is missing. */
async function sealed({ hand }: Desk): Promise<void> {
  await hand.until("Номер сумки");
  await hand.type("5701");
  await hand.press("Дальше");
  await hand.until("Карта второго");
  await hand.tap(TECHNICIAN);
}

test("card, seal, a second card, the cassette: the paper has the sum and both names, and the books have it too", async (t) => {
  const desk = await filled();
  const { hand, acceptor } = desk;
  const emptied = async (): Promise<void> => {
    await hand.tap(COLLECTOR);
    await sealed(desk);
    await hand.until("Выньте кассету");
    t.true(hand.read().includes("150,00"), hand.read().join(" | "));
    const before = hand.papers();
    acceptor.removeCassette();
    await hand.until(() => hand.papers() > before, 30_000);
    acceptor.returnCassette();
    await hand.until("Приложите карту", 30_000);
  };
  await desk.world.play(emptied());
  const paper = hand.paper().join("\n");
  for (const words of [/ИНКАССАЦИЯ/, /100,00 x 1 +100,00/, /Купюр +2/, /Ожидается, р\. +150,00/, /Пломба +5701/]) t.regex(paper, words);
  const [body] = collections(desk);
  t.like(body, { expected: HUNDRED + FIFTY, seal: "5701" });
  t.not(body.collector, null);
  t.not(body.witness, null);
  await settled(t, desk, { inCassette: HUNDRED + FIFTY, credited: HUNDRED + FIFTY });
});

test("the gateway is away: the box goes with a code on its paper, and the sum is exact when it is back", async (t) => {
  const desk = await filled();
  const { hand, acceptor, terminal } = desk;
  terminal.cable.pull();
  const emptied = async (): Promise<void> => {
    await hand.wait(40_000);
    acceptor.removeCassette();
    await hand.until("Инкассация", 20_000);
    await hand.press("Инкассация");
    await hand.until("Карта инкассатора");
    await hand.tap(COLLECTOR);
    const before = hand.papers();
    await sealed(desk);
    await hand.until(() => hand.papers() > before, 30_000);
    acceptor.returnCassette();
    await hand.until("Приложите карту", 30_000);
  };
  await desk.world.play(emptied());
  t.regex(hand.paper().join("\n"), /Сумма - по коду/);
  t.deepEqual(collections(desk), []);
  const papers = hand.papers();
  terminal.cable.plug();
  await desk.world.run(90_000);
  t.like(collections(desk)[0], { expected: HUNDRED + FIFTY, seal: "5701" });
  t.is(hand.papers(), papers, "no second paper falls into the tray");
});

test("the power goes when the cassette has just left: the next start prints the paper, and there is one collection", async (t) => {
  const desk = await filled();
  const { hand, acceptor, terminal, world } = desk;
  const cut = async (): Promise<void> => {
    await hand.tap(COLLECTOR);
    await sealed(desk);
    await hand.until("Выньте кассету");
    acceptor.removeCassette();
    await hand.until(() => collections(desk).length > 0, 20_000);
  };
  await world.play(cut());
  const before = hand.papers();
  await restart(desk);
  await world.run(60_000);
  t.is(collections(desk).length, 1);
  t.true(hand.papers() > before);
  t.regex(hand.paper().join("\n"), /Ожидается, р\. +150,00[^]*5701/);
  terminal.board.powerOff();
  await world.run(2000);
  const papers = hand.papers();
  terminal.board.powerOn();
  await world.run(60_000);
  t.is(hand.papers(), papers, "it is out, and the next start knows");
});

test("switched on without its gateway the kiosk goes on as it was allowed to, and credits later", async (t) => {
  const desk = await filled();
  const { hand, terminal, world } = desk;
  terminal.cable.pull();
  await restart(desk);
  const visit = async (): Promise<void> => {
    await hand.until("Приложите карту", 60_000);
    await stepUp(desk);
    await feedWhole(desk, HUNDRED, "100,00");
    await leave(desk);
  };
  await world.play(visit());
  const paper = hand.paper().join("\n");
  t.regex(paper, /Принято, будет зачислено/);
  t.regex(paper, /Школа/, "it knows whose it is");
  terminal.cable.plug();
  await world.run(90_000);
  await settled(t, desk, { inCassette: 2 * HUNDRED + FIFTY, credited: 2 * HUNDRED + FIFTY });
});
