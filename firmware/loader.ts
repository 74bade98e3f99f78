/**
 * What the loader decides: which program to start, and whether a release that has come over the wire may be one. It is written into a terminal by a
 * technician and never by a release, so no program can be so broken that it could not be replaced, nor talk its way around the signature.
 */
import {
  beginLms,
  CHUNK_BYTES,
  decodeManifest,
  digestStep,
  filled,
  HEAD_BYTES,
  LMS_KEY_BYTES,
  MANIFEST_BYTES,
  PIECE_BYTES,
  releaseBytes,
  releaseId,
  stepLms,
  UPDATE_STATES,
} from "@trapeza/protocol/chip";
import type { LmsCheck, Manifest, Sha256, UpdateState } from "@trapeza/protocol/chip";
import type { Flash } from "./board.js";
import {
  LOOKS,
  mark,
  READY,
  readMarks,
  readReleaseAt,
  readyWords,
  isFailed,
  REFUSED,
  SLOT_BYTES,
  SLOT_SECTORS,
  slotToStart,
  TRIES,
  wordOf,
} from "./slot.js";
import type { Marks, SlotNumber } from "./slot.js";

/** What the technician's file says that concerns releases. */
export interface Trust {
  readonly kind: string;
  /** Which line its bill validator speaks, "none" where there is none. */
  readonly line: string;
  /** Public key of who signs releases; anything but 56 bytes trusts nobody. */
  readonly key: Uint8Array;
}

/** A look at a release, a few hashes at a time. */
export interface Look {
  readonly flash: Flash;
  readonly sha256: Sha256;
  readonly slot: SlotNumber;
  readonly manifest: Manifest;
  readonly check: LmsCheck;
  signed: boolean;
  digest: Uint8Array;
  at: number;
}

/** Which slot to start, its try used up; −1: the program in Storage. `proven`: it needs no trial. */
export interface Start {
  readonly slot: SlotNumber | -1;
  readonly runs: Uint8Array;
  /** "" of the program in Storage. */
  readonly version: string;
  readonly into: SlotNumber;
  readonly holds: Uint8Array;
  readonly fate: number;
  readonly reached: number;
  readonly proven: boolean;
  readonly imageBytes: number;
  readonly wordsBytes: number;
}

const SLOTS: readonly SlotNumber[] = [0, 1];
const HASHES = 8;

function refuse(flash: Flash, slot: SlotNumber, why: UpdateState): null {
  mark(flash, slot, REFUSED, wordOf(UPDATE_STATES.indexOf(why)));
  return null;
}

function manifestIn(flash: Flash, slot: SlotNumber): Manifest | null {
  return decodeManifest(readReleaseAt(flash, slot, 0, MANIFEST_BYTES));
}

/** The lowest security version that may still run: that of the highest release that has proved itself. */
function floorOf(flash: Flash): number {
  let floor = 0;
  for (let i = 0; i < 2; i++) {
    const marks = readMarks(flash, SLOTS[i]);
    const manifest = marks.sequence > 0 && marks.proven ? manifestIn(flash, SLOTS[i]) : null;
    if (manifest) floor = Math.max(floor, manifest.securityVersion);
  }
  return floor;
}

/** Begins to look at a release that has come whole, if there is one that nobody has looked at; what shows at once is refused at once. */
export function beginLook(flash: Flash, sha256: Sha256, trust: Trust): Look | null {
  for (let i = 0; i < 2; i++) {
    const slot = SLOTS[i];
    const marks = readMarks(flash, slot);
    if (!marks.clean || !marks.fetched || marks.sequence > 0 || marks.refused > 0) continue;
    if (marks.looksLeft === 0) return refuse(flash, slot, "digest");
    mark(flash, slot, LOOKS + (3 - marks.looksLeft) * 4, [0, 0, 0, 0]);
    const manifest = manifestIn(flash, slot);
    // What was not sent is still erased.
    const end = manifest ? releaseBytes(manifest) : 0;
    if (!manifest || end > SLOT_BYTES || isErased(flash, slot, end - 4)) return refuse(flash, slot, "truncated");
    if (manifest.kind !== trust.kind || manifest.line !== trust.line) return refuse(flash, slot, "kind");
    if (manifest.securityVersion < floorOf(flash)) return refuse(flash, slot, "older");
    const read = function (at: number, length: number): Uint8Array {
      return readReleaseAt(flash, slot, MANIFEST_BYTES + at, length);
    };
    const message = readReleaseAt(flash, slot, 0, MANIFEST_BYTES);
    const check = trust.key.length === LMS_KEY_BYTES ? beginLms(sha256, trust.key, read, message) : null;
    if (!check) return refuse(flash, slot, "signature");
    return { flash, sha256, slot, manifest, check, signed: false, digest: new Uint8Array(32), at: HEAD_BYTES };
  }
  return null;
}

