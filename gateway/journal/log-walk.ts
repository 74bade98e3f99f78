/**
 * Reads SQLite's write-ahead log (sqlite.org/walformat.html §4): what was committed and is not yet in the file itself.
 *
 * SQLite takes the log up to the first frame that is not right and forgets the rest without a word, which is just what it should do after a power cut and
 * just what somebody would like who wants the last sales forgotten. Here such a frame is damage, and the reader learns where.
 */

/** A frame that is not what was written. */
export interface LogDamage {
  readonly offset: number;
  readonly what: string;
  /** Commits that stand behind it. A power cut tears at most the one commit that was being written; two or more behind it mean another hand. */
  readonly commitsBehind: number;
}

export interface WalkedLog {
  /** The newest committed version of each page that the log holds. */
  readonly pages: ReadonlyMap<number, Uint8Array>;
  /** Pages that the file has after the last commit; `null` when the log holds none. */
  readonly pageCount: number | null;
  /** Bytes behind the last commit that were never committed: somebody is writing, or died while writing. Nobody has been told of them. */
  readonly unfinished: number;
  readonly damage: LogDamage | null;
}

const HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 24;
const MAGIC = 0x377f0682;
const VERSION = 3007000;

type Sum = readonly [number, number];

/** Walks a log file of a database with this page size. An empty file is an empty log. */
export function walkLog(log: Uint8Array, pageSize: number): WalkedLog {
  const pages = new Map<number, Uint8Array>();
  const view = new DataView(log.buffer, log.byteOffset, log.length);
  const result = (pageCount: number | null, unfinished: number, damage: LogDamage | null): WalkedLog => ({
    ...{ pages, pageCount, unfinished, damage },
  });
  if (log.length < HEADER_BYTES) return result(null, log.length, null);
  const littleEndian = view.getUint32(0) === MAGIC;
  let sum = checksum(view, 0, 24, [0, 0], littleEndian);
  const headed = (view.getUint32(0) & ~1) === MAGIC && view.getUint32(4) === VERSION && view.getUint32(8) === pageSize;
  if (!headed || !sameSum(view, 24, sum))
    return result(null, 0, { offset: 0, what: "the log's header is not what was written", commitsBehind: Number.POSITIVE_INFINITY });

  const frameBytes = FRAME_HEADER_BYTES + pageSize;
  let pending: [number, Uint8Array][] = [];
  let pageCount: number | null = null;
  let committedEnd = HEADER_BYTES;
  let at = HEADER_BYTES;
  for (; at + frameBytes <= log.length && !isOlder(view, at); at += frameBytes) {
    const data = at + FRAME_HEADER_BYTES;
    sum = checksum(view, data, data + pageSize, checksum(view, at, at + 8, sum, littleEndian), littleEndian);
    if (!sameSalts(view, at) || !sameSum(view, at + 16, sum)) {
      const commitsBehind = countCommits(view, at + frameBytes, frameBytes);
      return result(pageCount, 0, { offset: at, what: "a frame of the log is not what was written", commitsBehind });
    }
    pending.push([view.getUint32(at), log.subarray(data, data + pageSize)]);
    if (view.getUint32(at + 4) === 0) continue;
    pageCount = view.getUint32(at + 4);
    for (const [page, bytes] of pending) pages.set(page, bytes);
    pending = [];
    committedEnd = at + frameBytes;
  }
  const end = at + frameBytes <= log.length ? at : log.length;
  return result(pageCount, end - committedEnd, null);
}

/** Both salts differ from the header's: the log was begun anew, and from here on lies what an earlier round has left. One alone cannot differ. */
function isOlder(view: DataView, frame: number): boolean {
  return view.getUint32(frame + 8) !== view.getUint32(16) && view.getUint32(frame + 12) !== view.getUint32(20);
}

function sameSalts(view: DataView, frame: number): boolean {
  return view.getUint32(frame + 8) === view.getUint32(16) && view.getUint32(frame + 12) === view.getUint32(20);
}

function countCommits(view: DataView, from: number, frameBytes: number): number {
  let commits = 0;
  for (let at = from; at + frameBytes <= view.byteLength; at += frameBytes)
    if (sameSalts(view, at) && view.getUint32(at + 4) !== 0) commits++;
  return commits;
}

function sameSum(view: DataView, offset: number, sum: Sum): boolean {
  return view.getUint32(offset) === sum[0] && view.getUint32(offset + 4) === sum[1];
}

/** The running checksum of walformat §4.2 over [from, to), in 32-bit words of the byte order that the magic number names. */
function checksum(view: DataView, from: number, to: number, before: Sum, littleEndian: boolean): Sum {
  let [first, second] = before;
  for (let at = from; at < to; at += 8) {
    first = (first + view.getUint32(at, littleEndian) + second) >>> 0;
    second = (second + view.getUint32(at + 4, littleEndian) + first) >>> 0;
  }
  return [first, second];
}
