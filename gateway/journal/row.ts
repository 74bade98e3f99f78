/** The rows of the gateway's two files as plain values, and the checksums of those that no hash tree covers. */
import {
  bigEndian,
  bytes,
  byteText,
  concat,
  encode,
  equalBytes,
  fixedBytes,
  HASH_BYTES,
  hex,
  list,
  oneOf,
  record,
  uint,
} from "@trapeza/protocol";
import type { CardUid, Ticket, TreeEdge } from "@trapeza/protocol";
import { sha256 } from "../cipher.js";

/** One entry as it lies in the file. */
export interface EntryRow {
  readonly seq: number;
  readonly salt: Uint8Array;
  readonly event: Uint8Array;
  readonly leaf: Uint8Array;
}

/** Names one operation of one terminal and, by `digest`, what it asked for. */
export interface OperationKey {
  readonly terminal: number;
  readonly incarnation: number;
  readonly n: number;
  readonly digest: Uint8Array;
}

/** A line of `answers`: what was said, and the journal size that makes it safe. */
export interface OperationRow extends OperationKey {
  readonly answer: Uint8Array;
  readonly sizeAfter: number;
}

/** A line of `edges`: the directive log as far as it is applied, its subtrees one after another. */
export interface EdgeRow {
  readonly size: number;
  readonly hashes: Uint8Array;
  readonly sizeAfter: number;
}

/** A line of `terminals`, and in `haveUpTo` the last operation that was answered: that one is found in the journal. */
export interface TerminalRow {
  readonly terminal: number;
  readonly enrolment: number;
  readonly incarnation: number;
  readonly haveUpTo: number;
  readonly bootEpoch: number;
  readonly k: number;
  readonly resumeIndex: number;
}

export type StoredTerminal = Omit<TerminalRow, "haveUpTo">;

/** Two counters that only rise, compared as one number of two digits. */
export interface ConnectionRow {
  readonly terminal: number;
  readonly enrolment: number;
  readonly bootEpoch: number;
  readonly k: number;
}

/** A class list as it was handed out: whom a terminal and a card may confirm on it. */
export interface AdmissionRow {
  readonly terminal: number;
  readonly uid: CardUid;
  readonly class: number;
  readonly meal: number;
  readonly date: number;
  readonly ids: readonly number[];
}

/**
 * What is known of a card that proves itself: by rolling tickets, or by the messages of an NTAG 424 (there `seen` and `issued` are its counter). `terminal`
 * and `atMs`: where and when that was last found good.
 */
export interface CardRow {
  readonly uid: CardUid;
  readonly kind: "ticket" | "sun";
  readonly seen: Ticket;
  readonly issued: Ticket;
  readonly terminal: number;
  readonly atMs: number;
}

/** How far a life of a terminal's flash had come. */
export interface InheritedLine {
  readonly terminal: number;
  readonly incarnation: number;
  readonly upTo: number;
}

export type CheckpointKind = "signed" | "cosigned";

/** A row that is not what was written: the file was changed from outside, or the disk lied. */
export class DamagedRow extends Error {}

export interface Summed {
  readonly checksum: Uint8Array;
}

const operation = record({
  terminal: uint(),
  incarnation: uint(),
  n: uint(),
  digest: fixedBytes(8),
  answer: bytes(65535),
  sizeAfter: uint(),
});
const edge = record({ size: uint(), hashes: bytes(65535), sizeAfter: uint() });
const terminal = record({ terminal: uint(), enrolment: uint(), incarnation: uint(), bootEpoch: uint(), k: uint(), resumeIndex: uint() });
const connection = record({ terminal: uint(), enrolment: uint(), bootEpoch: uint(), k: uint() });
/** A class can be larger than a message, and rows add up over a morning. */
export const admittedIds = list(uint(), 4096);
const admission = record({ terminal: uint(), uid: hex<CardUid>(10), class: uint(), meal: uint(), date: uint(), ids: admittedIds });
const ticket = record({ epoch: uint(), counter: uint() });
const card = record({
  uid: hex<CardUid>(10),
  kind: oneOf(["ticket", "sun"]),
  seen: ticket,
  issued: ticket,
  terminal: uint(),
  atMs: uint(),
});
const meta = record({ name: byteText(40), value: bytes(65535) });

/** First 16 bytes of SHA-256 over a row, its length before it. */
export const sumOf = {
  operation: (row: OperationRow): Uint8Array => checksum(encode(operation, row)),
  edge: (row: EdgeRow): Uint8Array => checksum(encode(edge, row)),
  terminal: (row: StoredTerminal): Uint8Array => checksum(encode(terminal, row)),
  connection: (row: ConnectionRow): Uint8Array => checksum(encode(connection, row)),
  admission: (row: AdmissionRow): Uint8Array => checksum(encode(admission, row)),
  card: (row: CardRow): Uint8Array => checksum(encode(card, row)),
  meta: (row: { readonly name: string; readonly value: Uint8Array }): Uint8Array => checksum(encode(meta, row)),
};

function checksum(encoded: Uint8Array): Uint8Array {
  return sha256(concat([bigEndian(encoded.length), encoded])).subarray(0, 16);
}

/** Whether a row bears its own checksum. A damaged one may hold what the schema refuses to write: a mismatch like any other. */
export function isWhole(row: Summed, sum: () => Uint8Array): boolean {
  try {
    return equalBytes(sum(), row.checksum);
  } catch {
    return false;
  }
}

/** The row, or an exception naming it. */
export function checkedRow<T extends Summed>(row: T, sum: () => Uint8Array, name: string): T {
  if (!isWhole(row, sum)) throw new DamagedRow(`${name}: the row does not match its checksum`);
  return row;
}

export function encodeEdge(edge: TreeEdge, sizeAfter: number): EdgeRow {
  return { size: edge.size, hashes: concat(edge.hashes), sizeAfter };
}

/** `null` stays `null`: nothing was ever applied. */
export function decodeEdge(stored: EdgeRow | null): TreeEdge | null {
  if (!stored) return null;
  const { size, hashes } = stored;
  return { size, hashes: Array.from({ length: hashes.length / HASH_BYTES }, (_, i) => hashes.slice(i * HASH_BYTES, (i + 1) * HASH_BYTES)) };
}
