/**
 * The two slots at the end of the mapped flash that hold releases, and the marks by which loader and program speak to each other about them.
 *
 * A slot is a sector of marks and then the release. Marks are words of 4 bytes, erased until they are written once; each says something that stays true
 * until the slot is erased, so a power cut between two of them leaves a state that has a name. The sector of marks is erased first and alone makes the
 * slot count for nothing, whatever lies behind it.
 */
import { CHUNK_BYTES } from "@trapeza/protocol/chip";
import type { Flash } from "./board.js";

export type SlotNumber = 0 | 1;

export const SLOT_SECTORS = 24;
/** Bytes for a release. */
export const SLOT_BYTES = (SLOT_SECTORS - 1) * 4096;
/** Of these a program fetches at most so many: a piece that says more than was asked for still ends in the slot. */
export const MOST_BYTES = SLOT_BYTES - CHUNK_BYTES;

/** All sectors of the slot have been erased: what is not 0xFF was written since. */
export const CLEAN = 0;
/** All bytes of the release are here. */
export const FETCHED = 4;
/** Why the loader will not have it: the number of one of the protocol's UPDATE_STATES. */
export const REFUSED = 8;
/** Sequence, bytes of image, bytes of words, and their check: the loader found it good. */
export const READY = 12;
/** Starts that a release gets to hear its first Welcome, two words; used up one by one before it is started. */
export const TRIES = 28;
/** It has heard a Welcome. */
export const PROVEN = 36;
/** Starts that the loader gets to look at it, three words: a look that never ends must not be begun for ever. */
export const LOOKS = 40;
const MARKS_BYTES = 52;

export interface Marks {
  readonly clean: boolean;
  readonly fetched: boolean;
  /** 0: not refused. */
  readonly refused: number;
  /** 0: not found good. */
  readonly sequence: number;
  readonly imageBytes: number;
  readonly wordsBytes: number;
  readonly triesLeft: number;
  readonly looksLeft: number;
  readonly proven: boolean;
}

const ERASED = 4294967295;

function wordAt(bytes: Uint8Array, at: number): number {
  return ((bytes[at] * 256 + bytes[at + 1]) * 256 + bytes[at + 2]) * 256 + bytes[at + 3];
}

/** A number as it is written into a mark. */
export function wordOf(value: number): number[] {
  return [(value >> 24) & 255, (value >> 16) & 255, (value >> 8) & 255, value & 255];
}

function checkOf(sequence: number, image: number, words: number): number {
  return 1 + sequence * 7 + image * 5 + words * 3;
}

/** Reads a slot's marks, whatever is there. */
export function readMarks(flash: Flash, slot: SlotNumber): Marks {
  const bytes = flash.read(slot * SLOT_SECTORS, 0, MARKS_BYTES);
  const unused = function (from: number, count: number): number {
    let left = 0;
    for (let i = 0; i < count; i++) if (wordAt(bytes, from + i * 4) === ERASED) left++;
    return left;
  };
  const [sequence, image, words] = [wordAt(bytes, READY), wordAt(bytes, READY + 4), wordAt(bytes, READY + 8)];
  const good = wordAt(bytes, CLEAN) === 0 && wordAt(bytes, READY + 12) === checkOf(sequence, image, words);
  const refused = wordAt(bytes, REFUSED);
  return {
    clean: wordAt(bytes, CLEAN) === 0,
    fetched: wordAt(bytes, FETCHED) !== ERASED,
    refused: refused === ERASED ? 0 : refused & 15,
    sequence: good ? sequence : 0,
    imageBytes: image,
    wordsBytes: words,
    triesLeft: unused(TRIES, 2),
    looksLeft: unused(LOOKS, 3),
    proven: wordAt(bytes, PROVEN) !== ERASED,
  };
}

/** Writes a mark. */
export function mark(flash: Flash, slot: SlotNumber, at: number, values: ReadonlyArray<number>): void {
  flash.write(slot * SLOT_SECTORS, at, new Uint8Array(values));
}

/** The words that make a slot startable. */
export function readyWords(sequence: number, image: number, words: number): number[] {
  return wordOf(sequence).concat(wordOf(image), wordOf(words), wordOf(checkOf(sequence, image, words)));
}

/** Bytes of the release in a slot. */
export function readReleaseAt(flash: Flash, slot: SlotNumber, at: number, length: number): Uint8Array {
  return flash.read(slot * SLOT_SECTORS + 1, at, length);
}

/** Whether a slot holds a release that was started as often as it may and never heard a Welcome. */
export function isFailed(marks: Marks): boolean {
  return marks.sequence > 0 && !marks.proven && marks.triesLeft === 0;
}

/** What to start: the newer of the slots that may be, −1 for the program that a technician left in Storage. */
export function slotToStart(a: Marks, b: Marks): SlotNumber | -1 {
  const first = a.sequence > b.sequence ? 0 : 1;
  const [newer, older] = first === 0 ? [a, b] : [b, a];
  if (newer.sequence > 0 && !isFailed(newer)) return first;
  if (older.sequence > 0 && !isFailed(older)) return first === 0 ? 1 : 0;
  return -1;
}
