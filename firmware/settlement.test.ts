import test from "ava";
import type { Kopecks, Result } from "@trapeza/protocol/chip";
import { beginSettlement, settlementRests, type SettlementState } from "./settlement-state.js";
import { viewSettlement } from "./settlement-view.js";
import { stepSettlement } from "./settlement.js";
import { createStage, readyCommon, type Stage } from "./stage.js";
import type { Common, Menu } from "./terminal.js";

const CASHIER = "aabbccdd";
const PUPIL = "11223344";
const PROOF = { epoch: 1, index: 9, leaf: new Uint8Array(16) };
const MENU = {
  kind: "Menu",
  version: 4,
  groups: ["Pastry", "Drinks"],
  dishes: [
    { code: 11, name: "Pizza", price: 3450, group: 0 },
    { code: 12, name: "Bun", price: 1650, group: 0 },
    { code: 21, name: "Tea", price: 1000, group: 1 },
  ],
} as unknown as Menu;

const SHIFT = {
  kind: "ShiftDone",
  shift: 3,
  open: true,
  sales: 0,
  salesTotal: 0,
  cashTotal: 0,
  voids: 0,
  voidsTotal: 0,
  fees: 0,
  float: 0,
  firstReceipt: 0,
  lastReceipt: 0,
  cashExpected: 0,
  cashDeclared: 0,
  atMs: 0,
};
const holder = (verdict: number, change: object = {}): Result =>
  ({
    kind: "Holder",
    handle: 77,
    holder: "pupil",
    name: "Petrov Ivan",
    className: "5A",
    cardNumber: "24000042",
    account: "",
    main: 0,
    additional: 0,
    verdict,
    ticketKey: null,
    suspect: false,
    banned: [],
    ...change,
  }) as unknown as Result;
const sold = { kind: "Sold", receipt: 1983, total: 6900, main: 110000, additional: 54100, atMs: 0, proof: PROOF } as unknown as Result;

function till(fields: Partial<Common> = {}): Stage<SettlementState> {
  return createStage(
    { begin: beginSettlement, step: stepSettlement, view: viewSettlement, rests: settlementRests },
    readyCommon({ menu: MENU, acceptor: "none", ...fields }),
  );
}

/** The shift is open, two pizzas lie on the tray. */
function ordering(): Stage<SettlementState> {
  const stage = till();
  stage.hear(
    { kind: "card", uid: CASHIER },
    { kind: "stored", tag: "shift", n: 1 },
    { kind: "outcome", n: 1, result: SHIFT as unknown as Result },
  );
  stage.press("code", "1", "1", "1", "1", "cancel");
  stage.raw();
  return stage;
}

function away(stage: Stage<SettlementState>): void {
  stage.hear({ kind: "common", common: readyCommon({ menu: MENU, acceptor: "none", up: false }) });
}

test("a shift is opened by the cashier's card and nothing is sold before", (t) => {
  const stage = till();
  stage.press("cash", "menu");
  t.deepEqual(stage.effects(), []);
  stage.hear({ kind: "card", uid: CASHIER });
  t.deepEqual(stage.effects(), ["submit Shift"]);
  stage.hear({ kind: "stored", tag: "shift", n: 1 }, { kind: "outcome", n: 1, result: SHIFT as unknown as Result });
  t.is(stage.state.at.kind, "order");
});

test("a card that may not open a shift leaves it closed", (t) => {
  const stage = till();
  stage.hear(
    { kind: "card", uid: PUPIL },
    { kind: "stored", tag: "shift", n: 1 },
    { kind: "outcome", n: 1, result: { kind: "Refused", reason: 10 } },
  );
  t.regex(stage.screen(), /10\. Нужна другая карта/);
  stage.press("done");
  t.regex(stage.screen(), /Смена закрыта/);
});

test("dishes come by tiles, by two figures, and by touching again", (t) => {
  const stage = ordering();
  stage.press("menu", "0", "1", "1", "done", "menu", "1", "0", "done");
  t.deepEqual(
    stage.state.order.map((line) => `${line.quantity} ${line.name}`),
    ["1 Tea", "2 Bun", "2 Pizza"],
  );
  t.regex(stage.screen(), /112,00/);
  stage.press("less", "less");
  t.deepEqual(
    stage.state.order.map((line) => `${line.quantity} ${line.name}`),
    ["1 Bun", "2 Pizza"],
  );
});

test("a code that is no dish is said and changes nothing", (t) => {
  const stage = ordering();
  stage.press("less", "less", "code");
  t.regex(stage.screen(), /Код блюда \| 1 \| 2/, "an empty line says what is typed in it");
  stage.press("9", "9");
  t.regex(stage.screen(), /Нет такого блюда/);
  t.is(stage.state.order.length, 0);
});

