/** What the till shows: to the cashier everything, to the child who looks over the tray nothing that would shame it. */
import { NORMAL, SMALL } from "./board.js";
import { say } from "./say.js";
import { ACCENT, bigLine, CENTRE, FAINT, headLine, KEY, keypad, KEYS_TOP, line, MAIN, RED, RIGHT, rowKey, tile, WIDTH } from "./screen.js";
import type { Screen } from "./screen.js";
import { dishesOf, totalOf } from "./settlement-state.js";
import type { At, SettlementState } from "./settlement-state.js";
import { dotOf, formatMoney, receiptNumber, withoutPatronymic } from "./terminal.js";
import { reasonWord } from "./words-reason.js";
import { SETTLEMENT, SHARED } from "./words.js";

/** Last dishes on top, as many as fit. */
const ROWS = 4;
const TILES = 6;

function order(state: SettlementState, screen: Screen, notice: string): void {
  const { common } = state;
  if (notice !== "") line(screen, 0, notice, CENTRE + RED);
  else if (state.order.length === 0) line(screen, 1, say(common, SETTLEMENT.empty), CENTRE + FAINT);
  const first = notice === "" ? 0 : 1;
  for (let row = first; row < ROWS + first && row < 5 && row - first < state.order.length; row++) {
    const one = state.order[row - first];
    const y = 38 + row * 30;
    screen.item(8, y, 30, 28, one.quantity > 1 ? one.quantity + "x" : "", NORMAL + ACCENT, "");
    screen.item(40, y, 196, 28, one.name, NORMAL, "");
    screen.item(238, y, 76, 28, formatMoney(one.priceKopecks * one.quantity), NORMAL + RIGHT, "");
  }
  rowKey(screen, 0, 5, "menu", say(common, SETTLEMENT.menu), state.order.length === 0 ? MAIN : KEY);
  rowKey(screen, 5, 5, "code", say(common, SETTLEMENT.code), KEY);
  rowKey(screen, 10, 7, "less", say(common, SETTLEMENT.less), KEY);
  rowKey(screen, 17, 8, "cash", say(common, SETTLEMENT.cash), KEY);
  rowKey(screen, 25, 7, "void", say(common, SETTLEMENT.voidLast), KEY);
}

function groups(state: SettlementState, screen: Screen): void {
  const { menu } = state.common;
  const count = menu ? menu.groups.length : 0;
  const rows = Math.max(3, Math.ceil(count / 2));
  for (let i = 0; menu && i < count; i++) tile(screen, i, 2, rows, "group" + i, menu.groups[i], "", KEY);
  rowKey(screen, 0, 32, "back", say(state.common, SHARED.back), KEY);
}

function dishes(state: SettlementState, screen: Screen, at: Extract<At, { kind: "dishes" }>): void {
  const { common } = state;
  const all = dishesOf(common.menu, at.group);
  const pages = Math.max(1, Math.ceil(all.length / TILES));
  const from = (at.page % pages) * TILES;
  for (let slot = 0; slot < TILES && from + slot < all.length; slot++) {
    const dish = all[from + slot];
    let quantity = 0;
    for (let i = 0; i < state.order.length; i++) if (state.order[i].dish === dish.code) quantity = state.order[i].quantity;
    const detail = (quantity > 0 ? quantity + " x " : "") + formatMoney(dish.price);
    tile(screen, slot, 2, 3, "dish" + dish.code, dish.name, detail, quantity > 0 ? MAIN : KEY);
  }
  const half = pages > 1 ? 11 : 16;
  rowKey(screen, 0, half, "back", say(common, SHARED.back), KEY);
  if (pages > 1) rowKey(screen, 11, 10, "more", say(common, SETTLEMENT.more), KEY);
  rowKey(screen, 32 - half, half, "done", say(common, SHARED.done), KEY);
}

function code(state: SettlementState, screen: Screen, digits: string, notice: string): void {
  const last = state.order.length > 0 ? state.order[0].quantity + "x " + state.order[0].name : "";
  const shown = notice !== "" ? notice : digits !== "" ? digits + "_" : last;
  screen.item(8, 38, WIDTH - 16, 40, shown, NORMAL + CENTRE + (notice === "" ? 0 : RED), "");
  keypad(screen);
  rowKey(screen, 0, 16, "back", "<", KEY);
  rowKey(screen, 16, 16, "cancel", say(state.common, SHARED.done), KEY);
}

