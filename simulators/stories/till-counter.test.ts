import test from "ava";
import type { CardUid, Directive, Event, EventBody } from "@trapeza/protocol";
import { decodeEntry, decodeWhole, eventSchema, kopecks } from "@trapeza/protocol";
import { statementFor } from "@trapeza/cloud";
import { declare, voidTyped } from "../day/cashier.js";
import { SHARED, TILL_SAYS } from "../day/words.js";
import { portraitOf } from "../school/portrait.js";
import { TILL } from "../school/school.js";
import { cardOf, FRIDAY, FRIDAY_MS, openStage, type Stage } from "./_school-day.test.js";

const FRESH = "04aa00bb" as CardUid;
/** A card that nobody has activated yet, what it costs, and a ban on the pizza. */
const more = (account: number): Directive[] => [
  { kind: "SetFees", activation: kopecks(3300), reissue: kopecks(25000) },
  {
    ...{ kind: "SetCard", uid: FRESH, number: "24999999", holder: "pupil", account, staff: null, state: "issued", by: "operator" },
    validThrough: (FRIDAY + 300) as typeof FRIDAY,
  },
];

async function open(): Promise<Stage> {
  const stage = await openStage();
  await stage.world.tell(more(stage.school.pupils[0].id));
  await stage.world.run(3000);
  return stage;
}

async function openShift({ till, school }: Stage): Promise<void> {
  await till.tap(cardOf(school.staff.find((one) => one.role === "cashier")!));
  await till.until(TILL_SAYS.empty);
}

async function paperAfter({ till }: Stage, act: () => Promise<void>): Promise<string[]> {
  const before = till.papers();
  await act();
  await till.until(() => till.papers() > before, 30_000);
  await till.wait(400);
  return till.paper();
}

async function toTray({ till }: Stage): Promise<void> {
  if (till.read().includes(SHARED.done)) await till.press(SHARED.done);
  await till.until(TILL_SAYS.empty);
}

/** Pizza and juice for whoever forgot the card, found in their class. */
async function sellByList(stage: Stage): Promise<string[]> {
  const { till } = stage;
  const pupil = buyer(stage);
  await till.press(TILL_SAYS.code);
  await till.type("1151");
  await till.press(SHARED.done);
  await till.press(TILL_SAYS.forgot);
  const find = async (label: string): Promise<void> => {
    await till.until(SHARED.back);
    while (!till.read().includes(label)) await till.press(TILL_SAYS.more);
    await till.press(label);
  };
  await find(pupil.class.name);
  // A name stands on two lines of its tile.
  await till.until(() => till.read().some((line) => /^ [А-Я]\S+ [А-Я]/.test(line)));
  await find(` ${pupil.person.surname} ${pupil.person.first}`);
  await till.until(TILL_SAYS.withoutCard);
  await till.wait(1500);
  return paperAfter(stage, () => till.press(SHARED.confirm));
}

const buyer = ({ school }: Stage) => school.pupils.find((one) => one.additionalKopecks > 20_000 && one.mainKopecks > 0)!;

function bodies(stage: Stage): EventBody[] {
  const { journal } = stage.world;
  return journal.entries(0, journal.size, 1e8, 1e6).flatMap((bytes) => {
    const entry = decodeEntry(bytes);
    const event = entry.ok ? decodeWhole(eventSchema, entry.value.event) : null;
    return event?.ok ? [(event.value as Event).body] : [];
  });
}

/** The portrait as it stands on the display: greys of 5 bits, like the gateway's of 4 doubled. */
function isDrawn(stage: Stage): boolean {
  const terminal = stage.world.terminals.get(TILL)!;
  const { pixels, width } = terminal.board.screen;
  const portrait = portraitOf(buyer(stage));
  for (let y = 0; y < portrait.height; y++) {
    for (let x = 0; x < portrait.width; x++) {
      const byte = portrait.rows[(y * portrait.width + x) >> 1];
      const grey = x % 2 === 0 ? byte >> 4 : byte & 15;
      if (pixels[(34 + y) * width + 242 + x] !== ((grey * 2) << 11) + ((grey * 4) << 5) + grey * 2) return false;
    }
  }
  return true;
}

type Papers = { [name: string]: string[] };

async function morning(stage: Stage): Promise<Papers> {
  const { till } = stage;
  const papers: Papers = {};
  await openShift(stage);
  papers.sale = await sellByList(stage);
  await toTray(stage);
  await till.press(TILL_SAYS.voidLast);
  await till.until(TILL_SAYS.typeReceipt);
  // The pizza stays eaten: its line is touched once, so none of it comes back.
  papers.voided = await paperAfter(stage, async () => {
    await till.press(TILL_SAYS.next);
    await till.until(TILL_SAYS.giveBack);
    await till.press(till.read().find((line) => line.startsWith(" Пицца"))!);
    await till.press(till.read().find((line) => line.startsWith(TILL_SAYS.giveBack))!);
    await till.press(TILL_SAYS.returned);
  });
  await toTray(stage);
  papers.x = await paperAfter(stage, async () => {
    await till.press(TILL_SAYS.more);
    await till.press(TILL_SAYS.xReport);
  });
  await till.press(TILL_SAYS.more);
  await till.press(TILL_SAYS.activation);
  papers.activated = await paperAfter(stage, () => till.tap(cardOf({ uid: FRESH })));
  await toTray(stage);
  await till.press(TILL_SAYS.more);
  await till.press(TILL_SAYS.password);
  await till.tap(cardOf({ uid: FRESH }));
  await till.until(SHARED.confirm);
  papers.password = await paperAfter(stage, () => till.press(SHARED.confirm));
  await toTray(stage);
  await till.tap(cardOf(stage.school.staff.find((one) => one.role === "cashier")!));
  papers.z = await paperAfter(stage, () => declare(till, 3000));
  return papers;
}

