/**
 * The wall: a teacher's card opens the class's list, ticked from the orders; confirm, and it is served. Any other card shows its two purses, today's meals
 * and the menu. Pure; the state table stands in README.md.
 */
import { eachRow, rowAt } from "@trapeza/protocol/chip";
import type { CardUid, Up } from "@trapeza/protocol/chip";
import {
  canTick,
  inOrder,
  keep,
  keptRoll,
  marked,
  PAGE,
  placeOf,
  prefilled,
  rollOf,
  tickable,
  toggled,
  withServed,
  without,
} from "./information-state.js";
import type { At, DayMeal, InformationState, Mode, Roll, Wish } from "./information-state.js";
import { ask, refuse, stay, to, toIdle } from "./information-stay.js";
import type { Stepped } from "./information-stay.js";
import { begin, late, numbered, outcome, printed, report, undecided } from "./information-send.js";
import { copyOf } from "./receipt-copy.js";
import { CHOICES, chosen, turned } from "./picker.js";
import { say } from "./say.js";
import { change } from "./terminal.js";
import type { Input, Result } from "./terminal.js";
import { INFORMATION, SHARED } from "./words.js";
import { reasonWord } from "./words-reason.js";

const BALANCE_MS = 15000;
const READING_MS = 30000;
const LIST_MS = 180000;
/** The reason under which a copied card is refused (wire/reason.ts). */
const SUSPECT = 9;
/** Keys of one day's choices: today and so many days ahead. */
const DAYS = 14;

function carded(state: InformationState, uid: string): Stepped {
  const { at, common } = state;
  // A list left open is nobody's when another card comes; the same card beside its own list changes nothing.
  const own = "roll" in at && at.roll ? at.roll.uid : "";
  if (at.kind === "sending" || at.kind === "asking" || (own === uid && at.kind !== "done")) return stay(state);
  const now = state.paper && state.paper.uid !== uid ? change(state, { paper: null }) : state;
  if (common.up)
    return ask(now, { uid, wish: "tap", ahead: 0, roll: null, id: 0 }, { kind: "Tap", uid: uid as CardUid, total: null, sun: null });
  const roll = keptRoll(state, uid);
  return roll ? open(now, roll, "serve", say(common, INFORMATION.offline)) : refuse(now, say(common, SHARED.noGateway));
}

function listWish(state: InformationState, wish: Wish, uid: string, ahead: number, meal: number, classId: number): Stepped {
  const message: Up = { kind: "ClassList", uid: uid as CardUid, ahead, meal, class: classId };
  return ask(state, { uid, wish, ahead, roll: null, id: meal }, message);
}

/** Asks for a day's meals (`section` 0) or a page of one section of the menu. */
function dayWish(state: InformationState, uid: string, pupil: number, section: number, page: number, roll: Roll | null): Stepped {
  const wish: Wish = pupil > 0 ? "sick" : section > 0 ? "menu" : "today";
  const message: Up = { kind: "Today", uid: uid as CardUid, pupil, section, page };
  return ask(state, { uid, wish, ahead: 0, roll, id: pupil > 0 ? pupil : section * 256 + page }, message);
}

function open(state: InformationState, roll: Roll, mode: Mode, notice: string): Stepped {
  return to(state, { kind: "list", roll, mode, page: 0, notice }, [
    { kind: "beep", tone: "good" },
    { kind: "timer", ms: LIST_MS },
  ]);
}

/** A roll in another mode: its ticks begin anew. */
function inMode(state: InformationState, roll: Roll, mode: Mode): Stepped {
  return open(state, change(roll, { ticked: prefilled(roll.list, mode) }), mode, "");
}

function modeOf(roll: Roll): Mode {
  return roll.ahead > 0 ? "order" : "serve";
}

