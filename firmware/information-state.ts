/** What a wall terminal knows: the class on its screen and who is ticked. */
import type { Result } from "@trapeza/protocol/chip";
import type { Holder } from "./settlement-state.js";
import type { Common } from "./terminal.js";

export type { Holder };
export type ClassList = Extract<Result, { readonly kind: "Class" }>;
export type Served = Extract<Result, { readonly kind: "Served" }>;

/** A list with its ticks; `uid`: the teacher's card that opened it. */
export interface Roll {
  readonly list: ClassList;
  readonly uid: string;
  readonly ticked: ReadonlyArray<number>;
}

export type At =
  | { readonly kind: "idle"; readonly notice: string }
  | { readonly kind: "asking"; readonly uid: string }
  | { readonly kind: "balance"; readonly holder: Holder }
  | { readonly kind: "list"; readonly roll: Roll; readonly page: number; readonly notice: string }
  | { readonly kind: "sending"; readonly roll: Roll; readonly ids: ReadonlyArray<number>; readonly undo: boolean; readonly n: number }
  /** `served` null: in flash, not answered yet. */
  | { readonly kind: "done"; readonly roll: Roll; readonly served: Served | null; readonly printed: "waiting" | "yes" | "no" }
  | { readonly kind: "undoQuestion"; readonly roll: Roll; readonly ids: ReadonlyArray<number> }
  | { readonly kind: "undone"; readonly count: number };

export interface InformationState {
  readonly common: Common;
  readonly at: At;
}

/** Two columns of six names: twenty-eight pupils take three pages. */
export const ROWS = 6;
export const PAGE = 12;

export function informationRests(state: InformationState): boolean {
  const { kind } = state.at;
  return kind === "idle" || kind === "sending" || kind === "done" || kind === "undone";
}

export function beginInformation(common: Common): InformationState {
  return { common, at: { kind: "idle", notice: "" } };
}

/** Ticked to begin with: those who ordered; in a class where nobody ordered, everybody who may eat. */
export function prefilled(list: ClassList): number[] {
  let ordered = false;
  for (let i = 0; i < list.pupils.length; i++) if (list.pupils[i].mark === "ordered") ordered = true;
  const ids: number[] = [];
  for (let i = 0; i < list.pupils.length; i++) if (list.pupils[i].mark === (ordered ? "ordered" : "plain")) ids.push(list.pupils[i].id);
  return ids;
}

export function servedIds(list: ClassList): number[] {
  const ids: number[] = [];
  for (let i = 0; i < list.pupils.length; i++) if (list.pupils[i].mark === "served") ids.push(list.pupils[i].id);
  return ids;
}

/** Ticks or unticks one pupil; who is served or not admitted cannot be ticked. */
export function toggled(roll: Roll, id: number): Roll {
  const { list, uid, ticked } = roll;
  const pupil = list.pupils.find(function (one) {
    return one.id === id;
  });
  if (!pupil || pupil.mark === "served" || pupil.mark === "not_admitted") return roll;
  if (ticked.indexOf(id) < 0) return { list, uid, ticked: ticked.concat([id]) };
  return {
    list,
    uid,
    ticked: ticked.filter(function (one) {
      return one !== id;
    }),
  };
}

export function nameOf(list: ClassList, id: number): string {
  for (let i = 0; i < list.pupils.length; i++) if (list.pupils[i].id === id) return list.pupils[i].name;
  return String(id);
}
