import test from "ava";
import type { AccountNumber, CardUid, Kopecks, Payee, Result } from "@trapeza/protocol/chip";
import { beginPayment, paymentRests } from "./payment-state.js";
import { viewPayment } from "./payment-view.js";
import { stepPayment } from "./payment.js";
import { createStage, readyCommon, type Stage } from "./stage.js";
import type { Common, InterruptedNote, Purse } from "./terminal.js";
import type { PaymentState } from "./payment-state.js";

const UID = "11223344";
const ACCOUNT = "0242131373";
const PROOF = { epoch: 1, index: 9, leaf: new Uint8Array(16) };

function kiosk(fields: Partial<Common> = {}): Stage<PaymentState> {
  return createStage({ begin: beginPayment, step: stepPayment, view: viewPayment, rests: paymentRests }, readyCommon(fields));
}

const holder = {
  kind: "Holder",
  handle: 1,
  holder: "pupil",
  /** As the gateway sends it to a kiosk. */
  name: "Ivan P.",
  className: "5A",
  cardNumber: "24000042",
  account: ACCOUNT,
  main: -2300,
  additional: 0,
  verdict: 0,
} as unknown as Result;

function credited(fields: object = {}): Result {
  return {
    kind: "Credited",
    account: ACCOUNT,
    repaid: 2300,
    balances: { main: 0, additional: 7700 },
    held: false,
    atMs: 0,
    proof: PROOF,
    ...fields,
  } as Result;
}

function note(n: number, valueKopecks: number, purse: Purse, payee: Payee, visit: number, unresolved = false): InterruptedNote {
  return { n, valueKopecks: valueKopecks as Kopecks, purse, payee, visit, unresolved };
}

const CARD: Payee = { kind: "card", uid: UID as CardUid };
const VISIT = 2001;

/** A card tapped, its holder known, the additional purse chosen. */
function inserting(fields: Partial<Common> = {}): Stage<PaymentState> {
  const stage = kiosk(fields);
  stage.hear({ kind: "card", uid: UID }, { kind: "answer", tag: "find", result: holder });
  stage.press("additional");
  stage.effects();
  return stage;
}

function insert(stage: Stage<PaymentState>, n: number, value: number): void {
  const purse = stage.state.at.kind === "notes" ? stage.state.at.purse : "main";
  stage.hear({ kind: "offered", valueKopecks: value as Kopecks }, { kind: "taken", note: note(n, value, purse, CARD, VISIT) });
}

test("a tapped card: given name and initial, a purse, a note, a receipt with debt and balances, idle", (t) => {
  const stage = kiosk();
  stage.hear({ kind: "card", uid: UID });
  t.deepEqual(stage.effects(), ["ask Tap"]);
  stage.hear({ kind: "answer", tag: "find", result: holder });
  t.regex(stage.screen(), /Ivan P\./);
  t.notRegex(stage.screen(), /Petrov|23/);
  stage.press("additional");
  t.true(stage.effects().includes("accept notes"));
  stage.hear({ kind: "offered", valueKopecks: 10000 as Kopecks });
  t.deepEqual(stage.effects(), ["take 10000 additional"]);
  stage.hear({ kind: "taken", note: note(5, 10000, "additional", CARD, VISIT) });
  t.regex(stage.screen(), /100,00/);
  stage.hear({ kind: "outcome", n: 5, result: credited() });
  stage.effects();
  stage.press("done");
  t.deepEqual(stage.effects(), ["accept no notes", "print visit"]);
  t.deepEqual(stage.paper(), [
    ...["Operator", "School 24", "Терминал                       7", "Чек                       7-2001", "20.11.2026 08:05"],
    "-".repeat(32),
    ...["Лицевой счёт          0242131373", "Ivan P."],
    ...["Купюра, Дополнительный    100,00", "Итого, р.                 100,00", "Погашен долг               23,00"],
    ...["Остаток", " Основной                   0,00", " Дополнительный            77,00"],
    "-".repeat(32),
    ...["Код обращения", "7-1-5-3", "TRAPEZA 24 7-1-5-3 1/9 00000000000000000000000000000000", "Вопросы: 8-800"],
  ]);
  stage.hear({ kind: "printed", tag: "visit", ok: true });
  t.deepEqual(stage.effects(), ["submit Receipt", "beep good"]);
  stage.hear({ kind: "timer" });
  t.is(stage.state.at.kind, "idle");
});