function answered(state: InformationState, result: Result | null): Stepped {
  const { at, common } = state;
  if (at.kind !== "asking") return stay(state);
  if (!result) return refuse(state, say(common, SHARED.noGateway));
  const { uid, wish } = at;
  if (result.kind === "Refused") {
    // Whose card it is nobody knows yet, and it may be a child's: what to do, never why.
    if (wish === "tap") return refuse(state, say(common, SHARED.askTeacher) + " (" + result.reason + ")");
    return refuse(state, say(common, reasonWord(result.reason)));
  }
  switch (result.kind) {
    case "Holder": {
      if (result.holder !== "teacher" && result.holder !== "supervisor") {
        return to(state, { kind: "balance", uid, holder: result }, [
          { kind: "beep", tone: "good" },
          { kind: "timer", ms: BALANCE_MS },
        ]);
      }
      for (let i = 0; i < state.owed.length; i++) {
        const { result: decided, meal, class: classId } = state.owed[i];
        if (decided && state.owed[i].uid === uid) return listWish(state, "report", uid, 0, meal, classId);
      }
      return listWish(state, "list", uid, 0, 0, 0);
    }
    case "Classes":
      return to(state, { kind: "classes", uid, classes: result.classes, page: 0 }, [{ kind: "timer", ms: READING_MS }]);
    case "Class": {
      const roll = rollOf(result, uid, at.ahead);
      const now = keep(state, roll);
      return wish === "report" ? report(now, roll) : inMode(now, roll, modeOf(roll));
    }
    case "Today":
      return dayTold(state, at, result);
    default:
      return toIdle(state);
  }
}

function dayTold(state: InformationState, at: Extract<At, { kind: "asking" }>, day: Extract<Result, { kind: "Today" }>): Stepped {
  const { uid, wish, roll, id } = at;
  const reading = [{ kind: "timer" as const, ms: READING_MS }];
  if (wish === "menu") return to(state, { kind: "menu", uid, day, id }, reading);
  if (wish === "today" || !roll) return to(state, { kind: "today", uid, day, page: 0 }, reading);
  const meals: DayMeal[] = [];
  eachRow(day.meals, 0, day.meals.length, function (one) {
    if (one.open && one.mark === "ordered") meals.push(one);
  });
  const ticked = meals.map(function (_meal, index) {
    return index;
  });
  // Whoever is ill is not fed today, ordered or not.
  const now = change(roll, { ticked: without(roll.ticked, id) });
  return to(state, { kind: "sick", roll: now, id, meals, ticked, page: 0 }, [{ kind: "timer", ms: LIST_MS }]);
}

/** What the list's right key does: serve, order and cancel what has changed, or ask once more before undoing. */
function confirmed(state: InformationState, at: Extract<At, { kind: "list" }>): Stepped {
  const { roll, mode } = at;
  const { list } = roll;
  const ids = inOrder(list, roll.ticked);
  const { meal, date } = list;
  if (mode === "order") {
    const before = marked(list, "ordered");
    const fresh = ids.filter(function (id) {
      return before.indexOf(id) < 0;
    });
    const gone = before.filter(function (id) {
      return ids.indexOf(id) < 0;
    });
    const jobs = [
      { kind: "PreOrder" as const, cancel: false, meal, date, ids: fresh },
      { kind: "PreOrder" as const, cancel: true, meal, date, ids: gone },
    ].filter(function (job) {
      return job.ids.length > 0;
    });
    return jobs.length > 0 ? begin(state, roll, jobs) : to(state, change(at, { notice: say(state.common, INFORMATION.unchanged) }), []);
  }
  if (ids.length === 0) return to(state, change(at, { notice: say(state.common, INFORMATION.nobody) }), []);
  if (mode === "undo") return to(state, { kind: "undoQuestion", roll, ids }, []);
  return begin(state, roll, [{ kind: "MealConfirm", cancel: false, meal, date, ids }]);
}

