/** What the pupil reads on the display that faces the queue: the order and its sum, one neutral sentence, thanks. Four lines of twenty. */
import { say } from "./say.js";
import { totalOf } from "./settlement-state.js";
import type { SettlementState } from "./settlement-state.js";
import { formatMoney, shortName } from "./terminal.js";
import { SETTLEMENT, SHARED } from "./words.js";

const WIDTH = 20;

/** Left and right edge of one line; the left part gives way. */
function apart(left: string, right: string): string {
  let line = left.slice(0, WIDTH - 1 - right.length);
  while (line.length < WIDTH - right.length) line += " ";
  return line + right;
}

function sum(state: SettlementState, total: number): string {
  return apart(say(state.common, SHARED.total), formatMoney(total));
}

/** Refused or forbidden, for whatever reason, reads the same: everybody in the queue can read it. What the cashier looks up is nobody's business here. */
export function besideSettlement(state: SettlementState): string[] {
  const { at, common, order, holder } = state;
  switch (at.kind) {
    case "closed":
      return ["", say(common, SETTLEMENT.shiftClosed)];
    case "refused":
    case "banned":
      return ["", say(common, SHARED.askTeacher)];
    case "sold":
      return ["", say(common, SHARED.thanks), "", sum(state, at.total)];
  }
  if (order.length === 0) return [];
  const lines: string[] = [];
  // Of a long order the dishes that were added last.
  for (let i = Math.min(order.length, 3) - 1; i >= 0; i--) {
    const { name, quantity, priceKopecks } = order[i];
    lines.push(apart((quantity > 1 ? quantity + "x" : "") + name, formatMoney(priceKopecks * quantity)));
  }
  if (at.kind === "confirm" && holder) lines.splice(0, lines.length, shortName(holder.name));
  while (lines.length < 3) lines.push("");
  return lines.concat([sum(state, totalOf(order))]);
}