test("a typed number never shows a balance or a debt, not even on paper", (t) => {
  const stage = kiosk();
  stage.press("number");
  t.regex(stage.screen(), /Наберите номер счёта \| 1 \| 2/, "an empty line says what is typed in it");
  stage.press(...ACCOUNT.split(""), "next");
  t.true(stage.effects().includes("ask FindAccount"));
  const payee: Payee = { kind: "number", number: ACCOUNT as AccountNumber };
  stage.hear({ kind: "answer", tag: "find", result: { kind: "Payee", name: "Ivan P.", account: ACCOUNT } as Result });
  stage.press("main");
  stage.hear({ kind: "offered", valueKopecks: 5000 as Kopecks }, { kind: "taken", note: note(1, 5000, "main", payee, VISIT) });
  stage.hear({ kind: "outcome", n: 1, result: credited() });
  stage.press("done");
  t.false(stage.paper().some((line) => /Погашен|Остаток|77,00/.test(line)));
  t.true(stage.paper().includes("Лицевой счёт          " + ACCOUNT));
});

test("the check digit catches a typing error before anybody is asked", (t) => {
  const stage = kiosk();
  stage.press("number", ..."0242131374".split(""), "next");
  t.false(stage.effects().some((effect) => effect.startsWith("ask")));
  t.regex(stage.screen(), /Проверьте номер/);
});

test("a number of an older system has no check digit and is asked for as it is", (t) => {
  const stage = kiosk();
  stage.press("number", ..."12345".split(""), "next");
  t.true(stage.effects().includes("ask FindAccount"));
});

test("the purse is chosen before each note, and a note that is inside keeps the one it had", (t) => {
  const stage = inserting();
  insert(stage, 1, 10000);
  stage.press("main");
  stage.effects();
  stage.hear({ kind: "offered", valueKopecks: 50000 as Kopecks });
  stage.press("additional");
  t.deepEqual(stage.effects(), ["take 50000 main"]);
  stage.hear({ kind: "taken", note: note(2, 50000, "main", CARD, VISIT) });
  t.regex(stage.screen(), /600,00/);
});

const reasons: [string, Partial<Common>, RegExp][] = [
  ["there is no paper", { paper: "out" }, /Нет бумаги/],
  ["the printer's cover is open", { paper: "open" }, /принтер не готов/],
  ["the printer says nothing", { paper: "silent" }, /принтер не отвечает/],
  ["the memory is full", { room: false }, /память заполнена/],
  ["the cash box is full", { acceptor: "full" }, /кассета полна/],
  ["the cash box is out", { acceptor: "removed" }, /кассета вынута/],
  ["the acceptor is jammed", { acceptor: "jammed" }, /приёмник неисправен/],
  ["the gateway allows no cash", { service: "no_cash" }, /Не работает/],
  ["nobody has said yet whose terminal this is", { service: "starting", up: false }, /Нет связи/],
];

for (const [title, fields, words] of reasons) {
  test(`no cash when ${title}, and the screen says why`, (t) => {
    const stage = kiosk(fields);
    t.regex(stage.screen(), words);
    // Whoever it is is asked all the same: a collector comes when the box is full. Anybody else gets no further.
    stage.hear({ kind: "card", uid: UID }, { kind: "answer", tag: "find", result: holder });
    t.regex(stage.screen(), words);
    t.false(stage.effects().some((effect) => effect === "accept notes"));
    const busy = inserting();
    busy.hear({ kind: "common", common: readyCommon(fields) });
    t.deepEqual(busy.effects(), ["accept no notes"]);
    busy.hear({ kind: "offered", valueKopecks: 10000 as Kopecks });
    t.deepEqual(busy.effects(), ["give back"]);
  });
}

