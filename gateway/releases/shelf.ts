/** Releases as files in a folder, `<program>.release` each. */
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { readRelease } from "@trapeza/protocol";
import type { Release } from "@trapeza/protocol";
import { sha256 } from "../cipher.js";
import type { Log } from "../desk.js";
import type { Program } from "./offer.js";
import { programOf } from "./offer.js";

const LOOK_MS = 5000;

/** The release that was put there for a program; looked at again every few seconds, so no restart is needed. */
export type Shelf = (program: Program) => Release | null;

export function openShelf(folder: string, nowMs: () => number, log: Log): Shelf {
  const known = new Map<Program, { lookedMs: number; stamp: string; release: Release | null }>();
  return (program) => {
    const last = known.get(program) ?? { lookedMs: Number.NEGATIVE_INFINITY, stamp: "", release: null };
    if (nowMs() - last.lookedMs < LOOK_MS) return last.release;
    const path = join(folder, `${program}.release`);
    const stat = statSync(path, { throwIfNoEntry: false });
    const stamp = stat ? `${stat.mtimeMs} ${stat.size}` : "";
    const release = stamp === last.stamp ? last.release : stat ? readReleaseFile(path, program, log) : null;
    known.set(program, { lookedMs: nowMs(), stamp, release });
    return release;
  };
}

/** `null`, and a word in the log, for what is no release of that program. */
export function readReleaseFile(path: string, program: Program, log: Log): Release | null {
  let release: Release | string;
  try {
    release = readRelease(sha256, new Uint8Array(readFileSync(path)));
  } catch (error) {
    release = (error as Error).message;
  }
  if (typeof release !== "string") {
    const { kind, line } = release.manifest;
    if (programOf({ terminalKind: kind, line }) === program) return release;
    release = "it is for other terminals than its name says";
  }
  log.warn({ path, what: release }, "a release is not offered");
  return null;
}
