import test from "ava";
import type { BusinessDate, Directive, Kopecks } from "@trapeza/protocol";
import { CASHIER_CARD, KIOSK, PUPIL, PUPIL_CARD, SCHOOL, TEACHER_CARD, TILL, TODAY, WALL, createTestSchool } from "../_gateway.test.js";
import type { TestGateway } from "../_gateway.test.js";
import { h } from "preact";
import { readTable } from "../documents/sheet-in.js";
import type { Transfer } from "../store/store.js";
import { piece } from "./layout.js";
import { StatementTable } from "./parent/history.js";
import type { Reader } from "./reader.js";
import { statementSheet } from "./statement-files.js";
import { inOrder, isMemo, statementFor } from "./statement.js";
import { ru } from "./parent/words.ru.js";
import type { Statement } from "./statement.js";
import { en } from "./parent/words.en.js";

const sum = (amount: number) => amount as Kopecks;
const day = (after: number) => (TODAY + after) as BusinessDate;

const note = (gateway: TestGateway, purse: "main" | "additional", amount: number) =>
  gateway.fact(KIOSK, {
    kind: "NoteStacked",
    payee: { kind: "card", uid: PUPIL_CARD },
    purse,
    note: sum(amount),
    visit: 1,
    happenedMs: null,
  });
const breakfast = (gateway: TestGateway, date: BusinessDate) =>
  gateway.ask(WALL, { kind: "MealConfirm", uid: TEACHER_CARD, class: 3, meal: 1, date, ids: [PUPIL], admitted: [] });
const buy = (gateway: TestGateway, total: number, lines: { dish: number; quantity: number }[]) =>
  gateway.ask(TILL, {
    kind: "Sale",
    payer: { by: "card", uid: PUPIL_CARD },
    lines,
    total: sum(total),
    menuVersion: gateway.school.menuVersion,
    override: null,
  });

/** Three days: an opening balance; notes, breakfast and receipts; an undone breakfast, a void and a transfer. */
async function threeDays() {
  const { cloud, gateway } = await createTestSchool();
  gateway.direct({ kind: "OpeningBalance", account: PUPIL, main: sum(20000), additional: sum(0) } as Directive);
  gateway.openDay(day(1));
  note(gateway, "additional", 50000);
  breakfast(gateway, day(1));
  gateway.ask(TILL, { kind: "ShiftOpen", uid: CASHIER_CARD, declared: sum(0) });
  buy(gateway, 3450, [{ dish: 11, quantity: 1 }]);
  buy(gateway, 6090, [{ dish: 12, quantity: 2 }, { dish: 11, quantity: 1 }]); // prettier-ignore
  gateway.openDay(day(2));
  breakfast(gateway, day(2));
  gateway.ask(WALL, { kind: "MealUndo", uid: TEACHER_CARD, class: 3, meal: 1, date: day(2), ids: [PUPIL] });
  buy(gateway, 3450, [{ dish: 11, quantity: 1 }]);
  gateway.ask(TILL, { kind: "Void", receipt: 1985, lines: [], reason: "ошибка", supervisor: null });
  gateway.direct({ kind: "Transfer", account: PUPIL, amount: sum(1000), reference: "заявление 5" } as Directive);
  await cloud.intake.receive(gateway.row, gateway.upload());
  return cloud;
}

async function statement(from: number, to: number, more: { details?: boolean; words?: typeof en } = {}): Promise<Statement> {
  const cloud = await threeDays();
  return statementFor(cloud.store, {
    school: SCHOOL,
    account: PUPIL,
    schoolNumber: 24,
    from: day(from),
    to: day(to),
    details: false,
    ...more,
  });
}

const brief = ({ rows }: Statement) => rows.map(({ date, name, charged, credited }) => [date - TODAY, name, charged, credited]);

test("every operation has its row, and the statement adds up", async (t) => {
  const found = await statement(0, 2);
  t.deepEqual(brief(found), [
    [0, "Установка начального баланса", 0, 20000],
    [1, "Пополнение наличными, дополнительный счёт", 0, 50000],
    [1, "Табель Завтрак младшая школа", 4961, 0],
    [1, "Чек №24-001983", 3450, 0],
    [1, "Чек №24-001984", 6090, 0],
    [2, "Табель Завтрак младшая школа", 4961, 0],
    [2, "Возврат родительской платы: Завтрак младшая школа", 0, 4961],
    [2, "Чек №24-001985", 3450, 0],
    [2, "Возврат по чеку №24-001985", 0, 3450],
    [2, "Перевод с основного счёта на дополнительный", 1000, 1000],
  ]);
  t.deepEqual([found.opening, found.closing, found.difference], [0, 55499, 0]);
});

test("a period begins with what was there before and ends with what is left", async (t) => {
  const found = await statement(1, 1);
  t.deepEqual([found.opening, found.closing, found.difference], [20000, 55499, 0]);
  t.is(found.rows.length, 4);
  const later = await statement(3, 9);
  t.deepEqual([later.opening, later.rows.length, later.closing], [55499, 0, 55499]);
});

test("with details a receipt lists its dishes with what each cost", async (t) => {
  const { rows } = await statement(1, 1, { details: true });
  t.deepEqual(rows[3], {
    ...rows[3],
    name: "Чек №24-001984:",
    lines: [
      { name: "Сок в ассортименте 200 г × 2", amount: 2640 },
      { name: "Пицца 125 г", amount: 3450 },
    ],
  });
});

