/**
 * The wall: a teacher's card opens the class's list, ticked from the orders; confirm, and it is served. Any other card shows its two purses. Pure.
 *
 * A confirmed list is in flash before it is sent: with the gateway away it is kept and decided later, because the children have eaten by then.
 */
import type { CardUid, Result } from "@trapeza/protocol/chip";
import { classReceipt } from "./information-receipt.js";
import { PAGE, prefilled, servedIds, toggled } from "./information-state.js";
import type { At, InformationState, Roll } from "./information-state.js";
import { change } from "./terminal.js";
import type { Common, Effect, Input, OperationDraft, Step } from "./terminal.js";
import { reasonWord } from "./words-reason.js";
import { say } from "./say.js";
import { INFORMATION, SHARED } from "./words.js";

type Stepped = Step<InformationState>;

const TAP_TAG = "tap";
const LIST_TAG = "list";
const MEAL_TAG = "meal";
const PAPER = "class:";
const BALANCE_MS = 10000;
const LIST_MS = 180000;
const LATE_MS = 4000;
const DONE_MS = 30000;
const NOTICE_MS = 6000;
const OUT_OF_SERVICE = 30;
/** The reason under which a copied card is refused (wire/reason.ts). */
const SUSPECT = 9;
const QUIET: Effect = { kind: "timer", ms: 0 };

function to(state: InformationState, at: At, effects: ReadonlyArray<Effect>): Stepped {
  return { state: change(state, { at }), effects };
}

function stay(state: InformationState): Stepped {
  return { state, effects: [] };
}

function toIdle(state: InformationState): Stepped {
  return to(state, { kind: "idle", notice: "" }, [QUIET]);
}

function refuse(state: InformationState, notice: string): Stepped {
  return to(state, { kind: "idle", notice }, [
    { kind: "beep", tone: "refused" },
    { kind: "timer", ms: NOTICE_MS },
  ]);
}

function carded(state: InformationState, uid: string): Stepped {
  const { at } = state;
  if (at.kind !== "idle" && at.kind !== "balance" && at.kind !== "done" && at.kind !== "undone") return stay(state);
  if (!state.common.up) return refuse(state, say(state.common, SHARED.noGateway));
  return to(state, { kind: "asking", uid }, [
    { kind: "ask", tag: TAP_TAG, message: { kind: "Tap", uid: uid as CardUid, total: null, sun: null } },
    QUIET,
  ]);
}

function answered(state: InformationState, tag: string, result: Result | null): Stepped {
  const { at } = state;
  if (at.kind !== "asking") return stay(state);
  if (!result) return refuse(state, say(state.common, SHARED.noGateway));
  if (result.kind === "Refused") return refuse(state, say(state.common, reasonWord(result.reason)));
  if (tag === TAP_TAG && result.kind === "Holder") {
    if (result.holder === "teacher")
      return to(state, at, [
        { kind: "ask", tag: LIST_TAG, message: { kind: "ClassList", uid: at.uid as CardUid, ahead: 0, meal: 0, class: 0 } },
      ]);
    return to(state, { kind: "balance", holder: result }, [
      { kind: "beep", tone: "good" },
      { kind: "timer", ms: BALANCE_MS },
    ]);
  }
  if (tag !== LIST_TAG || result.kind !== "Class") return toIdle(state);
  const roll: Roll = { list: result, uid: at.uid, ticked: prefilled(result) };
  return to(state, { kind: "list", roll, page: 0, notice: "" }, [
    { kind: "beep", tone: "good" },
    { kind: "timer", ms: LIST_MS },
  ]);
}

/** In the order of the list, whatever the order of ticking. */
function inOrder(roll: Roll): number[] {
  const ids: number[] = [];
  for (let i = 0; i < roll.list.pupils.length; i++) if (roll.ticked.indexOf(roll.list.pupils[i].id) >= 0) ids.push(roll.list.pupils[i].id);
  return ids;
}

function send(state: InformationState, roll: Roll, ids: ReadonlyArray<number>, undo: boolean): Stepped {
  const { list, uid } = roll;
  const what = { class: list.class, meal: list.meal, date: list.date, ids: ids.slice(), uid: uid as CardUid };
  const operation: OperationDraft = undo
    ? Object.assign({ kind: "MealUndo" as const }, what)
    : Object.assign({ kind: "MealConfirm" as const }, what);
  return to(state, { kind: "sending", roll, ids, undo, n: 0 }, [
    { kind: "submit", tag: MEAL_TAG, operation },
    { kind: "timer", ms: LATE_MS },
  ]);
}

