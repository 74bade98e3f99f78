/** A wall on a stage: classes, pupils and answers as the gateway would give them. */
import type { Result } from "@trapeza/protocol/chip";
import { beginInformation, informationRests, type InformationState, type Pupil } from "./information-state.js";
import { viewInformation } from "./information-view.js";
import { stepInformation } from "./information.js";
import { createStage, readyCommon, type Stage } from "./stage.js";
import type { Common } from "./terminal.js";

export const TEACHER = "aabbccdd";
export const CHILD = "11223344";
/** Friday, 20 November 2026, as the stage's clock has it. */
export const TODAY = Math.floor(Date.UTC(2026, 10, 20) / 86400000);
export type Mark = Pupil["mark"];

export function holder(kind: "teacher" | "pupil" | "supervisor"): Result {
  const fields = {
    handle: 1,
    name: "Petrov Ivan",
    className: "5A",
    cardNumber: "24",
    account: "",
    main: -1852,
    additional: 5000,
    verdict: 0,
  };
  return { kind: "Holder", holder: kind, ...fields } as unknown as Result;
}

interface ListFields {
  readonly meal: number;
  readonly mealName: string;
  readonly date: number;
  readonly meals: readonly { meal: number; name: string }[];
  readonly orders: { open: boolean; date: number; minute: number };
}

export function list(marks: readonly Mark[], fields: Partial<ListFields> = {}): Result {
  const pupils = marks.map((mark, at) => ({
    id: at + 1,
    name: `Pupil${at + 1} Name Middle`,
    mark,
    reason: mark === "not_admitted" ? 21 : 0,
  }));
  const plain = { class: 14, className: "5A", meal: 2, mealName: "Lunch", date: TODAY, teacherCard: "24900014", pupils };
  const meals = [
    { meal: 2, name: "Lunch" },
    { meal: 3, name: "Snack" },
  ];
  return { kind: "Class", ...plain, meals, orders: { open: true, date: TODAY, minute: 900 }, ...fields } as unknown as Result;
}

export function served(ids: readonly number[], refused: readonly number[] = []): Result {
  return {
    kind: "Served",
    served: ids.map((id) => ({ id, category: 3 })),
    refused: refused.map((id) => ({ id, reason: 21 })),
    categories: [{ category: 3, name: "Paid", share: 8640, subsidy: 1000, count: ids.length }],
    atMs: 0,
    proof: { epoch: 1, index: 9, leaf: new Uint8Array(16) },
  } as unknown as Result;
}

export function wall(fields: Partial<Common> = {}): Stage<InformationState> {
  return createStage(
    { begin: beginInformation, step: stepInformation, view: viewInformation, rests: informationRests },
    readyCommon({ acceptor: "none", ...fields }),
  );
}

export function away(up = false): { kind: "common"; common: Common } {
  return { kind: "common", common: readyCommon({ acceptor: "none", up }) };
}

/** A teacher's card, and the class's list on the screen. */
export function opened(...marks: Mark[]): Stage<InformationState> {
  const stage = wall();
  open(stage, list(marks));
  return stage;
}

export function open(stage: Stage<InformationState>, result: Result): void {
  stage.hear(
    { kind: "card", uid: TEACHER },
    { kind: "answer", tag: "tap", result: holder("teacher") },
    { kind: "answer", tag: "list", result },
  );
  stage.raw();
}

/** The gateway's word on an operation that has just been stored as `n`. */
export function decided(stage: Stage<InformationState>, n: number, result: Result): void {
  stage.hear({ kind: "stored", tag: "class", n }, { kind: "outcome", n, result });
}

export function ticked(stage: Stage<InformationState>): readonly number[] {
  const { at } = stage.state;
  return "roll" in at && at.roll ? at.roll.ticked : [];
}

/** The operations and questions since the last look. */
export function sent(stage: Stage<InformationState>): object[] {
  const found: object[] = [];
  for (const effect of stage.raw()) {
    if (effect.kind === "submit") found.push(effect.operation);
    if (effect.kind === "ask") found.push(effect.message);
  }
  return found;
}
