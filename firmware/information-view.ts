/** What the wall shows. */
import { nameOf, PAGE, ROWS, servedIds } from "./information-state.js";
import type { At, Holder, InformationState } from "./information-state.js";
import { ACCENT, bigLine, FAINT, GROUND, GREEN, HEAD, headLine, INK, item, keyRow, line, RED, SHADE, WIDTH } from "./screen.js";
import type { Item, Key, Picture } from "./screen.js";
import { dotOf, formatMoney, withoutPatronymic } from "./terminal.js";

const ROW_HEIGHT = 25;

function balance(state: InformationState, holder: Holder): Item[] {
  const { words } = state.common;
  return [
    line(0, withoutPatronymic(holder.name), {}),
    item([8, 72, 112, 50], words.main, "normal", {}),
    item([120, 72, 192, 50], formatMoney(holder.main), "large", { color: holder.main < 0 ? RED : ACCENT, align: "right" }),
    item([8, 126, 112, 50], words.additionalShort, "normal", {}),
    item([120, 126, 192, 50], formatMoney(holder.additional), "large", { color: ACCENT, align: "right" }),
  ].concat(keyRow([{ key: "done", label: words.done, main: true }]));
}

/** One name, as broad as half the screen: the whole of it is the tick. */
function pupil(at: Extract<At, { kind: "list" }>, index: number): Item[] {
  const one = at.roll.list.pupils[index];
  const slot = index % PAGE;
  const x = slot < ROWS ? 0 : WIDTH / 2;
  const y = HEAD + 2 + (slot % ROWS) * ROW_HEIGHT;
  const ticked = at.roll.ticked.indexOf(one.id) >= 0;
  const fixed = one.mark === "served" || one.mark === "not_admitted";
  const box = one.mark === "served" ? GREEN : ticked ? ACCENT : SHADE;
  const sign = one.mark === "served" ? "=" : ticked ? "+" : one.mark === "not_admitted" ? "x" : "";
  const key = fixed ? "" : "id" + one.id;
  return [
    item([x + 2, y + 1, 24, ROW_HEIGHT - 2], sign, "small", {
      fill: box,
      color: fixed && one.mark !== "served" ? FAINT : GROUND,
      align: "centre",
      key,
    }),
    item([x + 30, y, WIDTH / 2 - 32, ROW_HEIGHT - 1], withoutPatronymic(one.name), "small", { color: fixed ? FAINT : INK, key }),
  ];
}

function list(state: InformationState, at: Extract<At, { kind: "list" }>): Item[] {
  const { words, common } = state;
  const { pupils } = at.roll.list;
  let items: Item[] = [];
  for (let i = at.page * PAGE; i < pupils.length && i < (at.page + 1) * PAGE; i++) items = items.concat(pupil(at, i));
  const pages = Math.max(1, Math.ceil(pupils.length / PAGE));
  const keys: Key[] = [{ key: "cancel", label: common.words.back, share: 5 }];
  if (pages > 1) keys.push({ key: "more", label: at.page + 1 + "/" + pages + " >", share: 4 });
  if (servedIds(at.roll.list).length > 0) keys.push({ key: "undo", label: words.undo, share: 6 });
  keys.push({ key: "confirm", label: at.notice !== "" ? at.notice : common.words.confirm, main: true, share: 10 });
  return items.concat(keyRow(keys));
}

function done(state: InformationState, at: Extract<At, { kind: "done" }>): Item[] {
  const { words, common } = state;
  const keys = [{ key: "done", label: common.words.done }];
  if (!at.served) return [line(1, words.saved, { align: "centre" })].concat(keyRow(keys));
  const items = [line(0, words.served + ": " + at.served.served.length, {})];
  const { refused } = at.served;
  if (refused.length > 0) items.push(line(1, words.notServed + ": " + refused.length, { color: RED }));
  for (let i = 0; i < refused.length && i < 3; i++) items.push(line(2 + i, nameOf(at.roll.list, refused[i].id), { color: FAINT }));
  if (at.printed === "no") items.push(line(4, common.words.notPrinted, { color: RED }));
  return items.concat(keyRow([{ key: "undo", label: words.undo }].concat(keys)));
}

function body(state: InformationState): Item[] {
  const { at, words, common } = state;
  switch (at.kind) {
    case "idle":
      return at.notice !== ""
        ? [line(1, at.notice, { color: RED, align: "centre" })]
        : [
            line(1, words.tap, { align: "centre" }),
            line(3, words.forPupil, { color: FAINT, align: "centre" }),
            line(4, words.forTeacher, { color: FAINT, align: "centre" }),
          ];
    case "balance":
      return balance(state, at.holder);
    case "list":
      return list(state, at);
    case "done":
      return done(state, at);
    case "undoQuestion":
      return [line(1, words.undoQuestion, { align: "centre" })].concat(
        keyRow([
          { key: "cancel", label: common.words.no },
          { key: "yes", label: common.words.yes, main: true },
        ]),
      );
    case "undone":
      return [line(0, words.undone, { align: "centre" }), bigLine(80, String(at.count), ACCENT)].concat(
        keyRow([{ key: "done", label: common.words.done, main: true }]),
      );
    default:
      return [line(1, common.words.wait, { align: "centre" })];
  }
}

export function viewInformation(state: InformationState): Picture {
  const { at, common, words } = state;
  const title = at.kind === "list" || at.kind === "done" ? at.roll.list.className + "  " + at.roll.list.mealName : words.title;
  const right = at.kind === "list" ? at.roll.ticked.length + "/" + at.roll.list.pupils.length : String(common.terminal);
  return headLine(title, right, dotOf(common)).concat(body(state));
}
