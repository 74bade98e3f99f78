/**
 * Reads a journal from its first entry to its last and stops at the first one that is not what was written. The gateway does this at every start,
 * before it believes anything; `verify` does it on a file of somebody else.
 */
import { createTree, decodeWhole, equalBytes, eventSchema, leafHash, concat } from "@trapeza/protocol";
import type { Event, Tree } from "@trapeza/protocol";
import { sha256 } from "../cipher.js";
import type { EntryRow } from "./row.js";
import { Blocks } from "./blocks.js";

/** The first event that is wrong, or the last of the entries among which it is (`upTo`), and what is wrong. */
export interface FirstBad {
  readonly seq: number;
  readonly upTo: number;
  readonly what: string;
}

/** A head that somebody signed; the entries must still lead to it. */
export interface ExpectedHead {
  readonly by: string;
  readonly size: number;
  readonly root: Uint8Array;
}

/** The hashes over entries that were good. */
export interface Hashed {
  readonly tree: Tree;
  readonly blocks: Blocks;
}

export interface Checked extends Hashed {
  /** `null`: all of it was good. */
  readonly firstBad: FirstBad | null;
}

/** Thrown when a journal does not open; the message names the first bad event. */
export class DamagedJournal extends Error {
  constructor(readonly firstBad: FirstBad) {
    super(describeBad(firstBad));
  }
}

export function describeBad(bad: FirstBad): string {
  const where = bad.seq === bad.upTo ? `event ${bad.seq}` : `one of the events ${bad.seq}–${bad.upTo}`;
  return `the journal is damaged at ${where}: ${bad.what}`;
}

/** Before the first entry. */
export function nothingHashed(): Hashed {
  return { tree: createTree(sha256), blocks: new Blocks() };
}

/**
 * Sequence, leaf hashes, decoding and the expected heads, in one pass; every good event goes to `fold`, whose exception (a rule that does not hold, an
 * account that does not exist) condemns that event. `hashed`: over the entries before `rows`; it grows.
 */
export function checkEntries(
  rows: Iterable<EntryRow>,
  heads: readonly ExpectedHead[],
  fold: (event: Event) => void,
  hashed: Hashed = nothingHashed(),
): Checked {
  const { tree, blocks } = hashed;
  let firstBad: FirstBad | null = null;
  try {
    for (const row of rows) {
      firstBad = checkRow(row, tree.size, fold);
      if (firstBad) break;
      tree.append(row.leaf).forEach((node) => blocks.add(node));
      firstBad = checkHeads(tree, heads);
      if (firstBad) break;
    }
  } catch (error) {
    // SQLite itself stumbled: the entries before were good, this one cannot be read.
    firstBad = { seq: tree.size, upTo: tree.size, what: "the file cannot be read here: " + (error as Error).message };
  }
  if (!firstBad) firstBad = checkLength(tree.size, heads);
  return { tree, blocks, firstBad };
}

function checkRow(row: EntryRow, expected: number, fold: (event: Event) => void): FirstBad | null {
  const bad = (what: string): FirstBad => ({ seq: expected, upTo: expected, what });
  if (row.seq !== expected) return bad(`it is missing, the next one found is ${row.seq}`);
  if (!equalBytes(leafHash(sha256, concat([row.salt, row.event])), row.leaf)) return bad("its bytes do not give its leaf hash");
  const decoded = decodeWhole(eventSchema, row.event);
  if (!decoded.ok) return bad(`malformed at byte ${decoded.malformed.offset}, ${decoded.malformed.what}`);
  if (decoded.value.seq !== expected) return bad(`it says of itself that it is number ${decoded.value.seq}`);
  try {
    fold(decoded.value);
  } catch (error) {
    return bad("it does not follow from the events before: " + (error as Error).message);
  }
  return null;
}

function checkHeads(tree: Tree, heads: readonly ExpectedHead[]): FirstBad | null {
  for (const head of heads) {
    if (head.size === tree.size && !equalBytes(tree.root(), head.root)) return otherRoot(head);
  }
  return null;
}

export function otherRoot({ size, by }: ExpectedHead): FirstBad {
  return { seq: 0, upTo: size - 1, what: `they do not give the root in the checkpoint of size ${size} ${by}` };
}

/** What is missing at the end: entries that a checkpoint promises. */
function checkLength(size: number, heads: readonly ExpectedHead[]): FirstBad | null {
  for (const head of heads) {
    if (head.size > size)
      return { seq: size, upTo: head.size - 1, what: `missing, but the checkpoint of size ${head.size} ${head.by} covers them` };
  }
  return null;
}
