/** What the till shows: to the cashier everything, to the child who looks over the tray nothing that would shame it. */
import { LARGE, NORMAL, SMALL } from "./board.js";
import { say } from "./say.js";
import {
  ACCENT,
  BACK,
  bigLine,
  CARD_ICON,
  CENTRE,
  DONE_ICON,
  FAINT,
  GREEN,
  headLine,
  KEY,
  keypad,
  KEYS_TOP,
  line,
  MAIN,
  ON_SHADE,
  PERSON_ICON,
  PHOTO_HEIGHT,
  PHOTO_WIDTH,
  PHOTO_X,
  PHOTO_Y,
  RED,
  RIGHT,
  rowKey,
  tile,
  TROUBLE_ICON,
  WAIT_ICON,
  WIDTH,
} from "./screen.js";
import type { Screen } from "./screen.js";
import { priceOf } from "./settlement-desk.js";
import { columnsOf, countOf, entryAt, rowsOf } from "./settlement-pick.js";
import { takenOf, totalOf } from "./settlement-state.js";
import type { At, SettlementState } from "./settlement-state.js";
import { dotOf, formatMoney, printsNothing, receiptNumber, withoutPatronymic } from "./terminal.js";
import { reasonWord } from "./words-reason.js";
import { SETTLEMENT, SHARED } from "./words.js";
import type { Word } from "./words.js";

/** Last dishes on top, as many as fit. */
const ROWS = 4;

/** What is silent, and what still works meanwhile; nothing when all is well. */
function trouble({ common }: SettlementState): ReadonlyArray<Word> {
  if (common.reader === "silent") return [SHARED.noCards, SETTLEMENT.byList];
  if (printsNothing(common)) return [SHARED.noReceipts, SETTLEMENT.numberOnScreen];
  return common.aside === "silent" ? [SETTLEMENT.noAside, SETTLEMENT.goesOn] : [];
}

function order(state: SettlementState, screen: Screen, notice: string): void {
  const { common } = state;
  const empty = state.order.length === 0;
  if (notice !== "") line(screen, 0, notice, CENTRE + RED);
  else if (empty) line(screen, 1, say(common, SETTLEMENT.empty), CENTRE + FAINT);
  const amiss = trouble(state);
  // Under a full tray there is room for one line.
  if (amiss.length > 0 && !empty && notice === "") line(screen, 4, say(common, amiss[0]), CENTRE + RED);
  for (let i = 0; empty && i < amiss.length; i++) line(screen, 2 + i, say(common, amiss[i]), CENTRE + (i === 0 ? RED : FAINT));
  const first = notice === "" ? 0 : 1;
  for (let row = first; row < ROWS + first && row < 5 && row - first < state.order.length; row++) {
    const one = state.order[row - first];
    const y = 38 + row * 30;
    screen.item(8, y, 30, 28, one.quantity > 1 ? one.quantity + "x" : "", NORMAL + ACCENT, "");
    screen.item(40, y, 196, 28, one.name, NORMAL, "");
    screen.item(238, y, 76, 28, formatMoney(one.priceKopecks * one.quantity), NORMAL + RIGHT, "");
  }
  // An empty tray is not paid for, and on a full one nothing is taken back: so each row has broad keys.
  if (empty) {
    rowKey(screen, 0, 8, "menu", say(common, SETTLEMENT.menu), MAIN);
    rowKey(screen, 8, 7, "code", say(common, SETTLEMENT.code), KEY);
    rowKey(screen, 15, 10, "void", say(common, SETTLEMENT.voidLast), KEY);
    return rowKey(screen, 25, 7, "extra", say(common, SETTLEMENT.more), KEY);
  }
  rowKey(screen, 0, 6, "menu", say(common, SETTLEMENT.menu), KEY);
  rowKey(screen, 6, 5, "code", say(common, SETTLEMENT.code), KEY);
  rowKey(screen, 11, 4, "less", say(common, SETTLEMENT.less), KEY);
  rowKey(screen, 15, 7, "list", say(common, SETTLEMENT.forgot), KEY);
  rowKey(screen, 22, 10, "cash", say(common, SETTLEMENT.cash), KEY);
}

