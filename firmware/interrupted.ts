/** What the last start left undone, read from its outbox. */
import { unpackUp } from "@trapeza/protocol/chip";
import { stored } from "./outbox.js";
import type { Outbox } from "./outbox.js";
import type { InterruptedNote } from "./terminal.js";

export interface Interrupted {
  /** Notes behind the last receipt: their visitor never got a paper. */
  readonly notes: InterruptedNote[];
  /** The value of the last note of all, which the validator may repeat; 0 when there is none. */
  readonly lastNote: number;
}

export function readInterrupted(outbox: Outbox): Interrupted {
  const notes: InterruptedNote[] = [];
  let lastNote = 0;
  let receipted = false;
  for (let n = outbox.state.lastN; n > 0; n--) {
    const operation = stored(outbox, n);
    const message = operation ? unpackUp(operation) : null;
    if (!message || !message.ok) break;
    const up = message.value;
    if (up.kind === "Receipt") receipted = true;
    if (up.kind !== "NoteStacked" && up.kind !== "NoteUnresolved") continue;
    if (lastNote === 0) lastNote = up.note;
    if (receipted || up.visit === 0 || (notes.length > 0 && notes[0].visit !== up.visit)) break;
    const { payee, purse, visit } = up;
    notes.unshift({ n, valueKopecks: up.note, purse, payee, visit, unresolved: up.kind === "NoteUnresolved" });
  }
  return { notes, lastNote };
}
