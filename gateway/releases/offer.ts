/**
 * Releases of the terminals' programs on their way: what a terminal is offered, and the pieces that it asks for. The gateway carries them; that they are good
 * is for the terminal's loader to say, so a gateway that was broken into cannot make a till run anything.
 */
import { CHUNK_BYTES, equalBytes, toHex, WIRE_VERSION } from "@trapeza/protocol";
import type { Down, Release, TerminalKind, Up, ValidatorLine } from "@trapeza/protocol";
import type { Told } from "../sessions.js";

/** What a terminal's Hello says of the program that it runs. */
export interface Runs {
  readonly terminalKind: TerminalKind;
  readonly line: ValidatorLine;
  readonly firmware: string;
}

/** A program that there are releases of; their files bear its name. A kiosk's speaks with one kind of bill validator. */
export const PROGRAMS = ["payment", "payment-id003", "settlement", "information"] as const;
export type Program = (typeof PROGRAMS)[number];

export function programOf({ terminalKind, line }: Pick<Runs, "terminalKind" | "line">): Program {
  return terminalKind === "payment" && line === "id003" ? "payment-id003" : terminalKind;
}

/** Whether a terminal is offered this release: it is for its program, is not what it says it runs, and speaks a wire that this gateway speaks. */
export function offerFor(terminal: Runs, wanted: Release | null): Release | null {
  if (!wanted) return null;
  const { kind, line, version, minimalProtocol } = wanted.manifest;
  const isMeant = kind === terminal.terminalKind && line === terminal.line;
  return isMeant && version !== terminal.firmware && minimalProtocol <= WIRE_VERSION ? wanted : null;
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

/** With the answer to this the terminal has all of the release. */
export function isLastPiece({ release, offset }: Extract<Up, { kind: "ChunkRequest" }>, wanted: Release): boolean {
  return equalBytes(wanted.id, release) && offset + CHUNK_BYTES >= wanted.bytes.length;
}
