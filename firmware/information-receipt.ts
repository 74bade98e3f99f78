/** The paper of a class's meal: the kitchen's count, the accountant's prices, the teacher's names. */
import { nameOf } from "./information-state.js";
import type { InformationState, Roll, Served } from "./information-state.js";
import { pair, RULE, text, title } from "./receipt.js";
import type { PaperLine } from "./receipt.js";
import { claimCode, claimQr, formatMoney, formatTime } from "./terminal.js";
import { say } from "./say.js";
import { INFORMATION, SHARED } from "./words.js";
import { reasonWord } from "./words-reason.js";

function head(state: InformationState, roll: Roll): PaperLine[] {
  const { common } = state;
  const lines: PaperLine[] = [];
  if (common.policy) lines.push(title(common.policy.school), text(common.policy.caterer));
  return lines.concat([
    title(say(common, INFORMATION.receipt) + " " + roll.list.className),
    text(roll.list.mealName),
    text(formatTime(common.localMs, say(common, SHARED.timeUnknown))),
    pair(say(common, INFORMATION.teacherCard), roll.list.teacherCard),
    RULE,
  ]);
}

function names(roll: Roll, ids: ReadonlyArray<number>): PaperLine[] {
  return ids.map(function (id, index) {
    return text(index + 1 + ". " + nameOf(roll.list, id));
  });
}

/** `served` null: not decided yet; the paper names the operation and the ticked pupils and no price. */
export function classReceipt(
  state: InformationState,
  roll: Roll,
  n: number,
  ids: ReadonlyArray<number>,
  served: Served | null,
): PaperLine[] {
  const { common } = state;
  const lines = head(state, roll);
  if (!served) {
    return lines.concat(names(roll, ids), [
      RULE,
      pair(say(common, INFORMATION.pupils), String(ids.length)),
      text(say(common, INFORMATION.saved)),
      text(claimCode(common, n)),
    ]);
  }
  for (let i = 0; i < served.categories.length; i++) {
    const one = served.categories[i];
    lines.push(text(one.name + ": " + one.count));
    lines.push(
      pair("  " + say(common, INFORMATION.share) + " " + formatMoney(one.share) + " x " + one.count, formatMoney(one.share * one.count)),
    );
    if (one.subsidy > 0)
      lines.push(
        pair(
          "  " + say(common, INFORMATION.subsidy) + " " + formatMoney(one.subsidy) + " x " + one.count,
          formatMoney(one.subsidy * one.count),
        ),
      );
  }
  const eaten = served.served.map(function (one) {
    return one.id;
  });
  lines.push({ kind: "pair", left: say(common, INFORMATION.pupils), right: String(eaten.length), bold: true }, RULE);
  const refused: PaperLine[] = [];
  for (let i = 0; i < served.refused.length; i++) {
    refused.push(text(nameOf(roll.list, served.refused[i].id) + ": " + say(common, reasonWord(served.refused[i].reason))));
  }
  const apart: PaperLine[] = refused.length > 0 ? [RULE, text(say(common, INFORMATION.notServed))] : [];
  return lines.concat(names(roll, eaten), apart, refused, [{ kind: "qr", text: claimQr(common, n, served.proof) }]);
}
