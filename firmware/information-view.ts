/** What the wall shows: large letters, because people stand before it with a tray or a class; no child's trouble in words. */
import { eachRow, rowAt } from "@trapeza/protocol/chip";
import { LARGE, NORMAL, SMALL } from "./board.js";
import { viewList } from "./information-list-view.js";
import { nameOf, PAGE } from "./information-state.js";
import type { At, InformationState, Today } from "./information-state.js";
import { CHOICES, choices, footer, pagesOf } from "./picker.js";
import { say } from "./say.js";
import {
  ACCENT,
  bigLine,
  CARD_ICON,
  CENTRE,
  DONE_ICON,
  FAINT,
  GREEN,
  headLine,
  KEY,
  line,
  MAIN,
  RED,
  RIGHT,
  rowKey,
  tile,
  TROUBLE_ICON,
  WAIT_ICON,
} from "./screen.js";
import type { Screen } from "./screen.js";
import { claimCode, dayAndMonth, dotOf, formatMoney, printsNothing, withoutPatronymic } from "./terminal.js";
import type { Common } from "./terminal.js";
import { INFORMATION, SHARED, WEEKDAYS } from "./words.js";
import type { Word } from "./words.js";

const DAYS = 14;
/** Refused names on one page of the answer. */
export const REFUSED = 3;

function today(common: Common): number {
  return common.localMs === null ? 0 : Math.floor(common.localMs / 86400000);
}

/** "Fri 20.11"; 1 January 1970 was a Thursday. */
export function dayLabel(common: Common, date: number): string {
  return say(common, WEEKDAYS[(date + 3) % 7]) + " " + dayAndMonth(date);
}

/** Longer names would lose their end in large letters. */
const LONG_NAME = 19;

/** Name on the left, sum on the right. */
function priced(screen: Screen, y: number, name: string, price: string, look: number): void {
  screen.item(8, y, 224, 25, name, (name.length > LONG_NAME ? SMALL : NORMAL) + look, "");
  screen.item(232, y, 80, 25, price, NORMAL + RIGHT + look, "");
}

function balance(state: InformationState, screen: Screen, at: Extract<At, { kind: "balance" }>): void {
  const { common } = state;
  const { holder } = at;
  line(screen, 0, withoutPatronymic(holder.name), 0);
  screen.item(8, 72, 112, 50, say(common, SHARED.main), NORMAL, "");
  screen.item(120, 72, 192, 50, formatMoney(holder.main), LARGE + RIGHT + ACCENT, "");
  screen.item(8, 126, 112, 50, say(common, SHARED.additionalShort), NORMAL, "");
  screen.item(120, 126, 192, 50, formatMoney(holder.additional), LARGE + RIGHT + ACCENT, "");
  rowKey(screen, 0, 16, "done", say(common, SHARED.done), KEY);
  rowKey(screen, 16, 16, "today", say(common, INFORMATION.today), MAIN);
}

function labelsOf(texts: Today["sections"]): string[] {
  const labels: string[] = [];
  eachRow(texts, 0, texts.length, function (text) {
    labels.push(text);
  });
  return labels;
}

function day(state: InformationState, screen: Screen, meals: Today["meals"], page: number): void {
  const { common } = state;
  const each = PAGE / 2;
  if (meals.length === 0) line(screen, 1, say(common, INFORMATION.noMeals), CENTRE + FAINT);
  eachRow(meals, page * each, (page + 1) * each, function ({ name, date, share, mark }, i) {
    const ahead = date !== today(common);
    const word = mark === "served" ? INFORMATION.eaten : INFORMATION.ordered;
    const label = ahead ? dayLabel(common, date) + " " + name : mark === "none" ? name : name + ": " + say(common, word);
    priced(screen, 40 + (i - page * each) * 28, label, formatMoney(share), mark === "served" ? GREEN : 0);
  });
  footer(screen, common, page, pagesOf(meals.length, each), "menu", say(common, INFORMATION.menu));
}

function menu(state: InformationState, screen: Screen, at: Extract<At, { kind: "menu" }>): void {
  const { rows, pages } = at.day;
  eachRow(rows, 0, rows.length, function ({ name, price }, i) {
    priced(screen, 34 + i * 25, name, price > 0 ? formatMoney(price) : "", 0);
  });
  footer(screen, state.common, at.id % 256, Math.max(1, pages), "", "");
}

