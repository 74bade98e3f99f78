/**
 * The one statement that the sources print: account 0242013137 in school 24, 16 January to 16 March 2018. Every legible line of it is done again with a
 * card, a till and a teacher's confirmation, and the parent's statement is compared with the paper, line by line.
 *
 * What the paper does not show: the rows between 20 January and the middle of March (they come to 50.81 more credited than charged, or the printed
 * balances would not add up), and number, date and sum of the receipt whose first line is cut off by the page. The paper has one balance; here the meals
 * take from the main purse and the receipts from the additional one.
 */
import test from "ava";
import { statementFor, type StatementRow } from "@trapeza/cloud";
import { accountNumber, cardUid, formatDate, kopecks, parseDate } from "@trapeza/protocol";
import type { BusinessDate, Directive } from "@trapeza/protocol";
import { handAt, type Hand } from "../hand.js";
import { TILL, WALL } from "../school/school.js";
import { createWorld, type World } from "../world.js";
import { cardOf } from "./_school-day.test.js";

const PUPIL = cardUid("a1b2c3d4");
const TEACHER = cardUid("a1b2c3d5");
const CASHIER = cardUid("a1b2c3d6");
const DATE = (text: string): BusinessDate => parseDate(text) as BusinessDate;
const FIRST = DATE("2018-01-16");
const LAST = DATE("2018-03-16");
const BREAKFAST = "Завтрак младшая школа Ежедневное полное меню 1-4 кл.(род+дотация)";
const OPENING = 67_766;
const MAIN = 24_805;
const ILLEGIBLE = 5081;
const CLOSING = 804;

const DISHES: Readonly<Record<string, readonly [code: number, price: number]>> = {
  "Пицца 125 г": [11, 3450],
  "Каша гречневая рассыпчатая 150 г": [12, 830],
  "Котлета рубленая из филе курицы, 100 г": [13, 2385],
  "Салат из белокочанной капусты, 100г": [14, 543],
  "Сок в ассортименте 200 г": [15, 1320],
  "Макароны отварные 150 г": [16, 473],
  "Салат из квашеной капусты 100г": [17, 1005],
  "Рис отварной 150 г": [18, 713],
  "Сосиска отварная 50 г": [19, 1454],
  "Булочка ванильная с изюмом 110 г": [20, 1650],
};

type Printed =
  | { readonly date: string; readonly kind: "breakfast"; readonly charged: 4961 }
  /** `number` 0: the paper does not show it. */
  | {
      readonly date: string;
      readonly kind: "receipt";
      readonly number: number;
      readonly charged: number;
      readonly dishes: readonly string[];
    }
  | { readonly date: string; readonly kind: "illegible"; readonly credited: number };

const breakfast = (date: string): Printed => ({ date, kind: "breakfast", charged: 4961 });
const receipt = (date: string, number: number, charged: number, ...dishes: string[]): Printed => ({
  date,
  kind: "receipt",
  number,
  charged,
  dishes,
});

const [PIZZA, BUCKWHEAT, CUTLET, CABBAGE, JUICE, PASTA, SAUERKRAUT, RICE, SAUSAGE, BUN] = Object.keys(DISHES);

const PAPER: readonly Printed[] = [
  breakfast("2018-01-18"),
  receipt("2018-01-18", 1983, 3450, PIZZA),
  breakfast("2018-01-19"),
  breakfast("2018-01-20"),
  receipt("2018-01-20", 2620, 8528, BUCKWHEAT, CUTLET, CABBAGE, PIZZA, JUICE),
  { date: "2018-03-01", kind: "illegible", credited: ILLEGIBLE },
  receipt("2018-03-13", 0, 7985, BUCKWHEAT, CUTLET, PIZZA, JUICE),
  breakfast("2018-03-14"),
  receipt("2018-03-14", 14_918, 8633, PASTA, CUTLET, SAUERKRAUT, PIZZA, JUICE),
  receipt("2018-03-14", 15_043, 5617, PIZZA, RICE, SAUSAGE),
  breakfast("2018-03-15"),
  receipt("2018-03-15", 15_183, 9635, BUCKWHEAT, CUTLET, PIZZA, BUN, JUICE),
  receipt("2018-03-16", 15_584, 3390, SAUERKRAUT, CUTLET),
];

function policy(receiptsFrom: number): Directive {
  return {
    ...{ kind: "SetSchool", number: 24, name: "Школа №24", operator: "АНО «ССП»", address: null, claimPhone: "", language: "ru" },
    ...{ zoneMinutes: 180, debtLimit: kopecks(15_000), mercyMeals: false, twoPersons: false, receiptsFrom },
  };
}

function card(
  uid: typeof PUPIL,
  number: string,
  holder: "pupil" | "teacher" | "cashier",
  account: number | null,
  staff: number | null,
): Directive {
  return { kind: "SetCard", uid, number, holder, account, staff, state: "active", by: "school", validThrough: DATE("2019-01-01") };
}

