/** What the till shows: to the cashier everything, to the child who looks over the tray nothing that would shame it. */
import { ACCENT, bigLine, button, FAINT, headLine, INK, item, KEYS_TOP, keypad, keyRow, line, RED, tiles, WIDTH } from "./screen.js";
import type { Item, Picture } from "./screen.js";
import { dishesOf, totalOf } from "./settlement-state.js";
import type { At, SettlementState } from "./settlement-state.js";
import { dotOf, formatMoney, receiptNumber, withoutPatronymic } from "./terminal.js";
import { reasonWords } from "./words-reason.js";

/** Last dishes on top, as many as fit. */
const ROWS = 4;
const TILES = 6;

function order(state: SettlementState, notice: string): Item[] {
  const { words } = state;
  const items: Item[] = [];
  if (notice !== "") items.push(line(0, notice, { color: RED, align: "centre" }));
  else if (state.order.length === 0) items.push(line(1, words.empty, { color: FAINT, align: "centre" }));
  const first = notice === "" ? 0 : 1;
  for (let row = first; row < ROWS + first && row < 5 && row - first < state.order.length; row++) {
    const one = state.order[row - first];
    const y = 38 + row * 30;
    items.push(item([8, y, 30, 28], one.quantity > 1 ? one.quantity + "x" : "", "normal", { color: ACCENT }));
    items.push(item([40, y, 196, 28], one.name, "normal", {}));
    items.push(item([238, y, 76, 28], formatMoney(one.priceKopecks * one.quantity), "normal", { align: "right" }));
  }
  return items.concat(
    keyRow([
      { key: "menu", label: words.menu, main: state.order.length === 0, share: 4 },
      { key: "code", label: words.code, share: 4 },
      { key: "less", label: words.less, share: 5 },
      { key: "cash", label: words.cash, share: 6 },
      { key: "void", label: words.voidLast, share: 5 },
    ]),
  );
}

function groups(state: SettlementState): Item[] {
  const names = state.common.menu ? state.common.menu.groups : [];
  const keys = names.map(function (label, index) {
    return { key: "group" + index, label };
  });
  return tiles(keys, 2, Math.max(3, Math.ceil(keys.length / 2))).concat(keyRow([{ key: "back", label: state.common.words.back }]));
}

function dishes(state: SettlementState, at: Extract<At, { kind: "dishes" }>): Item[] {
  const all = dishesOf(state.common.menu, at.group);
  const pages = Math.max(1, Math.ceil(all.length / TILES));
  const from = (at.page % pages) * TILES;
  const keys = all.slice(from, from + TILES).map(function (dish) {
    let quantity = 0;
    for (let i = 0; i < state.order.length; i++) if (state.order[i].dish === dish.code) quantity = state.order[i].quantity;
    return {
      key: "dish" + dish.code,
      label: dish.name,
      detail: (quantity > 0 ? quantity + " x " : "") + formatMoney(dish.price),
      main: quantity > 0,
    };
  });
  const row = [{ key: "back", label: state.common.words.back }].concat(pages > 1 ? [{ key: "more", label: state.words.more }] : [], [
    { key: "done", label: state.common.words.done },
  ]);
  return tiles(keys, 2, 3).concat(keyRow(row));
}

function code(state: SettlementState, digits: string, notice: string): Item[] {
  const last = state.order.length > 0 ? state.order[0].quantity + "x " + state.order[0].name : "";
  const shown = notice !== "" ? notice : digits !== "" ? digits + "_" : last;
  return [item([8, 38, WIDTH - 16, 40], shown, "normal", { color: notice === "" ? INK : RED, align: "centre" })].concat(
    keypad(),
    keyRow([
      { key: "back", label: "<" },
      { key: "cancel", label: state.common.words.done },
    ]),
  );
}

/** The name large enough to call it out; one key, as broad as the screen, takes the money. */
function confirm(state: SettlementState, at: Extract<At, { kind: "confirm" }>): Item[] {
  const { words } = state.common;
  return [
    line(0, withoutPatronymic(at.holder.name), {}),
    line(1, at.holder.className, { color: FAINT }),
    bigLine(104, formatMoney(totalOf(state.order)), ACCENT),
    button([2, KEYS_TOP - 10, 222, 60], { key: "confirm", label: words.confirm, main: true }, "normal"),
    button([228, KEYS_TOP - 10, 90, 60], { key: "cancel", label: words.cancel }, "normal"),
  ];
}

function refused(state: SettlementState, reason: number): Item[] {
  const { common } = state;
  const done = keyRow([{ key: "done", label: common.words.done, main: true }]);
  const neutral = line(1, common.words.askTeacher, { align: "centre" });
  const why = item([8, 150, WIDTH - 16, 24], reason + ". " + reasonWords(common.language, reason), "small", {
    color: FAINT,
    align: "centre",
  });
  return [neutral, why].concat(done);
}

function sold(state: SettlementState, at: Extract<At, { kind: "sold" }>): Item[] {
  const { common, words } = state;
  const receipt = at.receipt > 0 ? words.sold + ", \u2116" + receiptNumber(common, at.receipt) : words.saved;
  const paper = at.printed === "no" ? common.words.notPrinted : "";
  const items = [
    line(0, receipt, { align: "centre" }),
    bigLine(80, formatMoney(at.total), ACCENT),
    line(4, paper, { color: RED, align: "centre" }),
  ];
  return items.concat(keyRow([{ key: "done", label: common.words.done, main: true }]));
}

function question(state: SettlementState, text: string, detail: string): Item[] {
  const { words } = state.common;
  return [line(1, text, { align: "centre" }), line(2, detail, { align: "centre" })].concat(
    keyRow([
      { key: "cancel", label: words.no },
      { key: "yes", label: words.yes, main: true },
    ]),
  );
}

function closed(state: SettlementState, notice: string): Item[] {
  const { words } = state;
  const below = notice !== "" ? notice : words.tapCashier;
  return [line(1, words.shiftClosed, { align: "centre" }), line(2, below, { color: notice === "" ? INK : RED, align: "centre" })];
}

function body(state: SettlementState): Item[] {
  const { at, words, common, last } = state;
  switch (at.kind) {
    case "closed":
      return closed(state, at.notice);
    case "order":
      return order(state, at.notice);
    case "groups":
      return groups(state);
    case "dishes":
      return dishes(state, at);
    case "code":
      return code(state, at.digits, at.notice);
    case "confirm":
      return confirm(state, at);
    case "refused":
      return refused(state, at.reason);
    case "sold":
      return sold(state, at);
    case "voidQuestion":
      return question(state, words.voidQuestion, last ? receiptNumber(common, last.receipt) + "   " + formatMoney(last.total) : "");
    case "closeQuestion":
      return question(state, words.closeShift, "");
    case "voided":
      return [line(0, words.voided, { align: "centre" }), bigLine(80, formatMoney(at.amount), ACCENT)].concat(
        keyRow([{ key: "done", label: common.words.done, main: true }]),
      );
    case "selling":
      return at.late
        ? [line(1, words.queued, { align: "centre" }), line(2, words.noPaperNoSale, { align: "centre" })]
        : [line(1, common.words.wait, { align: "centre" })];
    default:
      return [line(1, common.words.wait, { align: "centre" })];
  }
}

export function viewSettlement(state: SettlementState): Picture {
  const total = state.order.length > 0 ? formatMoney(totalOf(state.order)) : String(state.common.terminal);
  return headLine(state.words.title, total, dotOf(state.common)).concat(body(state));
}
