import test from "ava";
import fc from "fast-check";
import { createSchool } from "@trapeza/protocol";
import type { BusinessDate, Directive, Kopecks, Request } from "@trapeza/protocol";
import {
  CASHIER_CARD,
  KIOSK,
  NOW_MS,
  PUPIL,
  PUPIL_CARD,
  SCHOOL,
  TEACHER_CARD,
  TILL,
  TODAY,
  WALL,
  createTestSchool,
} from "../_gateway.test.js";
import type { TestGateway } from "../_gateway.test.js";
import type { Cell } from "../documents/sheet-out.js";
import type { Store } from "../store/store.js";
import type { Ask, Made } from "./report.js";
import { REPORTS } from "./reports.js";
import type { ReportName } from "./reports.js";
import { ru } from "./words.ru.js";

const sum = (amount: number) => amount as Kopecks;
const day = (later: number) => (TODAY + later) as BusinessDate;
const SALE = { kind: "Sale", payer: { by: "card", uid: PUPIL_CARD }, override: null } as const;

/** A refusal is an answer, too. */
function asked(gateway: TestGateway, terminal: typeof WALL, request: Request): void {
  try {
    gateway.ask(terminal, request);
  } catch (error) {
    if (!(error as Error).message.startsWith("refused")) throw error;
  }
}

function note(gateway: TestGateway, amount: number, purse: "main" | "additional" = "additional"): void {
  const payee = { kind: "card", uid: PUPIL_CARD } as const;
  gateway.fact(KIOSK, { kind: "NoteStacked", payee, purse, note: sum(amount), visit: 1, happenedMs: null });
}

function meal(gateway: TestGateway, kind: "MealConfirm" | "MealUndo", date = gateway.school.date): void {
  const which = { uid: TEACHER_CARD, class: 3, meal: 1, date, ids: [PUPIL] };
  asked(gateway, WALL, kind === "MealConfirm" ? { kind, ...which, admitted: [] } : { kind, ...which });
}

function sell(gateway: TestGateway, dish: 11 | 12, quantity: number, inCash = false): void {
  const ask = {
    lines: [{ dish, quantity }],
    total: sum((dish === 11 ? 3450 : 1320) * quantity),
    menuVersion: gateway.school.menuVersion,
  };
  asked(gateway, TILL, inCash ? { kind: "CashSale", ...ask } : { ...SALE, ...ask });
}

interface Period {
  readonly from?: BusinessDate;
  readonly to?: BusinessDate;
}

function askOf(store: Store, school: Ask["school"], { from = TODAY, to = TODAY, ...more }: Period & Partial<Ask> = {}): Ask {
  const all = { class: null, meal: null, caterer: null, cashier: null, seesDiets: true };
  return { store, id: SCHOOL, school, from, to, today: school.date, nowMs: NOW_MS, words: ru, ...all, ...more };
}

function make(name: ReportName, ask: Ask): Promise<Made> {
  return REPORTS.find((report) => report.name === name)!.make(ask);
}

/** A row as people read it: figures in kopecks, blanks left out. */
const said = (cells: readonly Cell[] | null) =>
  cells?.flatMap((cell) => (cell === null || cell === "" ? [] : [typeof cell === "object" ? cell.kopecks : cell])) ?? null;

async function schoolDay(t: { is: (a: unknown, b: unknown) => void }, live: (gateway: TestGateway) => void) {
  const { cloud, gateway } = await createTestSchool();
  live(gateway);
  t.is((await cloud.intake.receive(gateway.row, gateway.upload())).kind, "Stored");
  return { store: cloud.store, school: gateway.school };
}