/** The name large enough to call it out; one key, as broad as the screen, takes the money. */
function confirm(state: SettlementState, screen: Screen, at: Extract<At, { kind: "confirm" }>): void {
  const { common } = state;
  line(screen, 0, withoutPatronymic(at.holder.name), 0);
  const { className, suspect } = at.holder;
  line(screen, 1, suspect ? className + " " + say(common, SETTLEMENT.checkFace) : className, suspect ? RED : FAINT);
  bigLine(screen, 104, formatMoney(totalOf(state.order)), ACCENT);
  screen.item(2, KEYS_TOP - 10, 222, 60, say(common, SHARED.confirm), NORMAL + MAIN, "confirm");
  screen.item(228, KEYS_TOP - 10, 90, 60, say(common, SHARED.cancel), NORMAL + KEY, "cancel");
}

function refused(state: SettlementState, screen: Screen, reason: number): void {
  const { common } = state;
  line(screen, 1, say(common, SHARED.askTeacher), CENTRE);
  screen.item(8, 150, WIDTH - 16, 24, reason + ". " + say(common, reasonWord(reason)), SMALL + CENTRE + FAINT, "");
  rowKey(screen, 0, 32, "done", say(common, SHARED.done), MAIN);
}

/** What has been done, the sum of it, and a remark. */
function told(state: SettlementState, screen: Screen, text: string, sum: number, remark: string): void {
  line(screen, 0, text, CENTRE);
  bigLine(screen, 80, formatMoney(sum), ACCENT);
  if (remark !== "") line(screen, 4, remark, CENTRE + RED);
  rowKey(screen, 0, 32, "done", say(state.common, SHARED.done), MAIN);
}

function sold(state: SettlementState, screen: Screen, at: Extract<At, { kind: "sold" }>): void {
  const { common } = state;
  const { receipt } = at;
  const number = receipt > 0 ? say(common, SETTLEMENT.sold) + ", \u2116" + receiptNumber(common, receipt) : say(common, SETTLEMENT.saved);
  told(state, screen, number, at.total, at.printed === "no" ? say(common, SHARED.notPrinted) : "");
}

function question(state: SettlementState, screen: Screen, text: string, detail: string): void {
  line(screen, 1, text, CENTRE);
  line(screen, 2, detail, CENTRE);
  rowKey(screen, 0, 16, "cancel", say(state.common, SHARED.no), KEY);
  rowKey(screen, 16, 16, "yes", say(state.common, SHARED.yes), MAIN);
}

/** Nothing to press. */
function notice(screen: Screen, first: string, second: string, look: number): void {
  line(screen, 1, first, CENTRE);
  if (second !== "") line(screen, 2, second, CENTRE + look);
}

export function viewSettlement(state: SettlementState, screen: Screen): void {
  const { at, common, last } = state;
  const total = state.order.length > 0 ? formatMoney(totalOf(state.order)) : String(common.terminal);
  headLine(screen, say(common, SETTLEMENT.title), total, dotOf(common));
  switch (at.kind) {
    case "closed":
      if (at.notice !== "") return notice(screen, say(common, SETTLEMENT.shiftClosed), at.notice, RED);
      return notice(screen, say(common, SETTLEMENT.shiftClosed), say(common, SETTLEMENT.tapCashier), 0);
    case "order":
      return order(state, screen, at.notice);
    case "groups":
      return groups(state, screen);
    case "dishes":
      return dishes(state, screen, at);
    case "code":
      return code(state, screen, at.digits, at.notice);
    case "confirm":
      return confirm(state, screen, at);
    case "refused":
      return refused(state, screen, at.reason);
    case "sold":
      return sold(state, screen, at);
    case "voidQuestion":
      return question(
        state,
        screen,
        say(common, SETTLEMENT.voidQuestion),
        last ? receiptNumber(common, last.receipt) + "   " + formatMoney(last.total) : "",
      );
    case "closeQuestion":
      return question(state, screen, say(common, SETTLEMENT.closeShift), "");
    case "voided":
      return told(state, screen, say(common, SETTLEMENT.voided), at.amount, "");
    case "selling":
      if (at.late) return notice(screen, say(common, SETTLEMENT.queued), say(common, SETTLEMENT.noPaperNoSale), 0);
      return notice(screen, say(common, SHARED.wait), "", 0);
    default:
      notice(screen, say(common, SHARED.wait), "", 0);
  }
}
