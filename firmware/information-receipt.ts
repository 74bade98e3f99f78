/** The paper of a class's meal: the kitchen's count, the accountant's prices, the teacher's names, and why somebody could not be served. */
import type { Result } from "@trapeza/protocol/chip";
import { nameOf } from "./information-state.js";
import type { InformationState, RefusedPupil, Roll } from "./information-state.js";
import { boldPair, pair, qr, RULE, text, title } from "./receipt.js";
import type { PaperLine } from "./receipt.js";
import { claimCode, claimQr, formatDate, formatMoney, formatTime } from "./terminal.js";
import { say } from "./say.js";
import { INFORMATION, SHARED } from "./words.js";
import { reasonWord } from "./words-reason.js";

function head(state: InformationState, roll: Roll, undo: boolean): PaperLine[] {
  const { common } = state;
  const { list } = roll;
  const lines: PaperLine[] = [];
  if (common.policy) {
    lines.push(
      title(common.policy.school),
      text(common.policy.caterer),
      pair(say(common, SHARED.school), "\u2116 " + common.policy.schoolNumber),
    );
  }
  return lines.concat([
    title(say(common, undo ? INFORMATION.undoReceipt : INFORMATION.receipt) + " " + list.className),
    pair(list.mealName, formatDate(list.date)),
    text(formatTime(common.localMs, say(common, SHARED.timeUnknown))),
    pair(say(common, INFORMATION.teacherCard), list.teacherCard),
    RULE,
  ]);
}

/** Prices by category, and what the class's parents and the budget pay in all. */
function prices(state: InformationState, served: Extract<Result, { kind: "Served" }>): PaperLine[] {
  const { common } = state;
  const lines: PaperLine[] = [];
  let total = 0;
  const priced = function (word: string, each: number, count: number): void {
    total += each * count;
    if (each > 0) lines.push(pair("  " + word + " " + formatMoney(each) + " x " + count, formatMoney(each * count)));
  };
  for (let i = 0; i < served.categories.length; i++) {
    const one = served.categories[i];
    lines.push(text(one.name + ": " + one.count));
    priced(say(common, INFORMATION.share), one.share, one.count);
    priced(say(common, INFORMATION.subsidy), one.subsidy, one.count);
  }
  lines.push(pair(say(common, SHARED.total), formatMoney(total)));
  return lines;
}

/** Who was refused, and who could not be ticked at all, with the reason in words: this paper is the teacher's alone. */
function missing(state: InformationState, roll: Roll, ids: ReadonlyArray<number>, refused: ReadonlyArray<RefusedPupil>): PaperLine[] {
  const { common } = state;
  const lines: PaperLine[] = [];
  for (let i = 0; i < refused.length; i++) {
    lines.push(text(nameOf(roll.list, refused[i].id) + ": " + say(common, reasonWord(refused[i].reason))));
  }
  for (let i = 0; i < roll.list.pupils.length; i++) {
    const { id, mark, name, reason } = roll.list.pupils[i];
    if (mark === "not_admitted" && reason > 0 && ids.indexOf(id) < 0) lines.push(text(name + ": " + say(common, reasonWord(reason))));
  }
  return lines.length > 0 ? [RULE as PaperLine, text(say(common, INFORMATION.notServed))].concat(lines) : lines;
}

/**
 * `ids`: for whom it happened. `result` null: not decided yet; the paper names the operation and the ticked pupils and no price. `undo`: the paper that
 * makes the one before it void.
 */
export function classReceipt(
  state: InformationState,
  roll: Roll,
  n: number,
  undo: boolean,
  ids: ReadonlyArray<number>,
  refused: ReadonlyArray<RefusedPupil>,
  result: Result | null,
): PaperLine[] {
  const { common } = state;
  const names = ids.map(function (id, index) {
    return text(index + 1 + ". " + nameOf(roll.list, id));
  });
  let lines = head(state, roll, undo);
  if (result && result.kind === "Served") lines = lines.concat(prices(state, result));
  if (result && result.kind === "Refused") lines.push(text(say(common, reasonWord(result.reason))));
  lines.push(boldPair(say(common, INFORMATION.pupils), String(ids.length)), RULE);
  lines = lines.concat(names);
  if (!result) lines.push(RULE, text(say(common, INFORMATION.saved)));
  else if (!undo) lines = lines.concat(missing(state, roll, ids, refused));
  lines.push(RULE, pair(say(common, SHARED.claimCode), claimCode(common, n)));
  if (result && result.kind === "Served") lines.push(qr(claimQr(common, n, result.proof)));
  return lines;
}
