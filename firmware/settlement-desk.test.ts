import test from "ava";
import type { Kopecks, Result } from "@trapeza/protocol/chip";
import { beginSettlement, type SettlementState } from "./settlement-state.js";
import { viewSettlement } from "./settlement-view.js";
import { stepSettlement } from "./settlement.js";
import { createStage, POLICY, readyCommon, type Stage } from "./stage.js";
import type { Common, Menu } from "./terminal.js";

const CASHIER = "aabbccdd";
const SUPERVISOR = "99887766";
const PUPIL = "11223344";
const PROOF = { epoch: 1, index: 9, leaf: new Uint8Array(16) };
const MENU = {
  kind: "Menu",
  version: 4,
  groups: ["Pastry"],
  dishes: [
    { code: 11, name: "Pizza", price: 3450, group: 0 },
    { code: 12, name: "Cake", price: 6000, group: 0 },
  ],
} as unknown as Menu;
const policy = { ...POLICY, activationFee: 3300 as Kopecks, reissueFee: 25000 as Kopecks };
const result = (kind: string, fields: object = {}): Result => ({ kind, ...fields }) as unknown as Result;
const shiftDone = (fields: object = {}): Result =>
  result("ShiftDone", {
    ...{ shift: 3, open: true, sales: 0, salesTotal: 0, cashTotal: 0, voids: 0, voidsTotal: 0, fees: 0, float: 0, atMs: 0 },
    ...{ cashExpected: 0, cashDeclared: 0, firstReceipt: 0, lastReceipt: 0, ...fields },
  });
const holder = (fields: object = {}): Result =>
  result("Holder", {
    ...{ handle: 77, holder: "pupil", name: "Petrov Ivan", className: "5A", cardNumber: "24000042", account: "", main: 0, additional: 0 },
    ...{ verdict: 0, ticketKey: null, suspect: false, banned: [], ...fields },
  });
const soldBefore = (fields: object = {}): Result =>
  result("SoldBefore", {
    ...{ receipt: 1983, date: 20777, cash: false, supervisor: false },
    lines: [
      { name: "Pizza", price: 3450, quantity: 2, voided: 0 },
      { name: "Tea", price: 1000, quantity: 3, voided: 1 },
    ],
    ...fields,
  });
const voided = (fields: object = {}): Result =>
  result("Voided", { amount: 3450, cash: false, main: 0, additional: 9000, proof: PROOF, ...fields });

function common(fields: Partial<Common> = {}): Common {
  return readyCommon({ menu: MENU, acceptor: "none", policy, ...fields });
}

/** A till with an open shift; `n` of the operation that opened it was 1. */
function till(): Stage<SettlementState> {
  const stage = createStage({ begin: beginSettlement, step: stepSettlement, view: viewSettlement, rests: () => true }, common());
  stage.hear({ kind: "card", uid: CASHIER }, { kind: "stored", tag: "shift", n: 1 }, { kind: "outcome", n: 1, result: shiftDone() });
  stage.raw();
  return stage;
}

const card = (uid: string) => ({ kind: "card", uid }) as const;
const answer = (tag: string, of: Result | null) => ({ kind: "answer", tag, result: of }) as const;
const done = (tag: string, n: number, of: Result) => [{ kind: "stored", tag, n } as const, { kind: "outcome", n, result: of } as const];

/** What was asked of the gateway last, or handed to the outbox. */
function wanted(stage: Stage<SettlementState>): object {
  const found = stage
    .raw()
    .flatMap((effect): object[] => (effect.kind === "ask" ? [effect.message] : effect.kind === "submit" ? [effect.operation] : []));
  return found[found.length - 1] ?? {};
}

test("a drawer without a difference says so: 0,00", (t) => {
  const stage = till();
  stage.hear(card(CASHIER));
  stage.press("5", "0", "next");
  stage.hear(...done("shift", 4, shiftDone({ open: false, cashExpected: 5000, cashDeclared: 5000 })));
  t.regex(stage.screen(), /Разница в кассе \| 0,00/);
});

