/** The paper of a class's meal: the kitchen's count, the accountant's prices, the teacher's names, and why somebody could not be served. */
import { eachRow } from "@trapeza/protocol/chip";
import { nameless } from "./information-state.js";
import type { ClassList, InformationState, RefusedPupil, Roll } from "./information-state.js";
import { boldPair, pair, qr, RULE, text, title } from "./receipt.js";
import type { PaperLine } from "./receipt.js";
import { claimCode, claimQr, formatDate, formatMoney, formatTime } from "./terminal.js";
import { say } from "./say.js";
import { INFORMATION, SHARED } from "./words.js";
import { reasonWord } from "./words-reason.js";
import type { Result } from "./terminal.js";

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
function addPrices(lines: PaperLine[], state: InformationState, served: Extract<Result, { kind: "Served" }>): void {
  const { common } = state;
  let total = 0;
  const priced = function (word: string, each: number, count: number): void {
    total += each * count;
    if (each > 0) lines.push(pair("  " + word + " " + formatMoney(each) + " x " + count, formatMoney(each * count)));
  };
  eachRow(served.categories, 0, served.categories.length, function (one) {
    lines.push(text(one.name + ": " + one.count));
    priced(say(common, INFORMATION.share), one.share, one.count);
    priced(say(common, INFORMATION.subsidy), one.subsidy, one.count);
  });
  lines.push(pair(say(common, SHARED.total), formatMoney(total)));
}

/** Those for whom it happened, each name read once: a chip takes a hundredth of a second for it. */
function addNames(lines: PaperLine[], list: ClassList, ids: ReadonlyArray<number>): void {
  const left = ids.slice();
  const add = function (name: string): void {
    lines.push(text(++count + ". " + name));
  };
  let count = 0;
  eachRow(list.pupils, 0, list.pupils.length, function ({ id, name }) {
    const place = left.indexOf(id);
    if (place < 0) return;
    left.splice(place, 1);
    add(name);
  });
  for (let i = 0; i < left.length; i++) add(nameless(left[i]));
}

/** Who was refused, and who could not be ticked at all, with the reason in words: this paper is the teacher's alone. */
function addMissing(
  lines: PaperLine[],
  { common }: InformationState,
  { list, reasons }: Roll,
  ids: ReadonlyArray<number>,
  refused: ReadonlyArray<RefusedPupil>,
): void {
  const left = refused.slice();
  let first = true;
  const add = function (name: string, reason: number): void {
    if (first) lines.push(RULE, text(say(common, INFORMATION.notServed)));
    first = false;
    lines.push(text(name + ": " + say(common, reasonWord(reason))));
  };
  eachRow(list.pupils, 0, list.pupils.length, function ({ id, mark, name }, at) {
    let reason = mark === "not_admitted" && ids.indexOf(id) < 0 ? reasons[at] || 0 : 0;
    for (let i = left.length - 1; i >= 0; i--) if (left[i].id === id) reason = left.splice(i, 1)[0].reason;
    if (reason > 0) add(name, reason);
  });
  for (let i = 0; i < left.length; i++) add(nameless(left[i].id), left[i].reason);
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
  const lines = head(state, roll, undo);
  if (result && result.kind === "Served") addPrices(lines, state, result);
  if (result && result.kind === "Refused") lines.push(text(say(common, reasonWord(result.reason))));
  lines.push(boldPair(say(common, INFORMATION.pupils), String(ids.length)), RULE);
  addNames(lines, roll.list, ids);
  if (!result) lines.push(RULE, text(say(common, INFORMATION.saved)));
  else if (!undo) addMissing(lines, state, roll, ids, refused);
  lines.push(RULE, pair(say(common, SHARED.claimCode), claimCode(common, n)));
  if (result && result.kind === "Served") lines.push(qr(claimQr(common, n, result.proof)));
  return lines;
}