test("a shift's sales stand by dish, by receipt and by shift, and agree with what was posted", async (t) => {
  const { store, school } = await schoolDay(t, (gateway) => {
    note(gateway, 10000);
    gateway.ask(TILL, { kind: "ShiftOpen", uid: CASHIER_CARD, declared: sum(5000) });
    sell(gateway, 11, 2);
    sell(gateway, 12, 1, true);
    gateway.ask(TILL, { kind: "Void", receipt: 1983, lines: [{ line: 0, quantity: 1 }], reason: "не та", supervisor: null });
    gateway.ask(TILL, { kind: "ShiftClose", uid: CASHIER_CARD, declared: sum(6220) });
  });
  const ask = askOf(store, school);
  const dishes = await make("dishes", ask);
  t.deepEqual(dishes.rows.map(said), [
    ["Столовая", 11, "Пицца 125 г", 2, 1, 6900, -3450, 3450],
    ["Столовая", 12, "Сок в ассортименте 200 г", 1, 1320, 1320],
  ]);
  t.deepEqual(said(dishes.foot), ["Итого", 3, 1, 6900, 1320, -3450, 4770]);
  const shift = await make("shifts", ask);
  t.deepEqual(shift.rows.map(said), [
    ["18.01.2018", 1, "№ 2, Буфет", "Сидорова Вера Павловна", "24-001983 … 24-001984", 2, 6900, 1320, -3450, 6320, 6220, -100],
  ]);
  const receipts = await make("sales", ask);
  t.deepEqual(
    receipts.rows.map((row) => said(row)?.slice(2)),
    [
      ["24-001983", "Иванов Иван Иванович", "2 × Пицца 125 г", 6900],
      ["24-001984", "наличные", "Сок в ассортименте 200 г", 1320],
      ["24-001983", "Иванов Иван Иванович", "возврат: не та", -3450],
    ],
  );
  const caterers = await make("caterers", ask);
  t.deepEqual(said(caterers.rows[0]), ["Столовая", 6900, 1320, -3450, -1220, 3550], "the drawer kept 1220 of its 1320");
  for (const { checks } of [dishes, shift, receipts, caterers]) t.deepEqual(checks.map(({ here, ledger }) => here - ledger), [0]); // prettier-ignore
  t.deepEqual((await make("shifts", { ...ask, cashier: 99 })).rows, [], "another cashier's shift");
  t.deepEqual((await make("sales", { ...ask, cashier: 99 })).rows, []);
  t.deepEqual((await make("dishes", { ...ask, caterer: 99 })).rows, [], "another caterer's dishes");
});

test("a void of an earlier day's receipt still names its dish", async (t) => {
  const { store, school } = await schoolDay(t, (gateway) => {
    note(gateway, 10000);
    gateway.ask(TILL, { kind: "ShiftOpen", uid: CASHIER_CARD, declared: sum(0) });
    sell(gateway, 11, 1, true);
    gateway.openDay(day(1));
    gateway.write({
      ...{ kind: "SaleVoided", terminal: TILL, shift: 1, cashier: 2, receipt: 1983, account: null, reason: "", supervisor: null },
      lines: [{ line: 0, quantity: 1, price: sum(3450), caterer: 1 }],
      ...{ amount: sum(3450), cash: sum(3450), payable: sum(0), change: null },
    });
  });
  const { rows, checks } = await make("dishes", askOf(store, school, { from: day(1), to: day(1) }));
  t.deepEqual(rows.map(said), [["Столовая", 11, "Пицца 125 г", 1, -3450, -3450]]);
  t.deepEqual(checks.map(({ here, ledger }) => [here, ledger]), [[-3450, -3450]]); // prettier-ignore
});

test("cassettes are told with what went in and out, a bag with what was counted", async (t) => {
  const { store, school } = await schoolDay(t, (gateway) => {
    note(gateway, 10000);
    note(gateway, 5000, "main");
    gateway.fact(KIOSK, { kind: "Collection", uid: CASHIER_CARD, witness: null, seal: "А-17" });
    gateway.openDay(day(1));
    note(gateway, 1000);
    gateway.direct({ kind: "CountCollection", terminal: KIOSK, collection: 1, counted: sum(14900) } as Directive);
  });
  const today = await make("cash", askOf(store, school, { from: day(1), to: day(1) }));
  t.deepEqual(today.rows.map(said), [
    ["В пути в банк", 15000, 15000],
    ["№ 1, Вестибюль", 1000, 1000],
  ]);
  t.deepEqual(today.checks.map(({ here, ledger }) => here - ledger), [0, 0]); // prettier-ignore
  const bags = await make("collections", askOf(store, school));
  t.deepEqual(said(bags.rows[0])?.slice(1), ["№ 1, Вестибюль", "—", "—", "А-17", 15000, 14900, -100], "a cashier collects nothing");
  t.deepEqual(bags.checks.map(({ here, ledger }) => [here, ledger]), [[15000, 15000]]); // prettier-ignore
});

test("attendance counts by service date, and says what was recorded on other days", async (t) => {
  const { store, school } = await schoolDay(t, (gateway) => {
    gateway.openDay(day(1));
    const eaten = { kind: "MealEaten", basis: "paper", uid: TEACHER_CARD, class: 3, meal: 1, ids: [PUPIL] } as const;
    gateway.fact(WALL, { ...eaten, date: TODAY });
    meal(gateway, "MealConfirm");
  });
  const second = await make("attendance", askOf(store, school, { from: day(1), to: day(1) }));
  t.deepEqual(second.rows.map(said), [["03Б", "Иванов Иван Иванович", 1, 1, 4961, 2000]]);
  t.deepEqual(
    second.checks.map(({ here, ledger }) => [here, ledger]),
    [[13922, 13922]],
  );
  t.regex(second.notes[0], /за другие дни: 69,61.*проведено позже: 0,00/);
  const first = await make("attendance", askOf(store, school));
  t.deepEqual(first.rows.map(said), [["03Б", "Иванов Иван Иванович", 1, 1, 4961, 2000]]);
  t.deepEqual(first.checks.map(({ here, ledger }) => [here, ledger]), [[0, 0]]); // prettier-ignore
  t.deepEqual((await make("attendance", askOf(store, school, { class: 4 }))).rows, [], "another class");
  const long = await make("attendance", askOf(store, school, { from: day(-40), to: day(1) }));
  t.is(long.columns[2].head, "01.2018", "months, because so many days have no room");
});