function picker(state: SettlementState, screen: Screen, at: Extract<At, { kind: "pick" }>): void {
  const { common } = state;
  const count = countOf(state, at.what, at.of);
  const columns = columnsOf(at.what);
  const rows = rowsOf(at.what);
  const tiles = columns * rows;
  const pages = Math.max(1, Math.ceil(count / tiles));
  const from = (at.page % pages) * tiles;
  for (let slot = 0; slot < tiles && from + slot < count; slot++) {
    const { label, detail, chosen } = entryAt(state, at.what, at.of, from + slot);
    tile(screen, slot, columns, rows, String(from + slot), label, detail, chosen ? MAIN : KEY);
  }
  const closes = at.what === "dish" || at.what === "line";
  const half = !closes && pages === 1 ? 32 : pages > 1 ? (closes ? 9 : 16) : 12;
  rowKey(screen, 0, half, "back", say(common, SHARED.back), KEY);
  if (pages > 1) rowKey(screen, half, closes ? 8 : 16, "more", say(common, SETTLEMENT.more), KEY);
  if (!closes) return;
  const left = half + (pages > 1 ? 8 : 0);
  const word = say(common, at.what === "dish" ? SHARED.done : SETTLEMENT.giveBack);
  rowKey(screen, left, 32 - left, "done", at.what === "dish" ? word : word + " " + formatMoney(takenOf(state)), MAIN);
}

function number(state: SettlementState, screen: Screen, at: Extract<At, { kind: "number" }>): void {
  const { common } = state;
  const { what, digits, notice } = at;
  const last = state.order.length > 0 ? state.order[0].quantity + "x " + state.order[0].name : say(common, SETTLEMENT.typeCode);
  let shown = digits === "" ? last : digits + "_";
  if (what === "cash") shown = digits === "" ? say(common, SETTLEMENT.cashInDrawer) : formatMoney(parseInt(digits, 10));
  if (what === "receipt") shown = say(common, SETTLEMENT.typeReceipt) + " " + digits + "_";
  screen.item(8, 38, WIDTH - 16, 40, notice === "" ? shown : notice, NORMAL + CENTRE + (notice === "" ? 0 : RED), "");
  keypad(screen);
  if (what === "code") {
    rowKey(screen, 0, 7, "back", BACK, KEY);
    rowKey(screen, 7, 7, "times", "x", KEY);
    return rowKey(screen, 14, 18, "cancel", say(common, SHARED.done), MAIN);
  }
  rowKey(screen, 0, 6, "back", BACK, KEY);
  rowKey(screen, 6, 10, "cancel", say(common, SHARED.cancel), KEY);
  rowKey(screen, 16, 16, "next", say(common, what === "cash" ? SETTLEMENT.closeShift : SETTLEMENT.next), MAIN);
}

/** First letters of surname and name, where a portrait will be drawn, if there is one. */
function initials(name: string): string {
  const parts = name.split(" ");
  return parts[0].charAt(0) + (parts.length > 1 ? parts[1].charAt(0) : "");
}

/** The name large enough to call it out, the face beside it; one broad key takes the money. */
function confirm(state: SettlementState, screen: Screen): void {
  const { common, holder, purpose } = state;
  if (!holder) return;
  const width = PHOTO_X - 12;
  const name = withoutPatronymic(holder.name);
  screen.item(8, 38, width, 28, name, NORMAL, "");
  screen.item(8, 68, width, 28, holder.className, NORMAL + FAINT, "");
  const doubt = holder.suspect ? SETTLEMENT.checkFace : holder.cardNumber === "" ? SETTLEMENT.withoutCard : null;
  screen.item(8, 98, width, 20, doubt ? say(common, doubt) : "", SMALL + RED, "");
  screen.item(PHOTO_X, PHOTO_Y, PHOTO_WIDTH, PHOTO_HEIGHT, initials(name), NORMAL + CENTRE + ON_SHADE, "");
  if (purpose === "password") line(screen, 3, say(common, SETTLEMENT.password), 0);
  else screen.item(4, 131, WIDTH - 8, 45, formatMoney(priceOf(state)), LARGE + CENTRE + ACCENT, "");
  screen.item(2, KEYS_TOP - 10, 222, 60, say(common, SHARED.confirm), NORMAL + MAIN, "confirm");
  screen.item(228, KEYS_TOP - 10, 90, 60, say(common, SHARED.cancel), NORMAL + KEY, "cancel");
}

/** The child's sentence large, number and words for the cashier small. */
function refused(state: SettlementState, screen: Screen, reason: number, about: string): void {
  const { common } = state;
  bigLine(screen, 40, PERSON_ICON, ACCENT);
  line(screen, 2, say(common, SHARED.askTeacher), CENTRE);
  if (about !== "") screen.item(8, 130, WIDTH - 16, 20, about, SMALL + CENTRE, "");
  screen.item(8, 150, WIDTH - 16, 24, reason + ". " + say(common, reasonWord(reason)), SMALL + CENTRE + FAINT, "");
}