test.serial("a cashier's whole morning: a face, a void by lines, a card, a password, the counted drawer", async (t) => {
  const stage = await open();
  const { till, world } = stage;
  let papers: Papers = {};
  let drawn = false;
  let beside: string[] = [];
  const looking = async (): Promise<void> => {
    await till.until(TILL_SAYS.withoutCard, 60_000);
    await till.wait(1400);
    drawn = isDrawn(stage);
    beside = stage.world.terminals.get(TILL)!.display.lines();
  };
  await world.play(
    morning(stage).then((all) => void (papers = all)),
    looking(),
  );
  t.regex(beside[0], new RegExp(" .\\.$"), "the queue reads a name and an initial");
  t.regex(beside[3], / 47,70$/);
  t.true(drawn, "every row of the portrait stood on the screen");
  t.true(papers.sale.includes(TILL_SAYS.noCard), papers.sale.join("\n"));
  const voided = papers.voided.join("\n");
  t.true(/Сок[^]* 1 x 13,20/.test(voided) && !voided.includes("Пицца"), voided);
  t.regex(papers.x[0], /Смена 1: X/);
  t.true(papers.activated.some((line) => /33,00/.test(line)));
  const digits = papers.password.find((line) => /^\s*\d{5} \d{5}/.test(line))!.replace(/\D/g, "");
  t.regex(
    papers.z.join("\n"),
    /Смена 1: Z[^]*Возвраты \(1\)[^]*Услуги +33,00[^]*Должно быть +33,00[^]*Насчитано +30,00[^]*Разница в кассе +-3,00/,
  );
  const told = bodies(stage);
  t.like(
    told.find((body) => body.kind === "BuffetSold"),
    { uid: null, account: buyer(stage).id, basis: "request" },
  );
  t.like(
    told.find((body) => body.kind === "SaleVoided"),
    { amount: 1320, reason: "returned" },
  );
  t.like(
    told.find((body) => body.kind === "FeePaid"),
    { amount: 3300, service: "activation" },
  );
  t.false(JSON.stringify(told).includes(digits), "the password's digits are written nowhere");
  await world.drain();
  t.deepEqual(await world.cloud.verifyLedger(24), []);
  const { id } = buyer(stage);
  const list = await statementFor(world.cloud.store, {
    ...{ school: stage.school.number, account: id, from: FRIDAY, to: FRIDAY, details: false, schoolNumber: 24 },
  });
  t.true(
    list.rows.some((row) => row.name === "Чек №24-000001, без карты, узнан по фотографии"),
    list.rows.map((row) => row.name).join("\n"),
  );
});

test.serial("cash sold while the gateway is away is recorded after midnight at what was paid, and the drawer agrees", async (t) => {
  const stage = await open();
  const { till, world } = stage;
  const sale = async (): Promise<void> => {
    await openShift(stage);
    await till.press(TILL_SAYS.code);
    await till.type("11");
    await till.press(SHARED.done);
    world.lan.plugged = false;
    await paperAfter(stage, () => till.press(TILL_SAYS.cash));
  };
  await world.play(sale());
  // The pizza gets dearer in the night, while its money lies in the drawer.
  const pizza = world.school.dishes.get(11)!.at(-1)!;
  await world.tell([{ kind: "SetDish", ...pizza, price: kopecks(pizza.price + 500), from: (FRIDAY + 1) as typeof FRIDAY }]);
  await world.run(5000);
  world.lan.plugged = true;
  await world.sleepUntil(FRIDAY_MS + 24 * 3600_000);
  await world.run(20_000);
  t.like(
    bodies(stage).find((body) => body.kind === "CashSold"),
    { total: pizza.price, basis: "offline", flags: ["out_of_time"], soldOn: FRIDAY },
  );
  const closing = async (): Promise<void> => {
    await openShift(stage);
    await till.wait(1500);
    await till.tap(cardOf(stage.school.staff.find((one) => one.role === "cashier")!));
    await declare(till, pizza.price);
  };
  await world.play(closing());
  t.regex(till.paper().join("\n"), /Разница в кассе +0,00/);
  await world.drain();
  t.deepEqual(await world.cloud.verifyLedger(24), []);
});

test.serial("the last receipt is taken back whole with four touches", async (t) => {
  const stage = await open();
  const { till, world } = stage;
  const story = async (): Promise<void> => {
    await openShift(stage);
    await till.press(TILL_SAYS.code);
    await till.type("11");
    await till.press(SHARED.done);
    await paperAfter(stage, () => till.press(TILL_SAYS.cash));
    await toTray(stage);
    await till.press(TILL_SAYS.voidLast);
    await till.until(TILL_SAYS.typeReceipt);
    t.true(await voidTyped(till, () => false));
  };
  await world.play(story());
  t.true(till.paper().includes(TILL_SAYS.cash));
  t.is(world.school.terminals.get(TILL)?.shift?.cashVoids as number, 3450);
});