test("with the gateway away a card is taken at its word; the paper says that the money comes later", (t) => {
  const stage = kiosk({ up: false });
  stage.hear({ kind: "card", uid: UID });
  t.false(stage.effects().some((effect) => effect.startsWith("ask")));
  stage.press("main");
  insert(stage, 3, 10000);
  stage.press("done");
  t.true(stage.effects().includes("print visit"));
  t.true(stage.paper().includes("Принято, будет зачислено"));
  t.true(stage.paper().some((line) => line.startsWith("7-1-3-")));
});

test("with the gateway away a number without a check digit is not taken", (t) => {
  const stage = kiosk({ up: false });
  stage.press("number", ..."12345".split(""), "next");
  t.is(stage.state.at.kind, "idle");
  t.regex(stage.screen(), /только по карте/);
});

test("an unknown account is said, and nothing is taken", (t) => {
  const stage = kiosk();
  stage.hear({ kind: "card", uid: UID }, { kind: "answer", tag: "find", result: { kind: "Refused", reason: 5 } });
  t.regex(stage.screen(), /Нет такого счёта/);
  t.true(stage.effects().includes("beep refused"));
});

test("Готово while a note is still inside waits for it: the note is on the receipt", (t) => {
  const stage = inserting({ up: false });
  stage.hear({ kind: "offered", valueKopecks: 10000 as Kopecks });
  stage.press("done");
  t.false(stage.effects().includes("print visit"));
  stage.hear({ kind: "taken", note: note(4, 10000, "additional", CARD, VISIT) });
  t.true(stage.effects().includes("print visit"));
});

test("a stuck note ends the visit at once, with its code on the paper and not in the sum", (t) => {
  const stage = inserting({ up: false });
  insert(stage, 1, 5000);
  stage.hear({ kind: "offered", valueKopecks: 10000 as Kopecks }, { kind: "taken", note: note(2, 10000, "additional", CARD, VISIT, true) });
  t.true(stage.effects().includes("print visit"));
  t.true(stage.paper().some((line) => line.startsWith("Итого") && line.endsWith(" 50,00")));
  t.true(stage.paper().some((line) => line.includes("приёмник не подтвердил")));
  t.true(stage.paper().some((line) => line.startsWith("7-1-2-")));
});

test("a note that comes back is not money", (t) => {
  const stage = inserting();
  stage.hear({ kind: "offered", valueKopecks: 10000 as Kopecks }, { kind: "returned" });
  t.regex(stage.screen(), /Возьмите купюру/);
  stage.press("done");
  t.is(stage.state.at.kind, "idle");
  t.false(stage.effects().includes("print visit"));
});

test("the gateway's answer is waited for a few seconds, then the paper goes without it", (t) => {
  const stage = inserting();
  insert(stage, 1, 10000);
  stage.press("done");
  t.is(stage.state.at.kind, "settling");
  stage.hear({ kind: "timer" });
  t.true(stage.effects().includes("print visit"));
  t.true(stage.paper().includes("Принято, будет зачислено"));
});

test("a receipt that failed leaves the code on the screen, and the journal is told", (t) => {
  const stage = inserting({ up: false });
  insert(stage, 1, 10000);
  stage.press("done");
  stage.hear({ kind: "printed", tag: "visit", ok: false });
  t.regex(stage.screen(), /Запишите код/);
  t.regex(stage.screen(), /7-1-1-/);
  const sent = stage.raw().find((effect) => effect.kind === "submit");
  t.like(sent, { operation: { kind: "Receipt", of: 1, outcome: "failed" } });
});

test("somebody who walks away gets the receipt all the same", (t) => {
  const stage = inserting({ up: false });
  insert(stage, 1, 10000);
  stage.hear({ kind: "timer" });
  t.true(stage.effects().includes("print visit"));
});