test("the shift closes with the counted sum, and the paper says what is missing", (t) => {
  const stage = till();
  stage.hear(card(CASHIER));
  t.regex(stage.screen(), /Сколько денег в кассе/);
  stage.press("next");
  t.deepEqual(wanted(stage), {}, "nothing is declared by leaving the line empty");
  stage.press("3", "4", "0", "0", "5", "back", "0");
  t.regex(stage.screen(), /340,00/);
  stage.press("next");
  t.like(wanted(stage), { kind: "Shift", action: "close", uid: CASHIER, declared: 34000 });
  const sums = { open: false, sales: 12, salesTotal: 41400, cashTotal: 34500, voids: 1, voidsTotal: 3450, fees: 3300, cashExpected: 37800 };
  const drawer = { cashDeclared: 34000, firstReceipt: 1980, lastReceipt: 1991 };
  stage.hear(...done("shift", 4, shiftDone({ ...sums, ...drawer })));
  const paper = stage.paper();
  t.is(paper[0], "Смена 3: Z");
  for (const line of ["Продажи (12)              414,00", "За наличные               345,00", "Возвраты (1)               34,50"])
    t.true(paper.includes(line), paper.join("\n"));
  for (const line of ["Должно быть               378,00", "Насчитано                 340,00", "Разница в кассе           -38,00"])
    t.true(paper.includes(line), paper.join("\n"));
  t.true(paper.some((line) => line.includes("24-001980 - 24-001991")));
  t.regex(stage.screen(), /Разница в кассе \| -38,00/);
  stage.hear({ kind: "timer" });
  t.regex(stage.screen(), /Смена закрыта/);
});

test("an X report is printed without closing anything", (t) => {
  const stage = till();
  stage.press("extra", "3");
  t.deepEqual(wanted(stage), { kind: "ShiftReport" });
  stage.hear(answer("report", shiftDone({ sales: 2, salesTotal: 6900, cashExpected: 0 })));
  t.is(stage.paper()[0], "Смена 3: X");
  t.false(stage.paper().some((line) => line.includes("Насчитано")));
  t.is(stage.state.at.kind, "order");
});

test("a receipt is voided by number, by lines, with a reason", (t) => {
  const stage = till();
  stage.press("void", "1", "9", "8", "3", "next");
  t.deepEqual(wanted(stage), { kind: "FindReceipt", receipt: 1983 });
  stage.hear(answer("receipt", soldBefore()));
  t.regex(stage.screen(), /Pizza \| 2 x 34,50 \| Tea \| 2 x 10,00 \| Назад \| Вернуть 89,00/);
  stage.press("0", "1", "1");
  t.regex(stage.screen(), /Вернуть 34,50/);
  stage.press("1");
  t.regex(stage.screen(), /Вернуть 54,50/, "after none come all of them again");
  stage.press("1", "1", "done", "1");
  const operation = { kind: "Void", receipt: 1983, lines: [{ line: 0, quantity: 1 }], reason: "returned", supervisor: null };
  t.deepEqual(wanted(stage), operation);
  stage.hear(...done("voiding", 5, voided()));
  t.is(stage.paper()[0], "Возврат по чеку №24-001983");
  t.true(stage.paper().includes("Pizza                  1 x 34,50"), stage.paper().join("\n"));
  t.regex(stage.screen(), /Возвращено \| 34,50/);
});

test("nothing chosen is nothing voided", (t) => {
  const stage = till();
  stage.press("void", "5", "next");
  stage.hear(answer("receipt", soldBefore({ lines: [{ name: "Pizza", price: 3450, quantity: 1, voided: 0 }] })));
  stage.raw();
  stage.press("0", "done");
  t.deepEqual(wanted(stage), {});
  t.is(stage.state.at.kind, "pick");
});