test("tap, name, confirm, sold: the paper has number, dishes, prices and both purses", (t) => {
  const stage = ordering();
  stage.hear({ kind: "card", uid: PUPIL });
  const [asked] = stage.raw();
  t.like(asked, { kind: "ask", message: { kind: "Tap", uid: PUPIL, total: 6900 as Kopecks, sun: null } });
  stage.hear({ kind: "answer", tag: "holder", result: holder(0) });
  t.regex(stage.screen(), /Petrov Ivan \| 5A \| PI \| 69,00 \| Подтвердить/);
  stage.raw();
  stage.press("confirm");
  t.like(stage.raw()[0], {
    kind: "submit",
    operation: { kind: "Sale", handle: 77, lines: [{ dish: 11, quantity: 2 }], total: 6900, menuVersion: 4 },
  });
  stage.hear({ kind: "stored", tag: "selling", n: 8 }, { kind: "outcome", n: 8, result: sold });
  t.deepEqual(stage.effects(), ["beep good", "print sale:8"]);
  t.deepEqual(stage.paper(), [
    ...["Чек №24-001983", "School 24", "Школа                         24", "Поставщик: Caterer"],
    ...["Терминал                       7", "20.11.2026 08:05", "Карта                   24000042", "Petrov Ivan, 5A"],
    "-".repeat(32),
    "Pizza          2 x 34,50 = 69,00",
    "-".repeat(32),
    ...["Итого, р.                  69,00", "Основной                1 100,00", "Дополнительный            541,00"],
    "TRAPEZA 24-001983 1/9 00000000000000000000000000000000",
  ]);
  stage.hear({ kind: "printed", tag: "sale:8", ok: true });
  t.like(stage.raw()[0], { operation: { kind: "Receipt", of: 8, outcome: "printed" } });
  stage.hear({ kind: "timer" });
  t.is(stage.state.order.length, 0);
});

/** What the cashier reads beside the number, for whoever stands there with a card and dishes. */
const REFUSALS: readonly (readonly [reason: number, words: string])[] = [
  [5, "Карта неизвестна"],
  [6, "Карта не выдана"],
  [7, "Карта заблокирована"],
  [8, "Срок карты истёк"],
  [9, "Карту нужно проверить"],
  [14, "Счёт заблокирован: долг"],
  [15, "Родители запретили буфет"],
  [19, "Не хватает денег"],
  [20, "Дневной лимит исчерпан"],
  [31, "Карта заявлена потерянной"],
];

for (const [reason, words] of REFUSALS) {
  test(`refused by ${reason}: one neutral sentence for the child, number and words for the cashier, one tone`, (t) => {
    const stage = ordering();
    stage.hear({ kind: "card", uid: PUPIL }, { kind: "answer", tag: "holder", result: holder(reason) });
    t.true(stage.effects().includes("beep refused"));
    t.regex(stage.screen(), /Подойди к учителю/);
    t.true(stage.screen().includes(` ${reason}. ${words}`), stage.screen());
    t.notRegex(stage.screen(), /Petrov/);
    stage.press("done");
    t.is(stage.state.order.length, 1, "the order is kept: it may be paid in cash");
  });
}

test("a refusal at the confirmation keeps the order as well", (t) => {
  const stage = ordering();
  stage.hear({ kind: "card", uid: PUPIL }, { kind: "answer", tag: "holder", result: holder(0) });
  stage.press("confirm");
  stage.hear({ kind: "stored", tag: "selling", n: 8 }, { kind: "outcome", n: 8, result: { kind: "Refused", reason: 18 } });
  t.regex(stage.screen(), /18\. Цена изменилась/);
  t.is(stage.state.order.length, 1);
});

test("without an answer the order waits, and nothing is printed", (t) => {
  const stage = ordering();
  stage.hear({ kind: "card", uid: PUPIL }, { kind: "answer", tag: "holder", result: holder(0) });
  stage.press("confirm");
  stage.hear({ kind: "stored", tag: "selling", n: 8 });
  away(stage);
  stage.raw();
  stage.hear({ kind: "timer" }, { kind: "timer" });
  t.false(stage.effects().some((effect) => effect.startsWith("print")));
  t.regex(stage.screen(), /Без чека не отпускать/);
  stage.hear({ kind: "outcome", n: 8, result: sold });
  t.true(stage.effects().includes("print sale:8"));
});

test("an answer to another operation is not the answer to this one", (t) => {
  const stage = ordering();
  stage.press("cash");
  stage.hear({ kind: "stored", tag: "receipt", n: 7 }, { kind: "stored", tag: "selling", n: 8 });
  stage.raw();
  stage.hear({ kind: "outcome", n: 7, result: { kind: "Recorded" } });
  t.is(stage.state.at.kind, "selling");
});

test("cash is sold with the gateway away, on a paper that bears the operation's name", (t) => {
  const stage = ordering();
  away(stage);
  stage.press("cash");
  stage.hear({ kind: "stored", tag: "selling", n: 8 }, { kind: "timer" });
  t.true(stage.effects().includes("print sale:8"));
  t.regex(stage.paper()[0], /^Чек 7-1-8-\d$/);
  t.is(stage.state.order.length, 0);
});

