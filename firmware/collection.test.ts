import test from "ava";
import type { Result } from "@trapeza/protocol/chip";
import { beginPayment, paymentRests } from "./payment-state.js";
import type { PaymentState } from "./payment-state.js";
import { viewPayment } from "./payment-view.js";
import { stepPayment } from "./payment.js";
import { createStage, POLICY, readyCommon, type Stage } from "./stage.js";
import type { Common } from "./terminal.js";

const COLLECTOR = "0a0b0c0d";
const SECOND = "01020304";
const PILES = [
  { note: 10000, count: 12 },
  { note: 50000, count: 1 },
];

function kiosk(fields: Partial<Common> = {}): Stage<PaymentState> {
  return createStage({ begin: beginPayment, step: stepPayment, view: viewPayment, rests: paymentRests }, readyCommon(fields));
}

const holder = (fields: object): Result =>
  ({ kind: "Holder", holder: "collector", name: "Сумкин Олег", account: "", verdict: 0, box: PILES, ...fields }) as unknown as Result;
const SECOND_HOLDER = holder({ holder: "teacher", name: "Орлова Мария", box: [] });
const collected = (fields: object = {}): Result =>
  ({
    ...{
      kind: "Collected",
      collection: 4,
      expected: 170000,
      notes: PILES,
      seal: "7701",
      collector: "Сумкин Олег",
      witness: "Орлова Мария",
    },
    ...{ proven: true, atMs: 0, proof: { epoch: 1, index: 9, leaf: new Uint8Array(16) }, ...fields },
  }) as unknown as Result;
const common = (stage: Stage<PaymentState>, fields: Partial<Common>): void =>
  stage.hear({ kind: "common", common: { ...stage.state.common, ...fields } });

/** A collector's card, known to the gateway. */
function opened(fields: Partial<Common> = {}): Stage<PaymentState> {
  const stage = kiosk(fields);
  stage.hear({ kind: "card", uid: COLLECTOR }, { kind: "answer", tag: "find", result: holder({}) });
  return stage;
}

/** … and the second person's, so that only the cassette is missing. */
function witnessed(fields: Partial<Common> = {}): Stage<PaymentState> {
  const stage = opened(fields);
  stage.press("7", "7", "0", "1", "next");
  stage.hear({ kind: "card", uid: SECOND }, { kind: "answer", tag: "collection", result: SECOND_HOLDER });
  stage.effects();
  return stage;
}

test("card, seal, second person, cassette, paper: stored when the cassette leaves and not before", (t) => {
  const stage = opened();
  t.regex(stage.screen(), /Номер сумки/);
  stage.press("7", "7", "0", "9", "back", "1");
  t.regex(stage.screen(), /7701/);
  stage.press("next");
  t.regex(stage.screen(), /Карта второго.*100,00 x 12.*500,00 x 1.*1 700,00/);
  stage.hear({ kind: "card", uid: SECOND }, { kind: "answer", tag: "collection", result: SECOND_HOLDER });
  t.regex(stage.screen(), /Выньте кассету/);
  t.false(stage.effects().includes("submit Collection"));
  common(stage, { acceptor: "removed" });
  const raw = stage.raw().find((effect) => effect.kind === "submit");
  t.like(raw, { operation: { kind: "Collection", uid: COLLECTOR, witness: SECOND, seal: "7701" } });
  stage.hear({ kind: "stored", tag: "collection", n: 31 }, { kind: "outcome", n: 31, result: collected() });
  const paper = stage.paper().join("\n");
  for (const line of [
    /ИНКАССАЦИЯ/,
    /100,00 x 12 +1 200,00/,
    /Купюр +13/,
    /Ожидается, р\. +1 700,00/,
    /Пломба +7701/,
    /Сумкин/,
    /Орлова/,
    /7-1-31-\d/,
  ]) {
    t.regex(paper, line);
  }
  t.regex(paper, /Пересчитано +_+/);
  stage.effects();
  stage.hear({ kind: "printed", tag: "collection", ok: true });
  t.deepEqual(stage.effects(), ["submit Receipt", "beep good"]);
  t.regex(stage.screen(), /Вставьте пустую/);
  common(stage, { acceptor: "ok" });
  t.regex(stage.screen(), /Приложите карту/);
});

test("the school wants two: nobody goes on alone, and one person's card counts once", (t) => {
  const stage = opened({ policy: { ...POLICY, twoPersons: true } });
  stage.press("1", "next", "alone");
  t.regex(stage.screen(), /Карта второго/);
  t.notRegex(stage.screen(), /Без второго/);
  stage.hear({ kind: "card", uid: COLLECTOR });
  t.regex(stage.screen(), /Нужен другой/);
  stage.hear(
    { kind: "card", uid: SECOND },
    { kind: "answer", tag: "collection", result: holder({ account: "0242131373", holder: "pupil" }) },
  );
  t.regex(stage.screen(), /карта сотрудника/);
});