/** Goes on looking. `false`: it is over, the slot has its mark, and the chip should start anew. */
export function goOnLooking(look: Look): boolean {
  const { flash, slot, manifest, check, sha256 } = look;
  if (!look.signed) {
    const said = stepLms(check, HASHES);
    if (said === "bad") refuse(flash, slot, "signature");
    look.signed = said === "good";
    return said !== "bad";
  }
  const end = releaseBytes(manifest);
  if (look.at < end) {
    const length = Math.min(PIECE_BYTES, end - look.at);
    look.digest = digestStep(sha256, look.digest, readReleaseAt(flash, slot, look.at, length));
    look.at += length;
    return true;
  }
  for (let i = 0; i < 32; i++) {
    if (look.digest[i] === manifest.digest[i]) continue;
    refuse(flash, slot, "digest");
    return false;
  }
  const sequence = Math.max(readMarks(flash, 0).sequence, readMarks(flash, 1).sequence) + 1;
  mark(flash, slot, READY, readyWords(sequence, manifest.imageBytes, manifest.wordsBytes));
  return false;
}

/** Where the parts of a release begin in its slot, from the slot's first byte. */
export function imageAt(flash: Flash): number {
  return flash.sectorBytes + HEAD_BYTES;
}

export function wordsAt(flash: Flash, imageBytes: number): number {
  return imageAt(flash) + filled(imageBytes);
}

function nameIn(flash: Flash, sha256: Sha256, slot: SlotNumber): Uint8Array {
  return releaseId(sha256, readReleaseAt(flash, slot, 0, MANIFEST_BYTES));
}

function isErased(flash: Flash, slot: SlotNumber, at: number): boolean {
  const head = readReleaseAt(flash, slot, at, 4);
  return head[0] + head[1] + head[2] + head[3] === 1020;
}

/** How far an interrupted transfer came: to the last piece of which anything was written, for the cut may have torn it. */
function reached(flash: Flash, slot: SlotNumber): number {
  let low = 0;
  let high = Math.ceil(SLOT_BYTES / CHUNK_BYTES);
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (isErased(flash, slot, middle * CHUNK_BYTES)) high = middle;
    else low = middle;
  }
  return low * CHUNK_BYTES;
}

function stateOf(marks: Marks): number {
  if (isFailed(marks)) return UPDATE_STATES.indexOf("rolled_back");
  // A number torn by a power cut stands for some refusal.
  return UPDATE_STATES[marks.refused] ? marks.refused : UPDATE_STATES.indexOf("digest");
}

/**
 * Chooses what to start and uses up a try of what is on trial. A slot with an older security version than what has proved itself is erased: it may never
 * run again, whatever happens to the newer one.
 */
export function chooseStart(flash: Flash, sha256: Sha256): Start {
  const floor = floorOf(flash);
  for (let i = 0; i < 2; i++) {
    const manifest = floor > 0 && readMarks(flash, SLOTS[i]).sequence > 0 ? manifestIn(flash, SLOTS[i]) : null;
    if (manifest && manifest.securityVersion < floor) flash.erase(SLOTS[i] * SLOT_SECTORS);
  }
  const slot = slotToStart(readMarks(flash, 0), readMarks(flash, 1));
  const into = slot === 0 ? 1 : 0;
  const other = readMarks(flash, into);
  const manifest = slot === -1 ? null : manifestIn(flash, slot);
  const { proven, triesLeft, imageBytes, wordsBytes } = readMarks(flash, slot === -1 ? 0 : slot);
  if (slot >= 0 && !proven) mark(flash, slot as SlotNumber, TRIES + (2 - triesLeft) * 4, [0, 0, 0, 0]);
  return {
    slot,
    runs: slot === -1 ? new Uint8Array(8) : nameIn(flash, sha256, slot),
    version: manifest ? manifest.version : "",
    into,
    holds: nameIn(flash, sha256, into),
    fate: stateOf(other),
    reached: other.clean && !other.fetched ? reached(flash, into) : -SLOT_SECTORS,
    proven: slot === -1 || proven,
    imageBytes,
    wordsBytes,
  };
}