test("an older receipt waits for a supervisor's card; cash goes back as cash", (t) => {
  const stage = till();
  stage.press("void", "7", "next");
  stage.hear(answer("receipt", soldBefore({ cash: true, supervisor: true })));
  stage.raw();
  stage.press("done", "0");
  t.regex(stage.screen(), /карту старшего/);
  t.deepEqual(wanted(stage), {});
  stage.hear(card(SUPERVISOR));
  t.like(wanted(stage), { kind: "Void", reason: "mistake", supervisor: SUPERVISOR });
  stage.hear(...done("voiding", 5, voided({ amount: 8900, cash: true })));
  t.true(stage.paper().includes("Наличные"));
});

test("a receipt that is not there is refused by number and words", (t) => {
  const stage = till();
  stage.press("void", "9", "next");
  stage.hear(answer("receipt", result("Refused", { reason: 26 })));
  t.regex(stage.screen(), /26\. Нечего возвращать/);
});

test("a forgotten card: class, pupil, face, sale", (t) => {
  const stage = till();
  stage.press("list");
  t.regex(stage.screen(), /Выберите блюда/, "first the dishes");
  stage.press("code", "1", "1", "cancel", "list");
  t.deepEqual(wanted(stage), { kind: "Browse", class: 0 });
  stage.hear(
    answer("class", result("Classes", { classes: [5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17].map((id) => ({ id, name: id + "A" })) })),
  );
  stage.press("more");
  t.regex(stage.screen(), /17A/);
  stage.press("12");
  t.deepEqual(wanted(stage), { kind: "Browse", class: 17 });
  stage.hear(answer("pupil", result("Pupils", { pupils: [{ id: 17, name: "Petrov Ivan" }] })));
  stage.press("0");
  t.deepEqual(wanted(stage), { kind: "Identify", id: 17, total: 3450 });
  stage.hear(answer("holder", holder({ cardNumber: "" })));
  t.regex(stage.screen(), /Без карты: сверьте лицо/);
  stage.press("confirm");
  t.like(wanted(stage), { kind: "Sale", handle: 77, override: "none" });
  const sold = result("Sold", { receipt: 4, total: 3450, main: 0, additional: 100, atMs: 0, proof: PROOF });
  stage.hear(...done("selling", 6, sold));
  t.true(stage.paper().includes("Без карты"));
});

test("limits hold for a forgotten card as well", (t) => {
  const stage = till();
  stage.press("code", "1", "1", "cancel", "list");
  stage.hear(answer("class", result("Classes", { classes: [{ id: 5, name: "5A" }] })));
  stage.press("0");
  stage.hear(answer("pupil", result("Pupils", { pupils: [{ id: 17, name: "Petrov Ivan" }] })));
  stage.press("0");
  stage.hear(answer("holder", holder({ verdict: 20 })));
  t.regex(stage.screen(), /20\. Дневной лимит/);
  t.notRegex(stage.screen(), /Petrov/);
});

test("rows of the portrait are asked for and drawn one after the other, and kept nowhere", (t) => {
  const stage = till();
  stage.press("code", "1", "1", "cancel");
  stage.hear(card(PUPIL));
  stage.raw();
  stage.hear(answer("holder", holder()));
  t.deepEqual(wanted(stage), { kind: "PhotoRequest", handle: 77, row: 0 });
  const rows = new Uint8Array(36 * 12);
  stage.hear(answer("photo", result("Photo", { width: 72, height: 24, row: 0, rows })));
  t.deepEqual(
    stage.raw().map((effect) => (effect.kind === "photo" ? effect.row : effect.kind === "ask" ? effect.message : effect.kind)),
    [0, { kind: "PhotoRequest", handle: 77, row: 12 }],
  );
  stage.hear(answer("photo", result("Photo", { width: 72, height: 24, row: 12, rows })));
  t.deepEqual(stage.effects(), ["photo row 12"]);
  t.false(JSON.stringify(stage.state).includes("rows"));
  stage.press("cancel");
  stage.raw();
  stage.hear(answer("photo", result("Photo", { width: 72, height: 24, row: 12, rows })));
  t.deepEqual(stage.effects(), [], "a late row is not drawn over the tray");
});

