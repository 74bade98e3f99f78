/** What the wall shows. */
import { LARGE, NORMAL, SMALL } from "./board.js";
import { nameOf, PAGE, ROWS, servedIds } from "./information-state.js";
import type { At, Holder, InformationState } from "./information-state.js";
import { say } from "./say.js";
import { ACCENT, bigLine, CENTRE, FAINT, HEAD, headLine, KEY, line, MAIN, ON_ACCENT, ON_GREEN, ON_SHADE, RED } from "./screen.js";
import { RIGHT, rowKey, WHITE, WIDTH } from "./screen.js";
import type { Screen } from "./screen.js";
import { dotOf, formatMoney, withoutPatronymic } from "./terminal.js";
import { INFORMATION, SHARED } from "./words.js";

const ROW_HEIGHT = 25;

function balance(state: InformationState, screen: Screen, holder: Holder): void {
  const { common } = state;
  line(screen, 0, withoutPatronymic(holder.name), 0);
  screen.item(8, 72, 112, 50, say(common, SHARED.main), NORMAL, "");
  screen.item(120, 72, 192, 50, formatMoney(holder.main), LARGE + RIGHT + (holder.main < 0 ? RED : ACCENT), "");
  screen.item(8, 126, 112, 50, say(common, SHARED.additionalShort), NORMAL, "");
  screen.item(120, 126, 192, 50, formatMoney(holder.additional), LARGE + RIGHT + ACCENT, "");
  rowKey(screen, 0, 32, "done", say(common, SHARED.done), MAIN);
}

/** One name, as broad as half the screen: the whole of it is the tick. */
function pupil(at: Extract<At, { kind: "list" }>, screen: Screen, index: number): void {
  const one = at.roll.list.pupils[index];
  const slot = index % PAGE;
  const x = slot < ROWS ? 0 : WIDTH / 2;
  const y = HEAD + 2 + (slot % ROWS) * ROW_HEIGHT;
  const ticked = at.roll.ticked.indexOf(one.id) >= 0;
  const served = one.mark === "served";
  const barred = one.mark === "not_admitted";
  const box = served ? ON_GREEN + WHITE : ticked ? ON_ACCENT + WHITE : ON_SHADE + (barred ? FAINT : WHITE);
  const key = served || barred ? "" : "id" + one.id;
  screen.item(x + 2, y + 1, 24, ROW_HEIGHT - 2, served ? "=" : ticked ? "+" : barred ? "x" : "", SMALL + CENTRE + box, key);
  screen.item(x + 30, y, WIDTH / 2 - 32, ROW_HEIGHT - 1, withoutPatronymic(one.name), SMALL + (key === "" ? FAINT : 0), key);
}

function list(state: InformationState, screen: Screen, at: Extract<At, { kind: "list" }>): void {
  const { common } = state;
  const { pupils } = at.roll.list;
  for (let i = at.page * PAGE; i < pupils.length && i < (at.page + 1) * PAGE; i++) pupil(at, screen, i);
  const pages = Math.max(1, Math.ceil(pupils.length / PAGE));
  let left = 7;
  rowKey(screen, 0, left, "cancel", say(common, SHARED.back), KEY);
  if (pages > 1) {
    rowKey(screen, left, 5, "more", at.page + 1 + "/" + pages + " >", KEY);
    left += 5;
  }
  if (servedIds(at.roll.list).length > 0) {
    rowKey(screen, left, 8, "undo", say(common, INFORMATION.undo), KEY);
    left += 8;
  }
  rowKey(screen, left, 32 - left, "confirm", at.notice !== "" ? at.notice : say(common, SHARED.confirm), MAIN);
}

function done(state: InformationState, screen: Screen, at: Extract<At, { kind: "done" }>): void {
  const { common } = state;
  const left = at.served ? 16 : 0;
  if (!at.served) line(screen, 1, say(common, INFORMATION.saved), CENTRE);
  else {
    const { refused, served } = at.served;
    line(screen, 0, say(common, INFORMATION.served) + ": " + served.length, 0);
    if (refused.length > 0) line(screen, 1, say(common, INFORMATION.notServed) + ": " + refused.length, RED);
    for (let i = 0; i < refused.length && i < 3; i++) line(screen, 2 + i, nameOf(at.roll.list, refused[i].id), FAINT);
    if (at.printed === "no") line(screen, 4, say(common, SHARED.notPrinted), RED);
    rowKey(screen, 0, left, "undo", say(common, INFORMATION.undo), KEY);
  }
  rowKey(screen, left, 32 - left, "done", say(common, SHARED.done), KEY);
}

function idle(state: InformationState, screen: Screen, notice: string): void {
  const { common } = state;
  if (notice !== "") return line(screen, 1, notice, CENTRE + RED);
  line(screen, 1, say(common, INFORMATION.tap), CENTRE);
  line(screen, 3, say(common, INFORMATION.forPupil), CENTRE + FAINT);
  line(screen, 4, say(common, INFORMATION.forTeacher), CENTRE + FAINT);
}

export function viewInformation(state: InformationState, screen: Screen): void {
  const { at, common } = state;
  const title =
    at.kind === "list" || at.kind === "done" ? at.roll.list.className + "  " + at.roll.list.mealName : say(common, INFORMATION.title);
  const right = at.kind === "list" ? at.roll.ticked.length + "/" + at.roll.list.pupils.length : String(common.terminal);
  headLine(screen, title, right, dotOf(common));
  switch (at.kind) {
    case "idle":
      return idle(state, screen, at.notice);
    case "balance":
      return balance(state, screen, at.holder);
    case "list":
      return list(state, screen, at);
    case "done":
      return done(state, screen, at);
    case "undoQuestion":
      line(screen, 1, say(common, INFORMATION.undoQuestion), CENTRE);
      rowKey(screen, 0, 16, "cancel", say(common, SHARED.no), KEY);
      return rowKey(screen, 16, 16, "yes", say(common, SHARED.yes), MAIN);
    case "undone":
      line(screen, 0, say(common, INFORMATION.undone), CENTRE);
      bigLine(screen, 80, String(at.count), ACCENT);
      return rowKey(screen, 0, 32, "done", say(common, SHARED.done), MAIN);
    default:
      line(screen, 1, say(common, SHARED.wait), CENTRE);
  }
}
