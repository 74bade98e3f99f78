/**
 * Who was admitted on the class lists that were handed out. Confirming them later is a Fact, whatever has happened since to a purse or to the teacher's
 * card; so a list is on the disk before a terminal sees it. It counts for the terminal and the card that it was handed to, and for nobody else: whoever has
 * stolen a terminal's key can only confirm what a teacher has asked for at that terminal.
 */
import { RETENTION_DAYS } from "@trapeza/protocol";
import type { CardUid } from "@trapeza/protocol";
import type { AdmissionRow } from "./journal/store.js";

/** One class's one meal, as a terminal and a card name it. */
export interface AdmittedList {
  readonly terminal: number;
  readonly uid: CardUid;
  readonly class: number;
  readonly meal: number;
  readonly date: number;
}

export class Admissions {
  readonly #rows = new Map<string, AdmissionRow>();

  constructor(rows: readonly AdmissionRow[]) {
    for (const row of rows) this.#rows.set(keyOf(row), row);
  }

  /** Who may be confirmed as a Fact; none for a list that nobody was handed. */
  idsOf(list: AdmittedList): readonly number[] {
    return this.#rows.get(keyOf(list))?.ids ?? [];
  }

  /**
   * Adds to what an earlier handing of the same list admitted, because a confirmation of that one may still be on its way. The row to make durable before
   * the list is told, `null` when nothing has changed.
   */
  admit(list: AdmittedList, ids: readonly number[]): AdmissionRow | null {
    const before = this.idsOf(list);
    const all = [...new Set([...before, ...ids])];
    if (all.length === before.length) return null;
    const { terminal, uid, class: classId, meal, date } = list;
    const row: AdmissionRow = { terminal, uid, class: classId, meal, date, ids: all };
    this.#rows.set(keyOf(list), row);
    for (const [key, old] of this.#rows) if (old.date < date - RETENTION_DAYS) this.#rows.delete(key);
    return row;
  }
}

function keyOf(list: AdmittedList): string {
  return [list.terminal, list.uid, list.class, list.meal, list.date].join(":");
}
