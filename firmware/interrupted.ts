/** What the last start left undone, read from its outbox: each kind of terminal reads what can be there, and no image carries what cannot. */
import { unpackUp } from "@trapeza/protocol/chip";
import type { Board } from "./board.js";
import { openOutbox, stored } from "./outbox.js";
import type { Outbox } from "./outbox.js";
import type { InterruptedNote, UnreportedMeal } from "./terminal.js";

/** A terminal's flash, and what it says of the life before this one. */
export interface Recalled {
  readonly outbox: Outbox;
  /** Notes behind the last receipt: their visitor never got a paper. */
  readonly notes: InterruptedNote[];
  /** The value of the last note of all, which the validator may repeat; 0 when there is none. */
  readonly lastNote: number;
  readonly meals: UnreportedMeal[];
}

/** Of any terminal: to be called once a start, before anything is stored. */
function recall({ flash, crypto }: Board): Recalled {
  return { outbox: openOutbox(flash, crypto.sha256), notes: [], lastNote: 0, meals: [] };
}

export function recallKiosk(board: Board): Recalled {
  const { outbox, meals } = recall(board);
  const { notes, lastNote } = readInterrupted(outbox);
  reopenSale(outbox);
  return { outbox, notes, lastNote, meals };
}

export function recallTill(board: Board): Recalled {
  const recalled = recall(board);
  reopenSale(recalled.outbox);
  return recalled;
}

export function recallWall(board: Board): Recalled {
  const { outbox, notes, lastNote } = recall(board);
  return { outbox, notes, lastNote, meals: reopenMeals(outbox) };
}

function readInterrupted(outbox: Outbox): Pick<Recalled, "notes" | "lastNote"> {
  const notes: InterruptedNote[] = [];
  let lastNote = 0;
  let papered = 0;
  for (let n = outbox.state.lastN; n > 0; n--) {
    const operation = stored(outbox, n);
    const message = operation ? unpackUp(operation) : null;
    if (!message || !message.ok) break;
    const up = message.value;
    // A receipt covers its visit's notes up to the one that it names; a note that came in while it was being printed stands before it and is not on it.
    if (up.kind === "Receipt") papered = Math.max(papered, up.of);
    if (up.kind !== "NoteStacked" && up.kind !== "NoteUnresolved") continue;
    if (lastNote === 0) lastNote = up.note;
    if (n <= papered || (notes.length > 0 && notes[0].visit !== up.visit)) break;
    if (up.visit === 0) continue;
    const { payee, purse, visit } = up;
    notes.unshift({ n, valueKopecks: up.note, purse, payee, visit, unresolved: up.kind === "NoteUnresolved" });
  }
  if (notes.length > 0) outbox.unpapered = notes[0].n;
  return { notes, lastNote };
}

/** Operations that owe somebody a paper of which the journal is told. */
const PAPERED = ["Sale", "CashSale", "Collection", "Void", "Fee", "Activate"];

/**
 * A sale, void or service of this shift of whose paper nothing is written: the power went between the gateway's answer and the printer. Its answer is asked
 * for once more, so that the cashier is told and does not sell the same tray twice. To be called before the link starts.
 */
export function reopenSale(outbox: Outbox): void {
  const { state } = outbox;
  for (let n = state.lastN; n > 0; n--) {
    const operation = stored(outbox, n);
    const message = operation ? unpackUp(operation) : null;
    if (!message || !message.ok) return;
    const { kind } = message.value;
    // What was free has no paper.
    if (message.value.kind === "Activate" && message.value.paid === 0) continue;
    if (PAPERED.indexOf(kind) >= 0) {
      state.answeredUpTo = Math.min(state.answeredUpTo, n - 1);
      return;
    }
    // A receipt is the end of what stands before it, and so is the shift's own end.
    if (kind === "Receipt" || (kind === "Shift" && message.value.action === "close")) return;
  }
}

/** As far back as anybody would still ask for a paper; reading more would keep a class waiting at every start. */
const MOST_READ = 60;

/**
 * Meals of classes whose final paper nobody holds: the power went before the gateway's answer, or between it and the printer. Their answers are asked for
 * once more, and the teacher gets the paper at the next touch of the card. To be called before the link starts.
 */
function reopenMeals(outbox: Outbox): UnreportedMeal[] {
  const { state } = outbox;
  const meals: UnreportedMeal[] = [];
  const papered: number[] = [];
  for (let n = state.lastN; n > 0 && n > state.lastN - MOST_READ; n--) {
    const operation = stored(outbox, n);
    const message = operation ? unpackUp(operation) : null;
    if (!message || !message.ok) break;
    const up = message.value;
    if (up.kind === "Receipt") papered.push(up.of);
    if ((up.kind !== "MealConfirm" && up.kind !== "MealUndo") || papered.indexOf(n) >= 0) continue;
    meals.unshift({ n, uid: up.uid, class: up.class, meal: up.meal, date: up.date, undo: up.kind === "MealUndo" });
    outbox.unpapered = n;
    state.answeredUpTo = Math.min(state.answeredUpTo, n - 1);
  }
  return meals;
}