function listKey(state: InformationState, at: Extract<At, { kind: "list" }>, key: string): Stepped {
  const { roll, mode } = at;
  const touched = [{ kind: "timer" as const, ms: LIST_MS }];
  if (key === "cancel" && mode === "sick") return open(state, roll, modeOf(roll), "");
  if (key === "cancel") return mode === "undo" ? inMode(state, roll, modeOf(roll)) : toIdle(state);
  if (key === "more") return to(state, change(at, { page: turned(at.page, roll.list.pupils.length, PAGE), notice: "" }), touched);
  if (key === "actions") return to(state, { kind: "actions", roll, mode }, touched);
  if (key === "undo") return to(state, { kind: "undoQuestion", roll, ids: marked(roll.list, "served") }, touched);
  if (key === "confirm") return confirmed(state, at);
  if (key.slice(0, 2) !== "id") return stay(state);
  const id = parseInt(key.slice(2), 10);
  if (mode === "sick") return dayWish(state, roll.uid, id, 0, 0, roll);
  const place = placeOf(roll.list, id);
  if (place < 0) return stay(state);
  const pupil = rowAt(roll.list.pupils, place);
  const reason = canTick(roll.list, mode, pupil) ? 0 : roll.reasons[place] || 0;
  // Told in a number, because children read over the teacher's shoulder; the paper has the words.
  const notice = reason > 0 ? say(state.common, INFORMATION.code) + " " + reason : "";
  return to(state, change(at, { roll: toggled(roll, mode, pupil), notice }), touched.concat([{ kind: "beep", tone: "key" } as never]));
}

function action(state: InformationState, at: Extract<At, { kind: "actions" }>, key: string): Stepped {
  const { roll, mode } = at;
  const touched = [{ kind: "timer" as const, ms: LIST_MS }];
  const back = function (ticked: ReadonlyArray<number>): Stepped {
    return to(state, { kind: "list", roll: change(roll, { ticked }), mode, page: 0, notice: "" }, touched);
  };
  switch (key) {
    case "all":
      return back(tickable(roll.list, mode));
    case "none":
      return back([]);
    case "cancel":
      return back(roll.ticked);
    case "meals":
      return to(state, { kind: "meals", roll }, touched);
    case "days":
      return to(state, { kind: "days", roll, page: 0 }, touched);
    case "sick":
      return open(state, roll, "sick", "");
    case "undo":
      return inMode(state, roll, "undo");
    case "copy": {
      const step = back(roll.ticked);
      const { paper } = state;
      return paper
        ? {
            state: step.state,
            effects: step.effects.concat([{ kind: "print", tag: "copy", paper: copyOf(state.common, paper.text) }]),
          }
        : step;
    }
    default:
      return stay(state);
  }
}

/** Screens of tiles: a touch chooses, "more" turns, "cancel" goes back. */
function choice(state: InformationState, key: string): Stepped {
  const { at } = state;
  const picked = chosen(key);
  switch (at.kind) {
    case "meals": {
      const { list, uid, ahead } = at.roll;
      if (key === "cancel") return inMode(state, at.roll, modeOf(at.roll));
      return picked >= 0 && picked < list.meals.length
        ? listWish(state, "list", uid, ahead, rowAt(list.meals, picked).meal, list.class)
        : stay(state);
    }
    case "days": {
      const { list, uid } = at.roll;
      if (key === "cancel") return inMode(state, at.roll, modeOf(at.roll));
      if (key === "more") return to(state, change(at, { page: turned(at.page, DAYS + 1, CHOICES) }), []);
      return picked >= 0 ? listWish(state, "list", uid, picked, picked > 0 ? list.meal : 0, list.class) : stay(state);
    }
    case "classes":
      if (key === "more") return to(state, change(at, { page: turned(at.page, at.classes.length, CHOICES) }), []);
      return picked >= 0 && picked < at.classes.length
        ? listWish(state, "list", at.uid, 0, 0, rowAt(at.classes, picked).id)
        : key === "cancel"
          ? toIdle(state)
          : stay(state);
    case "sections":
      if (key === "cancel") return to(state, { kind: "today", uid: at.uid, day: at.day, page: 0 }, []);
      if (key === "more") return to(state, change(at, { page: turned(at.page, at.day.sections.length, CHOICES) }), []);
      return picked >= 0 ? dayWish(state, at.uid, 0, picked + 1, 0, null) : stay(state);
    default:
      return stay(state);
  }
}

function sickKey(state: InformationState, at: Extract<At, { kind: "sick" }>, key: string): Stepped {
  const { roll, meals, ticked, id } = at;
  const picked = chosen(key);
  if (key === "cancel") return to(state, { kind: "list", roll, mode: modeOf(roll), page: 0, notice: "" }, [{ kind: "timer", ms: LIST_MS }]);
  if (key === "more") return to(state, change(at, { page: turned(at.page, meals.length, CHOICES) }), []);
  if (picked >= 0) {
    const rest = without(ticked, picked);
    return to(state, change(at, { ticked: rest.length < ticked.length ? rest : ticked.concat([picked]) }), [{ kind: "beep", tone: "key" }]);
  }
  if (key !== "confirm" || ticked.length === 0) return stay(state);
  const jobs = ticked.map(function (index) {
    return { kind: "PreOrder" as const, cancel: true, meal: meals[index].meal, date: meals[index].date, ids: [id] };
  });
  return begin(state, roll, jobs);
}

