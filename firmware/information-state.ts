/** What a wall terminal knows: the class on its screen, who is ticked, the last list in case the gateway goes away, and whose paper is still owed. */
import { changedRows, eachRow, NO_BYTES, rowAt } from "@trapeza/protocol/chip";
import type { Rows } from "@trapeza/protocol/chip";
import type { Holder } from "./settlement-state.js";
import { change } from "./terminal.js";
import type { Common, Result, UnreportedMeal } from "./terminal.js";

export type { Holder };
export type ClassList = Extract<Result, { readonly kind: "Class" }>;
export type Served = Extract<Result, { readonly kind: "Served" }>;
export type Today = Extract<Result, { readonly kind: "Today" }>;
export type Classes = Extract<Result, { readonly kind: "Classes" }>;
export type Pupil = ClassList["pupils"] extends Rows<infer P> ? P : never;
export type DayMeal = Today["meals"] extends Rows<infer M> ? M : never;
export interface RefusedPupil {
  readonly id: number;
  readonly reason: number;
}

/** What touching a name does: tick for today's meal, for an order, for taking the meal back; or choose who is ill. */
export type Mode = "serve" | "order" | "undo" | "sick";

/** A list with its ticks; `uid`: the card that opened it, `ahead`: days from today. */
export interface Roll {
  /** Without why anybody is not admitted: it may be kept. */
  readonly list: ClassList;
  /** Why, by place in the list; 0 for nothing. */
  readonly reasons: Uint8Array;
  readonly uid: string;
  readonly ahead: number;
  readonly ticked: ReadonlyArray<number>;
}

/** One operation of the class on its way, or waiting behind another. */
export interface Job {
  readonly kind: "MealConfirm" | "MealUndo" | "PreOrder";
  readonly cancel: boolean;
  readonly meal: number;
  readonly date: number;
  readonly ids: ReadonlyArray<number>;
}

/** What an answer of the gateway is awaited for. */
export type Wish = "tap" | "list" | "report" | "classes" | "today" | "menu" | "sick";

export type At =
  | { readonly kind: "idle"; readonly notice: string }
  | {
      readonly kind: "asking";
      readonly uid: string;
      readonly wish: Wish;
      readonly ahead: number;
      readonly roll: Roll | null;
      readonly id: number;
    }
  | { readonly kind: "balance"; readonly uid: string; readonly holder: Holder }
  | { readonly kind: "today"; readonly uid: string; readonly day: Today; readonly page: number }
  | { readonly kind: "sections"; readonly uid: string; readonly day: Today; readonly page: number }
  /** `id` = section · 256 + page, as it was asked for. */
  | { readonly kind: "menu"; readonly uid: string; readonly day: Today; readonly id: number }
  | { readonly kind: "classes"; readonly uid: string; readonly classes: Classes["classes"]; readonly page: number }
  | { readonly kind: "list"; readonly roll: Roll; readonly mode: Mode; readonly page: number; readonly notice: string }
  | { readonly kind: "actions"; readonly roll: Roll; readonly mode: Mode }
  | { readonly kind: "meals"; readonly roll: Roll }
  | { readonly kind: "days"; readonly roll: Roll; readonly page: number }
  /** Orders of one pupil that can be cancelled still; `ticked`: places in `meals`. */
  | {
      readonly kind: "sick";
      readonly roll: Roll;
      readonly id: number;
      readonly meals: ReadonlyArray<DayMeal>;
      readonly ticked: ReadonlyArray<number>;
      readonly page: number;
    }
  | { readonly kind: "undoQuestion"; readonly roll: Roll; readonly ids: ReadonlyArray<number> }
  /** `jobs[0]` is on its way as operation `n`; `count` and `refused` come from those before it. */
  | {
      readonly kind: "sending";
      readonly roll: Roll;
      readonly jobs: ReadonlyArray<Job>;
      readonly n: number;
      readonly count: number;
      readonly refused: ReadonlyArray<RefusedPupil>;
    }
  /** "saved": in flash, not answered yet. `n` 0: no operation whose paper could be asked for by its code. */
  | {
      readonly kind: "done";
      readonly roll: Roll;
      readonly what: "served" | "undone" | "ordered" | "saved";
      readonly n: number;
      readonly ids: ReadonlyArray<number>;
      readonly refused: ReadonlyArray<RefusedPupil>;
      readonly printed: "none" | "waiting" | "yes" | "no";
      readonly page: number;
    };

/** A class's meal of which its teacher holds no final paper yet; `result` null: the gateway has not decided it. */
export interface Owed extends UnreportedMeal {
  readonly result: Result | null;
}