const SCHOOL: readonly Directive[] = [
  policy(1),
  { kind: "SetCaterer", id: 1, name: "АНО «ССП»" },
  { kind: "SetClass", id: 1, name: "03Б" },
  { kind: "SetCategory", id: 1, name: "1-4 кл." },
  { kind: "SetMeal", id: 1, name: BREAKFAST, servedFrom: 0, closes: 1440, cutOffDays: 1, cutOffMinute: 900 },
  {
    ...{ kind: "SetTariff", meal: 1, category: 1, share: kopecks(4961), subsidy: kopecks(1500), program: 1, caterer: 1 },
    from: DATE("2018-01-01"),
  },
  { kind: "SetGroup", id: 0, name: "Буфет" },
  ...Object.entries(DISHES).map(([name, [code, price]]): Directive => ({
    ...{ kind: "SetDish", code, name, price: kopecks(price), group: 0, allergens: [], caterer: 1, offered: true },
    from: DATE("2018-01-01"),
  })),
  ...(
    [
      [TILL, "settlement"],
      [WALL, "information"],
    ] as const
  ).map(([id, terminalKind]): Directive => ({
    kind: "SetTerminal",
    id,
    terminalKind,
    enrolment: 1,
    place: "",
    service: "open",
    capacity: 600,
  })),
  { kind: "SetStaff", id: 1, name: "Петрова Анна Ивановна", role: "teacher", class: 1 },
  { kind: "SetStaff", id: 2, name: "Сидорова Вера Павловна", role: "cashier", class: null },
  {
    ...{ kind: "SetAccount", id: 1, number: accountNumber("0242013137"), holder: "pupil", name: "Иванов Иван Иванович" },
    ...{ shortName: "Иван И.", class: 1, category: 1, debtLimit: null, status: "open" },
  },
  card(PUPIL, "24013137", "pupil", 1, null),
  card(TEACHER, "24900001", "teacher", null, 1),
  card(CASHIER, "24900002", "cashier", null, 2),
  { kind: "OpeningBalance", account: 1, main: kopecks(MAIN), additional: kopecks(OPENING - MAIN) },
];

/** 09:00 in Moscow, and `minutes` later. */
const morning = (date: BusinessDate, minutes = 0): number => date * 86_400_000 + (360 + minutes) * 60_000;

async function sell(till: Hand, dishes: readonly string[]): Promise<void> {
  const before = till.papers();
  await till.press("Код");
  for (const dish of dishes) await till.type(String(DISHES[dish][0]));
  await till.press("Готово");
  await till.tap(cardOf({ uid: PUPIL }));
  await till.until("Подтвердить");
  await till.press("Подтвердить");
  await till.until(() => till.papers() > before, 30_000);
  await till.until("Выберите блюда", 30_000);
}

async function serve(wall: Hand): Promise<void> {
  const before = wall.papers();
  await wall.tap(cardOf({ uid: TEACHER }));
  await wall.until("Подтвердить");
  await wall.press("Подтвердить");
  await wall.until(() => wall.papers() > before, 30_000);
  // Switched off before the paper is out, the wall would keep it for the teacher's next tap.
  await wall.wait(5000);
}

async function live(world: World, till: Hand, wall: Hand, row: Printed): Promise<void> {
  if (row.kind === "breakfast") return world.play(serve(wall));
  if (row.kind === "illegible") {
    const sums = { main: kopecks(0), additional: kopecks(row.credited) };
    await world.tell([{ kind: "TopUp", account: 1, ...sums, source: "payment", reference: "not legible" }]);
    return world.run(5000);
  }
  // The numbers in between went to other pupils of the school.
  if (row.number > 0) {
    await world.tell([policy(row.number)]);
    await world.run(5000);
  }
  return world.play(sell(till, row.dishes));
}

function printedRow(row: Printed): unknown {
  if (row.kind === "breakfast") return [row.date, "Табель " + BREAKFAST, [], row.charged, 0];
  if (row.kind === "illegible") return [row.date, "", [], 0, row.credited];
  const name = row.number > 0 ? `Чек №24-${String(row.number).padStart(6, "0")}:` : "Чек";
  return [row.date, name, row.dishes.map((dish) => [dish, DISHES[dish][1]]), row.charged, 0];
}

/** The statement's row with what the paper does not show left out. */
function statementRow(row: StatementRow, printed: Printed): unknown {
  const hidden = printed.kind === "illegible" || (printed.kind === "receipt" && printed.number === 0);
  const name = !hidden ? row.name : printed.kind === "receipt" ? row.name.split(" ")[0] : "";
  return [formatDate(row.date), name, row.lines.map((line) => [line.name, line.amount]), row.charged, row.credited];
}

test("the statement printed for account 0242013137 comes out again, line by line", async (t) => {
  const world = await createWorld({
    ...{ seed: 2018, startMs: morning(DATE("2018-01-15")), schoolNumber: 24, directives: SCHOOL },
    terminals: [
      { id: TILL, kind: "settlement" },
      { id: WALL, kind: "information" },
    ],
  });
  const [till, wall] = [TILL, WALL].map((id) => {
    const terminal = world.terminals.get(id);
    if (!terminal) throw new Error("no terminal");
    return handAt(terminal, world.clock);
  });
  let today = "";
  for (const row of PAPER) {
    if (row.date !== today) {
      await world.sleepUntil(morning(DATE(row.date)));
      // Switched off overnight the till asks for the cashier's card; the shift that was never closed goes on.
      await world.play(till.tap(cardOf({ uid: CASHIER })).then(() => till.until("Выберите блюда")));
      today = row.date;
    }
    await live(world, till, wall, row);
  }
  await world.drain();
  t.deepEqual(await world.cloud.verifyLedger(24), []);
  const statement = await statementFor(world.cloud.store, {
    ...{ school: 24, account: 1, from: FIRST, to: LAST, details: true, schoolNumber: 24 },
  });
  t.is(statement.opening, OPENING);
  t.is(statement.closing, CLOSING);
  t.is(statement.difference, 0);
  t.is(statement.rows.length, PAPER.length);
  t.deepEqual(
    statement.rows.map((row, at) => statementRow(row, PAPER[at])),
    PAPER.map(printedRow),
  );
});
