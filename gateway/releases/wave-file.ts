/** Waves and their releases on the disk: `waves.json`, and `kept/<name>.release` for each release that a wave names. */
import { closeSync, fsyncSync, mkdirSync, openSync, readdirSync, readFileSync, renameSync, unlinkSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { Log } from "../desk.js";
import type { Wave } from "./wave.js";

/** Where a release lies as it was when its wave began: what is put into the folder afterwards is another one. */
export function keptPath(folder: string, id: string): string {
  return join(folder, "kept", `${id}.release`);
}

/** Whole and on the disk, or not there. */
export function writeDurably(path: string, bytes: Uint8Array): void {
  const folder = join(path, "..");
  mkdirSync(folder, { recursive: true });
  const file = openSync(`${path}.new`, "w", 0o600);
  writeSync(file, bytes);
  fsyncSync(file);
  closeSync(file);
  renameSync(`${path}.new`, path);
  const room = openSync(folder, "r");
  fsyncSync(room);
  closeSync(room);
}

export function writeWaves(folder: string, waves: readonly Wave[]): void {
  writeDurably(join(folder, "waves.json"), new TextEncoder().encode(JSON.stringify(waves, null, 1)));
}

/** None when there is no file. One that cannot be read counts as none too: then nobody is offered anything until a person begins. */
export function readWaves(folder: string, log: Log): readonly Wave[] {
  try {
    const read: unknown = JSON.parse(readFileSync(join(folder, "waves.json"), "utf8"));
    return Array.isArray(read) ? (read as Wave[]) : [];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT")
      log.warn({ why: (error as Error).message }, "the waves cannot be read, none goes on");
    return [];
  }
}

/** Deletes the releases that no wave names any more. */
export function forgetOthers(folder: string, waves: readonly Wave[]): void {
  const named = new Set(waves.flatMap(({ release, before }) => [release, before]).map((id) => `${id}.release`));
  for (const file of readdirSync(join(folder, "kept"))) if (!named.has(file)) unlinkSync(join(folder, "kept", file));
}
