/** The till's lists: whatever is chosen is chosen from the same tiles, page by page. */
import { rowAt } from "@trapeza/protocol/chip";
import { say } from "./say.js";
import { placesOf } from "./settlement-state.js";
import type { Order, Picked, SettlementState } from "./settlement-state.js";
import { formatMoney } from "./terminal.js";
import { SETTLEMENT, SHARED } from "./words.js";
import type { Word } from "./words.js";

/** Tiles beside each other: names of classes are short, reasons are whole sentences. */
export function columnsOf(what: Picked): number {
  return what === "class" ? 3 : what === "override" ? 1 : 2;
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

function quantityOf(order: Order, dish: number): number {
  for (let i = 0; i < order.length; i++) if (order[i].dish === dish) return order[i].quantity;
  return 0;
}

function counted(name: string, quantity: number, price: number): Entry {
  return { label: name, detail: (quantity > 0 ? quantity + " x " : "") + formatMoney(price), chosen: quantity > 0 };
}

function wordsOf(what: Picked): ReadonlyArray<Word> {
  return what === "service" ? SERVICE_WORDS : what === "reason" ? REASON_WORDS : OVERRIDE_WORDS;
}

/** How many can be chosen; their keys are "0", "1", … */
export function countOf({ common, list, take }: SettlementState, what: Picked, of: number): number {
  if (what === "dish") return placesOf(common.menu, of).length;
  if (what === "line") return take.length;
  if (what === "group") return common.menu ? common.menu.groups.length : 0;
  if (what === "class" || what === "pupil") return list ? list.length : 0;
  return wordsOf(what).length;
}

/** One that can be chosen. `i` is below {@link countOf}. */
export function entryAt({ common, list, order, sale, take }: SettlementState, what: Picked, of: number, i: number): Entry {
  const { menu } = common;
  if (what === "dish" && menu) {
    const { code, name, price } = rowAt(menu.dishes, placesOf(menu, of)[i]);
    return counted(name, quantityOf(order, code), price);
  }
  if (what === "line" && sale) {
    const { name, price } = rowAt(sale.lines, i);
    return counted(name, take[i], price);
  }
  if (what === "group" && menu) return { label: rowAt(menu.groups, i), detail: "", chosen: false };
  // A detail, if only a blank, gives a name two lines.
  if (list && (what === "class" || what === "pupil"))
    return { label: rowAt(list, i).name, detail: what === "pupil" ? " " : "", chosen: false };
  return { label: say(common, wordsOf(what)[i]), detail: "", chosen: false };
}
