/**
 * One gateway a data folder. The lock is SQLite's own on an empty file, so it goes with the process however that ends: no stale file after a power cut.
 */
import { join } from "node:path";
import Database from "better-sqlite3";

export class AlreadyRunning extends Error {}

/** Takes the folder's lock or throws {@link AlreadyRunning}. The result gives it back. */
export function lockFolder(folder: string): () => void {
  const file = join(folder, "lock.sqlite");
  const database = new Database(file, { timeout: 0 });
  try {
    database.exec("BEGIN EXCLUSIVE");
  } catch (error) {
    database.close();
    if ((error as { code?: string }).code?.startsWith("SQLITE_BUSY"))
      throw new AlreadyRunning(`another gateway is running on the data in ${folder}`);
    throw error;
  }
  return () => void database.close();
}
