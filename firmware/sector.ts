/**
 * Records in raw NOR flash that survive a power cut at any byte.
 *
 *   sector:  "TRPZ" · generation (4, big-endian) · check (4) · 4 unused · records …
 *   record:  length (2) · kind (1) · 0 · check (4) · mark (4) · payload, padded to 4
 *
 * A check is the first four bytes of SHA-256, which the chip has natively, where a CRC would be a loop over bytes. A record whose check fails ends its
 * sector: what a torn write left behind it cannot be trusted nor written again. The mark stays erased (0xFF…) until {@link markRecord} clears bits.
 */
import { bigEndian, concat, copyOf, equalBytes, NO_BYTES, octets } from "@trapeza/protocol/chip";
import type { Sha256 } from "@trapeza/protocol/chip";
import type { Flash } from "./board.js";

export const SECTOR_HEAD = 16;
const RECORD_HEAD = 12;
const MAGIC = new Uint8Array([0x54, 0x52, 0x50, 0x5a]);

/** Where a record lies: sector and offset in one number, because the chip keeps a few hundred of them. */
export type Place = number;

export interface StoredRecord {
  readonly place: Place;
  readonly kind: number;
  readonly mark: Uint8Array;
  readonly payload: Uint8Array;
}

export function placeOf(flash: Flash, sector: number, offset: number): Place {
  return sector * flash.sectorBytes + offset;
}

export function sectorOf(flash: Flash, place: Place): number {
  return Math.floor(place / flash.sectorBytes);
}

/** What a payload of so many bytes takes in flash. */
export function recordBytes(payloadBytes: number): number {
  return RECORD_HEAD + Math.ceil(payloadBytes / 4) * 4;
}

function check(sha256: Sha256, parts: Uint8Array[]): Uint8Array {
  return copyOf(sha256(concat(parts)), 0, 4);
}

/** The generation written in a sector's head, 0 when there is none: erased, torn, or never ours. */
export function readGeneration(flash: Flash, sha256: Sha256, sector: number): number {
  const head = flash.read(sector, 0, SECTOR_HEAD);
  if (!equalBytes(copyOf(head, 0, 4), MAGIC)) return 0;
  const generation = copyOf(head, 4, 8);
  if (!equalBytes(check(sha256, [MAGIC, generation]), copyOf(head, 8, 12))) return 0;
  return head[4] * 16777216 + head[5] * 65536 + head[6] * 256 + head[7];
}

/** Empties a sector and gives it its generation. A cut in here leaves a sector without a head, which counts as empty. */
export function beginSector(flash: Flash, sha256: Sha256, sector: number, generation: number): void {
  flash.erase(sector);
  const number = bigEndian(generation);
  flash.write(sector, 0, concat([MAGIC, number, check(sha256, [MAGIC, number]), octets([255, 255, 255, 255])]));
}

/** One write; a cut within it leaves a record whose check fails. The caller has made sure that it fits. */
export function writeRecord(flash: Flash, sha256: Sha256, place: Place, kind: number, payload: Uint8Array): void {
  const lead = octets([payload.length >> 8, payload.length & 255, kind, 0]);
  const padding = (4 - (payload.length % 4)) % 4;
  const bytes = concat([lead, check(sha256, [lead, payload]), octets([255, 255, 255, 255]), payload, new Uint8Array(padding)]);
  const sector = sectorOf(flash, place);
  flash.write(sector, place - sector * flash.sectorBytes, bytes);
}

/** Writes the four bytes left free for it, once in a record's life. */
export function markRecord(flash: Flash, place: Place, mark: Uint8Array): void {
  const sector = sectorOf(flash, place);
  flash.write(sector, place - sector * flash.sectorBytes + 8, mark);
}

/** The record at a place, `null` when its check fails or there is none. */
export function readRecord(flash: Flash, sha256: Sha256, place: Place): StoredRecord | null {
  const sector = sectorOf(flash, place);
  const offset = place - sector * flash.sectorBytes;
  if (offset + RECORD_HEAD > flash.sectorBytes) return null;
  const head = flash.read(sector, offset, RECORD_HEAD);
  const length = head[0] * 256 + head[1];
  if (head[3] !== 0 || offset + recordBytes(length) > flash.sectorBytes) return null;
  const payload = length === 0 ? NO_BYTES : copyOf(flash.read(sector, offset + RECORD_HEAD, Math.ceil(length / 4) * 4), 0, length);
  if (!equalBytes(check(sha256, [copyOf(head, 0, 4), payload]), copyOf(head, 4, 8))) return null;
  return { place, kind: head[2], mark: copyOf(head, 8, 12), payload };
}

/**
 * Tells `each` of every record of a sector, oldest first. Answers the offset behind the last one when all that follows is erased, and the sector's
 * end when something torn lies there: nothing may be written over it.
 */
export function scanSector(flash: Flash, sha256: Sha256, sector: number, each: (record: StoredRecord) => void): number {
  let offset = SECTOR_HEAD;
  for (;;) {
    const record = readRecord(flash, sha256, placeOf(flash, sector, offset));
    if (!record) break;
    each(record);
    offset += recordBytes(record.payload.length);
  }
  const rest = flash.read(sector, offset, flash.sectorBytes - offset);
  for (let i = 0; i < rest.length; i++) if (rest[i] !== 255) return flash.sectorBytes;
  return offset;
}