test("a banned dish is named, and sold only with a reason", (t) => {
  const stage = till();
  stage.press("code", "1", "1", "1", "2", "cancel");
  stage.hear(card(PUPIL));
  stage.raw();
  stage.hear(answer("holder", holder({ banned: [12] })));
  t.regex(stage.screen(), /Подойди к учителю \| Cake \| 16\. Блюдо запрещено/);
  t.true(stage.effects().includes("beep refused"));
  stage.press("yes", "1", "confirm");
  t.like(wanted(stage), { kind: "Sale", override: "doctor" });
});

test("a banned dish that is not on the tray bothers nobody", (t) => {
  const stage = till();
  stage.press("code", "1", "1", "cancel");
  stage.hear(card(PUPIL), answer("holder", holder({ banned: [12] })));
  t.is(stage.state.at.kind, "confirm");
});

test("a card is activated for what it costs, with a paper for the money", (t) => {
  const stage = till();
  stage.press("extra", "0");
  t.regex(stage.screen(), /Приложите новую карту \| 33,00/);
  stage.hear(card("0badcafe"));
  t.deepEqual(wanted(stage), { kind: "Activate", uid: "0badcafe", paid: 3300 });
  stage.hear(...done("serving", 7, result("Activated", { name: "Petrov Ivan", cardNumber: "24000050", paid: 3300 })));
  t.true(stage.paper().includes("Итого, р.                  33,00"), stage.paper().join("\n"));
  t.regex(stage.screen(), /Карта активна \| 33,00/);
});

test("a new card is paid for by whoever is found, with or without the old one", (t) => {
  const stage = till();
  stage.press("extra", "1", "list");
  stage.hear(answer("class", result("Classes", { classes: [{ id: 5, name: "5A" }] })));
  stage.press("0");
  stage.hear(answer("pupil", result("Pupils", { pupils: [{ id: 17, name: "Petrov Ivan" }] })));
  stage.press("0");
  stage.hear(answer("holder", holder({ cardNumber: "", verdict: 19 })));
  t.regex(stage.screen(), /250,00/);
  stage.press("confirm");
  t.deepEqual(wanted(stage), { kind: "Fee", handle: 77, service: "reissue", amount: 25000 });
  stage.hear(...done("serving", 8, result("FeeTaken", { name: "Petrov Ivan", account: "0242013137", amount: 25000 })));
  t.is(stage.paper()[0], "Новая карта");
});

test("a one-time password comes out on paper and never on the screen", (t) => {
  const stage = till();
  stage.press("extra", "2");
  stage.hear(card(PUPIL), answer("holder", holder()));
  stage.press("confirm");
  t.deepEqual(wanted(stage), { kind: "AccessCode", handle: 77 });
  const code = result("AccessCode", { account: "0242013137", code: "04718 33902", validThrough: 20791 });
  stage.hear(...done("serving", 9, code));
  t.true(stage.paper().includes("04718 33902"));
  t.true(stage.paper().some((line) => line.includes("Действует до 04.12.2026")));
  t.notRegex(stage.screen(), /04718|0,00/, "nor a sum of nothing");
});

test("a password that nobody waits for any more is not printed; a paid service is", (t) => {
  const stage = till();
  stage.hear({ kind: "outcome", n: 40, result: result("AccessCode", { account: "0242013137", code: "04718 33902", validThrough: 20791 }) });
  t.deepEqual(stage.effects(), []);
  stage.hear({ kind: "outcome", n: 41, result: result("FeeTaken", { name: "Petrov Ivan", account: "0242013137", amount: 25000 }) });
  t.deepEqual(stage.effects(), ["print sale:41"]);
  stage.hear({ kind: "printed", tag: "sale:41", ok: true });
  t.deepEqual(stage.effects(), ["submit Receipt"]);
});

test("without the gateway nobody is looked for, and the till says so", (t) => {
  const stage = till();
  stage.hear({ kind: "common", common: common({ up: false }) });
  stage.press("void", "1", "next");
  t.regex(stage.screen(), /Нет связи/);
  stage.press("extra", "3");
  t.regex(stage.screen(), /Нет связи/);
});
