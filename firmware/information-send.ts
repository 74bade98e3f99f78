/**
 * A class's operations on their way, and the paper that is owed for each. A confirmed list is in flash before it is sent: with the gateway away it is decided
 * later, because the children have eaten by then, and what came of it is told and printed when the card comes again. The number of the oldest operation
 * without its final paper is kept, so that a power cut at any moment forgets none.
 */
import { eachRow } from "@trapeza/protocol/chip";
import type { CardUid } from "@trapeza/protocol/chip";
import { classReceipt } from "./information-receipt.js";
import { keep, withServed } from "./information-state.js";
import type { At, InformationState, Job, Owed, RefusedPupil, Roll } from "./information-state.js";
import { refuse, stay, to } from "./information-stay.js";
import type { Stepped } from "./information-stay.js";
import { paperOf } from "./receipt.js";
import type { PaperLine } from "./receipt.js";
import { say } from "./say.js";
import { change } from "./terminal.js";
import type { Effect, OperationDraft, Result, UnreportedMeal } from "./terminal.js";
import { reasonWord } from "./words-reason.js";

type Sending = Extract<At, { kind: "sending" }>;
type Done = Extract<At, { kind: "done" }>;

const CLASS_TAG = "class";
const RECEIPT_TAG = "receipt";
const PAPER = "paper:";
const SAVED = "saved:";
const LATE_MS = 4000;
const DONE_MS = 30000;
const OUT_OF_SERVICE = 30;

/** Sends the first of these; each of the others when the one before it has its answer. */
export function begin(state: InformationState, roll: Roll, jobs: ReadonlyArray<Job>): Stepped {
  // Who was ticked stands in the jobs.
  return send(change(state, { paper: null }), { kind: "sending", roll: change(roll, { ticked: [] }), jobs, n: 0, count: 0, refused: [] });
}

function send(state: InformationState, at: Sending): Stepped {
  const { list, uid } = at.roll;
  const { kind, cancel, meal, date, ids } = at.jobs[0];
  const what = { kind, class: list.class, meal, date, ids: ids.slice(), uid: uid as CardUid };
  const operation = (kind === "PreOrder" ? change(what, { cancel } as never) : what) as OperationDraft;
  return to(state, at, [
    { kind: "submit", tag: CLASS_TAG, operation },
    { kind: "timer", ms: LATE_MS },
  ]);
}

/** The lowest number that a start after a power cut must still find in flash. */
function kept(state: InformationState): Effect {
  let n = 0;
  for (let i = 0; i < state.owed.length; i++) if (n === 0 || state.owed[i].n < n) n = state.owed[i].n;
  return { kind: "keep", n };
}

export function numbered(state: InformationState, tag: string, n: number): Stepped {
  const { at } = state;
  if (tag === RECEIPT_TAG) return { state, effects: [kept(state)] };
  if (tag !== CLASS_TAG || at.kind !== "sending") return stay(state);
  if (n === 0) return refuse(state, say(state.common, reasonWord(OUT_OF_SERVICE)));
  const now = change(state, { at: change(at, { n }) as At });
  const job = at.jobs[0];
  if (job.kind === "PreOrder") return stay(now);
  const { meal, date } = job;
  const owes: Owed = { n, uid: at.roll.uid, class: at.roll.list.class, meal, date, undo: job.kind === "MealUndo", result: null };
  const owing = change(now, { owed: state.owed.concat([owes]) });
  return { state: owing, effects: [kept(owing)] };
}

/** What came of one operation, added to what came of those before it. */
function summed(at: Sending, result: Result): Sending {
  const { ids } = at.jobs[0];
  const refused =
    result.kind === "Refused"
      ? ids.map(function (id) {
          return { id, reason: result.reason };
        })
      : refusedIn(result);
  const count = result.kind === "Ordered" ? ids.length - refused.length : doneIds(result).length;
  return change(at, { count: at.count + count, refused: at.refused.concat(refused) });
}

/** For whom it happened. */
function doneIds(result: Result): number[] {
  if (result.kind === "Undone" || result.kind === "Ordered") return result.ids;
  if (result.kind !== "Served") return [];
  const ids: number[] = [];
  eachRow(result.served, 0, result.served.length, function (one) {
    ids.push(one.id);
  });
  return ids;
}

function refusedIn(result: Result): RefusedPupil[] {
  const refused: RefusedPupil[] = [];
  if ("refused" in result) {
    eachRow(result.refused, 0, result.refused.length, function (one) {
      refused.push(one);
    });
  }
  return refused;
}

