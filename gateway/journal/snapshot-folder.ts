/** Files written whole or not at all. */
import { closeSync, fsyncSync, openSync, readdirSync, readFileSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";

/** Where snapshots lie. `write` returns when the file is on the disk under its name; a crash before leaves nothing under it. */
export interface SnapshotFolder {
  /** Of everything that is a snapshot's, finished or not. */
  readonly names: () => string[];
  readonly read: (name: string) => Uint8Array;
  readonly write: (name: string, parts: readonly Uint8Array[]) => void;
  readonly remove: (name: string) => void;
}

/** The folder of a journal file, or `null` of a journal that nobody keeps. Its functions throw what the file system throws. */
export function snapshotFolder(journalPath: string): SnapshotFolder | null {
  if (journalPath === ":memory:") return null;
  const folder = dirname(journalPath);
  return {
    names: () => readdirSync(folder).filter((name) => name.startsWith("snapshot-")),
    read: (name) => {
      const { buffer, byteOffset, byteLength } = readFileSync(join(folder, name));
      return new Uint8Array(buffer, byteOffset, byteLength);
    },
    write: (name, parts) => {
      const path = join(folder, name);
      const file = openSync(path + ".part", "w", 0o600);
      try {
        for (const part of parts) writeAll(file, part);
        fsyncSync(file);
      } catch (error) {
        // Half a file on a full disk takes the room that others need.
        rmSync(path + ".part", { force: true });
        throw error;
      } finally {
        closeSync(file);
      }
      renameSync(path + ".part", path);
      syncFolder(folder);
    },
    remove: (name) => rmSync(join(folder, name), { force: true }),
  };
}

function writeAll(file: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
}

/** The new name itself is a write: without this a power cut may take it back. */
function syncFolder(folder: string): void {
  const handle = openSync(folder, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
