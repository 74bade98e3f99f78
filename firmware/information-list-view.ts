/** The class on the screen: ten names a page in large letters, each a tick as broad as half the screen. */
import { eachRow } from "@trapeza/protocol/chip";
import { NORMAL, SMALL } from "./board.js";
import { canTick, marked, PAGE, ROWS, tickable } from "./information-state.js";
import type { At, InformationState, Pupil } from "./information-state.js";
import { pagesOf } from "./picker.js";
import { say } from "./say.js";
import { CENTRE, FAINT, HEAD, KEY, MAIN, ON_ACCENT, ON_GREEN, ON_SHADE, rowKey, WHITE, WIDTH } from "./screen.js";
import type { Screen } from "./screen.js";
import { dayAndMonth, digitsOf, withoutPatronymic } from "./terminal.js";
import { INFORMATION, SHARED } from "./words.js";

const ROW_HEIGHT = 26;

/** Surname and initial; the given name where a neighbour in the list has the same surname. */
function label(shown: ReadonlyArray<Pupil>, at: number): string {
  const parts = shown[at].name.split(" ");
  for (let near = at - 1; near <= at + 1; near += 2) {
    if (shown[near] && shown[near].name.split(" ")[0] === parts[0]) return withoutPatronymic(shown[at].name);
  }
  return parts.length < 2 ? parts[0] : parts[0] + " " + parts[1].charAt(0) + ".";
}

type Listing = Extract<At, { kind: "list" }>;

function pupil(at: Listing, screen: Screen, one: Pupil, index: number, name: string): void {
  const { roll, mode } = at;
  const slot = index % PAGE;
  const x = slot < ROWS ? 0 : WIDTH / 2;
  const y = HEAD + 2 + (slot % ROWS) * ROW_HEIGHT;
  const ticked = roll.ticked.indexOf(one.id) >= 0;
  const served = one.mark === "served" && !(ticked && mode === "undo");
  const open = canTick(roll.list, mode, one);
  const box = served ? ON_GREEN + WHITE : ticked ? ON_ACCENT + WHITE : ON_SHADE + FAINT;
  const sign = served ? "=" : ticked ? "+" : one.mark === "not_admitted" ? "x" : "";
  const key = open || roll.reasons[index] > 0 ? "id" + one.id : "";
  screen.item(x + 2, y + 1, 24, ROW_HEIGHT - 2, sign, NORMAL + CENTRE + box, key);
  screen.item(x + 30, y, WIDTH / 2 - 32, ROW_HEIGHT, name, (name.length > 13 ? SMALL : NORMAL) + (open ? 0 : FAINT), key);
}

/** What stands under the names: what was just said, until when orders are taken, or what a touch does. */
function hint(state: InformationState, at: Listing): string {
  const { common } = state;
  const { open, date, minute } = at.roll.list.orders;
  if (at.notice !== "") return at.notice;
  if (at.mode === "sick") return say(common, INFORMATION.whoIsIll);
  if (at.mode === "undo") return say(common, INFORMATION.whomToUndo);
  if (at.mode === "serve") return "";
  if (!open) return say(common, INFORMATION.ordersClosed);
  const hour = digitsOf(Math.floor(minute / 60), 2) + ":" + digitsOf(minute % 60, 2);
  return say(common, INFORMATION.orderUntil) + " " + dayAndMonth(date) + " " + hour;
}

/** Names, a hint, and the row of keys: back, page, more, and what the ticks are for. */
export function viewList(state: InformationState, screen: Screen, at: Listing): void {
  const { common } = state;
  const { roll, mode, page } = at;
  const { list } = roll;
  const first = page * PAGE;
  const before = Math.max(first - 1, 0);
  // Read first and painted then: the readers of messages and the painter together fill the memory.
  const shown: Pupil[] = [];
  eachRow(list.pupils, before, first + PAGE + 1, function (one) {
    shown.push(one);
  });
  for (let i = first; i < first + PAGE && i - before < shown.length; i++) pupil(at, screen, shown[i - before], i, label(shown, i - before));
  screen.item(8, 164, WIDTH - 16, 20, hint(state, at), SMALL + CENTRE, "");
  const pages = pagesOf(list.pupils.length, PAGE);
  let left = 7;
  rowKey(screen, 0, 7, "cancel", say(common, SHARED.back), KEY);
  if (pages > 1) {
    rowKey(screen, left, 5, "more", page + 1 + "/" + pages + " >", KEY);
    left += 5;
  }
  if (mode === "serve" || mode === "order") {
    rowKey(screen, left, 5, "actions", say(common, INFORMATION.more), KEY);
    left += 5;
  }
  if (mode === "sick" || (mode === "order" && !list.orders.open)) return;
  // Everybody has eaten: all that is left to do is to take it back.
  const over = mode === "serve" && roll.ticked.length === 0 && tickable(list, mode).length === 0 && marked(list, "served").length > 0;
  if (over) return rowKey(screen, left, 32 - left, "undo", say(common, INFORMATION.undo), KEY);
  const word = mode === "order" ? INFORMATION.order : mode === "undo" ? INFORMATION.undo : SHARED.confirm;
  rowKey(screen, left, 32 - left, "confirm", say(common, word), MAIN);
}
