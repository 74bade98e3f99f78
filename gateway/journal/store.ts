/**
 * The gateway's disk: the journal, and beside it the file of what changes. Rows go in and out as plain values; what they mean is journal.ts's to know.
 */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { PAGE_BYTES } from "./file-shape.js";
import { openJournalFile } from "./journal-file.js";
import type { JournalFile } from "./journal-file.js";
import type { CardRow } from "./row.js";
import { openStateFile } from "./state-file.js";
import type { StateFile } from "./state-file.js";

export { DamagedRow } from "./row.js";
export type {
  AdmissionRow,
  CardRow,
  CheckpointKind,
  ConnectionRow,
  EdgeRow,
  EntryRow,
  InheritedLine,
  OperationKey,
  OperationRow,
  StoredTerminal,
  TerminalRow,
} from "./row.js";

export interface Store {
  readonly file: JournalFile;
  readonly state: StateFile;
  readonly close: () => void;
}

/** The file of what changes that belongs to a journal: in the same folder, under a name of its own. */
export function statePath(journalPath: string): string {
  return journalPath === ":memory:" ? journalPath : join(dirname(journalPath), "state.sqlite");
}

/** Opens a journal and what lies beside it, making them when they are not there. Throws what SQLite throws. */
export function openStore(path: string, pageSize = PAGE_BYTES): Store {
  const file = openJournalFile(path, pageSize);
  try {
    const state = openStateFile(statePath(path));
    return {
      file,
      state,
      close: () => {
        state.close();
        file.close();
      },
    };
  } catch (error) {
    file.close();
    throw error;
  }
}

/** What a gateway knows of cards, itself running or not; none when it has never been started. Throws {@link DamagedRow}. */
export function keptCards(dataDir: string): CardRow[] {
  const path = join(dataDir, "state.sqlite");
  if (!existsSync(path)) return [];
  const state = openStateFile(path);
  try {
    return state.cards();
  } finally {
    state.close();
  }
}