test("ordered, confirmed and served are compared by name", async (t) => {
  const { store, school } = await schoolDay(t, (gateway) => {
    const order = (date: BusinessDate, cancel: boolean) =>
      gateway.direct({ kind: "OrderMeal", account: PUPIL, meal: 1, date, cancel } as Directive);
    order(day(1), false);
    order(day(2), false);
    order(day(4), false);
    order(day(4), true);
    gateway.openDay(day(1));
    gateway.openDay(day(2));
    meal(gateway, "MealConfirm");
    gateway.openDay(day(3));
    meal(gateway, "MealConfirm");
    meal(gateway, "MealUndo");
    gateway.openDay(day(4));
    meal(gateway, "MealConfirm");
  });
  const { rows, foot } = await make("check", askOf(store, school, { from: day(1), to: day(4) }));
  t.deepEqual(
    rows.map((row) => said(row)?.slice(3)),
    [
      [1, "Иванов Иван Иванович — заказано, не подтверждено"],
      [1, 1, 1],
      [1, "Иванов Иван Иванович — подтверждено и отменено"],
      [1, 1, "заказов не было"],
    ],
  );
  t.deepEqual(said(foot), ["Итого", 2, 3, 2]);
  const kitchen = await make("kitchen", askOf(store, school, { from: day(2), to: day(2) }));
  t.deepEqual(kitchen.rows.map(said), [["Завтрак младшая школа", "03Б", 1, 1, 1]]);
  t.regex(kitchen.notes[0], /порций 1/);
  const orders = await make("orders", askOf(store, school, { from: day(1), to: day(14) }));
  t.deepEqual(
    orders.rows.map((row) => said(row)?.slice(4)),
    [
      ["не отпущено", 4961],
      ["отпущено", 4961],
    ],
  );
});

test("what families have forbidden stands beside the menu by name, and on the kitchen's paper by number and without one", async (t) => {
  const [porridge, buns] = [
    { dish: "КАША молочная", allergens: ["Молоко"] },
    { dish: "Сок", allergens: [] },
  ];
  const { store, school } = await schoolDay(t, (gateway) => {
    const bun = gateway.school.dishes.get(11)!.at(-1)!.name;
    const plan = (later: number, dishes: string[]) => ({ kind: "SetMealMenu", meal: 1, date: day(later), dishes }) as Directive;
    const limits = { dailyLimit: null, stopList: false, bannedDishes: [11], bannedAllergens: ["молоко"] };
    gateway.direct(
      ...[plan(1, ["Каша молочная", "Сок", bun]), plan(2, ["Сок"]), plan(3, ["Каша молочная"])],
      { kind: "SetLimits", account: PUPIL, ...limits } as Directive,
      { kind: "OrderMeal", account: PUPIL, meal: 1, date: day(1), cancel: false } as Directive,
    );
  });
  const known = { ...store, recipes: async () => [porridge, buns].map((one) => ({ ...one, composition: "", kcal: null })) };
  const bun = school.dishes.get(11)!.at(-1)!.name;
  const found = await make("diets", askOf(known, school, { from: day(1), to: day(3) }));
  t.deepEqual(
    found.rows.map((row) => said(row)?.slice(2)),
    [
      ["03Б", "Иванов Иван Иванович", "Каша молочная", "Молоко", "заказано"],
      ["03Б", "Иванов Иван Иванович", bun, "запретила семья", "заказано"],
      ["03Б", "Иванов Иван Иванович", "Каша молочная", "Молоко"],
    ],
    "whoever has not ordered may be confirmed with the class all the same",
  );
  const kitchen = await make("kitchen", askOf(known, school, { from: day(1), to: day(1) }));
  t.deepEqual(kitchen.rows.map(said), [["Завтрак младшая школа", "03Б", 1, 1, 1]]);
  t.is(kitchen.columns[4].head, "С запретами");
  t.true(kitchen.notes.includes("Завтрак младшая школа, 03Б: без блюда «Каша молочная» (Молоко) — порций: 1"), kitchen.notes.join("\n"));
  t.false(JSON.stringify(kitchen).includes("Иванов"));
  const cashiers = await make("kitchen", askOf(known, school, { from: day(1), to: day(1), seesDiets: false }));
  t.deepEqual(cashiers.rows.map(said), [["Завтрак младшая школа", "03Б", 1, 1]], "one of one ordered is somebody");
  t.false(/Молоко|запрет/i.test(JSON.stringify(cashiers)), JSON.stringify(cashiers));
  t.deepEqual((await make("diets", askOf(known, school, { from: day(1), to: day(3), class: 4 }))).rows, [], "of another class");
  t.deepEqual((await make("diets", askOf(known, school, { from: day(1), to: day(3), caterer: 9 }))).rows, [], "of another caterer");
});