test("an account that is closed is told so before a note is in; one that has moved is told where the money goes", (t) => {
  const closed = kiosk();
  closed.hear({ kind: "card", uid: UID }, { kind: "answer", tag: "find", result: { ...holder, verdict: 12 } as Result });
  t.regex(closed.screen(), /Счёт закрыт/);
  closed.press("number", ..."0242131373", "next");
  closed.hear({ kind: "answer", tag: "find", result: { kind: "Refused", reason: 12 } });
  t.regex(closed.screen(), /Счёт закрыт/);
  const moved = kiosk();
  moved.hear({ kind: "card", uid: UID }, { kind: "answer", tag: "find", result: { ...holder, verdict: 13 } as Result });
  t.regex(moved.screen(), /Зачислим в новой школе/);
  moved.press("main");
  insert(moved, 1, 10000);
  moved.hear({ kind: "outcome", n: 1, result: credited({ held: true, balances: null }) });
  moved.press("done");
  const paper = moved.paper().join("\n");
  t.regex(paper, /Принято, будет зачислено\nЗачислим в новой школе/);
  t.notRegex(paper, /Ждёт проверки/);
});

test("where the school wants both languages a key turns the kiosk round, and the next person begins in Russian", (t) => {
  const both = { ...readyCommon().policy, language: "both" } as Common["policy"];
  const stage = kiosk({ policy: both });
  t.regex(stage.screen(), /EN$/);
  stage.press("language");
  t.deepEqual(stage.effects(), ["language en"]);
  stage.hear({ kind: "common", common: readyCommon({ policy: both, language: "en" }) });
  t.regex(stage.screen(), /Tap the card.*РУС$/);
  stage.hear({ kind: "timer" });
  t.true(stage.effects().includes("language ru"));
  t.notRegex(kiosk().screen(), /EN$/);
});

test("money held in suspense is called so", (t) => {
  const stage = inserting();
  insert(stage, 1, 10000);
  stage.hear({ kind: "outcome", n: 1, result: credited({ held: true }) });
  stage.press("done");
  t.true(stage.paper().includes("Ждёт проверки, сохраните код"));
});

test("notes found in flash after a power cut get their paper at the next start", (t) => {
  const stage = kiosk({ up: false });
  stage.hear({ kind: "interrupted", notes: [note(8, 10000, "main", CARD, 1003), note(9, 5000, "main", CARD, 1003)] });
  t.deepEqual(stage.effects(), ["print visit"]);
  t.true(stage.paper().includes("Восстановлено после сбоя питания"));
  t.true(stage.paper().includes("время неизвестно"));
  t.true(stage.paper().some((line) => line.startsWith("Итого") && line.endsWith("150,00")));
});

test("a note that arrives late, while the next person is at the machine, gets a paper of its own", (t) => {
  const stage = inserting();
  stage.hear({ kind: "taken", note: note(3, 10000, "main", CARD, 999) });
  t.deepEqual(stage.effects(), ["print 3"]);
  stage.hear({ kind: "printed", tag: "3", ok: true });
  t.deepEqual(stage.effects(), ["submit Receipt"]);
  t.regex(stage.screen(), /0,00/);
  t.notRegex(stage.screen(), /100,00/);
});

test("a telephone is told apart from a card", (t) => {
  const stage = kiosk();
  stage.hear({ kind: "stranger" });
  t.regex(stage.screen(), /не школьная карта/);
});

test("a card without a purse is told so before a note is in", (t) => {
  const stage = kiosk();
  const cashier = { ...holder, holder: "cashier", account: "" } as unknown as Result;
  stage.hear({ kind: "card", uid: UID }, { kind: "answer", tag: "find", result: cashier });
  t.is(stage.state.at.kind, "idle");
  t.true(stage.effects().includes("beep refused"));
});

test("a copied card's holder is not shown any longer; once money is in, the visit goes on to its paper", (t) => {
  const stage = inserting();
  stage.hear({ kind: "suspect" });
  t.is(stage.state.at.kind, "idle");
  t.deepEqual(stage.effects(), ["accept no notes", "beep refused"]);
  const paying = inserting();
  insert(paying, 5, 10000);
  paying.effects();
  paying.hear({ kind: "suspect" });
  t.is(paying.state.at.kind, "notes");
  t.deepEqual(paying.effects(), []);
});
