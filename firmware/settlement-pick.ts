/** The till's lists: whatever is chosen is chosen from the same tiles, page by page. */
import { say } from "./say.js";
import { dishesOf } from "./settlement-state.js";
import type { Picked, SettlementState } from "./settlement-state.js";
import { formatMoney } from "./terminal.js";
import { SETTLEMENT, SHARED } from "./words.js";
import type { Word } from "./words.js";

/** Tiles beside each other: names of classes are short. */
export function columnsOf(what: Picked): number {
  return what === "class" ? 3 : 2;
}

/** Tiles below each other: in lists of people more than in lists with prices, so that a class is three pages. */
export function rowsOf(what: Picked): number {
  return what === "class" || what === "pupil" || what === "group" ? 4 : 3;
}

/** Services in the order of their tiles; behind them the X report and the last paper once more. */
export const SERVICE_WORDS: ReadonlyArray<Word> = [
  SETTLEMENT.activation,
  SETTLEMENT.reissue,
  SETTLEMENT.password,
  SETTLEMENT.xReport,
  SHARED.copy,
];
/** As in `VOID_REASONS`. */
export const REASON_WORDS: ReadonlyArray<Word> = [SETTLEMENT.mistake, SETTLEMENT.returned, SETTLEMENT.notServed];
/** As in `OVERRIDES`, without its first. */
const OVERRIDE_WORDS: ReadonlyArray<Word> = [SETTLEMENT.parentSaid, SETTLEMENT.doctorSaid, SETTLEMENT.notInIt];

export interface Entry {
  readonly label: string;
  /** Beside the label, "" for nothing. */
  readonly detail: string;
  readonly chosen: boolean;
}

function quantityOf(state: SettlementState, dish: number): number {
  for (let i = 0; i < state.order.length; i++) if (state.order[i].dish === dish) return state.order[i].quantity;
  return 0;
}

function counted(name: string, quantity: number, price: number): Entry {
  return { label: name, detail: (quantity > 0 ? quantity + " x " : "") + formatMoney(price), chosen: quantity > 0 };
}

/** All that can be chosen, in the order of its keys "0", "1", … */
export function entriesOf(state: SettlementState, what: Picked, of: number): Entry[] {
  const { common, sale, take } = state;
  if (what === "dish") {
    return dishesOf(common.menu, of).map(function (dish) {
      return counted(dish.name, quantityOf(state, dish.code), dish.price);
    });
  }
  if (what === "line") {
    return take.map(function (quantity, i) {
      return counted(sale ? sale.lines[i].name : "", quantity, sale ? sale.lines[i].price : 0);
    });
  }
  const plain = function (label: string): Entry {
    return { label, detail: "", chosen: false };
  };
  if (what === "group") return common.menu ? common.menu.groups.map(plain) : [];
  if (what === "class" || what === "pupil") {
    return state.list.map(function (one) {
      // A detail, if only a blank, gives a name two lines.
      return { label: one.name, detail: what === "pupil" ? " " : "", chosen: false };
    });
  }
  const words = what === "service" ? SERVICE_WORDS : what === "reason" ? REASON_WORDS : OVERRIDE_WORDS;
  return words.map(function (word) {
    return { label: say(common, word), detail: what === "override" ? " " : "", chosen: false };
  });
}