test("a year of diets gathers the school's pupils once, and of them those with a ban", async (t) => {
  const { store, school } = await schoolDay(t, () => undefined);
  let gathered = 0;
  const accounts = new Map(school.accounts);
  accounts.values = () => (gathered++, school.accounts.values());
  t.deepEqual((await make("diets", askOf(store, { ...school, accounts }, { to: day(400) }))).rows, []);
  t.is(gathered, 1);
});

test("debtors of any day are told by the ledger, today's by the rules as well", async (t) => {
  const { store, school } = await schoolDay(t, (gateway) => {
    meal(gateway, "MealConfirm");
    gateway.openDay(day(1));
    meal(gateway, "MealConfirm");
    gateway.openDay(day(2));
    note(gateway, 10000);
  });
  const owed = async (later: number) => {
    const { rows, checks } = await make("debtors", askOf(store, school, { from: day(later), to: day(later) }));
    return [rows.map((row) => said(row)?.at(-1)), checks.map(({ here, ledger }) => here - ledger)];
  };
  t.deepEqual(await owed(0), [[4961], []]);
  t.deepEqual(await owed(1), [[9922], []]);
  t.deepEqual(await owed(2), [[], [0]]);
});

const STEPS: fc.Arbitrary<(gateway: TestGateway) => void>[] = [
  fc.tuple(fc.constantFrom(1000, 5000, 10000), fc.constantFrom("main" as const, "additional" as const)).map(
    ([amount, purse]) =>
      (gateway) =>
        note(gateway, amount, purse),
  ),
  fc.constantFrom("MealConfirm" as const, "MealUndo" as const).map((kind) => (gateway) => meal(gateway, kind)),
  fc.tuple(fc.constantFrom(11 as const, 12 as const), fc.integer({ min: 1, max: 3 }), fc.boolean()).map(
    ([dish, quantity, inCash]) =>
      (gateway) =>
        sell(gateway, dish, quantity, inCash),
  ),
  fc.integer({ min: 1983, max: 1990 }).map((receipt) => (gateway) => {
    asked(gateway, TILL, { kind: "Void", receipt, lines: [], reason: "", supervisor: null });
  }),
  fc.integer({ min: 1, max: 2 }).map((days) => (gateway) => gateway.openDay((gateway.school.date + days) as BusinessDate)),
  fc.integer({ min: 0, max: 9000 }).map((declared) => (gateway) => {
    asked(gateway, TILL, { kind: "ShiftClose", uid: CASHIER_CARD, declared: sum(declared) });
    asked(gateway, TILL, { kind: "ShiftOpen", uid: CASHIER_CARD, declared: sum(declared) });
  }),
  fc.constant((gateway) => void gateway.fact(KIOSK, { kind: "Collection", uid: CASHIER_CARD, witness: null, seal: "" })),
  fc.integer({ min: 0, max: 3 }).map((ago) => (gateway) => {
    gateway.direct({
      kind: "CorrectMeal",
      account: PUPIL,
      meal: 1,
      date: (gateway.school.date - ago) as BusinessDate,
      reason: "болел",
    } as Directive);
  }),
];

test("whatever happens in a school, and for whatever days it is asked, every report agrees with the postings to the kopeck", async (t) => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof(...STEPS), { minLength: 5, maxLength: 40 }),
      fc.integer({ min: 0, max: 6 }),
      fc.integer({ min: 0, max: 6 }),
      async (steps, start, length) => {
        const { store, school } = await schoolDay(t, (gateway) => {
          gateway.ask(TILL, { kind: "ShiftOpen", uid: CASHIER_CARD, declared: sum(0) });
          for (const step of steps) step(gateway);
        });
        const ask = askOf(store, school, { from: day(start), to: day(start + length) });
        for (const { name, make: makeIt } of REPORTS) {
          const { checks, rows } = await makeIt(ask);
          for (const { what, here, ledger } of checks) t.is(here, ledger, name + ": " + what + ", " + rows.length + " rows");
        }
      },
    ),
    { numRuns: 120 },
  );
});

test("a school without anything has empty reports, not broken ones", async (t) => {
  const { cloud } = await createTestSchool();
  for (const { name, make: makeIt } of REPORTS) {
    const { foot, checks } = await makeIt(askOf(cloud.store, createSchool()));
    t.deepEqual([foot, checks.every(({ here, ledger }) => here === ledger)], [null, true], name);
  }
});