test("a banned dish that was sold all the same, and a pupil without a card, are told on the receipt's row", async (t) => {
  const { cloud, gateway } = await createTestSchool();
  gateway.direct({
    kind: "SetLimits",
    account: PUPIL,
    dailyLimit: null,
    stopList: false,
    bannedDishes: [12],
    bannedAllergens: [],
  } as Directive);
  gateway.openDay(day(1));
  note(gateway, "additional", 50000);
  gateway.ask(TILL, { kind: "ShiftOpen", uid: CASHIER_CARD, declared: sum(0) });
  const sale = { kind: "Sale", menuVersion: gateway.school.menuVersion } as const;
  const card = { by: "card", uid: PUPIL_CARD } as const;
  gateway.ask(TILL, { ...sale, payer: card, lines: [{ dish: 12, quantity: 1 }], total: sum(1320), override: "doctor" });
  gateway.ask(TILL, {
    ...sale,
    payer: { by: "list", account: PUPIL },
    lines: [{ dish: 11, quantity: 1 }],
    total: sum(3450),
    override: null,
  });
  await cloud.intake.receive(gateway.row, gateway.upload());
  const period = { school: SCHOOL, account: PUPIL, schoolNumber: 24, from: day(1), to: day(1), details: false };
  const names = (await statementFor(cloud.store, period)).rows.map(({ name }) => name);
  t.deepEqual(names, [
    "Пополнение наличными, дополнительный счёт",
    "Чек №24-001983, запрещённое блюдо: по указанию врача",
    "Чек №24-001984, без карты, узнан по фотографии",
  ]);
});

test("the same rows are named in English", async (t) => {
  t.deepEqual(brief(await statement(0, 0, { words: en })), [[0, "Opening balance set", 0, 20000]]);
});

test("what was charged, put right and paid leads from the balance before to the balance after, each in its own sum", async (t) => {
  const { opening, closing, sums } = await statement(0, 2);
  // 49.61 twice for breakfasts, 34.50 + 60.90 + 34.50 for purchases; 200 brought along, one breakfast and one purchase taken back; 500 in notes.
  t.deepEqual(sums, { charged: 4961 * 2 + 3450 * 2 + 6090, recalculated: 20000 + 4961 + 3450, paid: 50000 });
  t.is(opening - sums.charged + sums.recalculated + sums.paid, closing);
  const { cloud, gateway } = await createTestSchool();
  const payment = { kind: "TopUp", account: PUPIL, main: sum(30000), additional: sum(0), source: "payment" } as const;
  const back = { kind: "ForcedDebit", account: PUPIL, purse: "main", amount: sum(10000) } as const;
  gateway.direct(
    { ...payment, reference: "1" },
    { ...payment, source: "claim", reference: "2" },
    { ...back, cause: "chargeback", reference: "3" },
    { ...back, cause: "correction", reference: "4" },
    { kind: "Fee", account: PUPIL, purse: "main", amount: sum(2500), service: "reissue", reference: "5" },
    { kind: "Transfer", account: PUPIL, amount: sum(1000), reference: "6" },
  );
  await cloud.intake.receive(gateway.row, gateway.upload());
  const period = { school: SCHOOL, account: PUPIL, schoolNumber: 24, details: false, from: day(0), to: day(0) };
  const other = await statementFor(cloud.store, period);
  t.deepEqual(other.sums, { charged: 2500, recalculated: 20000, paid: 20000 });
  t.deepEqual([other.closing, other.difference], [37500, 0]);
});

test("what was sent to the caterer closes its day, on the page's lines and in the file, and changes no sum", async (t) => {
  const cloud = await threeDays();
  const sent = (date: BusinessDate, account: string) =>
    ({ id: date, date, account, amount: 1, caterer: 1, first: day(-7), last: day(0), before: null }) as unknown as Transfer;
  const store = {
    ...cloud.store,
    transfers: async () => [sent(day(1), "caterer/1/meals"), sent(day(1), "caterer/1/buffet"), sent(day(9), "caterer/1/meals")],
    fundedBy: async (_: number, { account }: Pick<Transfer, "account">) => [
      { holder: PUPIL, amount: account.endsWith("meals") ? 4961 : 39 },
    ],
  };
  const found = await statementFor(store, { school: SCHOOL, account: PUPIL, schoolNumber: 24, from: day(0), to: day(2), details: false });
  t.deepEqual(found.memos, [{ date: day(1), name: "Перечисление поставщику питания за 11.01.2018–18.01.2018", amount: 5000 }]);
  t.deepEqual(
    inOrder(found)
      .map((line, i) => (isMemo(line) ? i : null))
      .filter((i) => i !== null),
    [5],
    "after the rows of its day",
  );
  t.deepEqual([found.closing, found.difference], [55499, 0]);
  const head = { title: "Иванов", lines: [] };
  const rows = readTable(statementSheet(found, head, ru));
  t.regex(String(rows?.[7]), /^19\.01\.2018,Перечисление.*: 50,00.₽, остаток не меняется$/);
  const reader = { language: "ru", words: {}, here: "/", token: "", saying: null } as unknown as Reader;
  const table = StatementTable({ words: ru, statement: found, child: { school: SCHOOL, account: PUPIL } });
  const html = piece(reader, h("div", null, table));
  const memo = html.match(/<tr class="row memo">(.*?)<\/tr>/)?.[1] ?? "";
  t.regex(memo, /19\.01\.2018.*Перечисление поставщику питания за 11\.01\.2018–18\.01\.2018: 50,00.₽, остаток не меняется/);
  t.false(memo.includes("href"), "no event is behind it to be proved");
});
