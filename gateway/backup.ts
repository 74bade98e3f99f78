/**
 * A copy of a gateway's two files while it works or sleeps. The file of what changes goes first: a copy of it may lag behind that of the journal, as after a
 * crash, and never runs ahead of it.
 *
 * SQLite's own backup would spell the journal anew, and every byte of a journal has one spelling. So its bytes are copied, file first, log second, while a
 * reader keeps the log from being emptied: what is there then is what a power cut at that moment would have left, and a start makes a journal of it.
 */
import { copyFileSync, existsSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { openStateFile } from "./journal/state-file.js";

const STATE = "state.sqlite";
const JOURNAL = "journal.sqlite";

/** Copies into an existing folder. Rejects with what SQLite or the disk says; then the copies are worth nothing. */
export async function copyData(dataDir: string, to: string): Promise<void> {
  const state = new Database(join(dataDir, STATE), { readonly: true, fileMustExist: true });
  try {
    await state.backup(join(to, STATE));
  } finally {
    state.close();
  }
  const journal = join(dataDir, JOURNAL);
  const reader = new Database(journal, { readonly: true, fileMustExist: true });
  try {
    reader.exec("BEGIN");
    reader.prepare("SELECT count(*) FROM sqlite_schema").get();
    copyFileSync(journal, join(to, JOURNAL));
    if (existsSync(journal + "-wal")) copyFileSync(journal + "-wal", join(to, JOURNAL + "-wal"));
  } finally {
    reader.close();
  }
}

/** The number of a copy's last start; the next one's requests are numbered above it. `atLeast` raises it, because the cloud has heard of later starts. */
export function bootsIn(dataDir: string, atLeast = 0): number {
  const state = openStateFile(join(dataDir, STATE));
  try {
    const stored = state.meta("boots");
    const boots = Math.max(atLeast, stored ? Number(new TextDecoder().decode(stored)) : 0);
    if (atLeast > 0) state.putMeta("boots", new TextEncoder().encode(String(boots)));
    return boots;
  } finally {
    state.close();
  }
}