/** What has been done, the sum of it, and a remark. */
function told(state: SettlementState, screen: Screen, text: string, sum: number, remark: string): void {
  line(screen, 0, text, CENTRE);
  // Of what cost nothing there is no sum; a drawer without a difference has one, and it is the best of news.
  if (sum !== 0 || state.cashier === "") bigLine(screen, 80, formatMoney(sum), ACCENT);
  screen.item(8, 80, 50, 50, DONE_ICON, LARGE + GREEN, "");
  if (remark !== "") line(screen, 4, remark, CENTRE + RED);
  rowKey(screen, 0, 32, "done", say(state.common, SHARED.done), MAIN);
}

function sold(state: SettlementState, screen: Screen, at: Extract<At, { kind: "sold" }>): void {
  const { common } = state;
  const { receipt } = at;
  const name = receipt > 0 ? say(common, SETTLEMENT.sold) + ", \u2116" + receiptNumber(common, receipt) : say(common, SETTLEMENT.saved);
  told(state, screen, name, at.total, at.printed === "no" ? say(common, SHARED.notPrinted) : "");
}

/** Nothing to press; the icon in the colour of the second line. */
function notice(screen: Screen, first: string, second: string, look: number, icon: string): void {
  line(screen, 1, first, CENTRE);
  if (second !== "") line(screen, 2, second, CENTRE + look);
  bigLine(screen, 128, icon, look);
}

function whom(state: SettlementState, screen: Screen): void {
  const { common } = state;
  const activation = state.purpose === "activation";
  const price = priceOf(state);
  notice(screen, say(common, activation ? SETTLEMENT.newCard : SETTLEMENT.tapCard), price > 0 ? formatMoney(price) : "", ACCENT, CARD_ICON);
  rowKey(screen, 0, activation ? 32 : 16, "cancel", say(common, SHARED.cancel), KEY);
  if (!activation) rowKey(screen, 16, 16, "list", say(common, SETTLEMENT.noCard), KEY);
}

function body(state: SettlementState, screen: Screen): void {
  const { at, common } = state;
  switch (at.kind) {
    case "closed":
      if (at.notice !== "") return notice(screen, say(common, SETTLEMENT.shiftClosed), at.notice, RED, TROUBLE_ICON);
      if (common.reader === "silent")
        return notice(screen, say(common, SHARED.noCards), say(common, SHARED.callTechnician), 0, TROUBLE_ICON);
      return notice(screen, say(common, SETTLEMENT.shiftClosed), say(common, SETTLEMENT.tapCashier), 0, CARD_ICON);
    case "order":
      return order(state, screen, at.notice);
    case "pick":
      return picker(state, screen, at);
    case "number":
      return number(state, screen, at);
    case "confirm":
      return confirm(state, screen);
    case "banned":
      refused(state, screen, 16, at.dish);
      rowKey(screen, 0, 12, "cancel", say(common, SHARED.done), MAIN);
      return rowKey(screen, 12, 20, "yes", say(common, SETTLEMENT.sellAnyway), KEY);
    case "refused":
      refused(state, screen, at.reason, "");
      return rowKey(screen, 0, 32, "done", say(common, SHARED.done), MAIN);
    case "sold":
      return sold(state, screen, at);
    case "told":
      return told(state, screen, say(common, at.word), at.amount, "");
    case "whom":
      return whom(state, screen);
    case "supervisor":
      notice(screen, say(common, SETTLEMENT.supervisor), "", ACCENT, CARD_ICON);
      return rowKey(screen, 0, 32, "done", say(common, SHARED.cancel), KEY);
    case "selling":
      if (at.late) return notice(screen, say(common, SETTLEMENT.queued), say(common, SETTLEMENT.noPaperNoSale), FAINT, WAIT_ICON);
      return notice(screen, say(common, SHARED.wait), "", FAINT, WAIT_ICON);
    default:
      notice(screen, say(common, SHARED.wait), "", FAINT, WAIT_ICON);
  }
}

export function viewSettlement(state: SettlementState, screen: Screen): void {
  const { common } = state;
  const total = state.order.length > 0 ? formatMoney(totalOf(state.order)) : String(common.terminal);
  headLine(screen, say(common, SETTLEMENT.title), total, dotOf(common));
  body(state, screen);
}