/** An operation has its answer; `null`: the answer of one that is not on the screen has been told. */
export function outcome(state: InformationState, n: number, result: Result | null): Stepped {
  const { at } = state;
  if (!result || at.kind !== "sending" || at.n !== n) {
    const owed = state.owed.map(function (one) {
      return one.n === n ? change(one, { result }) : one;
    });
    return stay(change(state, { owed }));
  }
  const job = at.jobs[0];
  const total = summed(at, result);
  if (job.kind === "PreOrder") {
    if (at.jobs.length > 1) return send(state, change(total, { jobs: at.jobs.slice(1), n: 0 }));
    const { roll, count, refused } = total;
    const ids: number[] = [];
    for (let i = 0; i < count; i++) ids.push(0);
    return finished(state, { kind: "done", roll, what: "ordered", n: 0, ids, refused, printed: "none", page: 0 }, []);
  }
  return told(state, at.roll, n, job.kind === "MealUndo", result);
}

function finished(state: InformationState, at: Done, effects: ReadonlyArray<Effect>): Stepped {
  const all: Effect[] = [{ kind: "beep", tone: at.ids.length > 0 ? "good" : "refused" }];
  return to(state, at, all.concat(effects, [{ kind: "timer", ms: DONE_MS }]));
}

/** With a paper, which its card may have once more. */
function papered(state: InformationState, at: Done, tag: string, lines: ReadonlyArray<PaperLine>): Stepped {
  const paper = paperOf(lines);
  return finished(change(state, { paper: { uid: at.roll.uid, text: paper } }), at, [{ kind: "print", tag, paper }]);
}

/** A decided meal on the screen and on paper. */
function told(state: InformationState, roll: Roll, n: number, undo: boolean, result: Result): Stepped {
  const ids = doneIds(result);
  const refused = refusedIn(result);
  const after = undo ? roll : change(roll, { list: withServed(roll.list, ids) });
  const at: Done = { kind: "done", roll: after, what: undo ? "undone" : "served", n, ids, refused, printed: "waiting", page: 0 };
  const now = undo ? change(state, { kept: null }) : keep(state, after);
  return papered(now, at, PAPER + n, classReceipt(state, after, n, undo, ids, refused, result));
}

/** The oldest decided meal of this card and class that nobody has read yet; the list names its pupils. */
export function report(state: InformationState, roll: Roll): Stepped {
  for (let i = 0; i < state.owed.length; i++) {
    const one = state.owed[i];
    if (!one.result || one.uid !== roll.uid || one.class !== roll.list.class) continue;
    const list = change(roll.list, { date: one.date });
    // Told once: while its paper is being printed another touch of the card must not print it again.
    const telling = outcome(state, one.n, null).state;
    return told(telling, change(roll, { list }), one.n, one.undo, one.result);
  }
  return stay(state);
}

/** No answer, but the operation lies in flash: the teacher need not wait for a cable. */
export function late(state: InformationState, at: Sending): Stepped {
  if (state.common.up || at.n === 0) return to(state, at, [{ kind: "timer", ms: LATE_MS }]);
  const { roll, jobs, n } = at;
  const { kind, ids } = jobs[0];
  const paper = kind !== "PreOrder";
  const after = kind === "MealConfirm" ? change(roll, { list: withServed(roll.list, ids) }) : roll;
  const now = kind === "MealConfirm" ? keep(state, after) : state;
  const done: Done = { kind: "done", roll: after, what: "saved", n, ids, refused: [], printed: paper ? "waiting" : "none", page: 0 };
  return paper ? papered(now, done, SAVED + n, classReceipt(state, roll, n, kind === "MealUndo", ids, [], null)) : finished(now, done, []);
}

export function printed(state: InformationState, tag: string, ok: boolean): Stepped {
  const { at } = state;
  const final = tag.slice(0, PAPER.length) === PAPER;
  if (!final && tag.slice(0, SAVED.length) !== SAVED) return stay(state);
  const now = at.kind === "done" ? change(state, { at: change(at, { printed: ok ? "yes" : "no" }) as At }) : state;
  const effects: Effect[] = ok ? [] : [{ kind: "beep", tone: "attention" }];
  // A slip that says "will be recorded" is no receipt yet.
  if (!final) return { state: now, effects };
  const of = parseInt(tag.slice(PAPER.length), 10);
  const owed = state.owed.filter(function (one) {
    return one.n !== of;
  });
  return {
    state: change(now, { owed }),
    effects: effects.concat([{ kind: "submit", tag: RECEIPT_TAG, operation: { kind: "Receipt", of, outcome: ok ? "printed" : "failed" } }]),
  };
}

export function undecided(one: UnreportedMeal): Owed {
  return change(one as Owed, { result: null });
}