function listKey(state: InformationState, at: Extract<At, { kind: "list" }>, key: string): Stepped {
  if (key === "cancel") return toIdle(state);
  if (key === "more") {
    const pages = Math.max(1, Math.ceil(at.roll.list.pupils.length / PAGE));
    return to(state, change(at, { page: (at.page + 1) % pages }), [{ kind: "timer", ms: LIST_MS }]);
  }
  if (key === "undo") return to(state, { kind: "undoQuestion", roll: at.roll, ids: servedIds(at.roll.list) }, []);
  if (key === "confirm") {
    const ids = inOrder(at.roll);
    return ids.length > 0 ? send(state, at.roll, ids, false) : to(state, change(at, { notice: say(state.common, INFORMATION.nobody) }), []);
  }
  if (key.slice(0, 2) !== "id") return stay(state);
  return to(state, change(at, { roll: toggled(at.roll, parseInt(key.slice(2), 10)), notice: "" }), [
    { kind: "beep", tone: "key" },
    { kind: "timer", ms: LIST_MS },
  ]);
}

function pressed(state: InformationState, key: string): Stepped {
  const { at } = state;
  switch (at.kind) {
    case "list":
      return listKey(state, at, key);
    case "done":
      if (key === "undo" && at.served) {
        const ids = at.served.served.map(function (one) {
          return one.id;
        });
        return to(state, { kind: "undoQuestion", roll: at.roll, ids }, [{ kind: "timer", ms: DONE_MS }]);
      }
      return key === "done" ? toIdle(state) : stay(state);
    case "undoQuestion":
      return key === "yes" ? send(state, at.roll, at.ids, true) : key === "cancel" ? toIdle(state) : stay(state);
    case "balance":
    case "undone":
      return key === "done" ? toIdle(state) : stay(state);
    default:
      return stay(state);
  }
}

function numbered(state: InformationState, tag: string, n: number): Stepped {
  const { at } = state;
  if (tag !== MEAL_TAG || at.kind !== "sending") return stay(state);
  return n > 0 ? stay(change(state, { at: change(at, { n }) as At })) : refuse(state, say(state.common, reasonWord(OUT_OF_SERVICE)));
}

function outcome(state: InformationState, n: number, result: Result): Stepped {
  const { at } = state;
  if (at.kind !== "sending" || at.n !== n) return stay(state);
  if (result.kind === "Refused") return refuse(state, say(state.common, reasonWord(result.reason)));
  if (result.kind === "Undone") {
    return to(state, { kind: "undone", count: result.ids.length }, [
      { kind: "beep", tone: "good" },
      { kind: "timer", ms: NOTICE_MS },
    ]);
  }
  if (result.kind !== "Served") return toIdle(state);
  return to(state, { kind: "done", roll: at.roll, served: result, printed: "waiting" }, [
    { kind: "beep", tone: "good" },
    { kind: "print", tag: PAPER + n, lines: classReceipt(state, at.roll, n, at.ids, result) },
    { kind: "timer", ms: DONE_MS },
  ]);
}

/** No answer, but the list lies in flash: the teacher need not wait for a cable. */
function late(state: InformationState, at: Extract<At, { kind: "sending" }>): Stepped {
  if (state.common.up || at.undo || at.n === 0) return to(state, at, [{ kind: "timer", ms: LATE_MS }]);
  return to(state, { kind: "done", roll: at.roll, served: null, printed: "waiting" }, [
    { kind: "print", tag: PAPER + at.n, lines: classReceipt(state, at.roll, at.n, at.ids, null) },
    { kind: "timer", ms: DONE_MS },
  ]);
}

function printed(state: InformationState, tag: string, ok: boolean): Stepped {
  const { at } = state;
  if (tag.slice(0, PAPER.length) !== PAPER) return stay(state);
  const told = at.kind === "done" ? change(state, { at: change(at, { printed: ok ? "yes" : "no" }) as At }) : state;
  const of = parseInt(tag.slice(PAPER.length), 10);
  return {
    state: told,
    effects: [{ kind: "submit", tag: "receipt", operation: { kind: "Receipt", of, outcome: ok ? "printed" : "failed" } }],
  };
}

function surrounded(state: InformationState, common: Common): Stepped {
  return stay(change(state, { common }));
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
      return state.at.kind === "balance" || state.at.kind === "list" ? refuse(state, say(state.common, reasonWord(SUSPECT))) : stay(state);
    case "answer":
      return answered(state, input.tag, input.result);
    case "stored":
      return numbered(state, input.tag, input.n);
    case "outcome":
      return outcome(state, input.n, input.result);
    case "printed":
      return printed(state, input.tag, input.ok);
    case "timer":
      return state.at.kind === "sending" ? late(state, state.at) : toIdle(state);
    case "common":
      return surrounded(state, input.common);
    default:
      return stay(state);
  }
}
