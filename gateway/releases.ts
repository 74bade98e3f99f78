/**
 * Releases of the terminals' programs: which one a terminal is offered, and the pieces that it asks for. The gateway carries them; that they are good is for
 * the terminal's loader to say, so a gateway that was broken into cannot make a till run anything.
 */
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { CHUNK_BYTES, equalBytes, readRelease, toHex, WIRE_VERSION } from "@trapeza/protocol";
import type { Down, Release, TerminalKind, Up } from "@trapeza/protocol";
import { sha256 } from "./cipher.js";
import type { Log, Wanted } from "./desk.js";
import type { Told } from "./sessions.js";

/** What is known of a terminal when it may be offered something. */
export interface Runs {
  readonly terminalKind: TerminalKind;
  readonly firmware: string;
}

/**
 * Whether a terminal is offered this release: it is for its kind, is not what it says it runs, and speaks a wire that this gateway speaks. Nothing else is
 * decided here yet; who goes first, and who waits, would be decided here.
 */
export function offerFor(terminal: Runs, wanted: Release | null): Release | null {
  if (!wanted || wanted.manifest.kind !== terminal.terminalKind) return null;
  return wanted.manifest.version === terminal.firmware || wanted.manifest.minimalProtocol > WIRE_VERSION ? null : wanted;
}

/** The offer, once in a session and again when another release is wanted. */
export function releaseNews(terminal: Runs, told: Told, wanted: Release | null): Down[] {
  const offer = offerFor(terminal, wanted);
  const id = offer ? toHex(offer.id) : "";
  if (told.release === id) return [];
  told.release = id;
  return offer ? [{ kind: "Firmware", release: offer.id, size: offer.bytes.length }] : [];
}

/** At most this often a piece is sent to one terminal, whatever it asks. */
const CHUNK_MS = 100;

/** The piece that is asked for; nothing when it is none of the release that is wanted now, or asked for too soon. */
export function chunkFor(asked: Extract<Up, { kind: "ChunkRequest" }>, told: Told, wanted: Release | null, nowMs: number): Down[] {
  const { release, offset } = asked;
  if (!wanted || !equalBytes(wanted.id, release) || offset >= wanted.bytes.length || nowMs - told.chunkMs < CHUNK_MS) return [];
  told.chunkMs = nowMs;
  return [{ kind: "Chunk", release, offset, bytes: wanted.bytes.slice(offset, offset + CHUNK_BYTES) }];
}

const LOOK_MS = 5000;

/** Releases in a folder, `<kind>.release` each; looked at again every few seconds, so a file that is put there is offered without a restart. */
export function releasesIn(folder: string, nowMs: () => number, log: Log): Wanted {
  const known = new Map<TerminalKind, { lookedMs: number; stamp: string; release: Release | null }>();
  return (kind) => {
    const last = known.get(kind) ?? { lookedMs: Number.NEGATIVE_INFINITY, stamp: "", release: null };
    if (nowMs() - last.lookedMs < LOOK_MS) return last.release;
    const path = join(folder, `${kind}.release`);
    const stat = statSync(path, { throwIfNoEntry: false });
    const stamp = stat ? `${stat.mtimeMs} ${stat.size}` : "";
    const release = stamp === last.stamp ? last.release : stat ? readFile(path, log) : null;
    known.set(kind, { lookedMs: nowMs(), stamp, release });
    return release;
  };
}

function readFile(path: string, log: Log): Release | null {
  const release = readRelease(sha256, new Uint8Array(readFileSync(path)));
  if (typeof release !== "string") return release;
  log.warn({ path, what: release }, "a release is not offered");
  return null;
}