function sick(state: InformationState, screen: Screen, at: Extract<At, { kind: "sick" }>): void {
  const { common } = state;
  const { meals, ticked, page } = at;
  if (meals.length === 0) line(screen, 1, say(common, INFORMATION.noOrders), CENTRE);
  const labels = meals.map(function (one) {
    return dayLabel(common, one.date) + " " + one.name;
  });
  choices(screen, page, labels, ticked);
  const key = ticked.length > 0 ? "confirm" : "";
  footer(screen, common, page, pagesOf(meals.length, CHOICES), key, say(common, INFORMATION.cancelOrders));
}

function days(state: InformationState, screen: Screen, at: Extract<At, { kind: "days" }>): void {
  const { common } = state;
  const first = at.roll.list.date - at.roll.ahead;
  const labels: string[] = [];
  for (let i = 0; i <= DAYS; i++) labels.push(i === 0 ? say(common, INFORMATION.today) : dayLabel(common, first + i));
  choices(screen, at.page, labels, [at.roll.ahead]);
  footer(screen, common, at.page, pagesOf(labels.length, CHOICES), "", "");
}

function actions(state: InformationState, screen: Screen, at: Extract<At, { kind: "actions" }>): void {
  const { common } = state;
  const { list } = at.roll;
  tile(screen, 0, 2, 4, "all", say(common, INFORMATION.all), "", KEY);
  tile(screen, 1, 2, 4, "none", say(common, INFORMATION.none), "", KEY);
  if (common.up) {
    tile(screen, 2, 2, 4, "days", say(common, INFORMATION.otherDay), "", KEY);
    tile(screen, 3, 2, 4, "sick", say(common, INFORMATION.sick), "", KEY);
    if (list.meals.length > 1) tile(screen, 4, 2, 4, "meals", say(common, INFORMATION.otherMeal), "", KEY);
    if (at.roll.ahead === 0) tile(screen, 5, 2, 4, "undo", say(common, INFORMATION.undoMeal), "", KEY);
  }
  if (state.paper) tile(screen, 6, 2, 4, "copy", say(common, SHARED.copy), "", KEY);
  footer(screen, common, 0, 1, "", "");
}

function headOf(what: Extract<At, { kind: "done" }>["what"]): Word {
  if (what === "served") return INFORMATION.served;
  if (what === "undone") return INFORMATION.undone;
  return what === "saved" ? INFORMATION.saved : INFORMATION.recorded;
}

function done(state: InformationState, screen: Screen, at: Extract<At, { kind: "done" }>): void {
  const { common } = state;
  const { what, ids, refused, page, n } = at;
  const code = n > 0 ? claimCode(common, n) : "";
  line(screen, 0, say(common, headOf(what)) + (what === "saved" ? "" : ": " + ids.length), 0);
  if (what === "saved") line(screen, 2, code, CENTRE);
  else if (refused.length === 0) {
    bigLine(screen, 90, String(ids.length), ACCENT);
    screen.item(60, 90, 50, 50, DONE_ICON, LARGE + GREEN, "");
  }
  if (refused.length > 0) line(screen, 1, say(common, INFORMATION.notServed) + ": " + refused.length, RED);
  for (let i = page * REFUSED; i < refused.length && i < (page + 1) * REFUSED; i++) {
    const y = 98 + (i - page * REFUSED) * 22;
    screen.item(8, y, 224, 22, withoutPatronymic(nameOf(at.roll.list, refused[i].id)), NORMAL, "");
    screen.item(232, y, 80, 22, say(common, INFORMATION.code) + " " + refused[i].reason, NORMAL + RIGHT + FAINT, "");
  }
  if (at.printed === "no") screen.item(8, 164, 304, 20, say(common, SHARED.notPrinted) + " " + code, SMALL + RED, "");
  const undo = what === "served" && ids.length > 0;
  const pages = pagesOf(refused.length, REFUSED);
  const left = undo ? 10 : 0;
  const right = pages > 1 ? left + 5 : left;
  if (undo) rowKey(screen, 0, 10, "undo", say(common, INFORMATION.undo), KEY);
  if (pages > 1) rowKey(screen, left, 5, "more", page + 1 + "/" + pages + " >", KEY);
  rowKey(screen, right, 32 - right, "done", say(common, SHARED.done), KEY);
}