test("where one is enough the second is asked for and may be left out", (t) => {
  const stage = opened();
  stage.press("1", "next", "alone");
  common(stage, { acceptor: "removed" });
  t.like(
    stage.raw().find((effect) => effect.kind === "submit"),
    { operation: { witness: null } },
  );
});

test("a card that is no collector's opens nothing", (t) => {
  const stage = kiosk({ acceptor: "removed" });
  stage.press("collect");
  stage.hear({ kind: "card", uid: SECOND }, { kind: "answer", tag: "collection", result: SECOND_HOLDER });
  t.regex(stage.screen(), /Это не карта инкассатора/);
  stage.hear({ kind: "card", uid: SECOND }, { kind: "answer", tag: "collection", result: { kind: "Refused", reason: 31 } as never });
  t.regex(stage.screen(), /Это не карта инкассатора/);
  stage.press("cancel");
  t.regex(stage.screen(), /кассета вынута/);
});

test("a full kiosk, a closed one and one without paper still know their collector; nobody else gets further", (t) => {
  for (const fields of [{ acceptor: "full" }, { service: "closed" }, { paper: "out" }] as const) {
    t.regex(opened(fields).screen(), /Номер сумки/);
    const pupil = kiosk(fields);
    pupil.hear({ kind: "card", uid: SECOND }, { kind: "answer", tag: "find", result: holder({ holder: "pupil", account: "0242131373" }) });
    t.regex(pupil.screen(), /Деньги не принимаются/);
    t.false(pupil.effects().includes("accept notes"));
  }
});

test("the gateway is away: the cassette that is out is written down all the same, with the code on the paper instead of the sum", (t) => {
  const stage = kiosk({ up: false, acceptor: "removed" });
  stage.press("collect");
  stage.hear({ kind: "card", uid: COLLECTOR });
  t.regex(stage.screen(), /Номер сумки/);
  stage.press("5", "next");
  stage.hear({ kind: "card", uid: SECOND });
  t.true(stage.effects().includes("submit Collection"));
  stage.hear({ kind: "stored", tag: "collection", n: 8 }, { kind: "timer" });
  t.regex(stage.paper().join("\n"), /Сумма - по коду/);
  t.notRegex(stage.paper().join("\n"), /Ожидается/);
  stage.hear({ kind: "printed", tag: "collection", ok: false });
  t.regex(stage.screen(), /7-1-8-\d.*Чек не напечатан/);
  stage.press("done");
  stage.effects();
  stage.hear({ kind: "outcome", n: 8, result: collected() });
  t.deepEqual(stage.effects(), [], "its paper is out: none lies in the tray tomorrow");
});

test("the power went between the cassette and its paper: the next start prints it from the answer alone", (t) => {
  const stage = kiosk({ acceptor: "removed" });
  stage.hear({ kind: "outcome", n: 31, result: collected() });
  t.regex(stage.paper().join("\n"), /1 700,00[^]*7701[^]*7-1-31/);
  stage.hear({ kind: "printed", tag: "collection", ok: true });
  t.like(
    stage.raw().find((effect) => effect.kind === "submit"),
    { operation: { kind: "Receipt", of: 31, outcome: "printed" } },
  );
});

test("a validator that says nothing cannot tell that its cassette is out: then a key does", (t) => {
  const stage = witnessed({ acceptor: "silent" });
  stage.press("taken");
  t.true(stage.effects().includes("submit Collection"));
  const healthy = witnessed();
  healthy.press("taken");
  t.false(healthy.effects().includes("submit Collection"));
});

test("no room in flash: the collector waits, nothing is printed that nobody has written down", (t) => {
  const stage = witnessed();
  common(stage, { acceptor: "removed" });
  stage.effects();
  stage.hear({ kind: "stored", tag: "collection", n: 0 });
  t.regex(stage.screen(), /Память заполнена/);
  t.deepEqual(stage.effects(), []);
  common(stage, { up: true });
  t.deepEqual(stage.effects(), ["submit Collection"]);
});

test("what the rules could not prove stands on the paper", (t) => {
  const stage = witnessed();
  common(stage, { acceptor: "removed" });
  stage.hear({ kind: "stored", tag: "collection", n: 2 }, { kind: "outcome", n: 2, result: collected({ proven: false, collector: "" }) });
  t.regex(stage.paper().join("\n"), /Требует проверки/);
});

test("walked away from, cancelled, a note offered meanwhile: back to the start with no cash let in", (t) => {
  for (const leave of [
    (stage: Stage<PaymentState>) => stage.hear({ kind: "timer" }),
    (stage: Stage<PaymentState>) => stage.press("cancel"),
  ]) {
    const stage = witnessed();
    stage.hear({ kind: "offered", valueKopecks: 10000 as never });
    t.true(stage.effects().includes("give back"));
    leave(stage);
    t.regex(stage.screen(), /Приложите карту/);
  }
});