test("the machine may stand still to connect only when nobody is in the middle of anything", (t) => {
  const stage = till();
  t.true(settlementRests(stage.state), "a closed shift");
  const busy = ordering();
  t.false(settlementRests(busy.state), "dishes on the tray");
  away(busy);
  busy.press("cash");
  t.false(settlementRests(busy.state), "cash waits for paper, not for the wire");
});

test("without room in flash nothing is sold", (t) => {
  const stage = ordering();
  stage.press("cash");
  stage.hear({ kind: "stored", tag: "selling", n: 0 });
  t.regex(stage.screen(), /30\./);
});

test("a tap with nothing on the tray sells nothing", (t) => {
  const stage = ordering();
  stage.press("less", "less");
  stage.raw();
  stage.hear({ kind: "card", uid: PUPIL });
  t.deepEqual(stage.effects(), ["beep refused"]);
});

test("a sale that was decided after the power had gone is said, printed and may be voided whole", (t) => {
  const stage = till();
  stage.hear({ kind: "outcome", n: 8, result: sold });
  t.deepEqual(stage.effects(), ["print sale:8"]);
  t.is(stage.paper()[0], "Чек №24-001983");
  t.regex(stage.screen(), /24-001983 {3}69,00/);
  stage.hear(
    { kind: "card", uid: CASHIER },
    { kind: "stored", tag: "shift", n: 9 },
    { kind: "outcome", n: 9, result: SHIFT as unknown as Result },
  );
  stage.press("void");
  t.regex(stage.screen(), /Номер чека 1983_/);
});

test("cash that was sold with the gateway away and then refused is named by its paper's code", (t) => {
  const stage = ordering();
  away(stage);
  stage.press("cash");
  stage.hear({ kind: "stored", tag: "selling", n: 8 }, { kind: "timer" }, { kind: "timer" });
  stage.raw();
  stage.hear({ kind: "outcome", n: 8, result: { kind: "Refused", reason: 18 } });
  t.deepEqual(stage.effects(), ["beep refused"]);
  t.regex(stage.screen(), /7-1-8-\d: Цена изменилась/);
});

test("a tray never grows beyond what a message holds", (t) => {
  const dishes = Array.from({ length: 50 }, (_, i) => ({ code: 10 + i, name: "Dish", price: 100, group: 0 }));
  const stage = ordering();
  stage.hear({ kind: "common", common: readyCommon({ menu: { ...MENU, dishes } as unknown as Menu, acceptor: "none" }) });
  stage.press("menu", "0", ...dishes.map((_dish, i) => String(i)), "done");
  t.is(stage.state.order.length, 40);
});

test("a card that may be a copy: the cashier is told to look at the face, and may sell", (t) => {
  const stage = ordering();
  stage.hear({ kind: "card", uid: PUPIL }, { kind: "answer", tag: "holder", result: holder(0) });
  stage.raw();
  stage.hear({ kind: "suspect" });
  t.regex(stage.screen(), /Petrov Ivan \| 5A \| Сверьте с фото! \| PI \| 69,00 \| Подтвердить/);
  t.deepEqual(stage.effects(), ["beep attention"]);
  stage.press("confirm");
  t.is(stage.effects()[0], "submit Sale");
});

test("the last receipt comes out once more, marked, without an operation; a password never", (t) => {
  const stage = ordering();
  stage.press("less", "less", "extra", "4");
  t.regex(stage.screen(), /Копировать нечего/);
  const selling = ordering();
  selling.hear({ kind: "card", uid: PUPIL }, { kind: "answer", tag: "holder", result: holder(0) });
  selling.press("confirm");
  selling.hear({ kind: "stored", tag: "selling", n: 8 }, { kind: "outcome", n: 8, result: sold });
  const first = selling.paper();
  selling.hear({ kind: "printed", tag: "sale:8", ok: false }, { kind: "timer" });
  selling.raw();
  selling.press("extra", "4");
  t.deepEqual(selling.effects(), ["print copy"]);
  t.deepEqual(selling.paper(), ["КОПИЯ", ...first, "-".repeat(32), "КОПИЯ"]);
  selling.hear({ kind: "printed", tag: "copy", ok: true });
  t.deepEqual(selling.effects(), [], "the journal knows the paper already");
  const code = { kind: "AccessCode", account: "0242013137", code: "04718 33902", validThrough: 20791 } as unknown as Result;
  selling.press("extra", "2");
  selling.hear({ kind: "card", uid: PUPIL }, { kind: "answer", tag: "holder", result: holder(0) });
  selling.press("confirm");
  selling.hear({ kind: "stored", tag: "serving", n: 9 }, { kind: "outcome", n: 9, result: code }, { kind: "timer" });
  selling.press("extra", "4");
  t.deepEqual(selling.paper().slice(1, 2), first.slice(0, 1));
});