export interface InformationState {
  readonly common: Common;
  readonly at: At;
  /** The last list of today. Never on flash: it has children's names in it. */
  readonly kept: { readonly uid: string; readonly list: ClassList } | null;
  readonly owed: ReadonlyArray<Owed>;
  /** The last paper of this card, until another card comes or the next operation begins. It has children's names in it. */
  readonly paper: { readonly uid: string; readonly text: string } | null;
}

/** Two columns of five names: twenty-eight pupils take three pages. */
export const ROWS = 5;
export const PAGE = 10;

export function informationRests(state: InformationState): boolean {
  const { kind } = state.at;
  return kind === "idle" || kind === "sending" || kind === "done";
}

export function beginInformation(common: Common): InformationState {
  return { common, at: { kind: "idle", notice: "" }, kept: null, owed: [], paper: null };
}

export function canTick(list: ClassList, mode: Mode, pupil: Pupil): boolean {
  if (mode === "sick") return true;
  if (mode === "undo") return pupil.mark === "served";
  return (pupil.mark === "plain" || pupil.mark === "ordered") && (mode === "serve" || list.orders.open);
}

/** Ids of the pupils with this mark. */
export function marked(list: ClassList, mark: Pupil["mark"]): number[] {
  return idsOf(list, function (one) {
    return one.mark === mark;
  });
}

/** Ids of all whom a touch could tick. */
export function tickable(list: ClassList, mode: Mode): number[] {
  return idsOf(list, function (one) {
    return canTick(list, mode, one);
  });
}

function idsOf(list: ClassList, isMeant: (pupil: Pupil) => boolean): number[] {
  const ids: number[] = [];
  eachRow(list.pupils, 0, list.pupils.length, function (one) {
    if (isMeant(one)) ids.push(one.id);
  });
  return ids;
}

/** Ticked to begin with: today those who ordered, and where nobody ordered everybody who may eat; ahead those who have ordered; to be undone all. */
export function prefilled(list: ClassList, mode: Mode): number[] {
  if (mode === "undo") return marked(list, "served");
  const ordered = marked(list, "ordered");
  return ordered.length > 0 || mode === "order" ? ordered : tickable(list, mode);
}

/** Ticks or unticks; who cannot be ticked stays. */
export function toggled(roll: Roll, mode: Mode, pupil: Pupil): Roll {
  const { list, ticked } = roll;
  if (!canTick(list, mode, pupil)) return roll;
  const rest = without(ticked, pupil.id);
  return change(roll, { ticked: rest.length < ticked.length ? rest : ticked.concat([pupil.id]) });
}

export function without(ids: ReadonlyArray<number>, id: number): number[] {
  return ids.filter(function (one) {
    return one !== id;
  });
}

/** Where in the list a pupil stands, −1 for nowhere. */
export function placeOf(list: ClassList, id: number): number {
  let place = -1;
  eachRow(list.pupils, 0, list.pupils.length, function (one, at) {
    if (one.id === id) place = at;
  });
  return place;
}

export function nameOf(list: ClassList, id: number): string {
  const place = placeOf(list, id);
  return place < 0 ? nameless(id) : rowAt(list.pupils, place).name;
}

/** Of a pupil who has left the class since. */
export function nameless(id: number): string {
  return "No. " + id;
}

/** In the order of the list, whatever the order of ticking. */
export function inOrder(list: ClassList, ids: ReadonlyArray<number>): number[] {
  return idsOf(list, function (one) {
    return ids.indexOf(one.id) >= 0;
  });
}

/** As the gateway told it. */
export function rollOf(told: ClassList, uid: string, ahead: number): Roll {
  const reasons = new Uint8Array(told.pupils.length);
  const pupils = changedRows(told.pupils, function (one, at) {
    reasons[at] = one.reason;
    return change(one, { reason: 0 });
  });
  return { list: change(told, { pupils }), reasons, uid, ahead, ticked: [] };
}

/** The same list after a meal of these. */
export function withServed(list: ClassList, served: ReadonlyArray<number>): ClassList {
  const pupils = changedRows(list.pupils, function (one) {
    return served.indexOf(one.id) < 0 ? one : change(one, { mark: "served" });
  });
  return change(list, { pupils });
}

/** Keeps today's list for an hour without the gateway. */
export function keep(state: InformationState, roll: Roll): InformationState {
  return roll.ahead > 0 ? state : change(state, { kept: { uid: roll.uid, list: roll.list } });
}

/** The kept list for this card on this day, `null` when there is none. */
export function keptRoll(state: InformationState, uid: string): Roll | null {
  const { kept, common } = state;
  if (!kept || kept.uid !== uid || common.localMs === null || Math.floor(common.localMs / 86400000) !== kept.list.date) return null;
  return { list: kept.list, reasons: NO_BYTES, uid, ahead: 0, ticked: prefilled(kept.list, "serve") };
}
