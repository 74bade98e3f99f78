import test from "ava";
import type { Result } from "@trapeza/protocol/chip";
import { xpt2046 } from "@trapeza/protocol/chip";
import { beginPayment, paymentRests } from "./payment-state.js";
import type { PaymentState } from "./payment-state.js";
import { viewPayment } from "./payment-view.js";
import { stepPayment } from "./payment.js";
import { withMenu } from "./technician.js";
import type { Served } from "./technician.js";
import { beginInformation, informationRests } from "./information-state.js";
import { viewInformation } from "./information-view.js";
import { stepInformation } from "./information.js";
import { beginSettlement, settlementRests } from "./settlement-state.js";
import { viewSettlement } from "./settlement-view.js";
import { stepSettlement } from "./settlement.js";
import { createStage, readyCommon, type Stage } from "./stage.js";
import type { Common } from "./terminal.js";

const UID = "0a0b0c0d";
const TECHNICIAN = { kind: "Holder", holder: "technician", name: "Т", account: "", verdict: 0, box: [] } as unknown as Result;
const PUPIL = { ...TECHNICIAN, holder: "pupil", account: "0242131373" } as unknown as Result;

function kiosk(fields: Partial<Common> = {}): Stage<Served<PaymentState>> {
  return createStage(withMenu({ begin: beginPayment, step: stepPayment, view: viewPayment, rests: paymentRests }), readyCommon(fields));
}

const look = (stage: Stage<Served<PaymentState>>): void => stage.press("service", "service", "service", "service", "service");

test("five touches of the number, one after the other, show how things stand; with no gateway too, and without keys", (t) => {
  const stage = kiosk({ up: false });
  stage.press("service", "service", "number", "cancel", "service", "service", "service");
  t.notRegex(stage.screen(), /Сервис/);
  look(kiosk());
  stage.press("number", "cancel");
  look(stage);
  stage.hear({ kind: "looked", facts: ["0.1.0  7-1", "Не отправлено: 3"] });
  t.regex(stage.screen(), /Сервис.*Не отправлено: 3.*Приложите карту техника/);
  t.notRegex(stage.screen(), /Коды/);
  stage.effects();
  stage.press("claims", "acceptor", "touch");
  t.deepEqual(stage.effects(), [], "nothing is done for whoever has no card");
  stage.press("close");
  stage.hear({ kind: "timer" });
  t.regex(stage.screen(), /Приложите карту/);
});

test("a technician's card opens everything, from the menu or from the terminal at rest; another one nothing", (t) => {
  const stage = kiosk();
  look(stage);
  stage.hear({ kind: "card", uid: UID }, { kind: "answer", tag: "service", result: PUPIL });
  t.notRegex(stage.screen(), /Коды/);
  stage.hear({ kind: "card", uid: UID }, { kind: "answer", tag: "service", result: TECHNICIAN });
  t.regex(stage.screen(), /Чек \| Звук \| Коды \| Купюры \| Экран/);
  const direct = kiosk();
  direct.hear({ kind: "card", uid: UID }, { kind: "answer", tag: "find", result: TECHNICIAN });
  t.regex(direct.screen(), /Сервис.*Коды/);
});

test("each key is a deed, and the menu closes by itself", (t) => {
  const stage = kiosk();
  stage.hear({ kind: "card", uid: UID }, { kind: "answer", tag: "find", result: TECHNICIAN });
  stage.effects();
  for (const what of ["paper", "tone", "claims", "acceptor"]) {
    stage.press(what);
    t.deepEqual(stage.effects(), [`service ${what}`]);
  }
  stage.hear({ kind: "timer" }, { kind: "timer" });
  t.regex(stage.screen(), /Приложите карту/);
});

test("in the middle of a visit nothing opens", (t) => {
  const stage = kiosk();
  stage.hear({ kind: "card", uid: UID }, { kind: "answer", tag: "find", result: PUPIL });
  stage.press("main");
  look(stage);
  t.regex(stage.screen(), /Вставляйте/);
});

test("what happens below goes on below: a note's answer, a paper, new surroundings", (t) => {
  const stage = kiosk();
  look(stage);
  stage.hear({ kind: "common", common: readyCommon({ paper: "out" }) });
  stage.press("close");
  stage.hear({ kind: "timer" });
  t.regex(stage.screen(), /Нет бумаги/);
});

test("two crosses, or the card held up once more: four readings become a calibration", (t) => {
  const stage = kiosk();
  stage.hear({ kind: "card", uid: UID }, { kind: "answer", tag: "find", result: TECHNICIAN }, { kind: "card", uid: UID });
  t.regex(stage.screen(), /Нажмите на крест/);
  stage.effects();
  stage.hear({ kind: "touched", x: 300, y: 400 });
  t.deepEqual(stage.effects(), ["service touch"], "the second cross");
  stage.hear({ kind: "touched", x: 3500, y: 3600 });
  const done = stage.raw();
  t.deepEqual(done, [{ kind: "calibrate", crosses: [300, 400, 3500, 3600] }]);
  t.regex(stage.screen(), /Коды/);
});

test("a calibration gives the crosses back, mirrored panels too; two touches of one place are none", (t) => {
  for (const [low, high] of [
    [300, 3500],
    [3600, 250],
  ]) {
    const made = xpt2046.calibrate(xpt2046.packCrosses([low, low, high, high]));
    if (!made) return t.fail();
    const near = (a: { x: number; y: number }, x: number, y: number): void => {
      t.true(Math.abs(a.x - x) <= 1 && Math.abs(a.y - y) <= 1, `${a.x} ${a.y}`);
    };
    near(xpt2046.toPixel(made, low, low), xpt2046.CROSS, xpt2046.CROSS);
    near(xpt2046.toPixel(made, high, high), 320 - xpt2046.CROSS, 240 - xpt2046.CROSS);
  }
  t.is(xpt2046.calibrate(xpt2046.packCrosses([2000, 2000, 2100, 2050])), null);
  t.is(xpt2046.calibrate(new Uint8Array(3)), null);
});

test("a till and a wall have the same menu, without the key for notes; the till's own keys do not open it", (t) => {
  const common = readyCommon({ acceptor: "none" });
  const till = createStage(
    withMenu({ begin: beginSettlement, step: stepSettlement, view: viewSettlement, rests: settlementRests }),
    common,
  );
  const wall = createStage(
    withMenu({ begin: beginInformation, step: stepInformation, view: viewInformation, rests: informationRests }),
    common,
  );
  for (const stage of [till, wall]) {
    stage.press("service", "service", "service", "service", "service");
    t.regex(stage.screen(), /Сервис.*Приложите карту техника/);
    stage.hear({ kind: "card", uid: UID }, { kind: "answer", tag: "service", result: TECHNICIAN });
    t.regex(stage.screen(), /Чек \| Звук \| Коды \| Экран \| Готово/);
    stage.press("close");
    stage.hear({ kind: "timer" });
    t.notRegex(stage.screen(), /Сервис/);
  }
  till.press("extra", "extra", "extra", "extra", "extra");
  t.notRegex(till.screen(), /Сервис/);
});

test("what faces the queue goes on while the menu is open", (t) => {
  let told = 0;
  const plain = { begin: beginSettlement, step: stepSettlement, view: viewSettlement, rests: settlementRests };
  const served = withMenu({ ...plain, beside: () => ++told > 0 });
  served.beside?.(served.begin(readyCommon()));
  t.is(told, 1);
});