function idle(state: InformationState, screen: Screen, notice: string): void {
  const { common, owed } = state;
  if (notice !== "") return line(screen, 1, notice, CENTRE + RED);
  if (common.reader === "silent") {
    line(screen, 1, say(common, SHARED.noCards), CENTRE + RED);
    line(screen, 2, say(common, SHARED.callTechnician), CENTRE);
    bigLine(screen, 130, TROUBLE_ICON, RED);
  } else {
    const blank = printsNothing(common);
    if (blank) {
      line(screen, 0, say(common, SHARED.noReceipts), CENTRE + RED);
      line(screen, 1, say(common, SHARED.onScreen), CENTRE + FAINT);
    }
    line(screen, blank ? 2 : 0, say(common, INFORMATION.tap), CENTRE);
    if (!blank) bigLine(screen, 70, CARD_ICON, ACCENT);
    line(screen, 3, say(common, INFORMATION.forPupil), CENTRE + FAINT);
    line(screen, 4, say(common, INFORMATION.forTeacher), CENTRE + FAINT);
  }
  // After a power cut the teacher finds the name of what was under way, and the paper at the next touch of the card.
  if (owed.length > 0)
    screen.item(8, 210, 304, 20, say(common, INFORMATION.waits) + " " + claimCode(common, owed[0].n), SMALL + CENTRE, "");
}

function question(state: InformationState, screen: Screen, at: Extract<At, { kind: "undoQuestion" }>): void {
  const { common } = state;
  line(screen, 0, say(common, INFORMATION.undoQuestion), CENTRE);
  bigLine(screen, 80, String(at.ids.length), ACCENT);
  rowKey(screen, 0, 9, "cancel", say(common, SHARED.no), KEY);
  rowKey(screen, 9, 13, "single", say(common, INFORMATION.single), KEY);
  rowKey(screen, 22, 10, "yes", say(common, SHARED.yes), MAIN);
}

/** "5A Lunch", and the day when it is another than today. */
function titleOf(state: InformationState): string {
  const { at, common } = state;
  if (at.kind === "sick") return withoutPatronymic(nameOf(at.roll.list, at.id));
  if (at.kind === "menu") return rowAt(at.day.sections, Math.floor(at.id / 256) - 1);
  if (!("roll" in at) || !at.roll) return say(common, INFORMATION.title);
  const { list, ahead } = at.roll;
  return list.className + "  " + list.mealName + (ahead > 0 ? " " + dayLabel(common, list.date) : "");
}

export function viewInformation(state: InformationState, screen: Screen): void {
  const { at, common } = state;
  const right =
    at.kind === "list" && at.mode !== "sick" ? at.roll.ticked.length + "/" + at.roll.list.pupils.length : String(common.terminal);
  headLine(screen, titleOf(state), right, dotOf(common));
  switch (at.kind) {
    case "idle":
      return idle(state, screen, at.notice);
    case "balance":
      return balance(state, screen, at);
    case "today":
      return day(state, screen, at.day.meals, at.page);
    case "sections":
      choices(screen, at.page, labelsOf(at.day.sections), []);
      return footer(screen, common, at.page, pagesOf(at.day.sections.length, CHOICES), "", "");
    case "menu":
      return menu(state, screen, at);
    case "classes":
    case "meals": {
      const names = at.kind === "classes" ? at.classes : at.roll.list.meals;
      const labels: string[] = [];
      eachRow<{ readonly name: string }>(names, 0, names.length, function (one) {
        labels.push(one.name);
      });
      const page = at.kind === "classes" ? at.page : 0;
      choices(screen, page, labels, []);
      return footer(screen, common, page, pagesOf(labels.length, CHOICES), "", "");
    }
    case "days":
      return days(state, screen, at);
    case "sick":
      return sick(state, screen, at);
    case "actions":
      return actions(state, screen, at);
    case "list":
      return viewList(state, screen, at);
    case "done":
      return done(state, screen, at);
    case "undoQuestion":
      return question(state, screen, at);
    default:
      line(screen, 1, say(common, SHARED.wait), CENTRE);
      bigLine(screen, 110, WAIT_ICON, FAINT);
  }
}
