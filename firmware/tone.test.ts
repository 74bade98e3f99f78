import test from "ava";
import type { Result } from "@trapeza/protocol/chip";
import { beginInformation, informationRests } from "./information-state.js";
import { viewInformation } from "./information-view.js";
import { stepInformation } from "./information.js";
import { beginPayment, paymentRests } from "./payment-state.js";
import { viewPayment } from "./payment-view.js";
import { stepPayment } from "./payment.js";
import { beginSettlement, settlementRests } from "./settlement-state.js";
import { viewSettlement } from "./settlement-view.js";
import { stepSettlement } from "./settlement.js";
import { createStage, readyCommon } from "./stage.js";
import type { Effect } from "./terminal.js";
import { patternOf } from "./tone.js";
import type { Tone } from "./tone.js";

const UID = "11223344";
const REASONS = Array.from({ length: 34 }, (_, reason) => reason).filter((reason) => reason > 0);

const tones = (effects: readonly Effect[]): Tone[] => effects.flatMap((effect) => (effect.kind === "beep" ? [effect.tone] : []));

test("every refusal sounds the same for a child, at the kiosk, the till and the wall", (t) => {
  for (const reason of REASONS) {
    const refused = { kind: "Refused", reason } as Result;
    const kiosk = createStage({ begin: beginPayment, step: stepPayment, view: viewPayment, rests: paymentRests }, readyCommon());
    kiosk.hear({ kind: "card", uid: UID }, { kind: "answer", tag: "find", result: refused });
    const wall = createStage(
      { begin: beginInformation, step: stepInformation, view: viewInformation, rests: informationRests },
      readyCommon(),
    );
    wall.hear({ kind: "card", uid: UID }, { kind: "answer", tag: "tap", result: refused });
    const till = createStage(
      {
        begin: (common) => ({ ...beginSettlement(common), cashier: "aa", at: { kind: "asking" as const } }),
        ...{ step: stepSettlement, view: viewSettlement, rests: settlementRests },
      },
      readyCommon(),
    );
    till.hear({ kind: "answer", tag: "holder", result: refused });
    for (const stage of [kiosk, wall, till]) t.deepEqual(tones(stage.raw()), ["refused"], `reason ${reason}`);
  }
});

test("no two patterns sound alike, and a refusal is one tone", (t) => {
  const all = (["key", "good", "refused", "attention", "alarm"] as const).map(patternOf);
  t.is(new Set(all.map(String)).size, all.length);
  t.is(patternOf("refused").length, 3);
  for (const pattern of all) t.is(pattern.length % 3, 0);
});