function readingKey(state: InformationState, key: string): Stepped {
  const { at } = state;
  const reading = [{ kind: "timer" as const, ms: READING_MS }];
  switch (at.kind) {
    case "balance":
      return key === "today" && state.common.up ? dayWish(state, at.uid, 0, 0, 0, null) : key === "done" ? toIdle(state) : stay(state);
    case "today":
      if (key === "more") return to(state, change(at, { page: turned(at.page, at.day.meals.length, PAGE / 2) }), reading);
      if (key === "menu") return to(state, { kind: "sections", uid: at.uid, day: at.day, page: 0 }, reading);
      return key === "cancel" ? toIdle(state) : stay(state);
    case "menu": {
      const section = Math.floor(at.id / 256);
      if (key === "more") return dayWish(state, at.uid, 0, section, turned(at.id % 256, at.day.pages, 1), null);
      return key === "cancel" ? to(state, { kind: "sections", uid: at.uid, day: at.day, page: 0 }, reading) : stay(state);
    }
    default:
      return choice(state, key);
  }
}

function doneKey(state: InformationState, at: Extract<At, { kind: "done" }>, key: string): Stepped {
  if (key === "more") return to(state, change(at, { page: turned(at.page, at.refused.length, 4) }), []);
  if (key === "undo" && at.what === "served" && at.ids.length > 0)
    return to(state, { kind: "undoQuestion", roll: at.roll, ids: at.ids }, [{ kind: "timer", ms: READING_MS }]);
  return key === "done" ? toIdle(state) : stay(state);
}

function questionKey(state: InformationState, at: Extract<At, { kind: "undoQuestion" }>, key: string): Stepped {
  const { roll, ids } = at;
  const { meal, date } = roll.list;
  if (key === "yes") return begin(state, roll, [{ kind: "MealUndo", cancel: false, meal, date, ids }]);
  if (key !== "single") return key === "cancel" ? toIdle(state) : stay(state);
  // The list may be older than the meal that was just confirmed on it.
  return inMode(state, change(roll, { list: withServed(roll.list, ids) }), "undo");
}

function pressed(state: InformationState, key: string): Stepped {
  const { at } = state;
  switch (at.kind) {
    case "list":
      return listKey(state, at, key);
    case "actions":
      return action(state, at, key);
    case "sick":
      return sickKey(state, at, key);
    case "done":
      return doneKey(state, at, key);
    case "undoQuestion":
      return questionKey(state, at, key);
    default:
      return readingKey(state, key);
  }
}

/** The card may be a copy: nothing of its holder stays on the screen. What is in flash already goes on. */
function suspected(state: InformationState): Stepped {
  const { kind } = state.at;
  if (kind === "idle" || kind === "sending" || kind === "done") return stay(state);
  return refuse(state, say(state.common, SHARED.askTeacher) + " (" + SUSPECT + ")");
}

export function stepInformation(state: InformationState, input: Input): Stepped {
  switch (input.kind) {
    case "key":
      return pressed(state, input.key);
    case "card":
      return carded(state, input.uid);
    case "stranger":
      return state.at.kind === "idle" ? refuse(state, say(state.common, SHARED.stranger)) : stay(state);
    case "suspect":
      return suspected(state);
    case "answer":
      return answered(state, input.result);
    case "stored":
      return numbered(state, input.tag, input.n);
    case "outcome":
      return outcome(state, input.n, input.result);
    case "printed":
      return printed(state, input.tag, input.ok);
    case "timer":
      return state.at.kind === "sending" ? late(state, state.at) : toIdle(state);
    case "common":
      return stay(change(state, { common: input.common }));
    case "interrupted":
      return stay(change(state, { owed: (input.meals || []).map(undecided) }));
    default:
      return stay(state);
  }
}
