/**
 * Closed epochs on this gateway's disk, one file each in the folder `epochs`, and the edge of the directive log behind them. A file is written under another
 * name and takes its own only when all of it is on the disk, so what bears its name is whole; whether it is also true, {@link Inheritance} finds out, at the
 * first start at once, at later ones behind it (inherited-snapshot.ts).
 */
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { bigEndian, concat, decode, encode, fixedBytes, fromHex, MAX_ENTRY_BYTES, record, toHex, uint, utf8Text } from "@trapeza/protocol";
import type { EpochAnswer, Event, TreeEdge } from "@trapeza/protocol";
import { DamagedEpoch, Inheritance } from "./inheritance.js";
import type { ClosedEpoch, Heir } from "./inheritance.js";

const FOLDER = "epochs";
const EDGE = "directives.json";
const LENGTH_BYTES = 4;
const CHUNK_BYTES = 1048576;
/** What stands before the entries, its own length before it. */
const head = record({ epoch: uint(), key: fixedBytes(32), checkpoint: utf8Text(8192) });

function fileOf(dataDir: string, epoch: number): string {
  return join(dataDir, FOLDER, `${epoch}.epoch`);
}

/** Whether this epoch lies here whole. */
export function hasEpoch(dataDir: string, epoch: number): boolean {
  return existsSync(fileOf(dataDir, epoch));
}

/** Writes the pages of one epoch as they come. */
export async function keepEpoch(dataDir: string, epoch: number, pages: AsyncIterable<EpochAnswer>): Promise<void> {
  mkdirSync(join(dataDir, FOLDER), { recursive: true });
  const file = fileOf(dataDir, epoch);
  const handle = openSync(file + ".part", "w");
  try {
    let isBegun = false;
    for await (const { key, checkpoint, entries } of pages) {
      if (!isBegun) writeSync(handle, framed(encode(head, { epoch, key, checkpoint })));
      isBegun = true;
      for (const entry of entries) writeSync(handle, framed(entry));
    }
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(file + ".part", file);
}

/** The epochs before `epoch`, to be read one after the other. Throws {@link DamagedEpoch} when one is missing or broken off. */
export function* keptEpochs(dataDir: string, epoch: number): Generator<ClosedEpoch> {
  for (let before = 1; before < epoch; before++) {
    if (!hasEpoch(dataDir, before)) throw missing(dataDir, before);
    const frames = framesIn(fileOf(dataDir, before));
    try {
      const first = frames.next();
      const opened = first.done ? null : decode(head, first.value);
      if (!opened?.ok || opened.value.epoch !== before)
        throw new DamagedEpoch(`${fileOf(dataDir, before)} does not begin as an epoch does`);
      const { key, checkpoint } = opened.value;
      yield { epoch: before, key, checkpoint, entries: frames };
    } finally {
      // Whoever wanted the head only has left the file open.
      frames.return();
    }
  }
}

/** What a gateway of this epoch has inherited, checked and folded entry by entry; `null` in a school's first. Throws {@link DamagedEpoch}. */
export function keptInheritance(dataDir: string, epoch: number, heir: Heir, fold: (event: Event) => void): Inheritance | null {
  return epoch === 1 ? null : Inheritance.take(keptEpochs(dataDir, epoch), heir, keptDirectiveEdge(dataDir), fold);
}

/** How many bytes each of the epochs before `epoch` has. Throws {@link DamagedEpoch} when one is missing. */
export function epochBytes(dataDir: string, epoch: number): number[] {
  return Array.from({ length: epoch - 1 }, (_, i) => {
    const stat = statSync(fileOf(dataDir, i + 1), { throwIfNoEntry: false });
    if (!stat) throw missing(dataDir, i + 1);
    return stat.size;
  });
}

function missing(dataDir: string, epoch: number): DamagedEpoch {
  return new DamagedEpoch(`epoch ${epoch} of this school is missing: ${fileOf(dataDir, epoch)}`);
}

export function keepDirectiveEdge(dataDir: string, edge: TreeEdge): void {
  mkdirSync(join(dataDir, FOLDER), { recursive: true });
  const file = join(dataDir, FOLDER, EDGE);
  writeFileSync(file + ".part", JSON.stringify({ size: edge.size, hashes: edge.hashes.map(toHex) }), { flush: true });
  renameSync(file + ".part", file);
}

/** Throws {@link DamagedEpoch} when there is none. */
export function keptDirectiveEdge(dataDir: string): TreeEdge {
  const file = join(dataDir, FOLDER, EDGE);
  try {
    const { size, hashes } = JSON.parse(readFileSync(file, "utf8")) as { size: number; hashes: string[] };
    return { size, hashes: hashes.map((hash) => fromHex(hash) as Uint8Array) };
  } catch {
    throw new DamagedEpoch(`${file} is missing or cannot be read`);
  }
}

function framed(bytes: Uint8Array): Uint8Array {
  return concat([bigEndian(bytes.length), bytes]);
}

function* framesIn(file: string): Generator<Uint8Array, void> {
  const handle = openSync(file, "r");
  try {
    let rest = Buffer.alloc(0);
    const chunk = Buffer.alloc(CHUNK_BYTES);
    for (;;) {
      const length = rest.length >= LENGTH_BYTES ? rest.readUInt32BE(0) : 0;
      if (length > MAX_ENTRY_BYTES) throw new DamagedEpoch(`${file} holds an entry that is too long`);
      if (rest.length >= LENGTH_BYTES && rest.length >= LENGTH_BYTES + length) {
        yield new Uint8Array(rest.subarray(LENGTH_BYTES, LENGTH_BYTES + length));
        rest = rest.subarray(LENGTH_BYTES + length);
        continue;
      }
      const count = readSync(handle, chunk, 0, CHUNK_BYTES, null);
      if (count === 0) break;
      rest = Buffer.concat([rest, chunk.subarray(0, count)]);
    }
    if (rest.length > 0) throw new DamagedEpoch(`${file} is broken off`);
  } finally {
    closeSync(handle);
  }
}
